"""What is alike and does not fold, as arrays over all pairs: a function that joined no other is told *beside* the
representative that it is most like, and only there.

The part that a pair plays is kept with it, so the next run knows which functions joined another, and which classes are told
otherwise, without reading any class.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexing.folding.units import Rows


class Part(IntEnum):
    """What a pair is for: nothing; what its first or second function joined the other by; what it is told beside the other
    by."""

    NONE = 0
    ONE_JOINED = 1
    OTHER_JOINED = 2
    ONE_BESIDE = 3
    OTHER_BESIDE = 4


Parts = NDArray[np.uint8]
"""Shape (m,): a `Part` for each pair."""
_Number = TypeVar("_Number", np.int64, np.uint64)


def joining(parts: Parts) -> NDArray[np.bool_]:
    """The pairs (m,) by which one function joined the other."""
    found: NDArray[np.bool_] = (parts == Part.ONE_JOINED) | (parts == Part.OTHER_JOINED)
    return found


def telling(parts: Parts) -> NDArray[np.bool_]:
    """The pairs (m,) by which one function is told beside the other."""
    found: NDArray[np.bool_] = parts >= Part.ONE_BESIDE
    return found


def turned(parts: Parts) -> Parts:
    """The parts (m,) of the same pairs, their functions the other way round."""
    return np.array((Part.NONE, Part.OTHER_JOINED, Part.ONE_JOINED, Part.OTHER_BESIDE, Part.ONE_BESIDE), np.uint8)[parts]


def represented(ends: NDArray[_Number], parts: Parts) -> NDArray[_Number]:
    """Of pairs (m, 2) that play a part, those functions (m,) that are represented by the other."""
    found: NDArray[_Number] = np.where(np.isin(parts, (Part.ONE_JOINED, Part.ONE_BESIDE)), ends[:, 0], ends[:, 1])
    return found


def representing(ends: NDArray[_Number], parts: Parts) -> NDArray[_Number]:
    """Of pairs (m, 2) that play a part, those functions (m,) that represent the other."""
    found: NDArray[_Number] = np.where(np.isin(parts, (Part.ONE_JOINED, Part.ONE_BESIDE)), ends[:, 1], ends[:, 0])
    return found


def find_beside(
    ends: Rows, similarity: NDArray[np.float64], ranks: Rows, joined: NDArray[np.bool_], folding: NDArray[np.bool_]
) -> Parts:
    """By which pairs something is told beside a representative.

    `ends` (m, 2) are rows of units, `similarity` (m,) their likeness; `ranks` (n,) tell which unit would rather represent
    (the smaller), `joined` (n,) which are represented by another already, `folding` (m,) which pairs may fold.
    """
    found = np.zeros(len(ends), np.uint8)
    one, other = ends[:, 0], ends[:, 1]
    open_ = np.flatnonzero(~(folding | joined[one] | joined[other]))
    mine, theirs, likeness = ranks[one[open_]], ranks[other[open_]], similarity[open_]
    first, second = np.minimum(mine, theirs), np.maximum(mine, theirs)
    # Of each second function the pair that is most alike, among several the one whose first would rather represent.
    highest = np.full(len(ranks), -1.0)
    np.maximum.at(highest, second, likeness)
    top = np.flatnonzero(likeness == highest[second])
    best = np.full(len(ranks), len(ranks))
    np.minimum.at(best, second[top], first[top])
    chosen = top[first[top] == best[second[top]]]
    found[open_[chosen]] = np.where(mine[chosen] > theirs[chosen], Part.ONE_BESIDE, Part.OTHER_BESIDE)
    return found
