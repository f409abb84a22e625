"""The boxes of a diagram. Seen from afar, a box shows its label alone, as large as the box allows, and nothing once that is
too small to read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.model.diagram import DiagramNode, Mark
from desktop.drawing.badges import BADGE_LETTERS, BADGE_PATHS, MARK_NAMES
from desktop.drawing.boxes import (
    BADGE,
    BADGE_GAP,
    DETAIL_LINE,
    DETAIL_SIZE,
    LABEL_LINE,
    LABEL_SIZE,
    PADDING,
    RADIUS,
    BoxText,
    box_text,
)
from desktop.qt import figures
from desktop.qt.diagram_replies import DiagramNodeReply
from desktop.qt.theme import Theme
from desktop.qt.views.diagram_painting import (
    FAR_PIXELS,
    READABLE_PIXELS,
    badge,
    label_font,
    paint_line,
    paint_mark,
    scale_of,
)

FEWEST_LETTERS = 6
"""A label that must be shortened further than this says nothing."""
TILE_LABEL, TILE_DETAIL = 11.5, 10.5
LEAST_TILE = 7.0
"""Pixels below which a tile is but its colour: its edge and its corners would cost more than they show."""
_QUIET = ("bundle", "context")


class Line(NamedTuple):
    """A line of words in a box: its size, whether it is the label, and its area in the box."""

    words: str
    size: float
    bold: bool
    area: QRectF


class FarLabel(NamedTuple):
    """A label that is written alone, in the middle of its area."""

    font: QFont
    area: QRectF
    words: str


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
        self._fill = QColor(tile or self._look["fill"])
        self._bounds = self._box.adjusted(-3, -3, 3, 3)
        self._hovered = False
        self._marked = False
        self._open = False
        self._far: tuple[float, FarLabel | None] = (0.0, None)
        """The scale it was last painted at from afar, and what was written."""
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

    @cached_property
    def _text(self) -> BoxText:
        """How it is written: breaking lines takes a while, and tiles and what is seen from afar need none of it."""
        node = self.node
        return box_text(DiagramNode(node["id"], node["label"], node["detail"], node["kind"], None))

    def mark(self, *, hovered: bool | None = None, marked: bool | None = None, is_open: bool | None = None) -> None:
        """Paint as pointed at, as the one the keyboard is on, or as the one the open code lies in."""
        self._open = self._open if is_open is None else is_open
        self._hovered = self._hovered if hovered is None else hovered
        self._marked = self._marked if marked is None else marked

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._box)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = scale_of(painter)
        if self._tile and min(self._box.width(), self._box.height()) * scale < LEAST_TILE and not self._is_pointed_at:
            painter.fillRect(self._box, self._fill)
            return
        pen = self._pen()
        pen.setCosmetic(scale < 1)
        painter.setPen(pen)
        painter.setBrush(self._fill)
        radius = 3.0 if self._tile else RADIUS
        painter.drawRoundedRect(self._box, radius, radius)
        if scale * LABEL_SIZE < FAR_PIXELS:
            self._paint_from_afar(painter, scale)
        else:
            if not self._tile:
                self._paint_badge(painter)
            self._paint_text(painter, scale)
        if self._open:
            self._paint_open(painter, scale)
        if mark := self.node["mark"]:
            paint_mark(painter, self._box.topRight() + QPointF(-3, 3), mark, self._theme)

    def _paint_open(self, painter: QPainter, scale: float) -> None:
        """A bar at the left edge and a frame, as the lines that are open have in the code; as wide at every scale."""
        focus = QColor(self._theme.diagram["focus"])
        pen = QPen(focus, 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = 3.0 if self._tile else RADIUS
        painter.drawRoundedRect(self._box, radius, radius)
        width = min(max(5.0, 5.0 / scale), self._box.width() / 4)
        painter.fillRect(QRectF(0, radius, width, self._box.height() - 2 * radius), focus)

    @property
    def _is_pointed_at(self) -> bool:
        return self._hovered or self._marked

    def _pen(self) -> QPen:
        if self._is_pointed_at:
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
            badge(BADGE_PATHS.get(self._kind, BADGE_PATHS["file"]), self._look["badge"]).render(painter, square)
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
        top = (self._box.height() - self._text.text_height) / 2
        details = (
            Line(line, DETAIL_SIZE, False, QRectF(left, top + LABEL_LINE + number * DETAIL_LINE, room, DETAIL_LINE))
            for number, line in enumerate(self._text.details)
        )
        return [Line(self._text.label, LABEL_SIZE, True, QRectF(left, top, room, LABEL_LINE)), *details]

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
                paint_line(painter, line.area, line.words, label_font(line.size, line.bold), color)

    def _paint_from_afar(self, painter: QPainter, scale: float) -> None:
        if self._far[0] != scale:
            self._far = scale, self._far_label(scale)
        label = self._far[1]
        if label is not None:
            painter.setFont(label.font)
            painter.setPen(QColor(self._theme.diagram["label"]))
            painter.drawText(label.area, Qt.AlignmentFlag.AlignCenter, label.words)

    def _far_label(self, scale: float) -> FarLabel | None:
        """The label alone, as large as there is room for it; None where it would be too small to read."""
        height, room = self._box.height(), self._box.adjusted(self._box.width() * 0.05, 0, -self._box.width() * 0.05, 0)
        least = READABLE_PIXELS / scale
        if height < least * 1.1 or room.width() < 2.5 * least:
            return None  # before anything is measured: most tiles of a large map are so small
        wide = QFontMetricsF(label_font(100, True)).horizontalAdvance(self.node["label"]) / 100
        size = max(least, min(FAR_PIXELS / scale, height * 0.55, room.width() / max(wide, 0.1)))
        if height < size * 1.1 or room.width() < 2.5 * size:
            return None
        font = label_font(math.floor(size), True)
        shown = QFontMetricsF(font).elidedText(self.node["label"], Qt.TextElideMode.ElideMiddle, room.width())
        if len(shown) < min(FEWEST_LETTERS, len(self.node["label"])):
            return None
        return FarLabel(font, room, shown)


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
