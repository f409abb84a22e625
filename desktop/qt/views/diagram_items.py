"""Boxes, frames and arrows of a diagram, painted from the layout at any scale.

Coordinates are the layout's points. Sizes and the breaking of lines are those of `desktop.drawing.boxes`, which the layout
was made with, so a picture in the window and an exported one look alike. Seen from afar, a box shows its label alone, as
large as the box allows, and nothing once that is too small to read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import QByteArray, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from core.model.diagram import DiagramNode, Mark, Tie
from desktop.drawing.badges import BADGE_LETTERS, BADGE_PATHS, MARK_NAMES, MARK_PATHS
from desktop.drawing.boxes import (
    BADGE,
    BADGE_GAP,
    CLUSTER_LABEL_HEIGHT,
    CLUSTER_LABEL_SIZE,
    CLUSTER_MARGIN,
    DETAIL_LINE,
    DETAIL_SIZE,
    LABEL_LINE,
    LABEL_SIZE,
    PADDING,
    RADIUS,
    box_text,
)
from desktop.drawing.sequence import MESSAGE_SIZE, message
from desktop.drawing.strokes import is_directed, width_of
from desktop.qt import figures
from desktop.qt.replies import DiagramClusterReply, DiagramEdgeReply, DiagramNodeReply, RouteReply
from desktop.qt.theme import Theme, ui_font

READABLE_PIXELS = 6.0
"""Text that would be smaller on the screen is left out."""
FAR_PIXELS = 9.0
"""Where labels would be smaller than this, they are written alone and as large as this, if there is room."""
FEWEST_LETTERS = 6
"""A label that must be shortened further than this says nothing."""
LARGEST_CLUSTER_LABEL = 30.0
LEAST_DASH = 4.0
"""Pixels of a dash and its gap below which a line looks whole, and is painted so."""
FADED = 0.16
TILE_LABEL, TILE_DETAIL = 11.5, 10.5
ARROW_LENGTH, ARROW_WIDTH = 7.0, 6.0
_DASHES = {"inferred": (6.0, 4.0), "name": (1.5, 3.5)}
_CONFIDENCE = {"exact": "certain", "inferred": "inferred from evidence", "name": "guessed from the name alone"}
_QUIET = ("bundle", "context")


def _scale(option: QStyleOptionGraphicsItem, painter: QPainter) -> float:
    return option.levelOfDetailFromTransform(painter.worldTransform())


@lru_cache(maxsize=128)
def label_font(size: float, bold: bool = True) -> QFont:
    """A font that keeps its proportions at every scale."""
    font = ui_font(13, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setPixelSize(max(1, round(size)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=64)
def _badge(path: str, color: str) -> QSvgRenderer:
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="{path}" fill="none" stroke="{color}" '
    return QSvgRenderer(
        QByteArray(f'{source} stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/></svg>'.encode())
    )


def _line(painter: QPainter, place: QRectF, text: str, font: QFont, color: QColor) -> None:
    """One line of text; with a narrower font than the layout's it fits, with a wider one its end is shortened."""
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 0.5)
    painter.drawText(
        place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip), shown
    )


class ClusterItem(QGraphicsItem):
    """A frame with its label in the upper left corner; import cycles are framed in their own colour."""

    def __init__(self, cluster: DiagramClusterReply, box: QRectF, depth: int, theme: Theme) -> None:
        super().__init__()
        self.cluster = cluster
        self._box = box
        self._look = theme.diagram["cluster"]
        cycle = cluster["id"].startswith("cycle:")
        self._pen = QPen(QColor(theme.diagram["edges"]["cycle"] if cycle else self._look["border"]), 1)
        if cycle:
            self._pen.setDashPattern([5, 4])
        self.setZValue(depth - 100)
        self.setToolTip(cluster["label"])
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-1, -CLUSTER_MARGIN - 8, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._pen)
        painter.setBrush(QColor(self._look["fill"]))
        painter.drawRoundedRect(self._box, 10, 10)
        scale = _scale(option, painter)
        size = self.label_size(scale)
        if (place := self.label_area(scale)) is not None:
            _line(painter, place, self.cluster["label"], label_font(size, True), QColor(self._look["label"]))

    def label_area(self, scale: float) -> QRectF | None:
        """Where the label is written at a scale; None where it would be too small to read, or has no room."""
        size = self.label_size(scale)
        if size * scale < READABLE_PIXELS or self._box.height() <= 20 or self._box.width() <= 3 * size:
            return None
        # From afar the label grows over the frame's upper edge, where the layout leaves a margin.
        height = max(CLUSTER_LABEL_HEIGHT, size * 1.3)
        top = self._box.top() + CLUSTER_LABEL_HEIGHT + 3 - height
        return QRectF(self._box.left() + 12, top, self._box.width() - 24, height)

    def label_size(self, scale: float) -> float:
        """How large the label is written at a scale, in points of the scene."""
        return max(CLUSTER_LABEL_SIZE, min(FAR_PIXELS / scale, LARGEST_CLUSTER_LABEL))


class LifelinesItem(QGraphicsItem):
    """What stands below the heads of a sequence: a line each, and bars for calls that last."""

    def __init__(self, heads: Sequence[QRectF], bars: Sequence[QRectF], bottom: float, theme: Theme) -> None:
        super().__init__()
        self._lines = [QLineF(head.center().x(), head.bottom(), head.center().x(), bottom) for head in heads]
        self._bars = list(bars)
        self._look = theme.diagram["cluster"]
        self._border = QColor(theme.diagram["nodes"]["function"]["border"])
        self.setZValue(-50)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        area = QRectF()
        for line in self._lines:
            area = area.united(QRectF(line.p1(), line.p2()).normalized())
        for bar in self._bars:
            area = area.united(bar)
        return area.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        pen = QPen(QColor(self._look["border"]), 1)
        pen.setDashPattern([3, 4])
        painter.setPen(pen)
        painter.drawLines(self._lines)
        painter.setPen(QPen(self._border, 1))
        painter.setBrush(QColor(self._look["fill"]))
        for bar in self._bars:
            painter.drawRoundedRect(bar, 2, 2)


class Line(NamedTuple):
    """A line of words in a box: its size, whether it is the label, and its area in the box."""

    words: str
    size: float
    bold: bool
    area: QRectF


class NodeItem(QGraphicsItem):
    """A box with the sign of its kind, its label, and a smaller detail; or a tile, which has a colour of its own."""

    def __init__(self, node: DiagramNodeReply, box: QRectF, theme: Theme, tile: str = "") -> None:
        super().__init__()
        self.node = node
        self._box = QRectF(0, 0, box.width(), box.height())
        self._theme = theme
        self._tile = tile
        self._kind = "external" if node["external"] else node["kind"]
        looks: Mapping[str, Any] = theme.diagram["nodes"]
        self._look: Mapping[str, str] = looks.get(self._kind, looks["value"])
        self._words = box_text(DiagramNode(node["id"], node["label"], node["detail"], node["kind"], None))
        self._hovered = False
        self._marked = False
        self.setPos(box.topLeft())
        self.setZValue(10)
        self.setToolTip(_node_tip(node))
        if node["place"] is not None or node["scope"]:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def box(self) -> QRectF:
        """In the scene."""
        return self._box.translated(self.pos())

    @property
    def far_color(self) -> QColor:
        """What it looks like from very far."""
        return QColor(self._tile or self._look["badge"])

    @property
    def words(self) -> str:
        """What a search finds it by, folded."""
        place = self.node["place"]
        path = place["path"] if place is not None else ""
        return f"{self.node['label']}\n{self.node['detail']}\n{self.node['scope'] or path}".casefold()

    def mark(self, *, hovered: bool | None = None, marked: bool | None = None) -> None:
        """Paint as pointed at, or as the one the keyboard is on."""
        self._hovered = self._hovered if hovered is None else hovered
        self._marked = self._marked if marked is None else marked
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-3, -3, 3, 3)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._box)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = _scale(option, painter)
        pen = self._pen()
        pen.setCosmetic(scale < 1)
        painter.setPen(pen)
        painter.setBrush(QColor(self._tile or self._look["fill"]))
        radius = 3.0 if self._tile else RADIUS
        painter.drawRoundedRect(self._box, radius, radius)
        if scale * LABEL_SIZE < FAR_PIXELS:
            self._paint_from_afar(painter, scale)
        else:
            if not self._tile:
                self._paint_badge(painter)
            self._paint_text(painter, scale)
        if mark := self.node["mark"]:
            _mark_sign(painter, self._box.topRight() + QPointF(-3, 3), mark, self._theme)

    def _pen(self) -> QPen:
        if self._hovered or self._marked:
            return QPen(QColor(self._theme.diagram["focus"]), 2 if self._marked else 1.5)
        if self._tile:
            return QPen(QColor(self._theme.diagram["background"]), 0.5)
        mark = self.node["mark"]
        pen = QPen(QColor(self._theme.diagram["marks"][mark]), 2) if mark else QPen(QColor(self._look["border"]), 1)
        if self.node["external"] or self._kind in _QUIET or mark == Mark.REMOVED:
            pen.setDashPattern([4, 3])
        return pen

    def _paint_badge(self, painter: QPainter) -> None:
        square = QRectF(PADDING, (self._box.height() - BADGE) / 2, BADGE, BADGE)
        tint = QColor(self._look["badge"])
        tint.setAlphaF(0.13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(square, 5, 5)
        letter = BADGE_LETTERS.get(self._kind)
        if letter is None:
            _badge(BADGE_PATHS.get(self._kind, BADGE_PATHS["file"]), self._look["badge"]).render(painter, square)
        else:
            painter.setFont(label_font(12, True))
            painter.setPen(QColor(self._look["badge"]))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letter)

    def lines(self) -> list[Line]:
        """What is written in the box, or on the tile, where there is room for it."""
        if self._tile:
            return self._tile_lines()
        left = PADDING + BADGE + BADGE_GAP
        room = self._box.width() - left - 4
        top = (self._box.height() - self._words.text_height) / 2
        details = (
            Line(line, DETAIL_SIZE, False, QRectF(left, top + LABEL_LINE + number * DETAIL_LINE, room, DETAIL_LINE))
            for number, line in enumerate(self._words.details)
        )
        return [Line(self._words.label, LABEL_SIZE, True, QRectF(left, top, room, LABEL_LINE)), *details]

    def _tile_lines(self) -> list[Line]:
        room = self._box.width() - 10
        if self._box.height() < 19 or room < 24:
            return []
        label = Line(self.node["label"], TILE_LABEL, True, QRectF(6, 3, room, 15))
        if self._box.height() < 34 or room < 50:
            return [label]
        return [label, Line(self.node["detail"], TILE_DETAIL, False, QRectF(6, 17, room, 14))]

    def _paint_text(self, painter: QPainter, scale: float) -> None:
        for line in self.lines():
            if line.bold or scale * line.size >= READABLE_PIXELS:
                color = QColor(self._theme.diagram["label" if line.bold else "detail"])
                _line(painter, line.area, line.words, label_font(line.size, line.bold), color)

    def _paint_from_afar(self, painter: QPainter, scale: float) -> None:
        room = self._box.adjusted(self._box.width() * 0.05, 0, -self._box.width() * 0.05, 0)
        wide = QFontMetricsF(label_font(100, True)).horizontalAdvance(self.node["label"]) / 100
        size = min(FAR_PIXELS / scale, self._box.height() * 0.55)
        size = max(READABLE_PIXELS / scale, min(size, room.width() / max(wide, 0.1)))
        if self._box.height() < size * 1.1 or room.width() < 2.5 * size:
            return
        font = label_font(math.floor(size), True)
        shown = QFontMetricsF(font).elidedText(self.node["label"], Qt.TextElideMode.ElideMiddle, room.width())
        if len(shown) < min(FEWEST_LETTERS, len(self.node["label"])):
            return
        painter.setFont(font)
        painter.setPen(QColor(self._theme.diagram["label"]))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)


class Motion:
    """Whether the picture is moving, and has so much in it that it is painted coarsely meanwhile."""

    def __init__(self) -> None:
        self.is_coarse = False


class EdgeItem(QGraphicsItem):
    """An arrow: whole where it is certain, dashed where inferred, dotted where only the name says so; `named` ones have what
    they are called beside them."""

    def __init__(
        self,
        edge: DiagramEdgeReply,
        route: RouteReply,
        color: str,
        theme: Theme,
        tip: str,
        *,
        named: bool = False,
        motion: Motion | None = None,
    ) -> None:
        super().__init__()
        self.edge = edge
        self._motion = motion or Motion()
        self._hairline = QPen(QColor(color), 0)
        self._theme = theme
        label = QPointF(*route["label"]) if named and route["label"] is not None else None
        self._words = message(edge["label"] or edge["kind"], edge["count"]) if label is not None else ""
        self._words_area = QRectF() if label is None else _around(self._words, label)
        self._focus = QColor(theme.diagram["focus"])
        self._color = QColor(color)
        self._color.setAlphaF(0.82)
        self._width = width_of(edge["kind"], edge["count"])
        self._path, self._head = _shapes(route, self._width, is_directed(edge["kind"]))
        area = self._path.boundingRect().united(self._head.boundingRect()).united(self._words_area)
        self._area = area.adjusted(-9, -9, 9, 9)
        self._focused = False
        self.setToolTip(tip)
        if edge["places"]:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def focus(self, focused: bool) -> None:
        """Paint as belonging to what is pointed at."""
        self._focused = focused
        self.setZValue(5 if focused else 0)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(9)
        return stroker.createStroke(self._path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        color = self._focus if self._focused else self._color
        if self._motion.is_coarse and not self._focused:
            self._paint_coarsely(painter)
            return
        scale = _scale(option, painter)
        width = self._width + (0.6 if self._focused else 0)
        pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        dashes = _DASHES.get(self.edge["confidence"])
        if dashes and sum(dashes) * scale >= LEAST_DASH:
            pen.setDashPattern([dash / width for dash in dashes])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPath(self._head)
        if self.edge["mark"]:
            _mark_sign(painter, self._path.pointAtPercent(0.5), self.edge["mark"], self._theme)
        if self._words and scale * MESSAGE_SIZE >= READABLE_PIXELS:
            self._paint_words(painter)

    def _paint_coarsely(self, painter: QPainter) -> None:
        """A hairline: of many arrows while the picture moves, smooth and dashed curves would cost a frame's time."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._hairline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_words(self, painter: QPainter) -> None:
        """What the arrow is called, on the background where lifelines cross it."""
        ground = QColor(self._theme.diagram["background"])
        ground.setAlphaF(0.85)
        painter.fillRect(self._words_area, ground)
        painter.setFont(label_font(MESSAGE_SIZE, False))
        painter.setPen(self._focus if self._focused else QColor(self._theme.diagram["label"]))
        painter.drawText(self._words_area, Qt.AlignmentFlag.AlignCenter, self._words)


class DiagramScene(QGraphicsScene):
    """A scene with the items of one diagram, and which of them belong together."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[str, NodeItem] = {}
        self.edges: list[EdgeItem] = []
        self.frames: list[ClusterItem] = []
        self.motion = Motion()
        self._highlighted = ""
        self._found: set[str] | None = None

    def show_only(self, hidden: Collection[str], hides: Callable[[DiagramEdgeReply], bool]) -> None:
        """Show every box but the hidden ones, the arrows that are not hidden, and the frames that still hold something."""
        for name, node in self.nodes.items():
            node.setVisible(name not in hidden)
        for edge in self.edges:
            edge.setVisible(not hides(edge.edge))
        parents = {frame.cluster["id"]: frame.cluster["parent"] for frame in self.frames}
        filled: set[str] = set()
        for node in self.nodes.values():
            frame = node.node["cluster"] if node.isVisible() else ""
            while frame and frame not in filled:
                filled.add(frame)
                frame = parents.get(frame, "")
        for item in self.frames:
            item.setVisible(item.cluster["id"] in filled)

    def find(self, text: str) -> list[str]:
        """Ids of the boxes to be seen whose label, detail or path holds a text, from above to below; the others fade."""
        wanted = text.casefold()
        held = [item for item in self.nodes.values() if item.isVisible() and wanted and wanted in item.words]
        held.sort(key=lambda item: (round(item.box.top()), item.box.left()))
        found = [item.node["id"] for item in held]
        self._found = set(found) if wanted else None
        self._fade()
        return found

    def neighbours(self, node_id: str) -> set[str]:
        """Ids of the boxes with an arrow to or from a box, itself among them."""
        found = {node_id}
        for edge in self.edges:
            if node_id in (edge.edge["source"], edge.edge["target"]):
                found |= {edge.edge["source"], edge.edge["target"]}
        return found

    def highlight(self, node_id: str) -> None:
        """Fade everything but a box and its neighbours; an empty id shows all again."""
        if node_id == self._highlighted:
            return
        self._highlighted = node_id
        self._fade()

    def _fade(self) -> None:
        """Show what is pointed at with its neighbours, else what was found, else all."""
        node_id, found = self._highlighted, self._found
        kept = self.neighbours(node_id) if node_id else set(self.nodes) if found is None else found
        for name, node in self.nodes.items():
            node.setOpacity(1.0 if name in kept or (found is None and not self.edges) else FADED)
            node.mark(hovered=name == node_id)
        for edge in self.edges:
            touched = bool(node_id) and node_id in (edge.edge["source"], edge.edge["target"])
            edge.setOpacity(1.0 if touched or (not node_id and found is None) else FADED)
            edge.focus(touched)


def _around(words: str, middle: QPointF) -> QRectF:
    """The area of a line of words the foot of which is at `middle`."""
    width = QFontMetricsF(label_font(MESSAGE_SIZE, False)).horizontalAdvance(words)
    return QRectF(middle.x() - width / 2 - 2, middle.y() - 11, width + 4, 13.5)


@lru_cache(maxsize=16)
def _mark_renderer(mark: str, color: str) -> QSvgRenderer:
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14"><path d="{MARK_PATHS[mark]}" fill="none" '
    return QSvgRenderer(QByteArray(f'{source} stroke="{color}" stroke-width="1.6" stroke-linecap="round"/></svg>'.encode()))


def _mark_sign(painter: QPainter, centre: QPointF, mark: str, theme: Theme) -> None:
    """The sign of a mark in a disc."""
    color = theme.diagram["marks"][mark]
    painter.setPen(QPen(QColor(color), 1.4))
    painter.setBrush(QColor(theme.diagram["background"]))
    painter.drawEllipse(centre, 7, 7)
    _mark_renderer(mark, color).render(painter, QRectF(centre.x() - 7, centre.y() - 7, 14, 14))


def _shapes(route: RouteReply, width: float, headed: bool) -> tuple[QPainterPath, QPainterPath]:
    """The curve and the triangle at its tip, where it is `headed`; the curve ends where the triangle begins."""
    points = [QPointF(*point) for point in route["points"]]
    curve, head = QPainterPath(), QPainterPath()
    if not points:
        return curve, head
    tip = QPointF(*route["tip"])
    if not headed:
        points[-1] = tip
        curve.moveTo(points[0])
        for at in range(1, len(points) - 2, 3):
            curve.cubicTo(points[at], points[at + 1], points[at + 2])
        return curve, head
    before = next((point for point in reversed(points) if _length(tip - point) > 1.0), points[0] - QPointF(0, 1))
    along = (tip - before) / (_length(tip - before) or 1.0)
    base = tip - along * (ARROW_LENGTH + width / 3)
    if _length(tip - points[-1]) < ARROW_LENGTH:
        points[-1] = base
    curve.moveTo(points[0])
    for at in range(1, len(points) - 2, 3):
        curve.cubicTo(points[at], points[at + 1], points[at + 2])
    across = QPointF(-along.y(), along.x()) * (ARROW_WIDTH / 2 + width / 3)
    head.moveTo(tip)
    head.lineTo(base + across)
    head.lineTo(base - across)
    head.closeSubpath()
    return curve, head


def _length(vector: QPointF) -> float:
    return math.hypot(vector.x(), vector.y())


def _node_tip(node: DiagramNodeReply) -> str:
    lines = [node["label"]]
    if node["detail"]:
        lines.append(node["detail"])
    if node["weight"]:
        lines.append(figures.plural(node["weight"], "line"))
    if node["place"] is not None:
        lines.append(f"{node['place']['path']}:{node['place']['start_line']}")
    if node["mark"]:
        lines.append(MARK_NAMES[node["mark"]])
    if node["scope"]:
        lines.append("Double-click to look inside")
    return "\n".join(lines)


def edge_tip(edge: DiagramEdgeReply, labels: Mapping[str, str]) -> str:
    """What an arrow says, how often, how surely, and where."""
    counted = f" × {figures.grouped(edge['count'])}" if edge["count"] > 1 else ""
    source, target = labels.get(edge["source"], edge["source"]), labels.get(edge["target"], edge["target"])
    sure = _CONFIDENCE.get(edge["confidence"], edge["confidence"])
    lines = [f"{source} → {target}", f"{edge['label'] or edge['kind']}{counted}, {sure}"]
    if edge["kind"] == Tie.SHARES:
        lines = [f"{source} ↔ {target}", f"{figures.size(edge['count'])} of the same logic in both"]
    if edge["mark"]:
        lines.append(MARK_NAMES[edge["mark"]])
    lines += [f"{place['path']}:{place['start_line']}" for place in edge["places"][:5]]
    return "\n".join(lines)
