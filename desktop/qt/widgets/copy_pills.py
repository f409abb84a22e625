"""`+3 copies` behind the first line of a definition that is repeated, in a `CodeEditor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextBlock

from desktop.qt import figures
from desktop.qt.code_replies import CopiedReply
from desktop.qt.theme import ThemeManager

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor

_TEXT_PIXELS = 11
_BEFORE, _AROUND, _EDGE = 16, 14, 8
"""Pixels between the code and a pill, around its text, and to the edges of the view."""


class CopyPills:
    """Paints the pills of the lines in view, and knows where they are."""

    def __init__(self, editor: CodeEditor, themes: ThemeManager) -> None:
        self._editor = editor
        self._themes = themes

    def paint(self, bottom: int) -> None:
        """Paint those down to a height of the viewport."""
        painter: QPainter | None = None
        for line, top, height, block in self._editor.visible_lines(bottom):
            if (span := self._editor.gutter.margin.copies_from(line)) is not None:
                painter = painter or self._painter()
                box, text = self.pill(span, block, top, height)
                painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def pill(self, span: CopiedReply, block: QTextBlock, top: int, height: int) -> tuple[QRect, str]:
        """Where `+3 copies` stands behind the text of a line; where there is no room, `+3` at the right end of the view."""
        metrics, editor = QFontMetrics(self._font), self._editor
        laid_out = block.layout()
        end = laid_out.lineAt(0).naturalTextWidth() if laid_out.lineCount() else 0.0
        left = round(end + editor.contentOffset().x() + editor.document().documentMargin()) + _BEFORE
        right = editor.viewport().width() - _EDGE
        text = f"+{figures.plural(span['copies'], 'copy', 'copies')}"
        if left + metrics.horizontalAdvance(text) + _AROUND > right:
            text = f"+{span['copies']}"
        width = metrics.horizontalAdvance(text) + _AROUND
        return QRect(max(4, min(left, right - width)), top + 1, width, height - 2), text

    def line_at(self, point: QPoint) -> int:
        """The line whose copies are told at a point of the viewport, 0 for none."""
        for line, top, height, block in self._editor.visible_lines(point.y()):
            span = self._editor.gutter.margin.copies_from(line) if top <= point.y() < top + height else None
            if span is not None and self.pill(span, block, top, height)[0].contains(point):
                return line
        return 0

    @property
    def _font(self) -> QFont:
        small = QFont(self._editor.font())
        small.setPixelSize(_TEXT_PIXELS)
        return small

    def _painter(self) -> QPainter:
        painter = QPainter(self._editor.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(self._themes.theme.color("accent"))
        painter.setBrush(self._themes.theme.color("accent_soft"))
        return painter
