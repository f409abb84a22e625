"""The middle pane: the overview, the diagram, the clones and the problems behind four tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QVBoxLayout

from desktop.qt.history import DiagramLocation, PageLocation
from desktop.qt.replies import Status
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground
from desktop.qt.theme import ThemeManager
from desktop.qt.views.clones import CLONES, ClonesView
from desktop.qt.views.diagram import DiagramPane
from desktop.qt.views.overview import OVERVIEW, OverviewView
from desktop.qt.views.problems import PROBLEMS, ProblemsView
from desktop.qt.widgets.buttons import Segments
from desktop.qt.words import tr

DIAGRAM = "diagram"
PAGES = ((OVERVIEW, "Overview"), (DIAGRAM, "Diagram"), (CLONES, "Clones"), (PROBLEMS, "Problems"))

LEAST_WIDTH, LEAST_HEIGHT = 352, 300
"""Below what some of the pages would like: with the code under it, it has to fit into a small window."""


class Stage(QFrame):
    """Shows a `DiagramLocation` or a `PageLocation`; the pages keep themselves up to date while they are seen."""

    opened = Signal(object)
    """A location somebody wants to see."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        set_ground(self)
        self.tabs = Segments([(page, tr(title)) for page, title in PAGES], tr("Overview, diagram, clones or problems"))
        self.tabs.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tabs.chosen.connect(self._choose)
        self.diagram = DiagramPane(session, themes)
        self.clones = ClonesView(session, themes)
        self.overview = OverviewView(session, themes)
        self.problems = ProblemsView(session, themes)
        self._pages: dict[str, OverviewView | ClonesView | ProblemsView] = {
            OVERVIEW: self.overview,
            CLONES: self.clones,
            PROBLEMS: self.problems,
        }
        self._stack = QStackedWidget()
        for page in (self.diagram, *self._pages.values()):
            self._stack.addWidget(page)
        for page in self._pages.values():
            page.opened.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 6, 16, 8)
        top.addWidget(self.tabs)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        themes.dress(self.tabs, self.diagram, *self._pages.values())
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.tabs.choose(DIAGRAM)

    @property
    def page(self) -> str:
        """The page that is in front."""
        return self.tabs.current

    def show_location(self, location: DiagramLocation | PageLocation) -> None:
        """Bring the page of a location to the front and show it there."""
        if isinstance(location, DiagramLocation):
            self.tabs.choose(DIAGRAM)
            self._stack.setCurrentWidget(self.diagram)
            self.diagram.show_location(location)
        else:
            page = self._pages[location.page]
            self.tabs.choose(location.page)
            self._stack.setCurrentWidget(page)
            page.show_location(location)

    def take_focus(self) -> None:
        """Put the keyboard into the page that is in front: what is reached by a key is gone on with by keys."""
        lists = {OVERVIEW: self.overview, CLONES: self.clones.list, PROBLEMS: self.problems.list}
        lists.get(self.page, self.diagram.canvas).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """For another project."""
        self.diagram.clear()
        for page in self._pages.values():
            page.clear()
        self.tabs.choose(DIAGRAM)
        self._stack.setCurrentWidget(self.diagram)

    def reload(self, status: Status) -> None:
        """The index has changed: the diagram is drawn anew, the pages when they are seen."""
        self.diagram.reload()
        self.refresh(status)

    def refresh(self, _status: Status) -> None:
        """The index has followed its source: the pages follow, the diagram stays as it is being read."""
        for page in self._pages.values():
            page.reload()

    def _choose(self, page: str) -> None:
        self.opened.emit(self.diagram.location if page == DIAGRAM else PageLocation(page))
