"""Finding text in what is shown: a file, a diagram."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr


class Searchable(Protocol):
    """What a find bar looks through."""

    def find_text(self, text: str, *, backwards: bool = False, from_start: bool = False) -> bool:
        """Go to the next place that holds a text, and whether there is one; an empty text ends the search."""

    def chosen_text(self) -> str:
        """What is marked and may be looked for."""

    def setFocus(self, reason: Qt.FocusReason) -> None:
        """Take the keyboard."""


class FindBar(QFrame):
    """Hidden until it is opened; Enter goes on, Shift+Enter back, Esc closes."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, shown: Searchable, hint: str) -> None:
        super().__init__()
        self._shown = shown
        set_role(self, "bar")
        self.input = QLineEdit()
        set_role(self.input, "find")
        self.input.setPlaceholderText(hint)
        self.input.setAccessibleName(hint)
        self.input.textChanged.connect(lambda _text: self._find(from_start=True))
        self.note = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(4)
        row.addWidget(self.input, 1)
        row.addWidget(self.note)
        row.addWidget(tool_button(themes, "chevron-up", tr("Previous"), lambda: self._find(backwards=True), "Shift+Enter"))
        row.addWidget(tool_button(themes, "chevron-down", tr("Next"), self._find, "Enter"))
        row.addWidget(tool_button(themes, "close", tr("Close"), self.close_bar, "Esc"))
        self.hide()

    def open(self) -> None:
        """Show the bar with the selected text in it."""
        chosen = self._shown.chosen_text()
        self.show()
        if chosen and "\u2029" not in chosen:
            self.input.setText(chosen)
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.input.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._shown.find_text("")
        self._shown.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._find(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _find(self, *, backwards: bool = False, from_start: bool = False) -> None:
        found = self._shown.find_text(self.input.text(), backwards=backwards, from_start=from_start)
        self.note.setText("" if found or not self.input.text() else tr("Not found"))
