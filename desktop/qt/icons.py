"""Icons: our own small SVGs in `resources/icons`, drawn in the colour of the theme."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import read_text

SIZES = (16, 20, 24, 32, 40, 48, 64)
"""In pixels; Qt picks the next larger one, so 16 at 200 % is the 32."""


def icon_source(name: str, color: str) -> bytes:
    """The SVG of an icon with its strokes in `color`."""
    return read_text("icons", f"{name}.svg").replace("currentColor", color).encode()


def icon_pixmap(name: str, color: str, pixels: int) -> QPixmap:
    """A square picture of an icon, `pixels` wide."""
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(icon_source(name, color))).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


class IconMaker:
    """Icons of one theme, each drawn once."""

    def __init__(self) -> None:
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def icon(self, name: str, color: str, disabled_color: str) -> QIcon:
        key = (name, color)
        if key not in self._icons:
            icon = QIcon()
            for size in SIZES:
                icon.addPixmap(icon_pixmap(name, color, size), QIcon.Mode.Normal)
                icon.addPixmap(icon_pixmap(name, disabled_color, size), QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]

    def file(self, name: str, color: str) -> str:
        """A file with the tinted SVG: a stylesheet can only name files."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="codestrata-icons-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / f"{name}-{color.lstrip('#')}.svg"
        path.write_bytes(icon_source(name, color))
        return path.as_posix()
