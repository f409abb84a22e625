"""What a person's hands do in tests of the window: drag, drop, click, ask."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
)


def mime(*urls):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(url)) if not str(url).startswith("http") else QUrl(url) for url in urls])
    return data


def drag(window, data):
    event = QDragEnterEvent(
        QPoint(50, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    return event


def drop(window, data):
    drag(window, data)
    event = QDropEvent(
        QPointF(50, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)


def click(widget, point=None):
    target = widget.viewport() if hasattr(widget, "viewport") else widget
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point or target.rect().center())


def ask(window, qtbot, question):
    composer = window.workspace.inquiry.composer
    QTest.keyClicks(composer.input, question)
    QTest.keyClick(composer.input, Qt.Key.Key_Return)
    turn = window.workspace.inquiry.ask.turns[0]
    qtbot.waitUntil(lambda: not window.workspace.inquiry.ask.busy, timeout=10_000)
    return turn
