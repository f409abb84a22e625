"""Repeated logic: the funnel, the clone classes by what they save, and one class at a time (`clone_class`)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.engine_client import EngineError
from desktop.qt.history import PageLocation
from desktop.qt.page_replies import ClassPageReply, ListedClassReply
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.clone_class import CloneClassView
from desktop.qt.widgets.chips import ChoiceChip
from desktop.qt.widgets.funnel import Funnel, Step
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.paged_model import PagedModel
from desktop.qt.widgets.rows import RowDelegate, RowList, RowText
from desktop.qt.words import tr

CLONES = "clones"
PAGE = 100
DELAY_MS = 150
TYPES = {1: "same text", 2: "renamed", 3: "edited"}
_KINDS = (("", "Any type"), ("1", "Type 1: same text"), ("2", "Type 2: renamed"), ("3", "Type 3: edited"))
_LIKENESS = (70, 80, 90, 95, 100)
_TREATMENTS = (
    ("", "Folded or not"),
    ("folded", "Folded: one stands for all"),
    ("alike", "Alike, but kept apart"),
    ("unfolded", "Unfolded by you"),
)

_Index = QModelIndex | QPersistentModelIndex


class _Model(PagedModel[ListedClassReply]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_of(found).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return found["representative"].get("symbol", "")
        return found if role == Qt.ItemDataRole.UserRole else None


def row_of(found: ListedClassReply) -> RowText:
    """A class in two lines."""
    place = found["representative"]
    name = ".".join(place.get("symbol", "").rsplit(".", 2)[-2:]) or place["path"].rsplit("/", 1)[-1]
    where = f"{place['path']}:{figures.lines(place['start_line'], place['end_line'])}"
    if found["folded"]:
        saved = (
            tr("{size} saved", size=figures.size(found["bytes_saved"])) if found["bytes_saved"] else tr("folded in rankings")
        )
    else:
        saved = tr("unfolded by you") if found["unfolded"] else tr("kept apart")
    copies = f"+{figures.plural(found['copies'], 'copy', 'copies')}"
    facts = f"{copies} · {tr(TYPES[found['type']])} · {round(found['similarity'] * 100)}\u202f%"
    return RowText(name, saved, where, facts)


class ClonesView(QWidget):
    """Shows a `PageLocation`: without a path the list of classes, with one the class of the definition there."""

    opened = Signal(object)
    """A `CodeLocation` or `PageLocation`."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._location = PageLocation(CLONES)
        self._stale = True
        self.type = ChoiceChip(tr("Type"), tr("Only one type of clones"))
        self.type.offer([(value, tr(text)) for value, text in _KINDS])
        self.likeness = ChoiceChip(tr("Similarity"), tr("Only classes at least so alike"))
        shares = [(f"{share / 100}", tr("At least {share} %", share=share)) for share in _LIKENESS]
        self.likeness.offer([("", tr("Any similarity")), *shares])
        self.treatment = ChoiceChip(tr("Folded or not"), tr("Only what is folded, or what is not"))
        self.treatment.offer([(value, tr(text)) for value, text in _TREATMENTS])
        for chip in (self.type, self.likeness, self.treatment):
            chip.chosen.connect(self._load)
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._load)
        self.path = QLineEdit()
        set_role(self.path, "find")
        self.path.setPlaceholderText(tr("Path, as in src/**"))
        self.path.setAccessibleName(tr("Only classes with a member whose path matches"))
        self.path.setClearButtonEnabled(True)
        self.path.textChanged.connect(lambda _text: self._delay.start())
        self.funnel = Funnel(themes)
        self._apart = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.note = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setContentsMargins(32, 48, 32, 32)
        self.list = RowList(tr("Clone classes, what saves most first"))
        self.model = _Model(self._fetch, self.list)
        self.list.setItemDelegate(RowDelegate(themes, row_of, self.list))
        self.list.setModel(self.model)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.shown_class = CloneClassView(session, themes)
        self.shown_class.opened.connect(self.opened)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_list_page())
        self._stack.addWidget(self.shown_class)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def show_location(self, location: PageLocation) -> None:
        self._location = location
        if location.path:
            self._stack.setCurrentWidget(self.shown_class)
            self.shown_class.show_place(location)
        else:
            self._stack.setCurrentIndex(0)
            if self._stale:
                self._load()

    def reload(self) -> None:
        """The index has changed: get anew what is shown, now or when it is shown again."""
        self._stale = True
        if self.isVisible():
            self.show_location(self._location)

    def clear(self) -> None:
        """For another project."""
        self._stale = True
        self._location = PageLocation(CLONES)
        for chip in (self.type, self.likeness, self.treatment):
            chip.reset()
        self.path.blockSignals(True)
        self.path.clear()
        self.path.blockSignals(False)
        self.model.clear()
        self.shown_class.clear()
        self._stack.setCurrentIndex(0)

    def _load(self) -> None:
        self._delay.stop()
        if not self.model.records:
            self._say(tr("Looking for repeated code…"))
        self.model.restart()

    def _fetch(self, offset: int) -> None:
        params: dict[str, object] = {"offset": offset, "limit": PAGE, "path": self.path.text().strip()}
        params |= {"type": int(self.type.value or 0), "min_similarity": float(self.likeness.value or 0)}
        params["treatment"] = self.treatment.value
        self._session.call("clone_list", params, self._received, self._fail, channel="clone_list")

    def _received(self, page: ClassPageReply) -> None:
        self._stale = False
        self.model.receive(page["offset"], page["classes"], page["total"])
        if page["offset"] == 0:
            self.list.scrollToTop()
            self.list.setCurrentIndex(self.model.index(0, 0))
        self._show_funnel(page["folding"])
        words = [figures.plural(page["total"], "class", "classes"), figures.plural(page["copies"], "copy", "copies")]
        self.note.setText(" · ".join([*words, tr("{size} saved", size=figures.size(page["bytes_saved"]))]))
        self._say("" if page["total"] else self._nothing())

    def _show_funnel(self, folding: dict[str, Any]) -> None:
        self.funnel.show_steps(funnel_steps(folding))
        sorts = ((folding["generated_bytes"], tr("generated")), (folding["vendored_bytes"], tr("vendored")))
        apart = [f"{figures.size(count)} {name}" for count, name in sorts if count]
        self._apart.setText(tr("Counted apart: {what}", what=", ".join(apart)))
        self._apart.setVisible(bool(apart))

    def _nothing(self) -> str:
        if self.type.value or self.likeness.value or self.treatment.value or self.path.text().strip():
            return tr("No class of clones is like that. Widen the filters.")
        return tr("No repeated code was found.")

    def _fail(self, error: EngineError) -> None:
        self.model.give_up()
        if not error.cancelled:
            self.model.clear()
            self.note.setText("")
            self._say(error.message)

    def _say(self, message: str) -> None:
        """Words in place of the list; none while there is one."""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self.list.setVisible(not message)

    def _open(self, index: QModelIndex) -> None:
        found = self.model.records[index.row()]
        place = found["representative"]
        self.shown_class.wants_keyboard = self.list.hasFocus()
        self.opened.emit(PageLocation(CLONES, place["path"], place["start_line"], found["id"]))

    def _make_list_page(self) -> QWidget:
        head = QFrame()
        set_role(head, "bar")
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        column.addWidget(self.funnel)
        column.addWidget(self._apart)
        column.addSpacing(4)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in (self.type, self.likeness, self.treatment):
            chips.addWidget(chip)
        chips.addStretch(1)
        column.addLayout(chips)
        column.addSpacing(4)
        column.addWidget(self.path)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        self.note.setContentsMargins(16, 6, 16, 2)
        whole.addWidget(self.note)
        whole.addWidget(self.message, 1)
        whole.addWidget(self.list, 1)
        return page


def funnel_steps(folding: dict[str, Any]) -> list[Step]:
    """From everything that is indexed to what is left of the hand-written code."""
    plain = folding["plain"]
    after = plain["after"]
    return [
        Step(tr("Everything indexed"), folding["raw_bytes"], tr("Data, documents, generated and vendored code included.")),
        Step(tr("Written by hand"), folding["code_bytes"], tr("Source code alone.")),
        Step(tr("Without comments"), plain["bytes"], tr("Without comments, licence headers and layout.")),
        Step(tr("Without equal files"), after["identical_files"], tr("Of files that are equal, one is left.")),
        Step(tr("Same text folded"), after["type1"], tr("Type 1: copies that differ in layout and comments alone.")),
        Step(tr("Renamed folded"), after["type2"], tr("Type 2: copies with other local names, too.")),
        Step(tr("Edited folded"), after["type3"], tr("Type 3: copies with a few other statements, too.")),
    ]
