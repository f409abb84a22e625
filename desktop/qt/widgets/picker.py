"""A list that is searched by typing: the palette of commands and the way to symbols and files.

A `Picker` shows what a source of `PickItem`s gives for the text so far. The source may answer at once or later; what it
gives replaces the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.labels import label, rule
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.widgets.shadow import Shadow
from desktop.qt.words import tr

WIDTH = 640
ROW = 36
MOST_ROWS = 11
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PickItem:
    """A line of a picker: what it is, more about it, what stands on the right, an icon's name, and what choosing does.

    One that is not `enabled` is pale and cannot be chosen; its `detail` says why.
    """

    title: str
    detail: str
    side: str
    icon: str
    choose: Callable[[], object]
    enabled: bool = True


Give = Callable[[Sequence[PickItem]], None]
Source = Callable[[str, Give], None]


class _Model(RecordModel[PickItem]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (item.title, item.detail, item.side) if part)
        return item if role == Qt.ItemDataRole.UserRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, self._themes.pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item: PickItem = index.data(Qt.ItemDataRole.UserRole)
        theme = self._themes.theme
        box: QRect = option.rect.adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(box, 6, 6)
        side = self._themes.pixels(16)
        icon = self._themes.icon(item.icon).pixmap(QSize(side, side), painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + 10, box.center().y() - side // 2 + 1, side, side, icon)
        metrics = option.fontMetrics
        middle = Qt.AlignmentFlag.AlignVCenter
        right = box.right() - 12
        if item.side:
            width = metrics.horizontalAdvance(item.side)
            painter.setPen(theme.color("text_muted"))
            painter.drawText(QRect(right - width, box.top(), width, box.height()), middle, item.side)
            right -= width + 16
        left = box.left() + 36
        title = metrics.elidedText(item.title, Qt.TextElideMode.ElideRight, right - left)
        painter.setPen(theme.color("text" if item.enabled else "text_disabled"))
        painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, title)
        left += metrics.horizontalAdvance(title) + 10
        if right - left > 40:
            detail = metrics.elidedText(item.detail, Qt.TextElideMode.ElideMiddle, right - left)
            painter.setPen(theme.color("text_muted"))
            painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, detail)
        painter.restore()


class Picker(QFrame):
    """A panel over the upper middle of the window; Esc or a click elsewhere closes it."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, window: QWidget) -> None:
        super().__init__(window)
        self._themes = themes
        self._source: Source = lambda _text, give: give(())
        self._round = 0
        self._window = window
        self._before: QWidget | None = None
        set_role(self, "popup")
        self.input = QLineEdit()
        set_role(self.input, "bare")
        self.input.textChanged.connect(self._ask)
        self.input.setAccessibleName(tr("Find"))
        self.input.installEventFilter(self)
        self.list = QListView()
        set_role(self.list, "picks")
        self.list.setAccessibleName(tr("Found"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Delegate(themes, self.list))
        self._model = _Model(self.list)
        self.list.setModel(self._model)
        self.list.clicked.connect(lambda index: self._take(index.row()))
        self.empty = label("", "muted")
        self.empty.setContentsMargins(16, 8, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 1, 8)
        column.setSpacing(6)
        field = QVBoxLayout()
        field.setContentsMargins(12, 0, 12, 0)
        field.addWidget(self.input)
        column.addLayout(field)
        column.addWidget(rule())
        column.addWidget(self.list)
        column.addWidget(self.empty)
        self.hide()
        self._shadow = Shadow(self)

    @property
    def items(self) -> Sequence[PickItem]:
        """What is listed now."""
        return self._model.records

    def open(self, name: str, source: Source, nothing: str) -> None:
        """Show the picker for a source; `name` is the placeholder, `nothing` what an empty list says."""
        self._source = source
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.input.setPlaceholderText(name)
        self.input.setAccessibleName(name)
        self.list.setAccessibleName(name)
        self.empty.setText(nothing)
        self.input.blockSignals(True)
        self.input.clear()
        self.input.blockSignals(False)
        self._ask("")
        self.show()
        self.raise_()
        self.input.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_picker(self) -> None:
        if self.isVisible():
            had_focus = self.input.hasFocus()
            self.hide()
            if had_focus and self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self.closed.emit()

    def place(self) -> None:
        """Put the panel where it belongs in its window."""
        around = self._window.rect()
        rows = min(len(self._model.records), MOST_ROWS)
        self.list.setVisible(rows > 0)
        self.empty.setVisible(rows == 0)
        self.list.setFixedHeight(rows * self._themes.pixels(ROW))
        width = min(WIDTH, around.width() - 48)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((around.width() - width) // 2, min(72, around.height() // 8))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.input and event.type() == QEvent.Type.FocusOut:
            self.close_picker()
        if watched is self.input and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event.key())
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: MOST_ROWS, Qt.Key.Key_PageUp: -MOST_ROWS}
        if key in steps and self.items:
            row = self.list.currentIndex().row() + steps[Qt.Key(key)]
            bounded = row % len(self.items) if abs(steps[Qt.Key(key)]) == 1 else max(0, min(row, len(self.items) - 1))
            self._select(bounded)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.close_picker()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _ask(self, text: str) -> None:
        self._round += 1
        asked = self._round

        def give(items: Sequence[PickItem]) -> None:
            if asked == self._round:
                self._model.replace(items)
                self._select(0)
                self.place()

        self._source(text.strip(), give)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row, 0))

    def _take(self, row: int) -> None:
        if 0 <= row < len(self.items):
            item = self.items[row]
            if item.enabled:
                self.close_picker()
                item.choose()
