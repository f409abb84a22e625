"""The words that are nearest to each word of a static model, found once when the model is made.

To find them for a question means to go through the vectors of all words: 30 MB, some milliseconds where other programs want
the memory too. Which they are takes two bytes each, so a model brings them along; how near is computed from its vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix

KEPT = 48
"""Neighbours kept of each word."""

_LEAST_LETTERS = 3
"""Of a word that is found by its nearness: shorter ones are mostly parts of words."""

_AT_ONCE = 1_024
"""Words whose cosines with all others are held at a time: 120 MB of 30,000."""


class NearWords:
    """The neighbours of the words of one model: `codes` and `rows` are those of `static_files`."""

    def __init__(self, vocabulary: Sequence[str], codes: NDArray[np.int8], rows: NDArray[np.integer]) -> None:
        self._vocabulary = vocabulary
        self._codes = codes
        self._rows = rows
        self._places = {vocabulary[row]: (place, row) for place, row in enumerate(_whole_words(vocabulary).tolist())}

    def of(self, word: str, count: int) -> list[tuple[str, float]]:
        """The `count` words nearest to `word`, at most `KEPT`, with their cosines, best first; none for one that is no whole
        word of the model: what its pieces are near to says little of it."""
        if word not in self._places:
            return []
        place, own = self._places[word]
        rows = self._rows[place, :count].tolist()
        units = _units(self._codes[[*rows, own]])
        return [(self._vocabulary[row], cosine) for row, cosine in zip(rows, (units[:-1] @ units[-1]).tolist(), strict=True)]


def nearest_rows(vocabulary: Sequence[str], codes: NDArray[np.int8]) -> NDArray[np.integer]:
    """Return (whole words, at most `KEPT`): for each whole word of `vocabulary`, in its order, the rows of the others that
    are nearest to it, best first. `codes` is (pieces, dimension)."""
    words = _whole_words(vocabulary)
    units = _units(codes[words])
    count = max(0, min(KEPT, len(words) - 1))
    found = np.empty((len(words), count), np.min_scalar_type(len(vocabulary)))
    for begin in range(0, len(words), _AT_ONCE):
        cosines = units[begin : begin + _AT_ONCE] @ units.T
        own = np.arange(len(cosines))
        cosines[own, begin + own] = -np.inf  # a word is no neighbour of itself
        best = np.argpartition(-cosines, count - 1, axis=1)[:, :count] if count else np.empty((len(cosines), 0), np.int64)
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1, kind="stable")
        found[begin : begin + _AT_ONCE] = words[np.take_along_axis(best, order, axis=1)]
    return found


def _whole_words(vocabulary: Sequence[str]) -> NDArray[np.int64]:
    """The rows of the pieces that are words by themselves."""
    rows = [row for row, piece in enumerate(vocabulary) if len(piece) >= _LEAST_LETTERS and piece.isalpha()]
    return np.array(rows, np.int64)


def _units(codes: NDArray[np.int8]) -> FloatMatrix:
    vectors = codes.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=vectors, where=lengths > 0))
