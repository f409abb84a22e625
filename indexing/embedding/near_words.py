"""The words that are nearest in meaning to each word of a static model, found once when the model is made.

To find them for a question means to go through the vectors of all words: 30 MB, some milliseconds where other programs want
the memory too. Which they are and how near takes three bytes each, so a model brings them along. They need not be told by
the model's own vectors, which are trained on code: what words mean elsewhere is better told by others (`meanings`).
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

_WHOLE = 255
"""What stands for a cosine of 1."""


class NearWords:
    """The neighbours of the words of one model: `rows` and `nearness` are those of `static_files`."""

    def __init__(self, vocabulary: Sequence[str], rows: NDArray[np.integer], nearness: NDArray[np.uint8]) -> None:
        self._vocabulary = vocabulary
        self._rows = rows
        self._nearness = nearness
        self._places = {vocabulary[row]: place for place, row in enumerate(whole_words(vocabulary).tolist())}

    def of(self, word: str, count: int) -> list[tuple[str, float]]:
        """The `count` words nearest to `word`, at most `KEPT`, with their cosines, best first; none for one that is no whole
        word of the model: what its pieces are near to says little of it."""
        place = self._places.get(word)
        if place is None:
            return []
        cosines = (self._nearness[place, :count] / np.float64(_WHOLE)).tolist()
        return [(self._vocabulary[row], near) for row, near in zip(self._rows[place, :count].tolist(), cosines, strict=True)]


def nearest(vocabulary: Sequence[str], meanings: FloatMatrix) -> tuple[NDArray[np.integer], NDArray[np.uint8]]:
    """Return rows and nearness, both (whole words, at most `KEPT`): for each whole word of `vocabulary`, in its order, the
    rows of the others that are nearest to it, best first, and their cosines times 255, those below 0 as 0.

    `meanings` is (whole words, d), of any length; a row of zeros is near to nothing.
    """
    words = whole_words(vocabulary)
    directions = units(meanings)
    count = max(0, min(KEPT, len(words) - 1))
    found = np.empty((len(words), count), np.min_scalar_type(len(vocabulary)))
    nearness = np.empty((len(words), count), np.uint8)
    for begin in range(0, len(words), _AT_ONCE):
        cosines = directions[begin : begin + _AT_ONCE] @ directions.T
        own = np.arange(len(cosines))
        cosines[own, begin + own] = -np.inf  # a word is no neighbour of itself
        best = np.argpartition(-cosines, count - 1, axis=1)[:, :count] if count else np.empty((len(cosines), 0), np.int64)
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
        found[begin : begin + _AT_ONCE] = words[best]
        nearness[begin : begin + _AT_ONCE] = np.rint(np.clip(np.take_along_axis(cosines, best, axis=1), 0.0, 1.0) * _WHOLE)
    return found, nearness


def whole_words(vocabulary: Sequence[str]) -> NDArray[np.int64]:
    """The rows of the pieces that are words by themselves."""
    rows = [row for row, piece in enumerate(vocabulary) if len(piece) >= _LEAST_LETTERS and piece.isalpha()]
    return np.array(rows, np.int64)


def units(vectors: FloatMatrix) -> FloatMatrix:
    """`vectors`, (n, d), each of length 1; zeros stay zeros."""
    vectors = vectors.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=vectors, where=lengths > 0))
