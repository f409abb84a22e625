"""A process that turns an SVG into a PNG or PDF: the same picture, painted by Qt without a screen.

Run as a module by `desktop.drawing.export` with the ending of the target and the scale; SVG on standard input, the file on
standard output.
"""

from __future__ import annotations

import os
import sys

_LARGEST_SIDE = 16_000
"""Pixels; a picture beyond is scaled down, since no viewer would show it."""


def png(svg: bytes, scale: float) -> bytes:
    """The picture in pixels, `scale` to a point."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(svg))
    size = renderer.defaultSize()
    scale = min(scale, _LARGEST_SIDE / max(1, size.width(), size.height()))
    image = QImage(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)), QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(72 * scale / 0.0254))
    image.setDotsPerMeterY(round(72 * scale / 0.0254))
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def pdf(svg: bytes) -> bytes:
    """One page, as large as the picture."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
    from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(svg))
    size = renderer.defaultSize()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("Codestrata")
    writer.setResolution(288)
    page = QPageSize(QSizeF(size.width(), size.height()), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    renderer.render(painter, QRectF(0, 0, writer.width(), writer.height()))
    painter.end()
    return bytes(buffer.data().data())


def main() -> int:
    """Convert standard input."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication(sys.argv[:1])
    ending, scale = sys.argv[1], float(sys.argv[2])
    svg = sys.stdin.buffer.read()
    sys.stdout.buffer.write(png(svg, scale) if ending == "png" else pdf(svg))
    sys.stdout.buffer.flush()
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
