"""Batches come back whole, also when a worker dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, NotThereYetError, UsageError
from indexing.executors import ProcessExecutor, SerialExecutor, open_executor


def double(batch: Sequence[int]) -> list[int]:
    return [2 * item for item in batch]


def double_or_die(batch: Sequence[int]) -> list[int]:
    if 13 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def gone(item: int) -> int:
    return -item


BATCHES = [list(range(first, first + 5)) for first in range(0, 30, 5)]


def test_processes_and_this_process_give_the_same() -> None:
    token = CancellationToken()
    here = sorted(x for batch in SerialExecutor(double).run(BATCHES, token) for x in batch)
    there = sorted(x for batch in ProcessExecutor(double, gone, 2).run(BATCHES, token) for x in batch)
    assert here == there == [2 * x for x in range(30)]


def test_a_worker_that_dies_costs_only_the_item_that_killed_it() -> None:
    found = [x for batch in ProcessExecutor(double_or_die, gone, 2).run(BATCHES, CancellationToken()) for x in batch]
    assert sorted(found) == sorted([-13, *(2 * x for x in range(30) if x != 13)])


def test_a_worker_that_dies_while_a_result_is_stored_costs_nothing() -> None:
    results = ProcessExecutor(double, gone, 1).run(BATCHES, CancellationToken())
    found = list(next(results))
    for child in multiprocessing.active_children():  # nothing waits for the pool now, so its end is met by the next batch
        child.kill()
        child.join()
    time.sleep(0.5)  # the pool's own thread marks it broken
    assert sorted([*found, *(x for batch in results for x in batch)]) == [2 * x for x in range(30)]


PARENT = """
import os, signal, time
from core.cancellation import CancellationToken
from indexing.executors import ProcessExecutor

def pids(batch):
    return [os.getpid() for _ in batch]

if __name__ == "__main__":
    results = ProcessExecutor(pids, int, 1).run(([i] for i in range(100)), CancellationToken())
    print(next(results)[0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    worker = int(done.stdout)
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_cancelling_stops_between_batches() -> None:
    token = CancellationToken()
    results = SerialExecutor(double).run(BATCHES, token)
    next(results)
    token.cancel()
    with pytest.raises(CancelledError):
        next(results)


def test_an_executor_is_chosen_by_name() -> None:
    assert isinstance(open_executor("serial", 0, double, gone), SerialExecutor)
    assert isinstance(open_executor("local", 1, double, gone), ProcessExecutor)
    with pytest.raises(NotThereYetError, match="Dask"):
        open_executor("dask=tcp://127.0.0.1:8786", 0, double, gone)
    with pytest.raises(UsageError, match="no executor 'cloud'"):
        open_executor("cloud", 0, double, gone)
