"""A real Dask scheduler and its workers, processes of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_STARTING_SECONDS = 60.0


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "desktop/start")])}
    environment.pop("PYTHONSAFEPATH", None)
    scratch = ["--no-dashboard", *([] if "--scheduler-file" in arguments else ["--local-directory", str(folder)])]
    command = [sys.executable, "-m", *arguments, *scratch]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=ROOT)


@contextlib.contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of the scheduler, and the processes of its workers, with a thread each; all end with the context."""
    told = folder / "scheduler.json"
    where = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
    processes = [_start(folder, "distributed.cli.dask_scheduler", *where)]
    try:
        deadline = time.monotonic() + _STARTING_SECONDS
        while not told.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny")
        processes += [_start(folder, "distributed.cli.dask_worker", address, *options) for _ in range(workers)]
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
