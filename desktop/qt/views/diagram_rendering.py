"""How a diagram gets onto the screen: its items are painted into a picture by slices, and the surface shows that picture.

Painting a thousand antialiased, dashed curves takes several frames' time, so it is not done where Qt asks for it. While a
picture comes, the last one is shown where it belongs now, moved and scaled. A picture that has been begun is finished even
though the view has moved on, since otherwise somebody who keeps moving would never see one; then the next is begun. The
price: what is new comes a few frames late, and two pictures of the surface's size are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QStyleOptionGraphicsItem

from desktop.qt.slices import Slices
from desktop.qt.views.diagram_scene import DiagramScene

ITEMS_A_STEP = 4
"""Painted before the clock is looked at."""
FIRST_SECONDS = 0.003
"""How long is painted where Qt asks for it: other parts of the window are painted in the same turn."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a picture shows: which scene in which state, how it lies on the surface, and on how many pixels."""

    scene: DiagramScene
    state: int
    where: QTransform
    size: QSize
    ratio: float
    ground: str


@dataclass(frozen=True, slots=True)
class _Picture:
    seen: _Seen
    pixels: QPixmap


class DiagramRendering:
    """The picture that a surface shows of its scene."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self._shown: _Picture | None = None
        self._coming: _Seen | None = None
        self._slices = Slices(view)
        self._option = QStyleOptionGraphicsItem()

    @property
    def is_coming(self) -> bool:
        """Whether what is shown is not yet how it is now."""
        return self._coming is not None

    def forget(self) -> None:
        """The scene goes: what is painted of it is given up, for its items will not be there any more."""
        self._slices.stop()
        self._coming = None

    def show(self, scene: DiagramScene, painter: QPainter, area: QRect, ground: QColor) -> None:
        """Paint an area of the surface, and see to it that the picture becomes what is to be seen now."""
        view = self._view
        seen = _Seen(
            scene,
            scene.state,
            QTransform(view.viewportTransform()),
            view.viewport().size(),
            view.devicePixelRatioF(),
            ground.name(),
        )
        if self._shown is None or self._shown.seen != seen:
            self._begin(seen)
        painter.fillRect(area, ground)
        if self._shown is None or self._shown.seen.ground != seen.ground:
            return  # a picture in the colours of another theme hurts the eyes
        shown = self._shown.seen
        if shown.scene is scene and shown.where != seen.where:
            painter.setTransform(shown.where.inverted()[0] * seen.where)
        painter.drawPixmap(QPointF(0, 0), self._shown.pixels)

    def _begin(self, seen: _Seen) -> None:
        coming = self._coming
        if coming is None or coming.scene is not seen.scene or coming.state != seen.state or coming.ground != seen.ground:
            self._coming = seen
            self._slices.run(self._paint(seen), self._finish, first=FIRST_SECONDS)

    def _finish(self) -> None:
        self._coming = None
        self._view.viewport().update()

    def _paint(self, seen: _Seen) -> Iterator[None]:
        pixels = QPixmap(seen.size * seen.ratio)
        pixels.setDevicePixelRatio(seen.ratio)
        pixels.fill(QColor(seen.ground))
        painter = QPainter(pixels)
        try:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            area = seen.where.inverted()[0].mapRect(QRectF(QPointF(0, 0), seen.size))
            items = seen.scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect, Qt.SortOrder.AscendingOrder)
            for number, item in enumerate(items, 1):
                self._paint_item(item, painter, seen.where)
                if number % ITEMS_A_STEP == 0:
                    yield
        finally:
            painter.end()
        self._shown = _Picture(seen, pixels)

    def _paint_item(self, item: QGraphicsItem, painter: QPainter, where: QTransform) -> None:
        painter.save()
        place = item.pos()
        painter.setTransform(QTransform(where).translate(place.x(), place.y()))
        painter.setOpacity(item.opacity())
        item.paint(painter, self._option, None)
        painter.restore()
