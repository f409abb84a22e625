"""The heads of the definitions around the first line in view, which stay at the top while their bodies scroll by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.qt.replies import SymbolReply
from desktop.qt.theme import ThemeManager
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor

MOST = 3
_LEAST_LINES = 2
_LOOKED_AT = 20
"""Lines of a definition among which its name is looked for."""
_BEFORE_A_HEAD = ("@", "#[", "[", "/", "*", "#", "--")
"""What a line begins with that stands before the head of a definition: decorators, annotations, comments."""


class StickyScope(QWidget):
    """Lies over the top of a `CodeEditor`; a click goes to a head."""

    chosen = Signal(int)
    """The line of a head."""

    def __init__(self, editor: CodeEditor, themes: ThemeManager) -> None:
        super().__init__(editor)
        self._editor = editor
        self._themes = themes
        self._lines: Sequence[int] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Go to where this begins"))
        themes.changed.connect(self.update)
        self.hide()

    @property
    def lines(self) -> Sequence[int]:
        """The lines that are shown, from 1."""
        return self._lines

    def follow(self, symbols: Sequence[SymbolReply], first: int, text: Sequence[str]) -> None:
        """Show the heads around line `first`, the first in view, of a text's definitions; each head covers a line, which
        counts as covered."""
        lines: list[int] = []
        for symbol in symbols:
            covered = first + len(lines)
            if symbol["start_line"] >= covered or len(lines) == MOST:
                break
            long = symbol["end_line"] - symbol["start_line"] >= _LEAST_LINES
            if long and symbol["kind"] != "module" and symbol["end_line"] > covered:
                head = head_line(symbol, text)
                lines += [head] if head < covered else []
        lines = sorted(set(lines))
        if lines == list(self._lines) and self.isVisible() == bool(lines):
            return
        self._lines = lines
        self.setVisible(bool(lines))
        self.place()
        self.update()

    def place(self) -> None:
        """Lie over the first lines of the editor."""
        area = self._editor.contentsRect()
        bar = self._editor.verticalScrollBar()
        width = area.width() - (bar.width() if bar.isVisible() else 0)
        self.setGeometry(area.left(), area.top(), width, len(self._lines) * self._height() + 1 if self._lines else 0)

    def _height(self) -> int:
        return self._editor.fontMetrics().lineSpacing()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.code["current_line"]))
        painter.setFont(self._editor.font())
        left = self._editor.gutter_width()
        for at, line in enumerate(self._lines):
            top = at * self._height()
            painter.setPen(QColor(theme.code["line_number"]))
            where = QRect(0, top, left - 14, self._height())
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, str(line))
            layout = self._editor.line_layout(line)
            painter.setPen(QColor(theme.code["text"]))
            if layout is not None:
                painter.setClipRect(left, 0, self.width() - left, self.height())
                layout.draw(painter, QPointF(left, top))
                painter.setClipping(False)
        painter.setPen(theme.color("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // max(1, self._height())
        if 0 <= at < len(self._lines):
            self.chosen.emit(self._lines[at])


def head_line(symbol: SymbolReply, text: Sequence[str]) -> int:
    """The line that names a definition: what decorates or documents it comes before. Its first line where none does."""
    start, last = symbol["start_line"], min(symbol["end_line"], symbol["start_line"] + _LOOKED_AT)
    name = re.compile(rf"(?<!\w){re.escape(symbol['name'])}(?!\w)")
    for number in range(start, last + 1):
        line = text[number - 1] if number <= len(text) else ""
        if name.search(line) and not line.lstrip().startswith(_BEFORE_A_HEAD):
            return number
    return start
