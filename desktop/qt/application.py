"""The start of the window. Nothing heavy is imported on the way here: what is slow lives in the engine's processes."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QSettings, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from desktop.preferences import TEXT_SIZES, THEMES
from desktop.qt.choices import Choices
from desktop.qt.icons import icon_pixmap
from desktop.qt.session import Session
from desktop.qt.single import FirstWindow, hand_over, instance_name, is_there
from desktop.qt.theme import ThemeChoice, ThemeManager
from desktop.qt.user_files import UserFiles

if TYPE_CHECKING:
    from desktop.links import Place
    from desktop.qt.main_window import MainWindow

COLLECT_MS = 1_000
SWITCH_SECONDS = 0.0005
_COLLECTOR = "garbage-collector"


def run_window(
    source: str | None,
    engine_command: Sequence[str],
    settings: Settings,
    files: UserFiles,
    place: Place | None = None,
    *,
    another: bool = False,
) -> int:
    """Open the window, on `source` or at `place` when one is given; returns its exit code once it is closed. Where one is
    open already, that one is used, unless `another` is wanted.

    `engine_command` starts a query process; with `--indexer` after it, an indexer process.
    """
    application = make_application()
    name = instance_name(files.data)
    if not another and hand_over(name, absolute(source)):
        return 0
    window = make_window(application, engine_command, settings, QSettings(), files)
    window.reports.install()
    gc.collect()
    gc.freeze()
    _end_on_interrupt(application)
    window.show()
    if not another or not is_there(name):
        FirstWindow(name, window).asked.connect(window.come_to_front)
    if source is not None:
        window.open_source(source)
    elif place is None and not another:
        window.open_last()
    if place is not None:
        window.open_place(place)
    window.tell_earlier_crash()
    return application.exec()


def absolute(source: str | None) -> str | None:
    """A source as a window that was started elsewhere understands it: what is there as a whole path, a URL as it is."""
    if source is None or "\n" in source or not Path(source).exists():
        return source
    return str(Path(source).absolute())


def make_application() -> QApplication:
    """The one QApplication, named, so that Qt finds its settings and the desktop its window."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    _keep_responsive(application)
    atexit.unregister(_forget_copied)
    atexit.register(_forget_copied)
    # That no font is installed for a script of some source is nothing a person could act on, and is told for every font.
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    application.setApplicationName("Codestrata")
    application.setOrganizationName("codestrata")
    application.setDesktopFileName("codestrata")
    if application.style().name() != "fusion":  # said again, it would have every widget look anew
        application.setStyle("Fusion")
    application.setWindowIcon(icon_pixmap("strata", "#0C7069", 64))
    return application


def make_window(
    application: QApplication,
    engine_command: Sequence[str],
    settings: Settings,
    store: QSettings,
    files: UserFiles | None = None,
) -> MainWindow:
    """A window on an engine; `store` remembers sizes, `files` (beside it where none are named) everything else."""
    files = files or UserFiles.beside(store)
    theme = settings.theme if settings.theme in THEMES else ThemeChoice.AUTO
    themes = ThemeManager(application, theme, min(max(settings.text_size, TEXT_SIZES[0]), TEXT_SIZES[1]))
    session = Session(engine_command)
    session.engine.start()
    # The engine starts up meanwhile: it takes longer than the views, and a project can be used once it has answered.
    from desktop.qt.main_window import MainWindow

    window = MainWindow(session, themes, Choices(files.preferences, settings), store, files)
    session.setParent(window)
    return window


def _keep_responsive(application: QApplication) -> None:
    """Let neither the garbage collector nor another thread hold up an event, or destroy what belongs to the UI thread.

    Garbage is collected on a timer, young objects only: by itself the collector runs in the middle of anything, takes some
    100 ms after a large reply, and on a reading thread would destroy Qt objects that are part of a cycle, which crashes.
    A thread that reads a reply gives the interpreter back after half a millisecond instead of five, since the UI thread
    has to get it back after nearly every call into Qt.
    """
    gc.disable()
    sys.setswitchinterval(SWITCH_SECONDS)
    if application.findChild(QTimer, _COLLECTOR) is None:
        timer = QTimer(application, interval=COLLECT_MS)
        timer.setObjectName(_COLLECTOR)
        timer.timeout.connect(lambda: gc.collect(1))
        timer.start()


def _forget_copied() -> None:
    """Empty the clipboard of a platform that has none of its own: Qt would destroy what was copied, which is Python's, after
    Python has ended, and crash. Elsewhere what was copied outlives the window."""
    if QGuiApplication.instance() is not None and QGuiApplication.platformName() == "offscreen":
        QGuiApplication.clipboard().clear()


def _end_on_interrupt(application: QApplication) -> None:
    """Ctrl-C in the terminal closes the window as a person would."""
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        return
    import os

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: None)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, application)
    notifier.activated.connect(lambda *_: application.closeAllWindows())
