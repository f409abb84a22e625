"""The excerpts an answer rests on: one row each, with its tokens, and the line that says what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.replies import ExcerptReply, PackReply
from desktop.qt.stylesheet import set_role
from desktop.qt.views.answer import excerpt_tip
from desktop.qt.widgets.labels import ElidedLabel, label

_ROLES = {
    "hit": "found",
    "definition": "definition",
    "caller": "caller",
    "callee": "called",
    "outline": "outline",
    "summary": "summary",
}


def cost_line(pack: PackReply) -> str:
    """`7.4 k tokens instead of 12.3 M`."""
    return f"{figures.count(pack['tokens'])} tokens instead of {figures.count(pack['whole_source_tokens'])}"


def cost_details(pack: PackReply) -> str:
    """What sending the pack costs a model, for those who want to know."""
    cost = pack["cost"]
    lines = [
        f"{figures.grouped(pack['tokens'])} of {figures.grouped(pack['budget'])} tokens in the budget ({pack['tokenizer']})",
        f"The whole source has about {figures.grouped(pack['whole_source_tokens'])} tokens",
    ]
    if cost.get("attention_ratio"):
        lines.append(f"Attention over the whole would cost {figures.count(cost['attention_ratio'])} times as much")
    if cost.get("kv_cache_bytes"):
        lines.append(f"KV cache: {figures.size(cost['kv_cache_bytes'])}")
    if cost.get("usd"):
        lines.append(f"About ${cost['usd']:.4f}")
    if pack["redactions"]:
        lines.append(figures.plural(pack["redactions"], "secret") + " blacked out")
    return "\n".join(lines)


class _Row(QFrame):
    """One excerpt."""

    chosen = Signal(object)

    def __init__(self, excerpt: ExcerptReply) -> None:
        super().__init__()
        self._excerpt = excerpt
        set_role(self, "excerpt")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(excerpt_tip(excerpt))
        number = label(f"{excerpt['n']}", "label")
        number.setFixedWidth(20)
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        number.setContentsMargins(0, 2, 0, 0)
        name = _short(excerpt.get("symbol", ""), excerpt["path"])
        where = f"{excerpt['path']}:{figures.lines(excerpt['start_line'], excerpt['end_line'])}"
        role = _ROLES.get(excerpt["role"], excerpt["role"])
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(name, "", Qt.TextElideMode.ElideRight))
        words.addWidget(ElidedLabel(where, "small", Qt.TextElideMode.ElideLeft))
        side = QVBoxLayout()
        side.setSpacing(1)
        for text in (figures.count(excerpt["tokens"]), role):
            part = label(text, "small")
            part.setAlignment(Qt.AlignmentFlag.AlignRight)
            side.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 5, 8, 5)
        row.setSpacing(10)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(side)
        self.setAccessibleName(f"Excerpt {excerpt['n']}: {where}, {excerpt['tokens']} tokens, {role}, {excerpt['why']}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._excerpt)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._excerpt)
        else:
            super().keyPressEvent(event)


class EvidenceList(QWidget):
    """The rows of a pack under its cost line."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "label")
        self.cost = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.cost.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(self._title)
        head.addWidget(self.cost, 1)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._rows)
        self.hide()

    def show_pack(self, pack: PackReply) -> None:
        excerpts: Sequence[ExcerptReply] = pack["excerpts"]
        self._title.setText(figures.plural(len(excerpts), "excerpt"))
        self.cost.setText(cost_line(pack))
        self.cost.setToolTip(cost_details(pack))
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for excerpt in excerpts:
            row = _Row(excerpt)
            row.chosen.connect(self.chosen)
            self._rows.addWidget(row)
        self.show()

    @property
    def rows(self) -> list[_Row]:
        return self.findChildren(_Row)


def _short(symbol: str, path: str) -> str:
    """The last two names of a qualified name, or the file's name."""
    file = path.rsplit("/", 1)[-1]
    module = path.rsplit(".", 1)[0].replace("/", ".")
    inner = symbol[len(module) + 1 :] if symbol.startswith(module + ".") else symbol if symbol != module else ""
    return ".".join(inner.split(".")[-2:]) if inner else file
