"""One child process and its lines: started, spoken to and ended without ever waiting.

Lines are delivered on the UI thread, in their order; large ones are read on another (`json_lines`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, Signal

from desktop.qt.json_lines import LARGE_BYTES, read_document

log = logging.getLogger(__name__)

KILLED_MS = 10_000
"""How long is waited for a process that was killed: that is sure to end it, but a busy machine takes more than a second, and
Qt warns of what goes away before its process."""


class LineProcess(QObject):
    """A child process that takes and gives JSON lines."""

    received = Signal(object)
    """A message as a dict, in the order of the lines."""
    stopped = Signal(str)
    """The process ended; why, in words."""

    _read = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._parts: list[bytes] = []
        self._reader: ThreadPoolExecutor | None = None
        self._being_read = 0
        self._ended = False
        self.prepare: Callable[[dict[str, Any]], dict[str, Any]] = lambda message: message
        """Runs on the reading thread for large messages, on the UI thread for small ones."""
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONSAFEPATH", "1")
        environment.insert("PYTHONIOENCODING", "utf-8")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.readyReadStandardError.connect(self._on_log)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Returns at once; what is sent before the process runs waits in the pipe."""
        self._process.start(self._command[0], self._command[1:])

    def send(self, line: bytes) -> None:
        self._process.write(line)

    @property
    def pid(self) -> int:
        return int(self._process.processId())

    def close(self) -> None:
        """Let the process end by itself: end of input ends it."""
        self._process.closeWriteChannel()

    def kill(self) -> None:
        self._process.kill()

    def dispose(self) -> None:
        """End the process now, saying nothing about it any more."""
        self._ended = True
        self._process.blockSignals(True)
        self._process.closeWriteChannel()
        if self._process.state() != QProcess.ProcessState.NotRunning and not self._process.waitForFinished(300):
            self._process.kill()
            self._process.waitForFinished(KILLED_MS)
        self.release()

    def release(self) -> None:
        """End the reading thread. It is waited for (at most one line), since it speaks to this object."""
        if self._reader is not None:
            self._reader.shutdown(wait=True, cancel_futures=True)
            self._reader = None

    def _on_output(self) -> None:
        data = bytes(self._process.readAllStandardOutput().data())
        *whole, rest = data.split(b"\n")
        for end in whole:
            self._parts.append(end)
            line = b"".join(self._parts)
            self._parts.clear()
            if line.strip():
                self._take(line)
        if rest:
            self._parts.append(rest)

    def _take(self, line: bytes) -> None:
        """Read a line here when it is small, else on the reading thread, behind those that are there already."""
        if len(line) < LARGE_BYTES and self._being_read == 0:
            self._deliver(self._message(line))
            return
        if self._reader is None:
            self._reader = ThreadPoolExecutor(1, thread_name_prefix="engine-lines")
        self._being_read += 1
        future = self._reader.submit(self._message, line)
        future.add_done_callback(lambda done: None if done.cancelled() else self._read.emit(done.result()))

    def _message(self, line: bytes) -> dict[str, Any] | None:
        try:
            message = read_document(line)
        except (ValueError, LookupError):
            log.warning("a line that is not JSON: %r", line[:200])
            return None
        return self.prepare(message) if isinstance(message, dict) else None

    def _on_read(self, message: dict[str, Any] | None) -> None:
        self._being_read -= 1
        self._deliver(message)

    def _deliver(self, message: dict[str, Any] | None) -> None:
        if message is not None and not self._ended:
            self.received.emit(message)

    def _on_log(self) -> None:
        for line in bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").splitlines():
            log.info("engine: %s", line)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(f"{self._command[0]} could not be started")

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        crashed = status == QProcess.ExitStatus.CrashExit
        self._end("its process was ended from outside or crashed" if crashed else f"its process ended with code {code}")

    def _end(self, why: str) -> None:
        if not self._ended:
            self._ended = True
            self.stopped.emit(why)  # the last lines are dropped: what they answer is told to have failed
