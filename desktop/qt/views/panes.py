"""The panes of the workspace and where they are: docks that are dragged, put behind one another, taken out into windows of
their own, closed and brought back.

Until somebody moves one, the panes stand side by side and keep their shares of the room, whatever its size. From then on
they are as that person has put them, also at the next start, until the layout is reset.

What Qt calls the dock areas are the edges of this widget. There is no centre: any pane may go anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar, QTabWidget, QWidget

from desktop.qt.slices import Slices
from desktop.qt.stillness import Stillness
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.pane_dock import DockStyle, PaneDock
from desktop.qt.words import tr

Edge = Qt.DockWidgetArea
_HOME = Edge.LeftDockWidgetArea
_ACROSS = Qt.Orientation.Horizontal
_STATE, _VERSION = "workspace/panes", 1
WIDEST_INQUIRY = 440
"""A question needs no more room in a large window."""


class Pane(StrEnum):
    """In the order in which they stand until somebody moves them."""

    INQUIRY = "inquiry"
    STAGE = "stage"
    CODE = "code"


SHARES = {Pane.INQUIRY: 27, Pane.STAGE: 41, Pane.CODE: 32}

"""Of a hundred parts of the width."""
HIGHEST_SHARE = 40
"""Of a hundred parts of the height: what is given to a pane above or below the others."""


class Panes(QMainWindow):
    """Three panes; the last that is to be seen stays."""

    pane_menu_asked = Signal(QPoint)
    """Somebody wants to see, at a point of the screen, what can be done with the current pane."""

    def __init__(self, themes: ThemeManager, store: QSettings) -> None:
        super().__init__(None, Qt.WindowType.Widget)
        self._themes = themes
        self._store = store
        self._arranged = False
        self._by_hand = False
        """Whether what happens to the docks is a person's doing."""
        self._restored = False
        self._still = Stillness()
        self._painting = Slices(self)
        self._away: list[PaneDock] = []
        """Windows of panes that wait for the next project."""
        self.current = Pane.STAGE
        """The pane that had the keyboard last."""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._style = DockStyle(self)
        self.setStyle(self._style)
        options = QMainWindow.DockOption
        self.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks)  # without animation: nothing waits
        self.setTabPosition(Edge.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.docks: dict[Pane, PaneDock] = {}
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def fill(self, panes: Mapping[Pane, QWidget]) -> None:
        """Put the panes side by side."""
        titles = {Pane.INQUIRY: tr("Ask and search"), Pane.STAGE: tr("Diagram"), Pane.CODE: tr("Code")}
        self.docks = {
            pane: PaneDock(pane, titles[pane], widget, self._themes, self._style) for pane, widget in panes.items()
        }
        for pane, dock in self.docks.items():
            dock.close_asked.connect(lambda pane=pane: self.close_pane(pane))
            dock.float_asked.connect(lambda pane=pane: self.switch_floating(pane))
            dock.menu_asked.connect(lambda where, pane=pane: self._ask_menu(pane, where))
            dock.topLevelChanged.connect(self._on_moved)
            dock.dockLocationChanged.connect(lambda _edge, dock=dock: self._on_dropped(dock))
            self.addDockWidget(_HOME, dock, _ACROSS)
        self._side_by_side = self.saveState(_VERSION)
        self._by_hand = True

    # What is to be seen

    def is_shown(self, pane: Pane) -> bool:
        """Whether a pane is there and not behind another."""
        dock = self.docks[pane]
        return not dock.isHidden() and not (self.tabifiedDockWidgets(dock) and dock.x() < 0)

    def is_floating(self, pane: Pane) -> bool:
        return self.docks[pane].isFloating()

    @property
    def shown(self) -> list[Pane]:
        """The panes that are there, those behind others too."""
        return [pane for pane, dock in self.docks.items() if not dock.isHidden()]

    def bring(self, pane: Pane) -> None:
        """Make sure a pane can be seen."""
        dock = self.docks[pane]
        if self.is_shown(pane):
            return
        with self._by_itself(), self.painted_one_by_one():
            dock.show()
            dock.raise_()
            self._keep_shares()

    def toggle(self, pane: Pane) -> None:
        """Close a pane, or bring it."""
        if self.is_shown(pane):
            self.close_pane(pane)
        else:
            self.bring(pane)

    def close_pane(self, pane: Pane) -> None:
        """The others take its room; the last one stays."""
        if len(self.shown) > 1:
            with self._by_itself(), self.painted_one_by_one():
                self.docks[pane].hide()
                self._keep_shares()

    # Where they are

    def switch_floating(self, pane: Pane) -> None:
        """Out into a window of its own, or back to where it was."""
        dock = self.docks[pane]
        size = dock.size()
        dock.show()
        dock.setFloating(not dock.isFloating())
        if dock.isFloating():
            dock.resize(size)

    def move_to(self, pane: Pane, edge: Edge) -> None:
        """To an edge of the workspace, in the whole length of that edge where nothing is there yet."""
        dock = self.docks[pane]
        direction = _ACROSS if edge in (Edge.LeftDockWidgetArea, Edge.RightDockWidgetArea) else Qt.Orientation.Vertical
        with self._by_itself(), self.painted_one_by_one():
            dock.setFloating(False)
            self.removeDockWidget(dock)
            before = [other for other in self.docks.values() if self._is_at(other, edge)]
            self.addDockWidget(edge, dock, direction)
            dock.show()
            if before and edge in (Edge.LeftDockWidgetArea, Edge.TopDockWidgetArea):
                first = min(before, key=lambda other: (other.x(), other.y()))
                self.splitDockWidget(first, dock, direction)
                self.splitDockWidget(dock, first, direction)
            room = self.width() * SHARES[pane] // 100 if direction == _ACROSS else self.height() * HIGHEST_SHARE // 100
            self.resizeDocks([dock], [room], direction)
        self._on_moved()

    def put_behind(self, pane: Pane) -> None:
        """Share the place of the next pane, of which one is in front."""
        panes = [
            other for other in self.docks if other == pane or not (self.docks[other].isHidden() or self.is_floating(other))
        ]
        if len(panes) > 1:
            dock = self.docks[pane]
            with self._by_itself(), self.painted_one_by_one():
                dock.setFloating(False)
                dock.show()
                self.tabifyDockWidget(self.docks[panes[panes.index(pane) - 1]], dock)
                dock.raise_()
            self._on_moved()

    def reset_layout(self) -> None:
        """All panes side by side, each with its share, as at the very first start."""
        self._arranged = False
        with self._by_itself(), self.painted_one_by_one():
            self.restoreState(self._side_by_side, _VERSION)
            self._keep_shares()

    def _keep_shares(self) -> None:
        """Give the panes their shares of the room, unless somebody has moved one. Those that are not there get none."""
        if self._arranged or self.width() <= 0:
            return
        shown = self.shown
        sizes = dict.fromkeys(shown, 0)
        room = self.width()
        if Pane.INQUIRY in sizes:
            sizes[Pane.INQUIRY] = min(WIDEST_INQUIRY, room * SHARES[Pane.INQUIRY] // 100)
            room -= sizes[Pane.INQUIRY]
        others = [pane for pane in shown if pane != Pane.INQUIRY]
        for pane in others:
            sizes[pane] = room * SHARES[pane] // sum(SHARES[other] for other in others)
        self.resizeDocks([self.docks[pane] for pane in shown], list(sizes.values()), _ACROSS)

    def _is_at(self, dock: PaneDock, edge: Edge) -> bool:
        return not dock.isFloating() and self.dockWidgetArea(dock) == edge

    # From one project, and one start, to the next

    def enter(self) -> None:
        """A project is opened: the panes are where they were when the window was last closed."""
        for dock in self._away:
            dock.show()
        self._away.clear()
        if not self._restored:
            self._restored = True
            state = self._store.value(_STATE)
            with self._by_itself():
                self._arranged = isinstance(state, QByteArray) and self.restoreState(state, _VERSION)

    def leave(self) -> None:
        """The project is closed: panes in windows of their own go out of sight with the others."""
        self._away = [dock for dock in self.docks.values() if dock.isFloating() and not dock.isHidden()]
        with self._by_itself():
            for dock in self._away:
                dock.hide()

    def save(self) -> None:
        """Remember the panes for the next start."""
        if not self._restored:
            return  # no project was opened, so what is remembered has not been looked at
        for dock in self._away:
            dock.show()
        if self._arranged:
            self._store.setValue(_STATE, self.saveState(_VERSION))
        else:
            self._store.remove(_STATE)
        self.leave()

    # What is a person's doing

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        """What happens within is no arrangement of a person's."""
        before, self._by_hand = self._by_hand, False
        try:
            yield
        finally:
            self._by_hand = before

    @contextmanager
    def painted_one_by_one(self) -> Iterator[None]:
        """What happens within changes all panes: each is painted in a turn of its own."""
        self._still.hold(dock for dock in self.docks.values() if not dock.isFloating())
        try:
            yield
        finally:
            self._painting.run(self._still.let_go())

    def _on_moved(self) -> None:
        if self._by_hand:
            self._arranged = True

    def _on_dropped(self, dock: PaneDock) -> None:
        """A pane that is dropped above or below another gets a share of the height: Qt gives it a strip of a few lines."""
        self._on_moved()
        if self._by_hand:
            QTimer.singleShot(0, dock, lambda: self._give_height(dock))

    def _give_height(self, dock: PaneDock) -> None:
        share = self.height() * HIGHEST_SHARE // 100
        if not dock.isFloating() and self.is_shown(Pane(dock.objectName())) and dock.height() < share:
            self.resizeDocks([dock], [share], Qt.Orientation.Vertical)

    def _ask_menu(self, pane: Pane, where: QPoint) -> None:
        self.current = pane
        self.pane_menu_asked.emit(where)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.current = next((pane for pane, dock in self.docks.items() if dock.isAncestorOf(now)), self.current)

    def event(self, event: QEvent) -> bool:
        """A line between two panes is dragged by the mouse; Qt has no signal for it."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._arranged = True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep_shares()

    def childEvent(self, event: QChildEvent) -> None:
        """Tabs come when panes are put behind one another."""
        super().childEvent(event)
        if event.type() == QEvent.Type.ChildAdded:
            QTimer.singleShot(0, self, self._dress_tabs)

    def _dress_tabs(self) -> None:
        for tabs in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if not tabs.accessibleName():
                tabs.setAccessibleName(tr("Panes in one place"))
                tabs.setDrawBase(False)
                tabs.setElideMode(Qt.TextElideMode.ElideNone)
                self._themes.dress(tabs)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where every pane has gone into a window of its own, say how they come back."""
        super().paintEvent(event)
        if all(dock.isHidden() or dock.isFloating() for dock in self.docks.values()):
            painter = QPainter(self)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            words = tr("The panes are in windows of their own. View, Reset layout brings them back.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
