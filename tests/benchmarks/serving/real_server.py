"""`transformers serve`, in a process of its own, with the model that `make_tiny_model` made.

CODESTRATA_TRANSFORMERS names an interpreter that has `transformers[serving]` and torch; without it both are installed into
the user's cache, once.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks import machine

VARIABLE = "CODESTRATA_TRANSFORMERS"
MAKER = Path(__file__).with_name("make_tiny_model.py")
_INSTALL_SECONDS, _START_SECONDS = 1_800, 180


class NoServerError(Exception):
    """There is no `transformers serve` here, and none could be installed."""


@dataclass(frozen=True, slots=True)
class RealServer:
    """A running server: where it listens, the model it has, its process."""

    port: int
    model: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def interpreter() -> Path:
    """A Python that can serve models. Raises NoServerError."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen)
    folder = machine.cache() / "transformers"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        try:
            venv.create(folder, with_pip=True)
            install = [str(python), "-m", "pip", "install", "-q", "torch", "transformers[serving]"]
            subprocess.run(install, check=True, timeout=_INSTALL_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoServerError(
                f"transformers could not be installed; {VARIABLE} may name a Python that has it: {error}"
            ) from error
        (folder / "whole").touch()
    return python


def make_model(python: Path, target: Path) -> Path:
    """A tiny model in the folder `target`, its tokenizer learnt from this repository."""
    texts = sorted(str(path) for path in Path(__file__).parents[3].glob("core/**/*.py"))
    subprocess.run([str(python), str(MAKER), str(target), *texts], check=True, capture_output=True, timeout=300)
    return target


@contextmanager
def serving(python: Path, model: Path) -> Iterator[RealServer]:
    """A server on a free port, ended at the end where nobody has killed it before."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(python.with_name("transformers")), "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(model.with_name("hub"))}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", process)
            yield RealServer(port, str(model), process)
        finally:
            process.kill()


def connected(server: psutil.Process, port: int) -> bool:
    """Whether anybody is connected with the server, as the server's own process has it."""
    return any(one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port for one in server.net_connections("tcp"))


def seconds_until_gone(server: psutil.Process, port: int, since: float, longest: float = 10.0) -> float:
    """How long after `since` (of `time.monotonic`) nobody is connected any more."""
    while connected(server, port):
        if time.monotonic() - since > longest:
            return longest
        time.sleep(0.002)
    return time.monotonic() - since


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise NoServerError(f"{sys.executable} could not start transformers serve")
