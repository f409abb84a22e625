"""Icons: our own small SVGs in `resources/icons`, drawn in the colour of the theme."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import read_text

SIZES = (16, 20, 24, 32, 40, 48, 64)
"""In pixels; Qt picks the next larger one, so 16 at 200 % is the 32."""


@cache
def _untinted(name: str) -> str:
    """The SVG as it lies there; most icons are wanted in several colours."""
    return read_text("icons", f"{name}.svg")


def icon_source(name: str, color: str) -> bytes:
    """The SVG of an icon with its strokes in `color`."""
    return _untinted(name).replace("currentColor", color).encode()


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(icon_source(name, color)))


def _draw(renderer: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def icon_pixmap(name: str, color: str, pixels: int) -> QPixmap:
    """A square picture of an icon, `pixels` wide."""
    return _draw(_renderer(name, color), pixels)


class IconMaker:
    """Icons of one theme, each drawn once."""

    def __init__(self) -> None:
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def icon(self, name: str, color: str, disabled_color: str) -> QIcon:
        key = (name, color)
        if key not in self._icons:
            icon = QIcon()
            for mode, tint in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled_color)):
                renderer = _renderer(name, tint)  # reading an SVG takes longer than drawing it
                for size in SIZES:
                    icon.addPixmap(_draw(renderer, size), mode)
            self._icons[key] = icon
        return self._icons[key]

    def file(self, name: str, color: str) -> str:
        """A file with the tinted SVG: a stylesheet can only name files."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="codestrata-icons-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / f"{name}-{color.lstrip('#')}.svg"
        path.write_bytes(icon_source(name, color))
        return path.as_posix()
