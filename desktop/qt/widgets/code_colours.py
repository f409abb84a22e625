"""The colours of code, put on lines of a document when they come into view."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextLayout

from desktop.qt.code_replies import FileText
from desktop.qt.theme import Theme

MARGIN_LINES = 30
"""Lines coloured above and below what is visible, so that scrolling shows no plain text."""


class CodeColours:
    """Which lines of the file that is shown have their colours."""

    def __init__(self) -> None:
        self._file: FileText | None = None
        self._formats: list[QTextCharFormat] = []
        self.coloured: set[int] = set()
        """Numbers of blocks."""

    def begin(self, file: FileText | None, theme: Theme) -> None:
        """Colour another file, or the same in another theme."""
        self._file = file
        self._formats = [theme.code_format(style) for style in file.styles] if file is not None else []
        self.coloured.clear()

    def colour_around(self, first: QTextBlock, count: int) -> None:
        """Colour `count` visible lines from the first in view on, and a margin around them."""
        if self._file is None:
            return
        block, left = first, count + 2 * MARGIN_LINES
        for _ in range(MARGIN_LINES):
            block = block.previous() if block.previous().isValid() else block
        start, end = -1, -1
        while block.isValid() and left > 0:
            if block.isVisible():
                left -= 1
                if self._set_formats(block):
                    start = block.position() if start < 0 else start
                    end = block.position() + block.length()
            block = block.next()
        if start >= 0:
            # Once for all: an editor is told of each, and asks for its painting.
            first.document().markContentsDirty(start, end - start)

    def colour(self, block: QTextBlock) -> None:
        """Colour a line, unless it has its colours."""
        if self._set_formats(block):
            block.document().markContentsDirty(block.position(), block.length())

    def _set_formats(self, block: QTextBlock) -> bool:
        """Give a line its colours, and say whether it had none of them."""
        number = block.blockNumber()
        if self._file is None or number in self.coloured:
            return False
        self.coloured.add(number)
        if number >= len(self._file.spans) or not self._file.spans[number]:
            return False
        spans, limit, ranges = self._file.spans[number], block.length() - 1, []
        for at in range(0, len(spans), 3):
            start, length, style = spans[at : at + 3]
            if start >= limit:
                break
            piece = QTextLayout.FormatRange()
            piece.start = start
            piece.length = min(length, limit - start)
            piece.format = self._formats[style]
            ranges.append(piece)
        block.layout().setFormats(ranges)
        return True
