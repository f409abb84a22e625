"""The arrows of a diagram: curves with a head, as certain as they look, and what they say."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.model.diagram import Tie
from desktop.drawing.badges import MARK_NAMES
from desktop.drawing.sequence import MESSAGE_SIZE, message
from desktop.drawing.strokes import is_directed, width_of
from desktop.qt import figures
from desktop.qt.diagram_replies import DiagramEdgeReply, RouteReply
from desktop.qt.theme import Theme
from desktop.qt.views.diagram_painting import READABLE_PIXELS, label_font, paint_mark, scale_of

LEAST_DASH = 4.0
"""Pixels of a dash and its gap below which a line looks whole, and is painted so."""
ARROW_LENGTH, ARROW_WIDTH = 7.0, 6.0
_DASHES = {"inferred": (6.0, 4.0), "name": (1.5, 3.5)}
_CONFIDENCE = {"exact": "certain", "inferred": "inferred from evidence", "name": "guessed from the name alone"}


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
    ) -> None:
        super().__init__()
        self.edge = edge
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

    def boundingRect(self) -> QRectF:
        return self._area

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(9)
        return stroker.createStroke(self._path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        color = self._focus if self._focused else self._color
        scale = scale_of(painter)
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
            paint_mark(painter, self._path.pointAtPercent(0.5), self.edge["mark"], self._theme)
        if self._words and scale * MESSAGE_SIZE >= READABLE_PIXELS:
            self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        """What the arrow is called, on the background where lifelines cross it."""
        ground = QColor(self._theme.diagram["background"])
        ground.setAlphaF(0.85)
        painter.fillRect(self._words_area, ground)
        painter.setFont(label_font(MESSAGE_SIZE, False))
        painter.setPen(self._focus if self._focused else QColor(self._theme.diagram["label"]))
        painter.drawText(self._words_area, Qt.AlignmentFlag.AlignCenter, self._words)


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


def _around(words: str, middle: QPointF) -> QRectF:
    """The area of a line of words the foot of which is at `middle`."""
    width = QFontMetricsF(label_font(MESSAGE_SIZE, False)).horizontalAdvance(words)
    return QRectF(middle.x() - width / 2 - 2, middle.y() - 11, width + 4, 13.5)


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
