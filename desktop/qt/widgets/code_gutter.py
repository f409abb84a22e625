"""What stands beside code: bands of copies, counts of callers, line numbers, and signs that fold definitions."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygon, QTextBlock
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.qt import figures
from desktop.qt.code_replies import CalledReply, CopiedReply
from desktop.qt.theme import ThemeManager
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor

_BAND = 12
_FOLD = 14
_PAD = 6


@dataclass(frozen=True, slots=True)
class CodeMargin:
    """Callers by the first line of a definition, copies by first line (the widest first), which line ends each definition
    that can be folded, by its first, and which of these are functions."""

    called: Mapping[int, CalledReply] = field(default_factory=dict)
    copied: Sequence[CopiedReply] = ()
    folds: Mapping[int, int] = field(default_factory=dict)
    functions: Set[int] = frozenset()

    def copies_at(self, line: int) -> CopiedReply | None:
        """Copies of the innermost definition around a line, those that fold before those that are only alike."""
        around = [span for span in self.copied if span["start_line"] <= line <= span["end_line"]]
        return min(around, key=lambda span: (not span["folded"], span["end_line"] - span["start_line"]), default=None)

    def copies_from(self, line: int) -> CopiedReply | None:
        """Copies that fold of a definition that begins on a line."""
        return next((span for span in self.copied if span["start_line"] == line and span["folded"]), None)


class Gutter(QWidget):
    """The strip left of a `CodeEditor`; lines count from 1."""

    callers_asked = Signal(str)
    """The id of a definition somebody wants the callers of."""
    copies_asked = Signal(int)
    """A line whose copies somebody wants to see."""
    fold_asked = Signal(int)
    """The first line of a definition to fold or to unfold."""

    def __init__(self, editor: CodeEditor, themes: ThemeManager) -> None:
        super().__init__(editor)
        self._editor = editor
        self._themes = themes
        self._margin = CodeMargin()
        self._most_callers = 0
        self._copies: dict[int, CopiedReply | None] = {}
        """By line, as far as they have been looked for: a large file has hundreds, and every line painted asks."""
        self.marks: Mapping[int, str] = {}
        """Marked lines, each with its note."""
        self.setMouseTracking(True)

    @property
    def margin(self) -> CodeMargin:
        """What stands beside the code that is shown."""
        return self._margin

    @margin.setter
    def margin(self, margin: CodeMargin) -> None:
        self._margin = margin
        self._most_callers = max((called["callers"] for called in margin.called.values()), default=0)
        self._copies.clear()

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(1), 0)

    def width_for(self, lines: int) -> int:
        """How wide it has to be for a file of so many lines."""
        digits = max(3, len(str(lines)))
        return _BAND + self._callers_width() + self._char() * digits + _PAD + (_FOLD if self.margin.folds else _PAD)

    def _char(self) -> int:
        return self._editor.fontMetrics().horizontalAdvance("9")

    def _callers_width(self) -> int:
        most = self._most_callers
        return self._char() * (len(_short(most)) + 1) + 8 if most else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.code["background"]))
        painter.setFont(self._editor.font())
        caret = self._editor.line
        cited = self._editor.cited
        for line, top, height, block in self._editor.visible_lines(event.rect().bottom()):
            if cited[0] <= line <= cited[1]:
                painter.fillRect(0, top, self.width(), height, QColor(theme.code["cited_line"]))
                painter.fillRect(0, top, 3, height, QColor(theme.code["cited_bar"]))
            self._paint_band(painter, line, top, height)
            self._paint_callers(painter, line, top, height)
            if line in self.marks:
                _paint_mark(painter, 3, top, height, theme.color("accent"))
            painter.setPen(QColor(theme.code["text" if line == caret else "line_number"]))
            right = self.width() - (_FOLD if self.margin.folds else _PAD)
            painter.drawText(QRect(0, top, right, height), Qt.AlignmentFlag.AlignRight, str(line))
            if line in self.margin.folds:
                self._paint_fold(painter, top, height, block)

    def _paint_band(self, painter: QPainter, line: int, top: int, height: int) -> None:
        if line not in self._copies:
            self._copies[line] = self._margin.copies_at(line)
        span = self._copies[line]
        if span is None:
            return
        theme = self._themes.theme
        if span["folded"]:
            painter.fillRect(5, top, 3, height, theme.color("accent"))
        else:
            painter.setPen(QPen(theme.color("border_strong"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(6, top, 6, top + height - 1)

    def _paint_callers(self, painter: QPainter, line: int, top: int, height: int) -> None:
        called = self.margin.called.get(line)
        if called is None:
            return
        theme = self._themes.theme
        box = QRectF(self._callers_box(top, height)).adjusted(0.5, 1.5, -0.5, -1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        font = QFont(self._editor.font())
        font.setPixelSize(self._themes.pixels(11))
        painter.setFont(font)
        painter.setPen(theme.color("text_muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"→{_short(called['callers'])}")
        painter.setFont(self._editor.font())

    def _callers_box(self, top: int, height: int) -> QRect:
        return QRect(_BAND, top, self._callers_width() - 4, height)

    def _paint_fold(self, painter: QPainter, top: int, height: int, block: QTextBlock) -> None:
        folded = not block.next().isVisible()
        icon = self._themes.icon("chevron-right" if folded else "chevron-down", "text" if folded else "text_muted")
        picture = icon.pixmap(QSize(12, 12), self.devicePixelRatioF())
        painter.drawPixmap(self.width() - _FOLD + 1, top + (height - 12) // 2, 12, 12, picture)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        act = self._action_at(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if act is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        act = self._action_at(event.position().toPoint())
        if act is not None and event.button() == Qt.MouseButton.LeftButton:
            act[1]()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            note = self.marks.get(self._editor.line_at(event.pos().y())) if event.pos().x() < _BAND else None
            act = self._action_at(event.pos())
            said = html.escape(note or tr("Bookmark")) if note is not None else act[0] if act is not None else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def _action_at(self, point: QPoint) -> tuple[str, Callable[[], None]] | None:
        """What a click there does, in words, and a call that does it."""
        line = self._editor.line_at(point.y())
        called = self.margin.called.get(line)
        if self.margin.folds and point.x() >= self.width() - _FOLD and line in self.margin.folds:
            return tr("Fold or unfold"), lambda: self.fold_asked.emit(line)
        if called is not None and _BAND <= point.x() < _BAND + self._callers_width():
            name, symbol = called["name"], called["symbol"]
            callers, places = figures.plural(called["callers"], "caller"), figures.plural(called["calls"], "place")
            said = tr("{name} has {callers}, in {places}", name=name, callers=callers, places=places)
            return said, lambda: self.callers_asked.emit(symbol)
        span = self.margin.copies_at(line)
        if span is not None and point.x() < _BAND:
            return copies_words(span), lambda: self.copies_asked.emit(line)
        return None


def _paint_mark(painter: QPainter, left: int, top: int, height: int, color: QColor) -> None:
    """A small ribbon."""
    middle = top + height // 2
    ribbon = [(0, -5), (6, -5), (6, 5), (3, 2), (0, 5)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygon([QPoint(left + x, middle + y) for x, y in ribbon]))
    painter.restore()


def copies_words(span: CopiedReply) -> str:
    """What is like some lines, in a line."""
    if not span["folded"]:
        return tr("{others} alike, and kept apart", others=figures.plural(span["copies"], "other is", "others are"))
    return tr("{copies}: compare them", copies=figures.plural(span["copies"], "copy", "copies"))


def _short(number: int) -> str:
    return str(number) if number < 1_000 else "999+"
