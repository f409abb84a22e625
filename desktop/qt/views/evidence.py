"""The excerpts an answer rests on: one row each, with its tokens, and the line that says what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.qt import figures
from desktop.qt.answer_replies import ExcerptReply, PackReply
from desktop.qt.dragging import dragged
from desktop.qt.replies import PlaceReply
from desktop.qt.theme import ThemeManager
from desktop.qt.views.answer import excerpt_tip
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.words import tr

ROW = 44
_Index = QModelIndex | QPersistentModelIndex
_ROLES = {
    "hit": "found",
    "definition": "definition",
    "caller": "caller",
    "callee": "called",
    "outline": "outline",
    "summary": "summary",
    "note": "note",
}


def cost_line(pack: PackReply) -> str:
    """`7.4 k tokens instead of 12.3 M`; of a source that is smaller than that, the tokens alone."""
    if pack["whole_source_tokens"] <= pack["tokens"]:
        return tr("{tokens} tokens", tokens=figures.count(pack["tokens"]))
    whole = figures.count(pack["whole_source_tokens"])
    return tr("{tokens} tokens instead of {whole}", tokens=figures.count(pack["tokens"]), whole=whole)


def cost_details(pack: PackReply) -> str:
    """What sending the pack costs a model, for those who want to know."""
    cost = pack["cost"]
    lines = [
        tr(
            "{tokens} of {budget} tokens in the budget ({tokenizer})",
            tokens=figures.grouped(pack["tokens"]),
            budget=figures.grouped(pack["budget"]),
            tokenizer=pack["tokenizer"],
        ),
        tr("The whole source has about {tokens} tokens", tokens=figures.grouped(pack["whole_source_tokens"])),
    ]
    if cost.get("attention_ratio"):
        times = figures.count(cost["attention_ratio"])
        lines.append(tr("Attention over the whole would cost {times} times as much", times=times))
    if cost.get("kv_cache_bytes"):
        lines.append(tr("KV cache: {size}", size=figures.size(cost["kv_cache_bytes"])))
    if cost.get("usd"):
        lines.append(tr("About ${dollars}", dollars=f"{cost['usd']:.4f}"))
    if pack["redactions"]:
        lines.append(tr("{secrets} blacked out", secrets=figures.plural(pack["redactions"], "secret")))
    return "\n".join(lines)


class _Model(RecordModel[ExcerptReply]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        excerpt = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            said = f"{excerpt['tokens']} tokens, {_role(excerpt)}, {excerpt['why']}"
            return f"Excerpt {excerpt['n']}: {_where(excerpt)}, {said}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return excerpt_tip(excerpt)
        return excerpt if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return dragged(_place(self.records[index.row()]) for index in indexes)


class _Delegate(QStyledItemDelegate):
    """Number, name and place on the left; tokens and reason on the right."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, self._themes.pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        excerpt: ExcerptReply = index.data(Qt.ItemDataRole.UserRole)
        theme = self._themes.theme
        box = option.rect.adjusted(0, 1, 0, -1)
        focused = (
            option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(theme.color("focus") if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_hover"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        small = QFont(option.font)
        small.setPixelSize(self._themes.pixels(12))
        line = self._themes.pixels(18)
        top = QRect(box.left() + 34, box.top() + 4, box.width() - 42, line)
        below = top.translated(0, line - 1)
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        painter.setFont(small)
        painter.setPen(theme.color("text_muted"))
        metrics = painter.fontMetrics()
        painter.drawText(
            QRect(box.left() + 4, top.top(), 20, line), right | Qt.AlignmentFlag.AlignVCenter, str(excerpt["n"])
        )
        room = [0, 0]
        for row, (place, text) in enumerate(((top, figures.count(excerpt["tokens"])), (below, _role(excerpt)))):
            painter.drawText(place, right | Qt.AlignmentFlag.AlignVCenter, text)
            room[row] = place.width() - metrics.horizontalAdvance(text) - 12
        where = metrics.elidedText(_where(excerpt), Qt.TextElideMode.ElideLeft, room[1])
        painter.drawText(below, left | Qt.AlignmentFlag.AlignVCenter, where)
        painter.setFont(option.font)
        painter.setPen(theme.color("text"))
        name = _short(excerpt.get("symbol", ""), excerpt["path"])
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room[0])
        painter.drawText(top, left | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class EvidenceList(QWidget):
    """The rows of a pack under its cost line. One view paints them: a widget a row would make every answer slow."""

    chosen = Signal(object)
    """An `ExcerptReply` to open."""
    pinned = Signal(object)
    left_out = Signal(object)
    """An `ExcerptReply` that the next questions shall rest on, or not."""
    drawn = Signal(object)
    """The `PackReply` to draw."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        themes.changed.connect(self._fit)
        self._pack: PackReply | None = None
        self._title = label("", "label")
        self.cost = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.cost.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.list = QListView()
        self.list.setAccessibleName(tr("Excerpts this answer rests on"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Delegate(themes, self.list))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.setDragEnabled(True)
        self._model = _Model(self.list)
        self.list.setModel(self._model)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(self._title)
        head.addWidget(self.cost, 1)
        drawing = tr("Draw what these excerpts have to do with each other")
        self.draw_button = tool_button(themes, "diagram", drawing, self._draw)
        head.addWidget(self.draw_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list)
        self.hide()

    def show_pack(self, pack: PackReply) -> None:
        self._pack = pack
        self._title.setText(figures.plural(len(pack["excerpts"]), "excerpt"))
        self.cost.setText(cost_line(pack))
        self.cost.setToolTip(cost_details(pack))
        self._model.replace(pack["excerpts"])
        self._fit()
        self.show()

    def _fit(self) -> None:
        self.list.setFixedHeight(self._themes.pixels(ROW) * len(self.rows))
        self.list.doItemsLayout()

    @property
    def rows(self) -> Sequence[ExcerptReply]:
        """What is listed."""
        return self._model.records

    def menu_at(self, row: int) -> QMenu:
        """What can be done with an excerpt."""
        excerpt = self._model.records[row]
        menu = QMenu(self)
        menu.addAction(tr("Open in the code"), lambda: self.chosen.emit(excerpt))
        menu.addAction(tr("Pin for the next questions"), lambda: self.pinned.emit(excerpt))
        menu.addAction(tr("Leave out of the next questions"), lambda: self.left_out.emit(excerpt))
        return menu

    def _show_menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if not index.isValid():
            index = self.list.currentIndex()
        if index.isValid():
            menu = self.menu_at(index.row())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(at))

    def _draw(self) -> None:
        if self._pack is not None:
            self.drawn.emit(self._pack)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.records[index.row()])


def _place(excerpt: ExcerptReply) -> PlaceReply:
    return {"path": excerpt["path"], "start_line": excerpt["start_line"], "end_line": excerpt["end_line"]}


def _where(excerpt: ExcerptReply) -> str:
    return f"{excerpt['path']}:{figures.lines(excerpt['start_line'], excerpt['end_line'])}"


def _role(excerpt: ExcerptReply) -> str:
    return tr(_ROLES.get(excerpt["role"], excerpt["role"]))


def _short(symbol: str, path: str) -> str:
    """The last two names of a qualified name, or the file's name."""
    file = path.rsplit("/", 1)[-1]
    module = path.rsplit(".", 1)[0].replace("/", ".")
    inner = symbol[len(module) + 1 :] if symbol.startswith(module + ".") else symbol if symbol != module else ""
    return ".".join(inner.split(".")[-2:]) if inner else file
