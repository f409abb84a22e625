"""The codes of all rows of a vector store, over its segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.ports import FloatMatrix, IdVector
from indexing.stores.codes import Codec, Codes, Opened, Opener

_AT_ONCE = 8_192
"""Rows opened at a time."""


class StoredRows:
    """The codes of all rows, over segments."""

    def __init__(self, codec: Codec, segments: Sequence[Codes]) -> None:
        self.codec = codec
        self._segments = segments
        self._starts = np.cumsum([0, *(len(codes) for codes in segments)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def codes(self, rows: IdVector) -> Codes:
        """The codes of `rows`, in their order."""
        codes = np.empty((len(rows), self.codec.width), np.uint8)
        segments = np.searchsorted(self._starts, rows, side="right") - 1
        for place in np.unique(segments):
            here = segments == place
            codes[here] = self._segments[place][rows[here] - self._starts[place]]
        return codes

    def vectors(self, rows: IdVector) -> FloatMatrix:
        """The turned vectors of `rows`, in their order, shape (n, dimension)."""
        return self.codec.decode(self.codes(rows))

    def opener(self) -> Opener:
        """What opens codes of these rows."""
        return self.codec.opener(self._segments)

    def blocks(self) -> Iterator[Opened]:
        """All of them opened, some at a time."""
        opened = self.opener()
        for codes in self._segments:
            for first in range(0, len(codes), _AT_ONCE):
                yield opened(codes[first : first + _AT_ONCE])
