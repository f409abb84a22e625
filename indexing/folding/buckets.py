"""The buckets that a single function falls into, without the tables of all: whom it meets, told as `likely.py` tells it.

Of one function, the others that agree with it in `ROWS` places or more are found by comparing a column at a time, and only
among these the bands are looked at. That takes a millisecond where the tables of a hundred thousand functions take hundreds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexing.folding.sketch import BINS, NO_MINIMUM, Sketches

ROWS = 3
ROUNDS = 24
"""Each cuts the sketch into six bands in another way. Two functions that agree in 7 of 20 places (0.8 alike, in the worst
case) meet with a probability of 98 %."""
MOST_IN_BUCKET = 12
LEADERS = 4
NEIGHBOURS = 4
"""Of 93,000 functions of Linux's network drivers that are 0.8 alike to some other, 98.6 % are looked at beside one (0.9:
99.8 %), in 14 CPU seconds; with twice of both it takes 62."""
_SEED = 20_000

Found = NDArray[np.int64]
"""Shape (k,), ascending: rows of functions."""


def bands() -> NDArray[np.int64]:
    """The places of each band, the same in every run."""
    order = np.random.default_rng(_SEED)
    whole = BINS // ROWS * ROWS
    return np.concatenate([order.permutation(BINS)[:whole].reshape(-1, ROWS) for _ in range(ROUNDS)])


def packed(minima: Sketches, places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """These places of every sketch as one number."""
    found = np.zeros(len(minima), np.uint64)
    for shift, place in enumerate(places.tolist()):
        found |= minima[:, place].astype(np.uint64) << np.uint64(8 * shift)
    return found


class Buckets:
    """Functions in the order in which they would represent others: their minima (n, BINS), frames and languages (n,)."""

    def __init__(self, minima: Sketches, frames: NDArray[np.uint32], languages: NDArray[np.uint32]) -> None:
        self._minima, self._frames, self._languages = minima, frames, languages
        self._columns = np.ascontiguousarray(minima.T)
        self._says_enough = (self._columns != NO_MINIMUM).any(axis=0)
        self._bands = bands()
        self._needed: NDArray[np.uint32] = (np.uint32(1) << self._bands.astype(np.uint32)).sum(axis=1, dtype=np.uint32)

    def agreeing(self, row: int) -> Found:
        """The functions of the same language that agree with a function in all places of some band, perhaps; itself too."""
        if not self._says_enough[row]:
            return np.zeros(0, np.int64)
        counts = np.zeros(len(self._frames), np.uint8)
        for column in self._columns:
            counts += column == column[row]
        found = np.flatnonzero(counts >= ROWS)
        enough: Found = found[self._says_enough[found] & (self._languages[found] == self._languages[row])]
        return enough

    def of_one_frame(self, row: int) -> Found:
        """Whom a function meets for its frame."""
        same = np.flatnonzero(self._frames == self._frames[row])
        same = same[self._languages[same] == self._languages[row]]
        met: Found = same[_met(int(np.searchsorted(same, row)), packed(self._minima[same], self._bands[0, : ROWS - 1]))]
        others: Found = met[met != row]
        return others

    def of_bands(self, row: int, agreeing: Found) -> Found:
        """Whom it meets in a band, given those that agree with it."""
        if not len(agreeing):
            return agreeing
        minima = np.ascontiguousarray(self._minima[agreeing].T)
        places: NDArray[np.uint32] = np.zeros(len(agreeing), np.uint32)
        for place, column in enumerate(minima):
            places |= (column == self._columns[place, row]).astype(np.uint32) << np.uint32(place)
        own, met = int(np.searchsorted(agreeing, row)), np.zeros(len(agreeing), bool)
        for number, needed in enumerate(self._needed):
            bucket = np.flatnonzero((places & needed) == needed)
            if len(bucket) <= MOST_IN_BUCKET:
                met[bucket] = True
            else:
                first, second = minima[self._bands[number - 1, : ROWS - 1]][:, bucket].astype(np.uint64)
                met[bucket[_met(int(np.searchsorted(bucket, own)), first | second << np.uint64(8))]] = True
        met[own] = False
        return agreeing[met]


def _met(place: int, hints: NDArray[np.uint64]) -> Found:
    """Whom the one at a place of a bucket meets there, perhaps itself, by what tells who is near whom (n,)."""
    if len(hints) <= MOST_IN_BUCKET or place < LEADERS:
        return np.arange(len(hints))
    # As if all were sorted by their hints, where these are the same by their places.
    own = hints[place]
    before, after = np.flatnonzero(hints < own), np.flatnonzero(hints > own)
    same = np.flatnonzero(hints == own)
    at = int(np.searchsorted(same, place))
    lower, upper = same[max(0, at - NEIGHBOURS) : at], same[at + 1 : at + 1 + NEIGHBOURS]
    below = before[np.argsort(hints[before], kind="stable")]
    above = after[np.argsort(hints[after], kind="stable")]
    lower = np.r_[below[max(0, len(below) + len(lower) - NEIGHBOURS) :], lower]
    upper = np.r_[upper, above[: NEIGHBOURS - len(upper)]]
    found: Found = np.r_[np.arange(LEADERS), lower, upper]
    return found
