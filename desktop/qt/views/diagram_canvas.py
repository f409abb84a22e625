"""The drawing surface: zoom, pan, hover, click, keyboard."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsView

from desktop.qt.diagram_filter import DiagramFilter
from desktop.qt.diagram_replies import DrawingReply
from desktop.qt.slices import Slices
from desktop.qt.theme import ThemeManager
from desktop.qt.views.diagram_arrows import EdgeItem
from desktop.qt.views.diagram_boxes import NodeItem
from desktop.qt.views.diagram_minimap import Minimap
from desktop.qt.views.diagram_rendering import DiagramRendering
from desktop.qt.views.diagram_scene import DiagramScene
from desktop.qt.words import tr

SMALLEST, LARGEST = 0.04, 5.0
MOST_FIT = 1.2
"""A small diagram is not blown up beyond this when it is fitted."""
LEAST_SEQUENCE = 0.85
"""A sequence is read from its beginning, and says nothing where the names of its calls cannot be read."""
READABLE_ZOOM = 0.7
"""What is found is shown at least so large."""
STEP = 1.25
MARGIN = 24.0
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class DiagramCanvas(QGraphicsView):
    """Shows one drawing."""

    clicked = Signal(object)
    """A node or edge reply."""
    entered = Signal(object)
    """A node reply whose inside somebody wants to see."""
    up_asked = Signal()
    menu_asked = Signal(object, QPoint)
    """A node or edge reply, or None for the ground, and where on the screen what can be done with it is to be listed."""
    hide_asked = Signal(str)
    """The id of a box nobody wants to see any more."""
    copy_asked = Signal()
    find_asked = Signal()
    drawn = Signal()
    """What was to be shown is there."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._drawing: DrawingReply | None = None
        self.filter = DiagramFilter()
        self._scene = DiagramScene()
        self._scene.altered.connect(self.viewport().update)
        self.setScene(self._scene)
        self._rendering = DiagramRendering(self)
        self._builder = Slices(self)
        self._wanted: tuple[DrawingReply | None, bool] = (None, False)
        """What is to be shown, and whether the view is to be kept."""
        self._pressed: QPoint | None = None
        self._panning = False
        self._fitted = True
        self._current = ""
        self._last_clicked: NodeItem | None = None
        self._open = ("", 0)
        """Path and line of the open code."""
        self._is_outdated = False
        """Whether the items have the colours of another theme."""
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.minimap = Minimap(themes, self)
        self.minimap.asked.connect(self._center_on)
        self.setAccessibleName(tr("Diagram"))
        self.setAccessibleDescription(
            tr("Arrow keys go from box to box, Enter opens the code, Shift+Enter looks inside, H hides")
        )
        themes.changed.connect(self._retheme)
        self._retheme()

    @property
    def drawing(self) -> DrawingReply | None:
        return self._drawing

    @property
    def nodes(self) -> dict[str, NodeItem]:
        return self._scene.nodes

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def show_drawing(self, drawing: DrawingReply | None, *, keep_view: bool = False) -> None:
        """Replace what is shown and fit it into the view, unless a person has zoomed and the view is to be kept. A large
        drawing takes its time, and `drawn` tells when it is there; until then the one before is shown."""
        self._wanted = drawing, keep_view
        self._build()

    def show_open(self, path: str, line: int) -> None:
        """Mark the box that the open code lies in, in this diagram and those that follow."""
        self._open = path, line
        self._scene.mark_open(path, line)

    def fit(self) -> None:
        """Show everything, as large as it goes."""
        self._fitted = True
        if self._drawing is None or self.viewport().width() < 10:
            return
        area = self._content()
        room = self.viewport().rect()
        scale = min(room.width() / area.width(), room.height() / area.height(), MOST_FIT)
        if self._drawing["diagram"]["kind"] == "sequence":
            scale = max(scale, LEAST_SEQUENCE)
        self.resetTransform()
        self.scale(scale, scale)
        # What is larger than the view begins in its corner.
        seen = QRectF(0, 0, min(area.width(), room.width() / scale), min(area.height(), room.height() / scale))
        self.centerOn(area.topLeft() + seen.center())
        self._tell_view()

    def zoom_in(self) -> None:
        self._zoom_by(STEP)

    def zoom_out(self) -> None:
        self._zoom_by(1 / STEP)

    def actual_size(self) -> None:
        """One point of the layout on one pixel."""
        self._zoom_by(1 / self.zoom)

    def item_center(self, node_id: str) -> QPoint:
        """Where a box is in the viewport."""
        return self.mapFromScene(self._scene.nodes[node_id].box.center())

    def apply_filter(self) -> None:
        """Show what the filter admits; nothing moves."""
        if self._drawing is None:
            return
        diagram = self._drawing["diagram"]
        hidden = self.filter.hidden_boxes(diagram)
        self._scene.show_only(hidden, lambda edge: self.filter.hides(edge, hidden))
        if self._current in hidden:
            self._go_to("")
        boxes = [(item.box, item.far_color) for item in self._scene.nodes.values() if item.isVisible()]
        self.minimap.show_boxes(self._content(), boxes)
        self._tell_view()

    def find_text(self, text: str, *, backwards: bool = False, from_start: bool = False) -> bool:
        """Go to the next box whose words hold a text, and fade what does not hold it; an empty text shows all again."""
        found = self._scene.find(text)
        if not found:
            return False
        if from_start or self._current not in found:
            at = -1 if backwards else 0
        else:
            at = (found.index(self._current) + (-1 if backwards else 1)) % len(found)
        self._go_to(found[at])
        self._see(self._scene.nodes[found[at]])
        return True

    def chosen_text(self) -> str:
        """What a search begins with: nothing."""
        return ""

    def neighbours(self, node_id: str) -> set[str]:
        """Ids of the boxes with an arrow to or from a box, itself among them."""
        return self._scene.neighbours(node_id)

    @property
    def current(self) -> str:
        """The id of the box the keyboard is on, or nothing."""
        return self._current

    # Building

    def _content(self) -> QRectF:
        assert self._drawing is not None
        layout = self._drawing["layout"]
        return QRectF(0, 0, max(1.0, layout["width"]), max(1.0, layout["height"])).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def _build(self) -> None:
        """Make the items of what is wanted anew, in a scene of its own, because removing many items one by one is slow."""
        scene = DiagramScene()
        self._is_outdated = False
        self._builder.run(scene.draw(self._wanted[0], self._themes.theme), partial(self._install, scene))

    def _install(self, scene: DiagramScene) -> None:
        """Show the scene of what is wanted, whose items are made."""
        drawing, keep_view = self._wanted
        is_new, self._drawing = drawing is not self._drawing, drawing
        self._current = ""
        self._last_clicked = None
        if drawing is not None:
            layout = drawing["layout"]
            around = max(layout["width"], layout["height"], 2_000.0)
            scene.setSceneRect(self._content().adjusted(-around, -around, around, around))
        if is_new and not keep_view:
            self.filter.clear()
        scene.altered.connect(self.viewport().update)
        self._rendering.forget()
        old, self._scene = self._scene, scene
        self.setScene(scene)
        old.deleteLater()
        self._scene.mark_open(*self._open)
        self.apply_filter()
        if is_new and (self._fitted or not keep_view):
            self.fit()
        self.viewport().update()
        self.drawn.emit()

    def _retheme(self) -> None:
        """Take another theme's colours; what is out of sight takes them when it comes into view."""
        self._ground = QColor(self._themes.theme.diagram["background"])
        self._is_outdated = self._wanted[0] is not None
        if self.isVisible():
            self._follow_theme()

    def _follow_theme(self) -> None:
        if self._is_outdated:
            self._build()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._rendering.show(self._scene, painter, event.rect(), self._ground)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_theme()

    # Moving

    def _zoom_by(self, factor: float) -> None:
        factor = max(SMALLEST, min(LARGEST, self.zoom * factor)) / self.zoom
        self._fitted = False
        self.scale(factor, factor)
        self._tell_view()

    def _center_on(self, point: QPointF) -> None:
        self._fitted = False
        self.centerOn(point)
        self._tell_view()

    def _see(self, item: NodeItem) -> None:
        """Bring a box into view, large enough to be read."""
        if self.zoom < READABLE_ZOOM:
            self._zoom_by(READABLE_ZOOM / self.zoom)
            self.centerOn(item.box.center())
        self.ensureVisible(item.box, 40, 40)
        self._tell_view()

    def _tell_view(self) -> None:
        self.minimap.show_view(self.mapToScene(self.viewport().rect()).boundingRect())

    def wheelEvent(self, event: QWheelEvent) -> None:
        touchpad = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        if touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and not event.pixelDelta().isNull():
            self._pan(event.pixelDelta())
        else:
            self._zoom_by(math.pow(1.0015, event.angleDelta().y()))
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(1.0 + event.value())
            return True
        if event.type() == QEvent.Type.Leave:
            self._scene.highlight(self._current if self.hasFocus() else "")
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self.minimap.place()
        self._tell_view()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with what is pointed at, or with the box the keyboard is on."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            item: QGraphicsItem | None = self._scene.nodes.get(self._current)
            where = self.viewport().mapToGlobal(self.item_center(self._current)) if item else event.globalPos()
        else:
            item, where = self._item_at(event.pos()), event.globalPos()
        if isinstance(item, NodeItem):
            self._go_to(item.node["id"])
        self.menu_asked.emit(
            item.node if isinstance(item, NodeItem) else item.edge if isinstance(item, EdgeItem) else None, where
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position().toPoint()
            self._panning = False
        elif event.button() == Qt.MouseButton.BackButton:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._pressed is None:
            item = self._item_at(here)
            node = item.node["id"] if isinstance(item, NodeItem) else ""
            self._scene.highlight(node)
            super().mouseMoveEvent(event)
            return
        moved = here - self._pressed
        if self._panning or moved.manhattanLength() >= QApplication.startDragDistance():
            self._panning = True
            self._fitted = False
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pan(moved)
            self._pressed = here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self.viewport().unsetCursor()
        if pressed is None or self._panning:
            self._panning = False
            return
        item = self._item_at(event.position().toPoint())
        self._last_clicked = item if isinstance(item, NodeItem) else None
        if isinstance(item, NodeItem):
            self._go_to(item.node["id"])
            self.clicked.emit(item.node)
        elif isinstance(item, EdgeItem):
            self.clicked.emit(item.edge)
        else:
            self._go_to("")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Look inside the box of the first click: what that click opened may have moved the box away from the mouse."""
        item = self._last_clicked
        if item is not None and item.node["scope"]:
            self.entered.emit(item.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        node = self._scene.nodes.get(self._current)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif key in (Qt.Key.Key_H, Qt.Key.Key_Delete) and node is not None and not event.modifiers():
            self.hide_asked.emit(self._current)
        elif event.text() == "/":
            self.find_asked.emit()
        elif key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(*_ARROWS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.actual_size()
        elif key == Qt.Key.Key_Backspace:
            self.up_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and node is not None:
            inside = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.entered if inside else self.clicked).emit(node.node)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._scene.highlight("")

    def _pan(self, by: QPoint) -> None:
        self._fitted = False
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - by.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - by.y())
        self._tell_view()

    def _item_at(self, point: QPoint) -> QGraphicsItem | None:
        found = [item for item in self.items(point) if isinstance(item, (NodeItem, EdgeItem)) and item.isVisible()]
        return next((item for item in found if isinstance(item, NodeItem)), found[0] if found else None)

    def _go_to(self, node_id: str) -> None:
        """Put the keyboard on a box."""
        self._scene.mark(node_id)
        self._current = node_id

    def _step(self, dx: int, dy: int) -> None:
        """Go to the nearest box in a direction, the first box where there is none yet."""
        nodes = {name: item for name, item in self._scene.nodes.items() if item.isVisible()}
        start = nodes.get(self._current)
        if start is None:
            target = next(iter(nodes), "")
        else:
            target = min(nodes, key=lambda name: _distance(start, nodes[name], dx, dy), default="")
            if _distance(start, nodes[target], dx, dy) == math.inf:
                return
        if target:
            self._go_to(target)
            self._scene.highlight(target)
            self.ensureVisible(nodes[target].box, 40, 40)
            self._tell_view()
            self.setAccessibleName(tr("Diagram, {label}", label=nodes[target].node["label"]))


def _distance(start: NodeItem, end: NodeItem, dx: int, dy: int) -> float:
    """How far a box lies in a direction, aside counted double; infinite where it does not."""
    offset: QPointF = end.box.center() - start.box.center()
    ahead, aside = offset.x() * dx + offset.y() * dy, abs(offset.x() * dy) + abs(offset.y() * dx)
    return ahead + 2 * aside if ahead > 1 else math.inf
