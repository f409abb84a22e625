"""What keys do, and the keys as caps, painted: a page of shortcuts would else be hundreds of frames and labels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.qt.theme import ThemeManager, ui_font

ROW = 26
_SIZE = 12
_PADDING, _GAP, _RADIUS = 8, 6, 4


class KeyCaps(QWidget):
    """The title of a command at the left, its keys at the right, one cap a shortcut."""

    def __init__(self, title: str, keys: Sequence[str], themes: ThemeManager) -> None:
        super().__init__()
        self._title = title
        self._keys = tuple(keys)
        self._themes = themes
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join((title, *keys)))

    @property
    def _font(self) -> QFont:
        return _font_of(self._themes.pixels(_SIZE))

    def sizeHint(self) -> QSize:
        metrics = _metrics_of(self._themes.pixels(_SIZE))
        height = max(self._themes.pixels(ROW), metrics.height() + 6)
        return QSize(self.fontMetrics().horizontalAdvance(self._title) + _GAP + self._caps_width(), height)

    def _caps_width(self) -> int:
        metrics = _metrics_of(self._themes.pixels(_SIZE))
        widths = [metrics.horizontalAdvance(key) + 2 * _PADDING for key in self._keys]
        return sum(widths) + _GAP * max(0, len(widths) - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._themes.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(self._font)
        left, high = float(self.width() - self._caps_width()), painter.fontMetrics().height() + 6
        for key in self._keys:
            width = painter.fontMetrics().horizontalAdvance(key) + 2 * _PADDING
            cap = QRectF(left, (self.height() - high) / 2, width, high).adjusted(0.5, 1.5, -0.5, -1.5)
            painter.setPen(theme.color("border_strong"))
            painter.setBrush(theme.color("surface_sunken"))
            painter.drawRoundedRect(cap, _RADIUS, _RADIUS)
            painter.setPen(theme.color("text_muted"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            left += width + _GAP


@cache
def _font_of(pixels: int) -> QFont:
    """The font of all caps: a page of shortcuts asks for it a hundred times."""
    return ui_font(pixels)


@cache
def _metrics_of(pixels: int) -> QFontMetrics:
    return QFontMetrics(_font_of(pixels))
