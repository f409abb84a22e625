"""Finding text in the open file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.code_editor import CodeEditor
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr


class FindBar(QFrame):
    """Hidden until it is opened; Enter goes on, Shift+Enter back, Esc closes."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, editor: CodeEditor) -> None:
        super().__init__()
        self._editor = editor
        set_role(self, "bar")
        self.input = QLineEdit()
        set_role(self.input, "find")
        self.input.setPlaceholderText(tr("Find in file"))
        self.input.setAccessibleName(tr("Find in file"))
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
        chosen = self._editor.textCursor().selectedText()
        self.show()
        if chosen and "\u2029" not in chosen:
            self.input.setText(chosen)
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.input.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._editor.find_text("")
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._find(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _find(self, *, backwards: bool = False, from_start: bool = False) -> None:
        found = self._editor.find_text(self.input.text(), backwards=backwards, from_start=from_start)
        self.note.setText("" if found or not self.input.text() else tr("Not found"))
