"""Lines of a text: which one a byte is in, where one begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import partial

import numpy as np

from core.model.source import Span
from indexing.languages.records import new_span

_LINE_FEED = 0x0A


class Lines:
    """The lines of `text`, from 1; only a line feed ends one, and a last line without text is none."""

    def __init__(self, text: bytes) -> None:
        self.starts = [0, *(np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE_FEED) + 1).tolist()]
        self._size = len(text)
        self.of: Callable[[int], int] = partial(bisect_right, self.starts)
        """The line that a byte is in."""

    def start(self, line: int) -> int:
        """The first byte of `line`; the size of the text for a line behind the last."""
        return self.starts[line - 1] if line <= len(self.starts) else self._size

    def span(self, start: int, end: int) -> Span:
        """The span of the bytes `[start, end)`."""
        return new_span(start, end, self.of(start), self.of(end - 1 if end > start else start))
