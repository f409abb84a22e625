"""Which nodes of a graph matter: PageRank (Brin and Page 1998)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""Shape (n,), one score a node; they sum to 1."""

_DAMPING = 0.85
_TOLERANCE = 1e-9
_MAX_ROUNDS = 100


def rank_links(
    sources: NDArray[np.int64],
    targets: NDArray[np.int64],
    weights: Scores,
    count: int,
    personal: Mapping[int, float] | None = None,
) -> Scores:
    """PageRank of `count` nodes, numbered from 0, over links that are given as parallel arrays of shape (n,); importance
    flows from source to target.

    `personal` gives the nodes that a walk starts from and returns to, in any scale; without it, all alike. Rank that reaches
    a node without links returns to those.
    """
    if count == 0:
        return np.zeros(0)
    # Links by their targets, so that what arrives at each is one sum.
    order = np.argsort(targets, kind="stable")
    arriving, given = sources[order], weights[order]
    reached, firsts = np.unique(targets[order], return_index=True)
    leaving = np.bincount(sources, weights, minlength=count)
    start = _start(count, personal)
    hanging = leaving == 0
    spread = np.divide(1.0, leaving, out=np.zeros(count), where=~hanging)
    ranks = start.copy()
    for _ in range(_MAX_ROUNDS):
        stuck = float(ranks[hanging].sum())
        received = np.zeros(count)
        if len(reached):
            received[reached] = np.add.reduceat((ranks * spread)[arriving] * given, firsts)
        following = _DAMPING * (received + stuck * start) + (1.0 - _DAMPING) * start
        change = float(np.abs(following - ranks).sum())
        ranks = following
        if change < _TOLERANCE:
            break
    return np.asarray(ranks / ranks.sum(), dtype=np.float64)


def _start(count: int, personal: Mapping[int, float] | None) -> Scores:
    start = np.zeros(count)
    for key, value in (personal or {}).items():
        start[key] += max(value, 0.0)
    total = float(start.sum())
    return start / total if total > 0 else np.full(count, 1.0 / count)
