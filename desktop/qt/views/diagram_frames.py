"""What stands around and below the boxes of a diagram: frames, and the lifelines of a sequence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.drawing.boxes import CLUSTER_LABEL_HEIGHT, CLUSTER_LABEL_SIZE, CLUSTER_MARGIN
from desktop.qt.diagram_replies import DiagramClusterReply
from desktop.qt.theme import Theme
from desktop.qt.views.diagram_painting import FAR_PIXELS, READABLE_PIXELS, label_font, paint_line, scale_of

LARGEST_CLUSTER_LABEL = 30.0


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
        self._fill = QColor(self._look["fill"])
        self._bounds = box.adjusted(-1, -CLUSTER_MARGIN - 8, 1, 1)
        self.setZValue(depth - 100)
        self.setToolTip(cluster["label"])
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._pen)
        painter.setBrush(self._fill)
        painter.drawRoundedRect(self._box, 10, 10)
        scale = scale_of(painter)
        size = self.label_size(scale)
        if (place := self.label_area(scale)) is not None:
            paint_line(painter, place, self.cluster["label"], label_font(size, True), QColor(self._look["label"]))

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
