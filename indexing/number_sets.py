"""Sets of whole numbers as arrays, by sorting: `np.unique` and `np.isin` hash numbers of 64 bits, which takes four times as
long for hundreds of thousands of them; and numbers that are counted group by group."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Whole = TypeVar("Whole", bound=np.integer)

_FEWER = 64
"""Where there are so many times fewer numbers than others, the others are looked for among them first: to sort a hundred
thousand takes three times as long."""


def distinct(numbers: NDArray[Whole]) -> NDArray[Whole]:
    """Each of `numbers` once, ascending."""
    ordered = np.sort(numbers, axis=None)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def are_among(numbers: NDArray[Whole], among: NDArray[Whole]) -> NDArray[np.bool_]:
    """Which of `numbers`, in their shape, are among others of the same type, whatever the order of these."""
    if not len(among) or not numbers.size:
        return np.zeros(numbers.shape, bool)
    if numbers.size * _FEWER <= len(among):
        among = among[are_among(among, numbers)]
        if not len(among):
            return np.zeros(numbers.shape, bool)
    ordered = np.sort(among, axis=None)
    found: NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers
    return found


def counted(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """From 0 up to each of the `sizes` (without it), one group after the other; as many as their sum."""
    before = np.cumsum(sizes) - sizes
    found: NDArray[np.int64] = np.arange(int(sizes.sum())) - np.repeat(before, sizes)
    return found
