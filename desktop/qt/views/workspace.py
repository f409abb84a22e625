"""The open project: ask, diagram and code side by side, and one history for all of them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle

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
from desktop.qt.views.stage import Stage
from desktop.qt.widgets.diff_list import SIDE_BY_SIDE

PROPORTIONS = (27, 41, 32)
WIDEST_LEFT = 440
STRETCH = (0, 3, 2)
"""What a larger window gives to each: a question needs no more room."""
LEFT, MIDDLE, RIGHT = range(3)
_STATE = "workspace/splitter"


class _Handle(QSplitterHandle):
    """A thin line between two panes, which lights up where it can be dragged."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        role = QPalette.ColorRole.Accent if self.underMouse() else QPalette.ColorRole.Mid
        QPainter(self).fillRect(self.rect(), self.palette().color(role))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class Workspace(QSplitter):
    """Three panes; whatever is opened in one goes through `visit`, so that it can be gone back to."""

    visited = Signal()
    """The history has changed."""

    def __init__(self, session: Session, themes: ThemeManager, settings: Settings, store: QSettings) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._store = store
        self.history = History()
        self.inquiry = InquiryPane(session, themes, settings)
        self.stage = Stage(session, themes)
        self.diagram = self.stage.diagram
        self.bookmarks = Bookmarks(self)
        self.code = CodePane(session, themes, self.bookmarks)
        self.inquiry.marks.show_bookmarks(self.bookmarks)
        self._panes = (self.inquiry, self.stage, self.code)
        self._arranged = False
        self.setHandleWidth(1)
        self.setChildrenCollapsible(True)
        for pane in self._panes:
            self.addWidget(pane)
        for at, stretch in enumerate(STRETCH):
            self.setStretchFactor(at, stretch)
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
        themes.dress(self.code)
        self._restore()

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)

    def open_project(self, status: Status, *, drawable: bool) -> None:
        """Start on a project: its architecture (with the room of the code too), its files, an empty conversation.

        `drawable` is False while calls and imports are not yet linked; until then, and from then on until another page is
        chosen, there is the overview.
        """
        self.history.clear()
        self.inquiry.clear()
        self.code.clear()
        self.stage.clear()
        self._close_code()
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

    def toggle(self, pane: int) -> None:
        """Hide or show a pane; the last one stays."""
        widget = self._panes[pane]
        shown = sum(self._is_shown(at) for at in range(self.count()))
        if self._is_shown(pane) and shown > 1:
            widget.hide()
        else:
            self._bring(pane)

    def is_shown(self, pane: int) -> bool:
        return self._is_shown(pane)

    def reset_layout(self) -> None:
        self._arranged = False
        for pane in self._panes:
            pane.show()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panes that nobody has put where they are keep their proportions: a left pane of a large window would leave the
        others no room in a small one."""
        super().resizeEvent(event)
        if not self._arranged and event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        """Give the panes that are shown their shares; a question needs no more than some width."""
        shares = [0 if pane.isHidden() else share for pane, share in zip(self._panes, PROPORTIONS, strict=True)]
        left = min(WIDEST_LEFT, self.width() * shares[LEFT] // 100)
        others = max(1, shares[MIDDLE] + shares[RIGHT])
        middle, right = ((self.width() - left) * shares[pane] // others for pane in (MIDDLE, RIGHT))
        self.setSizes([left, middle, right])

    def save(self) -> None:
        """Remember the panes for the next start."""
        if self._arranged:
            self._store.setValue(_STATE, self.saveState())
        else:
            self._store.remove(_STATE)

    def _enter(self, inside: DiagramLocation, clicked: CodeLocation | None) -> None:
        """Look inside a box: what the first click of the double click opened is no step of its own."""
        if clicked is not None:
            self.history.drop(clicked)
        self.visit(inside)

    def _show(self, location: Location) -> None:
        if isinstance(location, CodeLocation):
            self._bring(RIGHT)
            self.code.show_location(location)
        else:
            self._bring(MIDDLE)
            if isinstance(location, PageLocation) and location.path:
                self._make_room()
            self.stage.show_location(location)
        self.visited.emit()

    def _is_shown(self, pane: int) -> bool:
        return not self._panes[pane].isHidden() and (self.sizes()[pane] > 0 or not self.isVisible())

    def _bring(self, pane: int) -> None:
        """Make sure a pane can be seen."""
        sizes = self.sizes()
        if not self._panes[pane].isHidden() and sizes[pane] > 0:
            return
        self._panes[pane].show()
        missing = sizes[pane] = sum(sizes) * PROPORTIONS[pane] // 100
        for other in (MIDDLE, LEFT, RIGHT):
            if other != pane and sizes[other]:
                given = min(missing, max(0, sizes[other] - self._least(other)))
                sizes[other] -= given
                missing -= given
        self.setSizes(sizes)

    def _least(self, pane: int) -> int:
        """The width below which a pane cannot go."""
        widget = self._panes[pane]
        return max(widget.minimumWidth(), widget.minimumSizeHint().width())

    def _make_room(self) -> None:
        """Two columns of code need the room of the third pane, which shows one of them."""
        if self.stage.width() < SIDE_BY_SIDE and self._is_shown(RIGHT):
            self._close_code()

    def _close_code(self) -> None:
        """Give the room of the code to the diagram until there is code to show."""
        left = self.inquiry.width() if self._arranged else min(WIDEST_LEFT, self.width() * PROPORTIONS[LEFT] // 100)
        self.code.hide()
        self.setSizes([left, self.width() - left, 0])

    def _reveal(self, path: str) -> None:
        self._bring(LEFT)
        self.inquiry.show_tab(FILES)
        self.inquiry.files.filter.clear()
        self.inquiry.files.reveal(path)
        self.inquiry.files.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        state = self._store.value(_STATE)
        self._arranged = isinstance(state, QByteArray) and self.restoreState(state)
        if not self._arranged:
            self.setSizes([share * 14 for share in PROPORTIONS])
        self.splitterMoved.connect(self._on_moved)

    def _on_moved(self) -> None:
        """From now on the panes are as a person has put them."""
        self._arranged = True
