"""The bookmarks of the open project: Enter opens one, Delete takes it away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.bookmark_file import Bookmark
from desktop.qt.bookmarks import Bookmarks
from desktop.qt.history import CodeLocation
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.words import tr

ROW = 48
_Index = QModelIndex | QPersistentModelIndex


class _Model(RecordModel[Bookmark]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        mark = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{_title(mark)} {_where(mark)}"
        return mark if role == Qt.ItemDataRole.UserRole else None


class _Delegate(QStyledItemDelegate):
    """The note, or the line itself; below, where that is."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, self._themes.pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        mark: Bookmark = index.data(Qt.ItemDataRole.UserRole)
        theme = self._themes.theme
        box = option.rect.adjusted(8, 1, -8, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if selected else "surface_hover"))
            painter.drawRoundedRect(box, 6, 6)
        line = self._themes.pixels(18)
        top = QRect(box.left() + 10, box.top() + 5, box.width() - 20, line)
        small = QFont(option.font)
        small.setPixelSize(self._themes.pixels(12))
        rows = ((top, option.font, "text", _title(mark), Qt.TextElideMode.ElideRight),
                (top.translated(0, line), small, "text_muted", _where(mark), Qt.TextElideMode.ElideLeft))  # fmt: skip
        for place, font, color, text, mode in rows:
            painter.setFont(font)
            painter.setPen(theme.color(color))
            shown = painter.fontMetrics().elidedText(text, mode, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class MarksView(QWidget):
    """A list, or how to come by one."""

    opened = Signal(object)
    """A `CodeLocation`."""
    removed = Signal(object)
    """The `Bookmark` a person has taken away."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._bookmarks: Bookmarks | None = None
        self.list = QListView()
        self.list.setAccessibleName(tr("Bookmarks"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_Delegate(themes, self.list))
        self.list.installEventFilter(self)
        self._model = _Model(self.list)
        self.list.setModel(self._model)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self._nothing = label(tr("No bookmarks yet.\n\nCtrl+B marks the line of the caret."), "muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(16, 24, 16, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        themes.changed.connect(self.list.doItemsLayout)

    def show_bookmarks(self, bookmarks: Bookmarks) -> None:
        """List these, and follow them."""
        self._bookmarks = bookmarks
        bookmarks.changed.connect(self._fill)
        self._fill()

    def take_focus(self) -> None:
        """Put the keyboard on the list, with a row chosen."""
        if self._model.records and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(0, 0))
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            self._remove()
            return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        assert self._bookmarks is not None
        row = self.list.currentIndex().row()
        self._model.replace(self._bookmarks.all)
        self._stack.setCurrentWidget(self.list if self._model.records else self._nothing)
        if row >= 0 and self._model.records:
            self.list.setCurrentIndex(self._model.index(min(row, len(self._model.records) - 1), 0))

    def _open(self, index: QModelIndex) -> None:
        mark = self._model.records[index.row()]
        self.opened.emit(CodeLocation(mark.path, mark.line, mark.line))

    def _remove(self) -> None:
        index = self.list.currentIndex()
        if index.isValid() and self._bookmarks is not None:
            mark = self._model.records[index.row()]
            self._bookmarks.remove(mark)
            self.removed.emit(mark)


def _title(mark: Bookmark) -> str:
    return mark.note or mark.text or tr("Line {line}", line=mark.line)


def _where(mark: Bookmark) -> str:
    return f"{mark.path}:{mark.line}"
