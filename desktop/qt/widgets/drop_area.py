"""The area that things are dropped on, and the cover over an open project that says what a drop would do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.labels import label


class DropFrame(QFrame):
    """A rounded, dashed frame that lights up while something is dragged over it."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._state = ""
        themes.changed.connect(self.update)

    def set_state(self, state: str) -> None:
        """`""` at rest, `"welcome"` or `"refused"` while something is dragged."""
        self._state = state
        self.update()

    @property
    def state(self) -> str:
        return self._state

    def paintEvent(self, event: QPaintEvent) -> None:
        names = {
            "welcome": ("accent_soft", "accent"),
            "refused": ("error_soft", "error"),
        }
        fill, line = names.get(self._state, ("surface", "border_strong"))
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color(fill))
        pen = QPen(QColor(theme.color(line)), 2 if self._state else 1.5)
        pen.setDashPattern([5, 4])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 14, 14)


class DropOverlay(DropFrame):
    """Covers the open project while something is dragged over it."""

    def __init__(self, themes: ThemeManager, window: QWidget) -> None:
        super().__init__(themes, window)
        self._window = window
        self.words = label("", "title", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(64, 64, 64, 64)
        column.addWidget(self.words)
        self.hide()

    def say(self, welcome: bool, words: str) -> None:
        """Show what a drop would do."""
        self.set_state("welcome" if welcome else "refused")
        self.words.setText(words)
        self.cover()
        self.show()
        self.raise_()

    def cover(self) -> None:
        """Follow the window's size."""
        self.setGeometry(self._window.rect().adjusted(16, 16, -16, -16))
