"""Text: labels with a role in the stylesheet, and labels that shorten what does not fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop.qt.stylesheet import set_role


def label(text: str, role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """Plain text; nothing of a repository is ever read as markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    set_role(made, role)
    return made


def rule() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    set_role(line, "rule")
    return line


class ElidedLabel(QLabel):
    """One line, shortened with an ellipsis where it does not fit; the whole text is then its tooltip."""

    def __init__(self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._full = ""
        self._tip = ""
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self, role)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full = text
        super().setText(text)
        self.setAccessibleName(text)

    def setToolTip(self, tip: str) -> None:
        """A tooltip of its own instead of the whole text."""
        self._tip = tip
        super().setToolTip(tip)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rectangle = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._full, self._mode, rectangle.width())
        tip = self._tip or (self._full if shown != self._full else "")
        if tip != self.toolTip():
            super().setToolTip(tip)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(rectangle, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
