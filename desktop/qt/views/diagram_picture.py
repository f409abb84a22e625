"""A diagram for other programs: on the clipboard, and dragged out of the window."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QMimeData,
    QObject,
    QPoint,
    QSizeF,
    Qt,
    QTemporaryDir,
    QThreadPool,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDrag, QImage, QImageReader, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

SVG = "image/svg+xml"
_SIZE = re.compile(rb"""<svg[^>]*? width=["']([\d.]+)["'] height=["']([\d.]+)["']""")
"""As our pictures say it in their first line."""
_SCALE = 2.0
_LONGEST = 5000
"""Pixels of the longer side of a picture that is pasted."""


class PicturePainter(QObject):
    """Paints an SVG on another thread: that of a large diagram takes longer than the window may stand still."""

    painted = Signal(str, QImage)
    """The SVG and its pixels."""

    def paint(self, svg: str) -> None:
        """Ends with `painted`."""
        QThreadPool.globalInstance().start(lambda: self._paint(svg))

    def _paint(self, svg: str) -> None:
        image = painted(svg.encode())
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self.painted.emit(svg, image)


def picture_data(svg: str, image: QImage | None = None, file: Path | None = None) -> QMimeData:
    """An SVG for the clipboard or a drag, with its pixels or its file for programs that take no SVG. Plain data, all of it
    there: what a clipboard holds outlives the window, and must not ask Python for anything."""
    data = QMimeData()
    data.setData(SVG, QByteArray(svg.encode()))
    if image is not None:
        data.setImageData(image)
    if file is not None:
        data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


def painted(svg: bytes) -> QImage:
    """An SVG as pixels, two to a point unless it is very large. By the reader of pictures: of what paints an SVG it alone
    lets go of the interpreter, for which the window would wait."""
    stated = _SIZE.search(svg)
    assert stated is not None
    size = QSizeF(float(stated[1]), float(stated[2]))
    buffer = QBuffer()
    buffer.setData(svg)
    reader = QImageReader(buffer, b"svg")
    reader.setScaledSize((size * min(_SCALE, _LONGEST / max(1.0, size.width(), size.height()))).toSize())
    return reader.read()


def drag_out(source: QWidget, svg: str, name: str) -> None:
    """Let the person drop the picture elsewhere, as a file or as a picture; returns when that is done."""
    folder = QTemporaryDir()
    file = Path(folder.path()) / f"{name}.svg"
    file.write_text(svg, encoding="utf-8")
    drag = QDrag(source)
    drag.setMimeData(picture_data(svg, file=file))
    drag.exec(Qt.DropAction.CopyAction)
    # A file manager may still be copying when the drop is told: the folder goes with the window.
    folder.setAutoRemove(False)
    source.destroyed.connect(folder.remove)


class DragButton(QToolButton):
    """A button from which something can also be dragged out. What that is has to be fetched first, so it is asked for with
    the press, and the drag begins when the mouse has moved and it is there."""

    wanted = Signal()
    """The mouse is down: what would be dragged is needed."""

    def __init__(self, begin: Callable[[], bool]) -> None:
        """`begin` starts the drag, and says whether it could."""
        super().__init__()
        self._begin = begin
        self._from: QPoint | None = None
        self._moved = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._from, self._moved = event.position().toPoint(), False
            self.wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        far = (event.position().toPoint() - self._from).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._moved:
            self._moved = True
            self.setDown(False)
        if self._moved:
            self.try_drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        moved, self._from, self._moved = self._moved, None, False
        if moved:
            self.setDown(False)
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def try_drag(self) -> None:
        """Begin where the mouse is dragging and what is dragged is there."""
        if self._moved and self._from is not None and self._begin():
            self._from, self._moved = None, False
