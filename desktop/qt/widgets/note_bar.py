"""One line to write a note in, over the code it is about."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from desktop.bookmark_file import LONGEST
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr


class NoteBar(QFrame):
    """Hidden until it is opened; Enter keeps the note, Esc leaves it as it was."""

    kept = Signal(str)
    removed = Signal()
    closed = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        set_role(self, "bar")
        self._place = label("", "small")
        self.input = QLineEdit()
        set_role(self.input, "find")
        self.input.setMaxLength(LONGEST)
        self.input.setPlaceholderText(tr("A note, if you like; Enter keeps it"))
        self.input.setAccessibleName(tr("Note of the bookmark"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._place)
        row.addWidget(self.input, 1)
        row.addWidget(push_button(tr("Remove"), self._remove, "link"))
        row.addWidget(tool_button(themes, "close", tr("Close"), self.close_bar, "Esc"))
        self.hide()

    def open(self, line: int, note: str) -> None:
        """For the bookmark of a line."""
        self._place.setText(tr("Line {line}", line=line))
        self.input.setAccessibleName(tr("Note of the bookmark at line {line}", line=line))
        self.input.setText(note)
        self.input.selectAll()
        self.show()
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.kept.emit(self.input.text().strip())
            self.close_bar()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        self.removed.emit()
        self.close_bar()
