"""The order in which candidates are shown: the best first, but no file crowds out the others, and words not what is near in
meaning."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatVector


def diversified(
    scores: FloatVector, files: NDArray[np.int32], k: int, same_file: float, answers: NDArray[np.bool_] | None = None
) -> list[tuple[int, float]]:
    """Return the places of the `k` best of `scores` with what they are worth, best first.

    The n-th chunk that is shown of a file is worth its score times `same_file` ** (n - 1): the second of a file is less new.
    Equal ones keep their order.
    `answers` are each an answer by itself, like the callers of a function: they do not count for their file.
    """
    queues: dict[int, list[int]] = {}
    for place in np.argsort(-scores, kind="stable").tolist():
        file = -1 - place if answers is not None and answers[place] else int(files[place])
        queues.setdefault(file, []).append(place)
    heap = [(-float(scores[places[0]]), places[0], file, 0) for file, places in queues.items()]
    heapq.heapify(heap)
    chosen: list[tuple[int, float]] = []
    while heap and len(chosen) < k:
        worth, place, file, shown = heapq.heappop(heap)
        chosen.append((place, -worth))
        if shown + 1 < len(queues[file]):
            following = queues[file][shown + 1]
            heapq.heappush(heap, (-float(scores[following]) * same_file ** (shown + 1), following, file, shown + 1))
    return chosen


NEAREST = 2
"""Places that a second look alone brings among the first `_FIRST` (with four the benchmark loses 0.001), ..."""
MOST_NEAREST = 6
"""... where words alone leave no doubt that they do not answer; more push out what they say (issues @5 -1 to -2)."""
_FIRST = 10


def nearest_places(doubt: float) -> int:
    """How many places a second look alone brings among the first, for a doubt (`doubt_of`) from 0 to 1."""
    return NEAREST + round((MOST_NEAREST - NEAREST) * doubt)


def with_firsts(shown: Sequence[tuple[int, float]], firsts: Sequence[int]) -> list[tuple[int, float]]:
    """`shown`, places with their scores, best first, where the last of the first ten come after those of `firsts`, the best
    by one kind of evidence alone, that are not among the ten. Those of `firsts` that are stay.

    A question in other words than the code's is met by common words all over, among which what is nearest in meaning drowns.
    Who asks sees it. Where fewer than ten are shown nothing is changed.
    """
    if len(shown) < _FIRST:
        return list(shown)
    places = [place for place, _ in shown]
    first = places[:_FIRST]
    missing = [place for place in dict.fromkeys(firsts) if place not in first]
    others = [place for place in first if place not in firsts]
    gone = set(others[max(0, len(others) - len(missing)) :])
    kept = [place for place in first if place not in gone]
    ordered = dict.fromkeys([*kept, *missing, *places])
    worth = dict(shown)
    falling = itertools.accumulate((worth.get(place, math.inf) for place in ordered), min)
    return list(zip(ordered, falling, strict=True))[: len(shown)]
