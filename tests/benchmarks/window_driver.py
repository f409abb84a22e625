"""A window that a script leads: made in a home of its own, with what waits for it and what it leads to."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window
from desktop.qt.main_window import MainWindow

OF_OFFSCREEN = "This plugin does not support"
"""What a platform without a screen says, which is no warning of the window."""
SECONDS = 900
"""How long anything is waited for."""


class WindowDriver:
    """`window` is shown; `close` ends it and its processes."""

    def __init__(
        self, width: int = 1440, height: int = 900, watcher: QObject | None = None, *, preferred: bool = False
    ) -> None:
        """The program's own files go where CODESTRATA_DATA_DIR and CODESTRATA_CONFIG_DIR say, else into a fresh folder; the
        preferences there count where it is `preferred`. `watcher` filters the application's events from before the window is
        shown."""
        home = Path(tempfile.mkdtemp(prefix="codestrata-window-"))
        os.environ.setdefault("CODESTRATA_DATA_DIR", str(home / "data"))
        os.environ.setdefault("CODESTRATA_CONFIG_DIR", str(home / "config"))
        self.application: QApplication = make_application()
        store = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        settings = assembly.settings_for() if preferred else Settings(theme="light")
        self.window: MainWindow = make_window(self.application, assembly.engine_command(), settings, store)
        if watcher is not None:
            self.application.installEventFilter(watcher)
        self.window.resize(width, height)
        self.window.show()

    def until(self, ready: Callable[[], object], seconds: float = SECONDS) -> None:
        """Let the window work until `ready`. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.application.processEvents()
            time.sleep(0.001)

    def run_for(self, seconds: float) -> None:
        """Let the event loop of Qt itself run for so long."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def run_until(self, ready: Callable[[], object], seconds: float = SECONDS) -> None:
        """`until`, within the event loop of Qt itself."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.run_for(0.1)

    def open_card(self, source: str) -> None:
        """Open a source as far as the card that says what would be indexed."""
        self.window.open_source(source)
        button = self.window.preview.index_button
        self.until(lambda: button.isVisible() and button.isEnabled())

    def open_index(self, index: str) -> None:
        """Open an index, and wait until its files are listed."""
        self.window.session.open_index(index)
        self.until(lambda: self.window.is_open() and bool(self.window.workspace.inquiry.files.model.paths))

    def is_ready(self) -> bool:
        """Whether a project is open, wholly indexed, and drawn."""
        return self.window.is_open() and not self.window.session.indexing and self.window.has_drawing()

    def ask(self, question: str) -> None:
        """Ask, and wait for the end of the answer."""
        self.window.workspace.inquiry.ask_question(question)
        self.until(lambda: self.window.has_answer() and not self.window.workspace.inquiry.ask.busy)

    def close(self) -> None:
        self.window.close()
        QApplication.quit()
