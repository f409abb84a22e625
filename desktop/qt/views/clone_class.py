"""One clone class: who is in it and why, a copy beside what represents it, and what a person chooses for it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.code_replies import DiffText, diff_text
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation, PageLocation
from desktop.qt.page_replies import ClassReply, MemberReply
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.chips import chip
from desktop.qt.widgets.diff_list import SIGNS, DiffList
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.paged_model import PagedModel
from desktop.qt.widgets.rows import RowDelegate, RowList, RowText
from desktop.qt.words import tr

PAGE = 100
MOST_ROWS = 3
"""Members in view; more scroll."""
_TYPES = {1: "the same text but for layout and comments", 2: "the same under other local names", 3: "edited"}
_VERDICTS = {
    "folded": "Folded: the representative stands for it everywhere.",
    "indexed": "Folded in searches: the representative stands for it there. What is written keeps its own text.",
    "suggested": "Only suggested: too much differs to fold it.",
    "apart": "Kept apart: it differs in values, operators, conditions or what it calls.",
    "unfolded": "Not folded, because you chose so.",
}
_SHORT = {
    "folded": "folded", "indexed": "folded in searches", "suggested": "suggested", "apart": "kept apart",
    "unfolded": "unfolded by you",
}  # fmt: skip
_COUNTED = {"same": "same", "renamed": "renamed", "layout": "layout", "changed": "changed", "removed": "left only",
            "added": "right only"}  # fmt: skip
_Index = QModelIndex | QPersistentModelIndex


class _Members(PagedModel[MemberReply]):
    """The members of a class; the first row is its representative."""

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        member = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_of(member).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return member.get("difference") or member.get("symbol", "")
        return member if role == Qt.ItemDataRole.UserRole else None


def row_of(member: MemberReply) -> RowText:
    """A member in two lines; one without a verdict is the representative."""
    name = ".".join(member.get("symbol", "").rsplit(".", 2)[-2:]) or member["path"].rsplit("/", 1)[-1]
    where = f"{member['path']}:{figures.lines(member['start_line'], member['end_line'])}"
    pinned = tr("pinned by you") if member["choice"] == "pin" else ""
    verdict = member.get("verdict")
    if verdict is None:
        return RowText(name, pinned or tr("represents the class"), where, "", "pin" if pinned else "strata", "accent")
    likeness = tr("{share} alike", share=_percent(member["similarity"]))
    return RowText(name, likeness, where, pinned or tr(_SHORT.get(verdict, verdict)), "clones")


def _percent(share: float) -> str:
    return f"{round(share * 100)}\u202f%"


def _explained(diff: DiffText) -> str:
    """What is done with a copy, and how alike it is."""
    words = {"number": diff.type, "kind": tr(_TYPES.get(diff.type, "")), "share": _percent(diff.similarity)}
    if diff.threshold < 1:
        fold = _percent(diff.threshold)
        alike = tr("Type {number}: {kind}, {share} alike, from {fold} on they fold.", **words, fold=fold)
    else:
        alike = tr("Type {number}: {kind}, {share} alike.", **words)
    return f"{tr(_VERDICTS.get(diff.verdict, diff.verdict))} {alike}"


class CloneClassView(QWidget):
    """Shows the class of the definition at a `PageLocation`, and its member there beside the representative."""

    opened = Signal(object)
    """A `CodeLocation` or `PageLocation`."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._place = PageLocation("clones")
        self._class: ClassReply | None = None
        self.wants_keyboard = False
        """Whether the members get the keyboard once they are there."""
        self.back_button = tool_button(themes, "up", tr("All clone classes"), self._go_up, "Backspace")
        self._title = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._facts = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        pin = tr("Let the chosen copy represent the class from now on, also after indexing again")
        self.pin_button = chip(tr("Let it represent"), pin, lambda: self._choose("pin"))
        unfold = tr("Do not fold this class from now on, also after indexing again")
        self.unfold_button = chip(tr("Unfold"), unfold, lambda: self._choose("unfold"))
        forget = tr("Forget what was chosen; the class is folded by the rules again")
        self.forget_button = chip(tr("Undo choice"), forget, lambda: self._choose(""))
        self.members = RowList(tr("Members of this class"))
        self.model = _Members(self._fetch, self.members)
        self.members.setItemDelegate(RowDelegate(themes, row_of, self.members))
        self.members.setModel(self.model)
        self.members.clicked.connect(self._on_member)
        self.members.activated.connect(self._on_member)
        self.members.selectionModel().currentChanged.connect(self._on_current)
        self.why = label("", "", wrap=True)
        self.renamed = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.counts = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self._left = ElidedLabel("", "label", Qt.TextElideMode.ElideMiddle)
        self._right = ElidedLabel("", "label", Qt.TextElideMode.ElideMiddle)
        self.diff = DiffList(themes)
        self.diff.opened.connect(lambda path, line: self.opened.emit(CodeLocation(path, line, line)))
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setContentsMargins(32, 48, 32, 32)
        self._steps = [
            tool_button(themes, "chevron-up", tr("Previous difference"), lambda: self.diff.step(-1), "P"),
            tool_button(themes, "chevron-down", tr("Next difference"), lambda: self.diff.step(1), "N"),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_bar())
        column.addWidget(self.message, 1)
        self._body = self._make_body()
        column.addWidget(self._body, 1)

    @property
    def shown(self) -> ClassReply | None:
        return self._class

    def show_place(self, place: PageLocation) -> None:
        """Show the class of a definition, and the definition (or the first copy) beside what represents it."""
        known = self._class is not None and place.class_id == self._class["id"] == self._place.class_id
        self._place = place
        if not known:
            self._class = None
            self.model.clear()
            self.diff.show_diff(None)
            self._say(tr("Opening the class…"))
        self.model.restart()

    def clear(self) -> None:
        self._class = None
        self._place = PageLocation("clones")
        self.model.clear()
        self.diff.show_diff(None)

    def _fetch(self, offset: int) -> None:
        params: dict[str, object] = {"path": self._place.path, "line": self._place.line, "class": self._place.class_id}
        params |= {"offset": max(0, offset - 1), "limit": PAGE}
        self._session.call("clone_class", params, self._received, self._fail, channel="clone_class")

    def _received(self, found: ClassReply) -> None:
        offset = found["offset"]
        members = found["members"] if offset else [found["representative"], *found["members"]]
        self.model.receive(offset + 1 if offset else 0, members, found["copies"] + 1)
        if offset:
            return
        self._class = found
        self._say("")
        self.members.show_rows(min(MOST_ROWS, len(members)))
        name = found["representative"].get("symbol", "") or found["representative"]["path"]
        self._title.setText(".".join(name.rsplit(".", 2)[-2:]))
        self._title.setToolTip(name)
        copies = figures.plural(found["copies"], "copy", "copies")
        facts = tr("{copies}, the least alike {share}", copies=copies, share=_percent(found["similarity"]))
        saved = tr("{size} saved", size=figures.size(found["bytes_saved"])) if found["bytes_saved"] else ""
        self._facts.setText(" · ".join(part for part in (facts, saved) if part))
        self._select(self._member_row())
        if self.wants_keyboard:
            self.wants_keyboard = False
            self.members.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_current(self, index: QModelIndex) -> None:
        """The arrow keys have gone on to another member: it is compared at once."""
        if index.row() > 0 and self.members.hasFocus():
            self._compare(index.row())

    def _member_row(self) -> int:
        """The row of the place that was asked for; of the representative the first copy."""
        for row, member in enumerate(self.model.records):
            inside = member["start_line"] <= self._place.line <= member["end_line"]
            if row and member["path"] == self._place.path and inside:
                return row
        return 1 if len(self.model.records) > 1 else 0

    def _on_member(self, index: QModelIndex) -> None:
        if index.row() == 0:
            place = self.model.records[0]
            self.opened.emit(CodeLocation(place["path"], place["start_line"], place["end_line"]))
        else:
            self._select(index.row())

    def _select(self, row: int) -> None:
        self.members.setCurrentIndex(self.model.index(row, 0))
        self._compare(row)

    def _compare(self, row: int) -> None:
        member = self.model.records[row]
        self._enable(busy=False)
        params: dict[str, object] = {"path": member["path"], "line": member["start_line"]}
        params["class"] = self._class["id"] if self._class is not None else 0
        self._session.call("clone_diff", params, self._show_diff, self._fail, prepare=diff_text, channel="clone_diff")

    def _show_diff(self, diff: DiffText) -> None:
        self.diff.show_diff(diff)
        self.why.setText(_explained(diff))
        pairs = ", ".join(f"{one} → {other}" for one, other in diff.renamed)
        self.renamed.setText(tr("Renamed: {pairs}", pairs=pairs) if pairs else "")
        self.renamed.setVisible(bool(pairs))
        told = [f"{SIGNS[kind]} {diff.counts[kind]} {tr(name)}" for kind, name in _COUNTED.items() if diff.counts[kind]]
        cut = [tr("long: not all is shown")] if diff.cut else []
        self.counts.setText("   ".join([*told, *cut]))
        for where, sign, side in ((self._left, "−", diff.left), (self._right, "+", diff.right)):
            lines = figures.lines(side.place["start_line"], side.place["end_line"])
            where.setText(f"{sign} {side.place['path']}:{lines}")
        real = diff.counts["changed"] + diff.counts["removed"] + diff.counts["added"]
        for button in self._steps:
            button.setEnabled(real > 0)

    def _choose(self, choice: str) -> None:
        """Have the class folded otherwise: a pin is for the chosen copy, the rest for what holds a choice, or the class."""
        if self._class is None:
            return
        chosen = [member for member in self.model.records if member["choice"]]
        row = max(0, self.members.currentIndex().row())
        member = (
            self.model.records[row] if choice == "pin" else chosen[0] if not choice and chosen else self.model.records[0]
        )
        # The class is made anew under another id: it is found again by the place of this member.
        self._place = PageLocation("clones", member["path"], member["start_line"])
        self._enable(busy=True)
        self.why.setText(tr("Folding anew…"))
        self._session.choose_folding(member["path"], member["start_line"], choice, self._on_chosen, self._on_not_chosen)

    def _on_chosen(self) -> None:
        self.show_place(self._place)

    def _on_not_chosen(self, error: EngineError) -> None:
        self._enable(busy=False)
        self.why.setText(error.message)

    def _enable(self, *, busy: bool) -> None:
        chosen = any(member["choice"] for member in self.model.records)
        unfolded = any(member.get("verdict") == "unfolded" for member in self.model.records)
        self.pin_button.setEnabled(not busy and self.members.currentIndex().row() > 0)
        self.unfold_button.setEnabled(not busy and not unfolded and self._is_folded())
        self.forget_button.setEnabled(not busy)
        self.forget_button.setVisible(chosen)

    def _is_folded(self) -> bool:
        return any(member.get("verdict") in ("folded", "indexed") for member in self.model.records)

    def _go_up(self) -> None:
        self.opened.emit(PageLocation("clones"))

    def _fail(self, error: EngineError) -> None:
        self.model.give_up()
        if not error.cancelled:
            self._say(error.message)

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self._body.setVisible(not message)

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        set_role(bar, "bar")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back_button)
        row.addLayout(words, 1)
        choices = QHBoxLayout()
        choices.setSpacing(6)
        for button in (self.pin_button, self.unfold_button, self.forget_button):
            choices.addWidget(button)
        choices.addStretch(1)
        column = QVBoxLayout(bar)
        column.setContentsMargins(16, 0, 12, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(choices)
        return bar

    def _make_body(self) -> QWidget:
        facts = QFrame()
        set_role(facts, "bar")
        column = QVBoxLayout(facts)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.why)
        column.addWidget(self.renamed)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.counts, 1)
        for button in self._steps:
            row.addWidget(button)
        column.addLayout(row)
        sides = QHBoxLayout()
        sides.setContentsMargins(16, 6, 16, 6)
        sides.setSpacing(16)
        sides.addWidget(self._left, 1)
        sides.addWidget(self._right, 1)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.members)
        whole.addWidget(facts)
        whole.addLayout(sides)
        whole.addWidget(self.diff, 1)
        return body
