"""The open project: ask, diagram and code in three panes, and one history for all of them."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal

from core.settings import Settings
from desktop.qt.bookmarks import Bookmarks
from desktop.qt.history import PACK, CodeLocation, DiagramLocation, History, Location, PageLocation
from desktop.qt.replies import Status
from desktop.qt.session import Session
from desktop.qt.theme import ThemeManager
from desktop.qt.views.code import CodePane
from desktop.qt.views.diagram import KINDS
from desktop.qt.views.inquiry import FILES, InquiryPane
from desktop.qt.views.overview import OVERVIEW
from desktop.qt.views.panes import Pane, Panes
from desktop.qt.views.stage import Stage
from desktop.qt.widgets.diff_list import SIDE_BY_SIDE


class Workspace(Panes):
    """Whatever is opened in one goes through `visit`, so that it can be gone back to."""

    visited = Signal()
    """The history has changed."""

    def __init__(self, session: Session, themes: ThemeManager, settings: Settings, store: QSettings) -> None:
        super().__init__(themes, store)
        self.history = History()
        self.inquiry = InquiryPane(session, themes, settings)
        self.stage = Stage(session, themes)
        self.diagram = self.stage.diagram
        self.bookmarks = Bookmarks(self)
        self.code = CodePane(session, themes, self.bookmarks)
        self.inquiry.marks.show_bookmarks(self.bookmarks)
        self.fill({Pane.INQUIRY: self.inquiry, Pane.STAGE: self.stage, Pane.CODE: self.code})
        self.inquiry.opened.connect(self.visit)
        self.stage.opened.connect(self.visit)
        self.diagram.opened.connect(self.visit)
        self.diagram.moved.connect(self.visit)
        self.diagram.entered.connect(self._enter)
        self.inquiry.ask.drawn.connect(lambda pack: self.visit(DiagramLocation(PACK, pack["question"], pack)))
        self.code.symbol_drawn.connect(lambda symbol: self.visit(DiagramLocation("calls", symbol)))
        self.code.file_drawn.connect(lambda path: self.visit(DiagramLocation("architecture", path)))
        self.code.copies_asked.connect(self.visit)
        self.code.reveal_asked.connect(self._reveal)
        self.code.shown.connect(self.inquiry.files.reveal)
        self.code.moved.connect(self.diagram.canvas.show_open)
        themes.dress(self.code)

    def open_project(self, status: Status, *, drawable: bool) -> None:
        """Start on a project: its architecture (with the room of the code too), its files, an empty conversation.

        `drawable` is False while calls and imports are not yet linked; until then, and from then on until another page is
        chosen, there is the overview.
        """
        self.history.clear()
        self.inquiry.clear()
        self.code.clear()
        self.stage.clear()
        self.enter()
        self._make_room()
        self.inquiry.show_status(status)
        self.inquiry.files.load()
        if drawable:
            self.visit(DiagramLocation(KINDS[0][0]))
        else:
            self.diagram.wait()
            self.visit(PageLocation(OVERVIEW))

    def refresh_project(self, status: Status) -> None:
        """The index has changed: show its new state where one is."""
        self.inquiry.show_status(status)
        self.inquiry.files.load()
        if self.history.current is None:
            self.history.visit(DiagramLocation(KINDS[0][0]))
        self.stage.reload(status)
        self.code.reload()

    def follow_project(self, status: Status) -> None:
        """The index has followed its source: what is being read stays, unless it has changed."""
        self.inquiry.show_status(status)
        self.inquiry.files.load()
        self.stage.refresh(status)
        self.code.reload_changed()

    def visit(self, location: Location) -> None:
        """Show a location and remember it."""
        self.history.visit(location)
        self._show(location)

    def back(self) -> None:
        if (location := self.history.back()) is not None:
            self._show(location)

    def forward(self) -> None:
        if (location := self.history.forward()) is not None:
            self._show(location)

    def _enter(self, inside: DiagramLocation, clicked: CodeLocation | None) -> None:
        """Look inside a box: what the first click of the double click opened is no step of its own."""
        if clicked is not None:
            self.history.drop(clicked)
        self.visit(inside)

    def _show(self, location: Location) -> None:
        if isinstance(location, CodeLocation):
            self.bring(Pane.CODE)
            self.code.show_location(location)
        else:
            self.bring(Pane.STAGE)
            # Two columns of code need the room of the pane that shows one of them.
            if isinstance(location, PageLocation) and location.path and self.stage.width() < SIDE_BY_SIDE:
                self._make_room()
            self.stage.show_location(location)
        self.visited.emit()

    def _make_room(self) -> None:
        """Give the room of the code to the middle, which has need of it; code that is elsewhere takes none."""
        if self.is_shown(Pane.CODE) and not self.is_floating(Pane.CODE):
            self.close_pane(Pane.CODE)

    def _reveal(self, path: str) -> None:
        self.bring(Pane.INQUIRY)
        self.inquiry.show_tab(FILES)
        self.inquiry.files.filter.clear()
        self.inquiry.files.reveal(path)
        self.inquiry.files.tree.setFocus(Qt.FocusReason.OtherFocusReason)
