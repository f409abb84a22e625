"""The installed command, what it left behind, and how it is ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("codestrata")


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


def end(process: subprocess.Popen[bytes], number: signal.Signals, begun: Callable[[], bool]) -> None:
    """Send the signal to a command whose standard error is piped, once it has `begun`; it must end as cancelled."""
    assert process.stderr is not None
    while not begun():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(60) == 130, process.stderr.read()
    process.stderr.close()
