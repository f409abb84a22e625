"""What is left of a codebase after each step of folding: a row a step, its bar as long as what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.qt import figures
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.rows import WIDEST
from desktop.qt.words import tr

ROW = 20
_BAR = 8
_SMALLEST = 2
_LABEL, _SIZE, _GONE = 148, 64, 76


@dataclass(frozen=True, slots=True)
class Step:
    """What is left after a step, in bytes."""

    name: str
    left: int
    tip: str = ""


class Funnel(QWidget):
    """Steps from the whole to what is left; each row tells what the step took away."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._resize)

    @property
    def steps(self) -> Sequence[Step]:
        return self._steps

    def show_steps(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        told = ", ".join(f"{step.name} {figures.size(step.left)}" for step in steps)
        self.setAccessibleName(tr("What is left of the code: {steps}", steps=told))
        self.setToolTip("\n".join(f"{step.name}: {figures.size(step.left)}. {step.tip}" for step in steps))
        self.updateGeometry()
        self.update()

    def _resize(self) -> None:
        """The size of text may be another."""
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, self._themes.pixels(ROW) * len(self._steps))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._themes.theme
        whole = max((step.left for step in self._steps), default=1) or 1
        height = self._themes.pixels(ROW)
        name_width, size_width, gone_width = (self._themes.pixels(width) for width in (_LABEL, _SIZE, _GONE))
        tight = self.width() < self._themes.pixels(420)
        room = min(self.width(), self._themes.pixels(WIDEST)) - name_width - size_width - (0 if tight else gone_width) - 8
        before: int | None = None
        font = self.font()
        font.setPixelSize(self._themes.pixels(12))
        painter.setFont(font)
        for row, step in enumerate(self._steps):
            top, middle = row * height, Qt.AlignmentFlag.AlignVCenter
            painter.setPen(theme.color("text"))
            name = painter.fontMetrics().elidedText(step.name, Qt.TextElideMode.ElideRight, name_width - 8)
            painter.drawText(QRect(0, top, name_width, height), middle, name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_sunken"))
            bar = QRectF(name_width, top + (height - _BAR) / 2, room, _BAR)
            painter.drawRoundedRect(bar, 4, 4)
            painter.setBrush(theme.color("accent"))
            bar.setWidth(max(_SMALLEST, room * step.left / whole) if step.left else 0)
            painter.drawRoundedRect(bar, 4, 4)
            painter.setPen(theme.color("text"))
            at = name_width + room + 8
            right = Qt.AlignmentFlag.AlignRight | middle
            painter.drawText(QRect(at, top, size_width, height), right, figures.size(step.left))
            if before is not None and before > step.left and not tight:
                painter.setPen(theme.color("text_muted"))
                gone = QRect(at + size_width, top, gone_width - 8, height)
                painter.drawText(gone, right, f"− {figures.size(before - step.left)}")
            before = step.left
