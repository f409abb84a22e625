"""How well places answer questions, with intervals that say how much of it is luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.questions import Question

RESAMPLES = 2_000


class Place(Protocol):
    """Lines of a file: a hit of a ranking or an excerpt of a pack."""

    @property
    def path(self) -> str: ...
    @property
    def start_line(self) -> int: ...
    @property
    def end_line(self) -> int: ...


def is_answered(question: Question, places: Sequence[Place], k: int) -> float:
    """1.0 where one of the first `k` different files (of an issue) or places is an answer, else 0.0."""
    by_file = all(not gold.start_line for gold in question.answers)
    seen: dict[object, bool] = {}
    for place in places:
        key = place.path if by_file else (place.path, place.start_line)
        right = any(gold.holds(place.path, place.start_line, place.end_line) for gold in question.answers)
        seen[key] = seen.get(key, False) or right
    return float(any(list(seen.values())[:k]))


def share_found(question: Question, places: Sequence[Place], k: int | None = None) -> float:
    """The share of the answers that are among the first `k` places, or among all."""
    return float(
        np.mean(
            [
                any(gold.holds(place.path, place.start_line, place.end_line) for place in places[:k])
                for gold in question.answers
            ]
        )
    )


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """The mean, and between what it lies in 95 of 100 samples drawn anew from `values` (percentile bootstrap)."""
    array = np.asarray(values, np.float64)
    means = _resampled(array, seed)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(array.mean()), float(low), float(high)


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    return np.asarray(values[drawn].mean(axis=1))
