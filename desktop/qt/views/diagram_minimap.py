"""A small picture of the whole diagram in a corner of its surface, with a frame around what is seen; it moves the view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.qt.theme import ThemeManager
from desktop.qt.words import tr

SHARE, NARROWEST, WIDEST = 0.13, 140, 340
"""The width as a share of the surface's, and its bounds in pixels."""
_TALLEST = 0.73
"""Of the width."""
_EDGE = 12
_UNSEEN = 0.02
"""Of the length of the diagram: what may be out of view on a side though all counts as seen."""
_LEAST_BOX = 1.5
"""Pixels below which a box would vanish."""


class Minimap(QWidget):
    """Lies over the lower right corner of the widget it is made in."""

    asked = Signal(QPointF)
    """The point of the diagram somebody wants to see in the middle."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._content = QRectF()
        self._boxes: list[tuple[QRectF, QColor]] = []
        self._seen = QRectF()
        self._drawn: QPixmap | None = None
        self.setAccessibleName(tr("Overview of the diagram"))
        self.setToolTip(tr("What is seen of the diagram; click or drag to go elsewhere"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_boxes(self, content: QRectF, boxes: list[tuple[QRectF, QColor]]) -> None:
        """Another diagram, or other boxes of it: the area it takes, and the boxes with their colours."""
        self._content, self._boxes, self._drawn = content, boxes, None
        self.update()

    def show_view(self, seen: QRectF) -> None:
        """Tell what is seen; where that is all, there is no need of the picture."""
        self._seen = seen
        margin = _UNSEEN * max(self._content.width(), self._content.height())
        whole = self._content.isEmpty() or seen.adjusted(-margin, -margin, margin, margin).contains(self._content)
        self.setVisible(not whole)
        if not whole:
            self.place()
            self.update()

    def place(self) -> None:
        """Stand in the corner, in the shape of the diagram."""
        parent = self.parentWidget()
        if parent is None or self._content.isEmpty():
            return
        width = max(NARROWEST, min(WIDEST, round(parent.width() * SHARE)))
        room = QSizeF(width, width * _TALLEST)
        size = self._content.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).toSize()
        size = size.expandedTo(QSize(24, 24))
        if size != self.size():
            self._drawn = None
            self.resize(size)
        self.move(parent.width() - size.width() - _EDGE, parent.height() - size.height() - _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw()
        theme = self._themes.theme
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        scale = self.width() / max(1.0, self._content.width())
        corner = self._content.topLeft()
        seen = QRectF((self._seen.topLeft() - corner) * scale, self._seen.size() * scale)
        seen = seen.intersected(QRectF(self.rect())).adjusted(1, 1, -1, -1)
        focus = QColor(theme.diagram["focus"])
        painter.setPen(QPen(focus, 1.5))
        focus.setAlphaF(0.10)
        painter.setBrush(focus)
        painter.drawRect(seen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event)

    def _ask(self, event: QMouseEvent) -> None:
        scale = self.width() / max(1.0, self._content.width())
        self.asked.emit(self._content.topLeft() + event.position() / scale)
        event.accept()

    def _draw(self) -> QPixmap:
        theme = self._themes.theme
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        ground = QColor(theme.diagram["background"])
        picture.fill(ground)
        painter = QPainter(picture)
        scale = self.width() / max(1.0, self._content.width())
        for box, color in self._boxes:
            place = QRectF((box.topLeft() - self._content.topLeft()) * scale, box.size() * scale)
            place.setWidth(max(place.width(), _LEAST_BOX))
            place.setHeight(max(place.height(), _LEAST_BOX))
            painter.fillRect(place, color)
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        return picture
