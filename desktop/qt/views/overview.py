"""A codebase at a glance: what it is written in, where its lines are, what is called most, where it begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.diagram_replies import DrawingReply
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation, DiagramLocation, Location, PageLocation
from desktop.qt.page_replies import CalledMostReply, EntryReply, OverviewReply, ShareReply, TestsReply
from desktop.qt.replies import PlaceReply, TreeFile
from desktop.qt.session import Session
from desktop.qt.slices import PAUSE, Slices
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.diagram_canvas import DiagramCanvas
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.language_bar import LanguageBar
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.widgets.rows import WIDEST, RowDelegate, RowList, RowText
from desktop.qt.words import tr

OVERVIEW = "overview"
TWO_COLUMNS = 620
"""The width from which lists stand side by side."""
ROWS = 8
_LEAST_MAP, _MOST_MAP, _MAP_SHAPE = 220, 420, 0.6
"""The height of the map, and what it is of its width."""
_ENTRIES = {"main": "main", "started": "run by its name", "handler": "called by a framework"}
_ROLES = ("source", "test", "example", "document", "data", "vendored", "generated")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a list, and where it leads."""

    row: RowText
    where: Location


class _Model(RecordModel[Fact]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        fact = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return fact.row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return fact.row.place
        return fact if role == Qt.ItemDataRole.UserRole else None


class FactList(QWidget):
    """A few facts under a title, as high as they are many; hidden while there are none."""

    chosen = Signal(object)
    """The location of a fact."""

    def __init__(self, title: str, themes: ThemeManager) -> None:
        super().__init__()
        self.list = RowList(title)
        self.model = _Model(self.list)
        self.list.setItemDelegate(RowDelegate(themes, lambda fact: fact.row, self.list, lines=1))
        self.list.setModel(self.model)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        head = label(title, "label")
        head.setContentsMargins(16, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(self.list)
        column.addStretch(1)
        self.hide()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        shown = facts[:ROWS]
        self.model.replace(shown)
        self.list.show_rows(len(shown))
        self.setVisible(bool(shown))

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.records[index.row()].where)


class _Map(DiagramCanvas):
    """A treemap that leaves the wheel to the page around it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class OverviewView(QScrollArea):
    """The overview of the open project."""

    opened = Signal(object)
    """A location somebody wants to see."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Overview"))
        self.title = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self.facts = label("", "muted", wrap=True)
        self.languages = LanguageBar(themes)
        self.map = _Map(themes)
        self.map.setAccessibleName(tr("Sizes"))
        self.map.clicked.connect(self._on_tile)
        self.map.entered.connect(lambda node: self.opened.emit(DiagramLocation("treemap", node["scope"])))
        self._map_title = label(tr("Where the lines are"), "label")
        self.entries = FactList(tr("Where it begins"), themes)
        self.called = FactList(tr("Called most"), themes)
        self.largest = FactList(tr("Largest files"), themes)
        self.tests = FactList(tr("Tests"), themes)
        self.lists = (self.entries, self.called, self.largest, self.tests)
        for facts in self.lists:
            facts.chosen.connect(self.opened)
        self._slices = Slices(self)
        self.message = label("", "muted", wrap=True)
        self._page = self._make_page()
        self.setWidget(self._page)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def show_location(self, _location: PageLocation) -> None:
        if self._stale:
            self._load()

    def reload(self) -> None:
        """The index has changed."""
        self._stale = True
        if self.isVisible():
            self._load()

    def clear(self) -> None:
        """For another project."""
        self._stale = True
        self._slices.stop()
        self.title.setText("")
        self.facts.setText("")
        self.languages.hide()
        self._show_map(None)
        for facts in self.lists:
            facts.show_facts(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _load(self) -> None:
        self.message.setText("" if self.title.text() else tr("Looking over the code…"))
        self._session.call("overview", {}, self._received, self._fail, channel="overview")
        params: dict[str, object] = {"kind": "treemap", "scope": ""}
        self._session.call("diagram", params, self._show_map, self._on_no_map, channel="overview_map")

    def _received(self, found: OverviewReply) -> None:
        self._stale = False
        self.message.setText("")
        status = self._session.status
        self.title.setText(status["name"] if status is not None else "")
        lines, size = figures.plural(found["lines"], "line"), figures.size(found["bytes"])
        self.facts.setText(tr("{lines}, {size} in {files}.", lines=lines, size=size, files=_roles(found["roles"])))
        self.languages.show_languages(
            {name: {"files": s["files"], "bytes": s["bytes"]} for name, s in found["languages"].items()}
        )
        self.languages.show()
        self._slices.run(self._fill(found))

    def _fill(self, found: OverviewReply) -> Iterator[object]:
        """The lists, one a turn: all at once, with their first painting, would hold up the window."""
        for view, facts in (
            (self.entries, [_entry(entry) for entry in found["entries"]]),
            (self.called, [_symbol(most, f"{figures.plural(most['calls'], 'call')}") for most in found["called"]]),
            (self.largest, [_file(file) for file in found["largest"]]),
            (self.tests, [_test_folder(folder) for folder in found["tests"]]),
        ):
            yield PAUSE
            view.show_facts(facts)
            self._arrange()

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self.message.setText(error.message)

    def _show_map(self, drawing: DrawingReply | None) -> None:
        shown = drawing is not None and bool(drawing["diagram"]["nodes"])
        self.map.show_drawing(drawing if shown else None)
        self.map.setVisible(shown)
        self._map_title.setVisible(shown)

    def _on_no_map(self, error: EngineError) -> None:
        if not error.cancelled:
            self._show_map(None)

    def _on_tile(self, what: Any) -> None:
        place: PlaceReply | None = what.get("place")
        if place is not None:
            self.opened.emit(CodeLocation(place["path"]))

    def _arrange(self) -> None:
        """One column of lists or two, as there is room."""
        self.map.setFixedHeight(max(_LEAST_MAP, min(_MOST_MAP, round(self._page.width() * _MAP_SHAPE))))
        columns = 2 if self.viewport().width() >= TWO_COLUMNS else 1
        shown = [facts for facts in self.lists if facts.model.records]
        for facts in self.lists:
            self._grid.removeWidget(facts)
        for at, facts in enumerate(shown):
            self._grid.addWidget(facts, at // columns, at % columns, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)

    def _make_page(self) -> QWidget:
        page = QFrame()
        set_role(page, "canvas")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(20)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 0)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.facts)
        head.addWidget(self.message)
        head.addSpacing(8)
        head.addWidget(self.languages)
        head.addSpacing(12)
        head.addWidget(self._map_title)
        head.addWidget(self.map)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(20)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addStretch(1)
        page.setMaximumWidth(WIDEST)
        for facts in self.lists:
            facts.setParent(page)  # what is shown before it has a parent is a window of its own
        self.languages.hide()
        self._show_map(None)
        return page


def _roles(roles: Mapping[str, ShareReply]) -> str:
    """`938 source files, 10 test files and 71 vendored files`."""
    told = [figures.plural(roles[role]["files"], f"{role} file") for role in _ROLES if role in roles]
    return tr("{some} and {last}", some=", ".join(told[:-1]), last=told[-1]) if len(told) > 1 else "".join(told)


def _file(file: TreeFile) -> Fact:
    row = RowText(file["path"], figures.plural(file["lines"], "line"), file["path"], icon="file", strong=False)
    return Fact(row, CodeLocation(file["path"]))


def _test_folder(folder: TestsReply) -> Fact:
    row = RowText(folder["path"] or tr("the root"), figures.plural(folder["files"], "file"), icon="folder", strong=False)
    return Fact(row, DiagramLocation("treemap", folder["path"]))


def _symbol(found: CalledMostReply, figure: str) -> Fact:
    where = f"{found['path']}:{found['start_line']}"
    name = ".".join(found.get("symbol", found["name"]).rsplit(".", 2)[-2:])
    return Fact(
        RowText(name, figure, where, icon="code", strong=False),
        CodeLocation(found["path"], found["start_line"], found["end_line"]),
    )


def _entry(found: EntryReply) -> Fact:
    why = found["why"] if found["entry"] == "handler" else tr(_ENTRIES.get(found["entry"], found["entry"]))
    where = f"{found['path']}:{found['start_line']}"
    is_file = found["entry"] == "started"
    return Fact(
        RowText(found["path"] if is_file else where, why, where, icon="file" if is_file else "code", strong=False),
        CodeLocation(found["path"], found["start_line"], found["start_line"]),
    )
