"""Lines of a text: which one a byte is in, where one begins."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from core.model.source import Span


class Lines:
    """The lines of `text`, from 1; only a line feed ends one, and a last line without text is none."""

    def __init__(self, text: bytes) -> None:
        self.starts = list(accumulate((len(line) + 1 for line in text.split(b"\n")), initial=0))
        self.starts.pop()
        self._size = len(text)

    def of(self, byte: int) -> int:
        """The line that `byte` is in."""
        return bisect_right(self.starts, byte)

    def start(self, line: int) -> int:
        """The first byte of `line`; the size of the text for a line behind the last."""
        return self.starts[line - 1] if line <= len(self.starts) else self._size

    def span(self, start: int, end: int) -> Span:
        """The span of the bytes `[start, end)`."""
        return Span(start, end, self.of(start), self.of(max(start, end - 1)))
