"""Long work of the UI thread by slices, one a turn of the event loop, so that nothing else has to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal

SLICE_SECONDS = 0.008
"""How long a slice may take on the clock; a step that has begun is finished."""
PAUSE = object()
"""What a step yields that ends its slice: what it leaves behind takes its time too, as a painting does."""


class Slices(QObject):
    """Runs the steps of one piece of work at a time; what is short is done before `run` returns."""

    sliced = Signal()
    """A slice was worked, also the last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        self._done: Callable[[], object] = lambda: None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def running(self) -> bool:
        return self._steps is not None

    def run(self, steps: Iterable[object], done: Callable[[], object] = lambda: None, *, first: float | None = None) -> None:
        """Work through `steps`, then call `done`; what was under way is given up. The first slice is worked at once, in
        `first` seconds where something else has to be done in the same turn."""
        self.stop()
        self._steps, self._done = iter(steps), done
        self._timer.start()
        self._go_on(first)

    def stop(self) -> None:
        """Give up what is under way."""
        self._timer.stop()
        self._steps = None

    def _go_on(self, seconds: float | None = None) -> None:
        steps, until = self._steps, time.perf_counter() + (SLICE_SECONDS if seconds is None else seconds)
        while steps is not None and self._steps is steps:
            try:
                told = next(steps)
            except StopIteration:
                self.stop()
                self.sliced.emit()
                self._done()
                return
            except BaseException:
                self.stop()
                raise
            if told is PAUSE or time.perf_counter() >= until:
                self.sliced.emit()
                return
