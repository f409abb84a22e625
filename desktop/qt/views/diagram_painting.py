"""What boxes, frames and arrows of a diagram are painted with: fonts, lines of text, signs, and from which size on they are
worth painting.

Coordinates are the layout's points. Sizes and the breaking of lines are those of `desktop.drawing.boxes`, which the layout
was made with, so a picture in the window and an exported one look alike.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from desktop.drawing.badges import MARK_PATHS
from desktop.qt.theme import Theme, ui_font

READABLE_PIXELS = 6.0
"""Text that would be smaller on the screen is left out."""
FAR_PIXELS = 9.0
"""Where labels would be smaller than this, they are written alone and as large as this, if there is room."""
FADED = 0.16
"""The opacity of what is not pointed at or found."""


def scale_of(painter: QPainter) -> float:
    """Pixels a point of the scene, which is never turned."""
    return painter.worldTransform().m11()


@lru_cache(maxsize=128)
def label_font(size: float, bold: bool = True) -> QFont:
    """A font that keeps its proportions at every scale."""
    font = ui_font(13, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setPixelSize(max(1, round(size)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=64)
def badge(path: str, color: str) -> QSvgRenderer:
    """The sign of a kind, in a colour."""
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="{path}" fill="none" stroke="{color}" '
    return QSvgRenderer(
        QByteArray(f'{source} stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/></svg>'.encode())
    )


def paint_line(painter: QPainter, place: QRectF, text: str, font: QFont, color: QColor) -> None:
    """One line of text; with a narrower font than the layout's it fits, with a wider one its end is shortened."""
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 0.5)
    painter.drawText(
        place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip), shown
    )


@lru_cache(maxsize=16)
def _mark_renderer(mark: str, color: str) -> QSvgRenderer:
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14"><path d="{MARK_PATHS[mark]}" fill="none" '
    return QSvgRenderer(QByteArray(f'{source} stroke="{color}" stroke-width="1.6" stroke-linecap="round"/></svg>'.encode()))


def paint_mark(painter: QPainter, centre: QPointF, mark: str, theme: Theme) -> None:
    """The sign of a mark in a disc."""
    color = theme.diagram["marks"][mark]
    painter.setPen(QPen(QColor(color), 1.4))
    painter.setBrush(QColor(theme.diagram["background"]))
    painter.drawEllipse(centre, 7, 7)
    _mark_renderer(mark, color).render(painter, QRectF(centre.x() - 7, centre.y() - 7, 14, 14))
