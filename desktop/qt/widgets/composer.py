"""The input of questions: grows with its text, Enter sends, Shift+Enter breaks the line, Up brings the last one back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QToolButton

from desktop.qt.stylesheet import restyle, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import ICON
from desktop.qt.words import tr

MOST_LINES = 6


class _Input(QPlainTextEdit):
    """The editor inside; its height follows its lines."""

    sent = Signal()
    recalled = Signal()
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "composer")
        self._hint = ""
        self.document().setDocumentMargin(2)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # what is dropped here goes to the pane around it
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.updateGeometry)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def set_text_pixels(self, pixels: int) -> None:
        """The height of the text; the lines that are there are set anew."""
        font = QFont(self.font())
        if font.pixelSize() != pixels:
            font.setPixelSize(pixels)
            self.setFont(font)
            self._fit()

    def _fit(self) -> None:
        lines = max(1, min(MOST_LINES, int(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 8)

    def set_hint(self, hint: str) -> None:
        """What stands there while nothing is written, in one line."""
        self._hint = hint
        room = self.viewport().width() - 2 * int(self.document().documentMargin())
        self.setPlaceholderText(self.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, max(0, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_hint(self._hint)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)


class Composer(QFrame):
    """An input with one button that sends, and stops what it sent while that is under way."""

    submitted = Signal(str)
    edited = Signal(str)
    stopped = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._busy = False
        self._last = ""
        set_role(self, "composer")
        self.input = _Input()
        self.input.sent.connect(self._send)
        self.input.recalled.connect(lambda: self.set_text(self._last))
        self.input.textChanged.connect(self._on_edit)
        self.input.focus_changed.connect(self._on_focus)
        self.button = QToolButton()
        set_role(self.button, "send")
        self.button.clicked.connect(self._on_click)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.input, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.input)
        themes.changed.connect(self._refresh)
        self._refresh()

    @property
    def text(self) -> str:
        return self.input.toPlainText().strip()

    def set_text(self, text: str) -> None:
        self.input.setPlainText(text)
        cursor = self.input.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.input.setTextCursor(cursor)

    def set_hint(self, hint: str) -> None:
        """The placeholder, which a screen reader says as well."""
        self.input.set_hint(hint)
        self.input.setAccessibleName(hint)

    def set_busy(self, busy: bool) -> None:
        """While busy the button stops."""
        self._busy = busy
        self._refresh()

    def _send(self) -> None:
        if self.text:
            self._last = self.text
            self.submitted.emit(self.text)

    def _on_click(self) -> None:
        if self._busy:
            self.stopped.emit()
        else:
            self._send()

    def _on_edit(self) -> None:
        self._refresh()
        self.edited.emit(self.text)

    def _on_focus(self, active: bool) -> None:
        self.setProperty("active", active)
        restyle(self)

    def _refresh(self) -> None:
        self.input.set_text_pixels(self._themes.pixels(14))
        name = tr("Stop (Esc)") if self._busy else tr("Send (Enter)")
        self.button.setIconSize(QSize(self._themes.pixels(ICON), self._themes.pixels(ICON)))
        self.button.setIcon(self._themes.icon("stop" if self._busy else "send", "on_accent"))
        self.button.setToolTip(name)
        self.button.setAccessibleName(name)
        self.button.setEnabled(self._busy or bool(self.text))
