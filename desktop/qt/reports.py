"""The log, and what is told when the window itself has failed. Nothing of it is ever sent anywhere.

Errors in Python are written into the log and told at once. A crash of native code ends the window; Python's fault handler
then leaves where that was in a file, which the next start finds.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from desktop.redacted_log import RedactingFormatter, without_secrets

log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
LINES_SHOWN = 60
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Reports(QObject):
    """The log of one window and its last failure."""

    failed = Signal(str)
    """A failure in one line; sent on the UI thread, once for each kind."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._log_file = folder / "window.log"
        self._fault_file = folder / "fault.log"
        self._told: set[str] = set()
        self._last = ""
        self.earlier = self._take_earlier_fault()
        """Where native code crashed in the run before, empty where it did not."""

    def install(self) -> None:
        """Write a log from now on, and take what nobody catches; for a window that is a program of its own."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                self._log_file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
            )
            self._fault = self._fault_file.open("w", encoding="utf-8")
        except OSError as error:
            log.warning("no log is written: %s", error)
            return
        handler.setFormatter(RedactingFormatter(_FORMAT))
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        faulthandler.enable(self._fault)
        sys.excepthook = self.take
        threading.excepthook = lambda args: self.take(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(_log_message)

    def take(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log what nobody caught, and tell it the first time."""
        if issubclass(kind, KeyboardInterrupt):
            return
        lines = traceback.format_exception(kind, error, trace)
        self._last = without_secrets("".join(lines))
        log.error("not caught:\n%s", self._last)
        line = without_secrets(lines[-1]).strip().splitlines()[0]
        if line not in self._told:
            self._told.add(line)
            self.failed.emit(line)

    def text(self) -> str:
        """Everything worth reading or copying: the versions, the last failure, the end of the log."""
        # Not `platform.platform()`, which reads the whole program to tell the C library.
        system = f"{platform.system()} {platform.release()} {platform.machine()}"
        parts = [
            f"Codestrata {_version()}, Python {platform.python_version()}, Qt {PySide6.__version__}, {system}",
            f"Log: {self._log_file}",
        ]
        if self._last:
            parts.append(f"Last failure\n\n{self._last.rstrip()}")
        if self.earlier:
            parts.append(f"Crash of the run before\n\n{self.earlier.rstrip()}")
        parts.append(f"End of the log\n\n{self._end_of_log() or 'It is empty.'}")
        return "\n\n".join(parts) + "\n"

    def _end_of_log(self) -> str:
        try:
            with self._log_file.open("rb") as file:
                file.seek(max(0, file.seek(0, 2) - 200 * LINES_SHOWN))
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-LINES_SHOWN:])

    def _take_earlier_fault(self) -> str:
        try:
            return self._fault_file.read_text("utf-8", "replace")[-20_000:]
        except OSError:
            return ""


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("codestrata")
    except PackageNotFoundError:
        return "(not installed)"
