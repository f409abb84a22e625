"""Who last changed each line and when, left of everything else beside the code."""

from __future__ import annotations

import html
import time
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QEvent, QLocale, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.qt.code_replies import BlameReply, CommitReply
from desktop.qt.theme import ThemeManager
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor

_CHARACTERS, _FEW, _ROOMY = 17, 8, 520
"""How many letters stand in the column, in a narrow editor hardly more than the age, and from which width it is none."""
_PAD = 8
_DAY = 86_400
_ID_SHOWN = 10
_AGES = ((365 * _DAY, "{count} y"), (30 * _DAY, "{count} mo"), (_DAY, "{count} d"))


class BlameColumn(QWidget):
    """The strip left of the gutter of a `CodeEditor`; lines count from 1. It takes no room until it has something to
    show."""

    def __init__(self, editor: CodeEditor, themes: ThemeManager) -> None:
        super().__init__(editor)
        self._editor = editor
        self._themes = themes
        self._blame: BlameReply | None = None
        self._starts: list[int] = []
        """The first of the lines that one commit changed together, of all of these."""
        self._now = 0.0
        self.setAccessibleName(tr("Who last changed each line"))
        self.hide()

    def show_blame(self, blame: BlameReply | None) -> None:
        """Show this of the file in the editor, or nothing."""
        self._blame, self._now = blame, time.time()
        lines = blame["lines"] if blame is not None else []
        self._starts = [line for line in range(1, len(lines) + 1) if line == 1 or lines[line - 1] != lines[line - 2]]
        self.setVisible(blame is not None)
        self.update()

    @property
    def blame(self) -> BlameReply | None:
        return self._blame

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), 0)

    def needed_width(self) -> int:
        """How wide it has to be."""
        digit = self._editor.fontMetrics().horizontalAdvance("9")
        characters = _CHARACTERS if self._editor.width() >= _ROOMY else _FEW
        return digit * characters + 2 * _PAD if self._blame is not None else 0

    def commit_at(self, line: int) -> CommitReply | None:
        """The commit that last changed a line; None for one that was never committed."""
        blame = self._blame
        if blame is None or not 0 < line <= len(blame["lines"]) or blame["lines"][line - 1] < 0:
            return None
        return blame["commits"][blame["lines"][line - 1]]

    def words_at(self, line: int) -> str:
        """What the column says beside a line: something at the first of those that one commit changed."""
        if not line or line != self._start_above(line):
            return ""
        commit = self.commit_at(line)
        return f"{_age(self._now - commit['seconds'])}  {commit['author']}" if commit is not None else tr("not committed")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.color("surface_sunken")))
        painter.setFont(self._font())
        metrics, room = painter.fontMetrics(), self.width() - 2 * _PAD
        for top, height, words, begins in self.told(event.rect().bottom()):
            if begins:
                painter.setPen(theme.color("border"))
                painter.drawLine(0, top, self.width(), top)
            painter.setPen(theme.color("text_muted"))
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(_PAD, top, room, height), Qt.AlignmentFlag.AlignVCenter, shown)

    def told(self, bottom: int) -> Iterator[tuple[int, int, str, bool]]:
        """(top and height in pixels, words, whether what they say begins there) of the lines in view that say something; the
        first says what began above it."""
        sticky = self._editor.sticky
        covered = sticky.height() - 1 if sticky.isVisible() else 0
        is_first = True
        for line, top, height, _ in self._editor.visible_lines(bottom):
            if top < covered:
                continue  # the heads of what is scrolled away lie over it
            words = self.words_at(line)
            above = self.words_at(self._start_above(line)) if is_first else ""
            is_first = False
            if words or above:
                yield top, height, words or above, bool(words)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            commit = self.commit_at(self._editor.line_at(event.pos().y()))
            QToolTip.showText(event.globalPos(), _told(commit) if commit is not None else "", self)
            return True
        return super().event(event)

    def _start_above(self, line: int) -> int:
        """The first of the lines that were changed together with a line; 0 where there is none."""
        place = bisect_right(self._starts, line)
        return self._starts[place - 1] if place else 0

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._themes.pixels(11))
        return font


def _age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, said in _AGES:
        if seconds >= unit:
            return tr(said, count=int(seconds // unit))
    return tr("today")


def _told(commit: CommitReply) -> str:
    when = QLocale().toString(QDateTime.fromSecsSinceEpoch(commit["seconds"]), QLocale.FormatType.ShortFormat)
    return "<b>{summary}</b><br>{author}, {when}<br>{id}".format(
        summary=html.escape(commit["summary"]),
        author=html.escape(commit["author"]),
        when=html.escape(when),
        id=commit["id"][:_ID_SHOWN],
    )
