"""Parts of a window that are painted one a turn of the event loop.

Qt paints all that has changed in one go, which takes a frame and more where the whole window has. What is held here is not
painted, and shows what it showed before, until it is let go.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.qt.slices import PAUSE


class Stillness:
    """What is held; the last is let go first, so that what holds others comes after them."""

    def __init__(self) -> None:
        self._held: list[weakref.ref[QWidget]] = []

    def hold(self, widgets: Iterable[QWidget]) -> None:
        """Paint widgets no more; what is held already, or lies in what is, is left to who holds it."""
        for widget in widgets:
            if widget.updatesEnabled():
                widget.setUpdatesEnabled(False)
                self._held.append(weakref.ref(widget))

    def let_go(self) -> Iterator[object]:
        """The steps that paint what is held, the first in a later turn than what changed it."""
        while self._held:
            yield PAUSE
            _paint(self._held.pop())

    def let_all_go(self) -> None:
        """Paint what is held, all in one go."""
        while self._held:
            _paint(self._held.pop())


def _paint(known: weakref.ref[QWidget]) -> None:
    widget = known()
    if widget is not None and isValid(widget):
        widget.setUpdatesEnabled(True)
