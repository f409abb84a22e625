"""Dragging over the window and dropping on it: what would be opened is said while it hangs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from desktop.qt.dropped_sources import Verdict, judge
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.main_window import MainWindow


class Drops(QObject):
    """Takes the window's drag and drop events."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDragEnterEvent():
                self._say(judge(event.mimeData()))
                event.acceptProposedAction()
            case QDragMoveEvent():
                event.acceptProposedAction()
            case QDropEvent():
                self._end()
                self._take(event)
            case _ if event.type() == QEvent.Type.DragLeave:
                self._end()
            case _:
                return False
        return True

    def _say(self, verdict: Verdict) -> None:
        window = self._window
        if window.sheets.page is window.welcome:
            window.welcome.show_drag(verdict)
        else:
            told = tr("Drop to open {name}", name=verdict.name) if verdict.accepted else verdict.reason
            window.overlay.say(verdict.accepted, told)

    def _take(self, event: QDropEvent) -> None:
        window = self._window
        verdict = judge(event.mimeData())
        if verdict.accepted:
            event.acceptProposedAction()
            QTimer.singleShot(0, window, lambda: window.open_source(verdict.path))
        else:
            event.ignore()
            steps = [(tr("Open folder"), window.openings.choose_folder)]
            window.banner.tell("error", tr("This cannot be opened."), verdict.reason, steps)

    def _end(self) -> None:
        self._window.welcome.show_drag(None)
        self._window.overlay.hide()
