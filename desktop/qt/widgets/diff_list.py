"""Two definitions side by side in painted rows, or one below the other where there is little room.

A row's sign says what it is, so that colour is never alone: `=` the same, `≈` the same under other names, `~` other layout
or comments, `≠` changed, `−` only on the left, `+` only on the right. Renamed names are underlined with dots, changed words
with a line.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QListView, QScrollBar, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from desktop.qt.code_replies import DiffRow, DiffSide, DiffText
from desktop.qt.theme import ThemeManager, code_font
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.widgets.rows import RowList
from desktop.qt.words import tr

SIDE_BY_SIDE = 700
"""The width from which two columns of code can be read."""
SIGNS = {"same": "=", "renamed": "≈", "layout": "~", "changed": "≠", "removed": "−", "added": "+"}
SPOKEN = {
    "same": "the same",
    "renamed": "the same under other names",
    "layout": "other layout or comments",
    "changed": "changed",
    "removed": "only in the representative",
    "added": "only in the copy",
}
_BACKGROUNDS = {"changed": ("warning_soft", "warning_soft"), "removed": ("error_soft", ""), "added": ("", "success_soft")}
_DIFFERENT = ("changed", "removed", "added")
_SIGN = 22
_FONT = 12
_Index = QModelIndex | QPersistentModelIndex
_Side = Literal["left", "right"]


class _Model(RecordModel[DiffRow]):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.diff: DiffText | None = None

    def show_diff(self, diff: DiffText | None) -> None:
        self.diff = diff
        self.replace(diff.rows if diff is not None else ())

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            texts = [text for text in (self.text(row, "left"), self.text(row, "right")) if text is not None]
            return f"{tr(SPOKEN[row.kind])}: {' – '.join(dict.fromkeys(text.strip() for text in texts))}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(SPOKEN[row.kind]) if row.kind != "same" else None
        return row if role == Qt.ItemDataRole.UserRole else None

    def text(self, row: DiffRow, side: _Side) -> str | None:
        """The line of a side, None where there is none."""
        assert self.diff is not None
        number = row.left if side == "left" else row.right
        return None if number < 0 else (self.diff.left if side == "left" else self.diff.right).lines[number]


class _Delegate(QStyledItemDelegate):
    """Paints what is in view; a line is laid out once."""

    def __init__(self, themes: ThemeManager, model: _Model, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self._model = model
        self._layouts: dict[tuple[int, _Side], QTextLayout] = {}
        self.forget()
        self.stacked = False
        self.offset = 0
        self.digits = 3

    def forget(self) -> None:
        """Lay out anew: another text, another theme, or another size of text."""
        self._layouts.clear()
        self._looks: dict[str, QTextCharFormat] = {}
        self.font = code_font(self._themes.pixels(_FONT))
        self._metrics = QFontMetricsF(self.font)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = self._model.records[index.row()]
        return QSize(100, self._line() * (2 if self._is_double(row) else 1))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if self._model.diff is None:
            return
        row = self._model.records[index.row()]
        painter.save()
        painter.setFont(self.font)
        box: QRect = option.rect
        if self.stacked:
            self._paint_stacked(painter, row, index.row(), box)
        else:
            half = (box.width() - _SIGN) // 2
            left = QRect(box.left(), box.top(), half, box.height())
            right = QRect(box.left() + half + _SIGN, box.top(), box.width() - half - _SIGN, box.height())
            self._paint_side(painter, row, index.row(), "left", left)
            self._paint_side(painter, row, index.row(), "right", right)
            self._paint_sign(painter, SIGNS[row.kind], row.kind, QRect(left.right() + 1, box.top(), _SIGN, box.height()))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(self._themes.theme.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_stacked(self, painter: QPainter, row: DiffRow, number: int, box: QRect) -> None:
        double = self._is_double(row)
        sides: tuple[_Side, ...] = ("left", "right") if double else ("right",) if row.right >= 0 else ("left",)
        for at, side in enumerate(sides):
            sign = SIGNS[row.kind] if not double or row.kind != "changed" else "−+"[at]
            line = QRect(box.left(), box.top() + at * self._line(), box.width(), self._line())
            self._paint_sign(painter, sign, row.kind, QRect(line.left(), line.top(), _SIGN, line.height()))
            self._paint_side(painter, row, number, side, line.adjusted(_SIGN, 0, 0, 0))

    def _paint_sign(self, painter: QPainter, sign: str, kind: str, box: QRect) -> None:
        color = "text" if kind in _DIFFERENT else "accent" if kind == "renamed" else "text_disabled"
        painter.setPen(self._themes.theme.color(color))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_side(self, painter: QPainter, row: DiffRow, number: int, side: _Side, box: QRect) -> None:
        theme, diff = self._themes.theme, self._model.diff
        assert diff is not None
        one = diff.left if side == "left" else diff.right
        line = row.left if side == "left" else row.right
        background = _BACKGROUNDS.get(row.kind, ("", ""))[side == "right"]
        if line < 0:
            painter.fillRect(box, theme.color("surface_sunken"))
            return
        painter.fillRect(box, theme.color(background) if background else QColor(theme.code["background"]))
        width = self.number_width()
        painter.setPen(QColor(theme.code["line_number"]))
        where = QRect(box.left(), box.top(), width - 10, box.height())
        painter.drawText(
            where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(one.place["start_line"] + line)
        )
        key = (number, side)
        layout = self._layouts.get(key)
        if layout is None:
            marks = row.left_marks if side == "left" else row.right_marks
            layout = self._layouts[key] = self._laid_out(one, line, diff.styles, marks)
        painter.setClipRect(box.adjusted(width, 0, 0, 0))
        painter.setPen(QColor(theme.code["text"]))
        layout.draw(painter, QPointF(box.left() + width - self.offset, box.top() + 1))
        painter.setClipping(False)

    def _laid_out(self, side: DiffSide, line: int, styles: tuple[str, ...], marks: tuple[int, ...]) -> QTextLayout:
        theme = self._themes.theme
        layout = QTextLayout(side.lines[line], self.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(4 * self.char_width())
        layout.setTextOption(option)
        ranges = []
        for at in range(0, len(side.spans[line]), 3):
            start, length, style = side.spans[line][at : at + 3]
            ranges.append(_range(start, length, self._look(styles[style])))
        for at in range(0, len(marks), 3):
            start, length, renamed = marks[at : at + 3]
            look = QTextCharFormat()
            kinds = QTextCharFormat.UnderlineStyle
            look.setUnderlineStyle(kinds.DotLine if renamed else kinds.SingleUnderline)
            look.setUnderlineColor(theme.color("accent" if renamed else "text"))
            if not renamed:
                look.setBackground(QColor(theme.code["match"]))
            ranges.append(_range(start, length, look))
        layout.setFormats(ranges)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return layout

    def _look(self, style: str) -> QTextCharFormat:
        """How code of a style is written."""
        if style not in self._looks:
            self._looks[style] = self._themes.theme.code_format(style)
        return self._looks[style]

    def number_width(self) -> int:
        return int(self.char_width() * self.digits) + 18

    def char_width(self) -> float:
        return self._metrics.horizontalAdvance("0")

    def _line(self) -> int:
        return int(self._metrics.lineSpacing()) + 2

    def _is_double(self, row: DiffRow) -> bool:
        return self.stacked and row.left >= 0 and row.right >= 0 and row.kind in ("changed", "renamed")


class _List(RowList):
    """Hands on the keys that a list of rows has no use for."""

    pressed_key = Signal(object)
    """A `QKeyEvent`; accepted where it did something."""
    double_clicked = Signal(QPoint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.pressed_key.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit(event.position().toPoint())


class DiffList(QWidget):
    """Shows a `DiffText`; lines count from 1."""

    opened = Signal(str, int)
    """A path and a line of it that somebody wants to see."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.list = _List(tr("Copy beside its representative"))
        self.list.setUniformItemSizes(False)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self._model = _Model(self.list)
        self._delegate = _Delegate(themes, self._model, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setModel(self._model)
        self.list.pressed_key.connect(self._on_key)
        self.list.double_clicked.connect(self._on_double_click)
        self._sideways = QScrollBar(Qt.Orientation.Horizontal)
        self._sideways.valueChanged.connect(self._scroll_sideways)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self._sideways)
        self._sideways.hide()
        themes.changed.connect(self._retheme)

    @property
    def diff(self) -> DiffText | None:
        return self._model.diff

    @property
    def stacked(self) -> bool:
        """Whether the sides are one below the other."""
        return self._delegate.stacked

    def show_diff(self, diff: DiffText | None) -> None:
        """Show another comparison from its start, or nothing."""
        self._delegate.forget()
        if diff is not None:
            self._delegate.digits = max(3, *(len(str(side.place["end_line"])) for side in (diff.left, diff.right)))
        self._model.show_diff(diff)
        self._sideways.setValue(0)
        self._fit()

    def step(self, forward: int) -> bool:
        """Go to the next run of real differences (1), or to the one before (-1); whether there is one."""
        rows = self._model.records
        at = self.list.currentIndex().row()
        around = range(at + 1, len(rows)) if forward > 0 else range((at if at >= 0 else len(rows)) - 1, -1, -1)
        for number in around:
            begins = number == 0 or rows[number - 1].kind not in _DIFFERENT
            if rows[number].kind in _DIFFERENT and begins:
                index = self._model.index(number, 0)
                self.list.setCurrentIndex(index)
                self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
                return True
        return False

    def copied_text(self) -> str:
        """The selected rows as a patch writes them."""
        lines: list[str] = []
        for index in sorted(self.list.selectedIndexes(), key=lambda index: index.row()):
            row = self._model.records[index.row()]
            left, right = self._model.text(row, "left"), self._model.text(row, "right")
            if row.kind in ("same", "layout") and right is not None:
                lines.append(f" {right}")
            else:
                lines += [f"{sign}{text}" for sign, text in (("-", left), ("+", right)) if text is not None]
        return "\n".join(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        stacked = self.width() < SIDE_BY_SIDE
        if stacked != self._delegate.stacked:
            self._delegate.stacked = stacked
            self.list.doItemsLayout()
        diff = self._model.diff
        sides = (diff.left, diff.right) if diff is not None else ()
        longest = max((len(line.expandtabs(4)) for side in sides for line in side.lines), default=0)
        room = (self.width() - _SIGN) // (1 if stacked else 2) - self._delegate.number_width() - 16
        over = int(longest * self._delegate.char_width()) - room
        self._sideways.setRange(0, max(0, over))
        self._sideways.setPageStep(max(1, room))
        self._sideways.setSingleStep(40)
        self._sideways.setVisible(over > 0)

    def _retheme(self) -> None:
        self._delegate.forget()
        self.list.doItemsLayout()
        self._fit()

    def _scroll_sideways(self, offset: int) -> None:
        self._delegate.offset = offset
        self.list.viewport().update()

    def _open_index(self, index: QModelIndex, side: _Side | None = None) -> None:
        diff = self._model.diff
        if diff is None or not index.isValid():
            return
        row = self._model.records[index.row()]
        if side is None or (row.left if side == "left" else row.right) < 0:
            side = "right" if row.right >= 0 else "left"
        place, line = (diff.left.place, row.left) if side == "left" else (diff.right.place, row.right)
        self.opened.emit(place["path"], place["start_line"] + line)

    def _on_double_click(self, point: QPoint) -> None:
        in_left = point.x() < self.list.viewport().width() / 2
        side: _Side | None = None if self.stacked else "left" if in_left else "right"
        self._open_index(self.list.indexAt(point), side)

    def _on_key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self._sideways.setValue(self._sideways.value() + (40 if key == Qt.Key.Key_Right else -40))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_index(self.list.currentIndex())
        elif key in (Qt.Key.Key_N, Qt.Key.Key_P) and not event.modifiers():
            self.step(1 if key == Qt.Key.Key_N else -1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied_text())
        else:
            return
        event.accept()


def _range(start: int, length: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made
