"""The shadow of what lies over a window.

Qt's effect for it blurs all of a widget anew whenever any of it is painted, at each blink of its caret too: ten milliseconds
for the picker, and four times as many at 200 %. This one is a widget below, painted where it is seen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

SPREAD, DOWN, RADIUS = 28, 8, 10
"""How far it goes beyond the widget, how much lower it lies, and how round it begins, in pixels."""
_STEP, _ALPHA = 2, 3
"""It is laid on by layers, each so much larger than the next, which together are dark at the widget's edge."""


class Shadow(QWidget):
    """Lies below a widget of the same parent, and comes, moves and goes with it."""

    def __init__(self, of: QWidget) -> None:
        super().__init__(of.parentWidget())
        self._of = of
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        of.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = QEvent.Type
        if event.type() in (kinds.Move, kinds.Resize, kinds.Show, kinds.ZOrderChange):
            self.setGeometry(self._of.geometry().adjusted(-SPREAD, -SPREAD, SPREAD, SPREAD + DOWN))
            self.stackUnder(self._of)
            self.setVisible(not self._of.isHidden())
        elif event.type() == kinds.Hide:
            self.hide()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        covered = self._of.rect().translated(QPoint(SPREAD, SPREAD)).adjusted(RADIUS, RADIUS, -RADIUS, -RADIUS)
        painter.setClipRegion(QRegion(event.rect()) - QRegion(covered))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, _ALPHA))
        core = self._of.rect().translated(QPoint(SPREAD, SPREAD + DOWN))
        for grown in range(0, SPREAD, _STEP):
            painter.drawRoundedRect(core.adjusted(-grown, -grown, grown, grown), RADIUS + grown, RADIUS + grown)
