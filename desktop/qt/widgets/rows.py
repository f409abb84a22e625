"""Rows of lists, painted alike: a name and a figure, below them a place and a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.qt.theme import ThemeManager

LINE, ICON = 18, 16
WIDEST = 1_280
"""Pixels; a figure that stands farther from its name is not read with it."""
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RowText:
    """What a row says: in its first line `title` and `figure`, in its second (if there is one) `place` and `note`. An icon
    by name stands before them; a `strong` title is bold."""

    title: str
    figure: str = ""
    place: str = ""
    note: str = ""
    icon: str = ""
    icon_color: str = "text_muted"
    strong: bool = True

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        return ", ".join(part for part in (self.title, self.figure, self.place, self.note) if part)


class RowDelegate(QStyledItemDelegate):
    """Paints `RowText`s that `tell` makes of the records of a model (its `UserRole`)."""

    def __init__(self, themes: ThemeManager, tell: Callable[[Any], RowText], parent: QObject, *, lines: int = 2) -> None:
        super().__init__(parent)
        self._themes = themes
        self._tell = tell
        self._lines = lines
        themes.changed.connect(self._resize)

    def _resize(self) -> None:
        """The size of text may be another."""
        self.sizeHintChanged.emit(QModelIndex())

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, self._themes.pixels(LINE * self._lines) + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        text = self._tell(index.data(Qt.ItemDataRole.UserRole))
        theme, state = self._themes.theme, option.state
        box: QRect = option.rect.adjusted(8, 1, -8, -1)
        box.setWidth(min(box.width(), self._themes.pixels(WIDEST)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            focused = selected and state & QStyle.StateFlag.State_HasFocus
            painter.setPen(theme.color("focus") if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if selected else "surface_hover"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = box.adjusted(8, 5, -8, -5)
        if text.icon:
            side = self._themes.pixels(ICON)
            picture = self._themes.icon(text.icon, text.icon_color).pixmap(
                QSize(side, side), painter.device().devicePixelRatioF()
            )
            painter.drawPixmap(inner.left(), inner.top() + 1, side, side, picture)
            inner.setLeft(inner.left() + side + 8)
        small, strong = QFont(option.font), QFont(option.font)
        small.setPixelSize(self._themes.pixels(12))
        height = self._themes.pixels(LINE)
        if text.strong:
            strong.setWeight(QFont.Weight.DemiBold)
        for line, (left, left_font, left_color, right) in enumerate(
            ((text.title, strong, "text", text.figure), (text.place, small, "text_muted", text.note))[: self._lines]
        ):
            area = QRect(inner.left(), inner.top() + line * height, inner.width(), height)
            painter.setFont(small)
            painter.setPen(theme.color("text_muted"))
            width = painter.fontMetrics().horizontalAdvance(right)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
            painter.setFont(left_font)
            painter.setPen(theme.color(left_color))
            mode = Qt.TextElideMode.ElideLeft if line else Qt.TextElideMode.ElideMiddle  # a name says most at its ends
            room = area.width() - (width + 12 if right else 0)
            shown = painter.fontMetrics().elidedText(left, mode, room)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class RowList(QListView):
    """A list view as all are: painted rows of one height, no frame, no sideways scrolling."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._shown_rows = 0

    def setItemDelegate(self, delegate: QAbstractItemDelegate) -> None:
        super().setItemDelegate(delegate)
        delegate.sizeHintChanged.connect(lambda _index: self.show_rows(self._shown_rows))

    def show_rows(self, rows: int) -> None:
        """Be as high as so many rows, at every size of text; 0 leaves the height to the layout."""
        self._shown_rows = rows
        if rows and self.model() is not None and self.model().rowCount():
            self.setFixedHeight(rows * self.sizeHintForRow(0) + 4)
