"""A pane that can be taken elsewhere: a dock with a slim title, by which it is dragged, and the lines between docks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QProxyStyle,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QWidget,
)

from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.labels import ElidedLabel
from desktop.qt.words import tr

BETWEEN = 5
"""Pixels between two panes: a thin line, and what makes it easy to get hold of."""
FRAME = 4
"""Pixels around a pane in a window of its own, by which it is made larger."""
_ICON = 14


class PaneTitle(QFrame):
    """The name of a pane, and what can be done with it. The mouse elsewhere on it is left to the dock, which it drags."""

    def __init__(self, dock: PaneDock, title: str, themes: ThemeManager) -> None:
        super().__init__()
        set_role(self, "pane-title")
        self.menu_button = tool_button(
            themes,
            "more",
            tr("Arrange the pane “{name}”", name=title),
            lambda: dock.menu_asked.emit(self._below_menu_button()),
            size=_ICON,
        )
        self.float_button = tool_button(
            themes, "external", tr("“{name}” in a window of its own", name=title), dock.float_asked.emit, size=_ICON
        )
        self.close_button = tool_button(
            themes, "close", tr("Close the pane “{name}”", name=title), dock.close_asked.emit, size=_ICON
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 6, 0)
        row.setSpacing(2)
        row.addWidget(ElidedLabel(title, "label", Qt.TextElideMode.ElideRight), 1)
        for button in (self.menu_button, self.float_button, self.close_button):
            set_role(button, "pane")
            row.addWidget(button)

    def _below_menu_button(self) -> QPoint:
        return self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft())


class PaneDock(QDockWidget):
    """Holds one pane. It asks to be closed or floated, since not every pane may go."""

    close_asked = Signal()
    float_asked = Signal()
    menu_asked = Signal(QPoint)
    """Somebody wants to see, at a point of the screen, what can be done with the pane."""

    def __init__(self, name: str, title: str, pane: QWidget, themes: ThemeManager, style: DockStyle) -> None:
        """`name` stays the same from one start to the next; `title` is for people."""
        super().__init__(title)
        self.setStyle(style)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.title = PaneTitle(self, title, themes)
        themes.dress(self.title)
        self.setTitleBarWidget(self.title)
        self.setWidget(pane)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A window of its own has an edge, since the title stands in for the frame of the system."""
        super().paintEvent(event)
        if self.isFloating():
            painter = QPainter(self)
            painter.setPen(self.palette().color(QPalette.ColorRole.Dark))
            painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class DockStyle(QProxyStyle):
    """Draws what is between docks as a thin line, which lights up where it can be dragged, and says how wide a frame is."""

    def __init__(self, around: QMainWindow) -> None:
        super().__init__("Fusion")
        self.setParent(around)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_DockWidgetSeparatorExtent:
            return BETWEEN
        if metric == QStyle.PixelMetric.PM_DockWidgetFrameWidth:
            return FRAME
        return super().pixelMetric(metric, option, widget)

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element != QStyle.PrimitiveElement.PE_IndicatorDockWidgetResizeHandle:
            super().drawPrimitive(element, option, painter, widget)
            return
        colors, rect = option.palette, option.rect
        pointed_at = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, colors.color(QPalette.ColorRole.Base))
        if rect.width() < rect.height():
            line = rect.adjusted(BETWEEN // 2, 0, -(BETWEEN // 2), 0)
        else:
            line = rect.adjusted(0, BETWEEN // 2, 0, -(BETWEEN // 2))
        painter.fillRect(line, colors.color(QPalette.ColorRole.Accent if pointed_at else QPalette.ColorRole.Mid))
