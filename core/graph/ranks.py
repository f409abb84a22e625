"""Which symbols, files and folders matter: PageRank over the code graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.model.graph import Confidence, EdgeKind
from core.model.symbol import Symbol
from core.ports import EdgeReader

Scores = NDArray[np.float64]
"""Shape (n,), one score a symbol by key; they sum to 1."""

_WEIGHTS = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.5, Confidence.NAME: 0.1}
_KINDS = (EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.REFERENCES)
_DAMPING = 0.85
_TOLERANCE = 1e-9
_MAX_ROUNDS = 100


def page_rank(
    reader: EdgeReader,
    count: int,
    *,
    personal: Mapping[int, float] | None = None,
    weights: Mapping[Confidence, float] | None = None,
    kinds: Sequence[EdgeKind] = _KINDS,
) -> Scores:
    """PageRank (Brin and Page 1998) of `count` symbols, whose keys are below it; importance flows from user to used.

    An edge weighs what its confidence says. `personal` gives the symbols that a walk starts from and returns to, in any
    scale; without it, all alike. Rank that reaches a symbol without edges returns to those.
    """
    edges = [edge for edge in reader.edges(kinds) if edge.source != edge.target]
    weight = weights or _WEIGHTS
    rows = np.fromiter((edge.target for edge in edges), np.int64, len(edges))
    columns = np.fromiter((edge.source for edge in edges), np.int64, len(edges))
    values = np.fromiter((weight[edge.confidence] for edge in edges), np.float64, len(edges))
    return rank_links(columns, rows, values, count, personal)


def rank_links(
    sources: NDArray[np.int64],
    targets: NDArray[np.int64],
    weights: Scores,
    count: int,
    personal: Mapping[int, float] | None = None,
) -> Scores:
    """PageRank of `count` nodes, numbered from 0, over links that are given as parallel arrays of shape (n,)."""
    from scipy.sparse import csr_array

    if count == 0:
        return np.zeros(0)
    matrix = csr_array((weights, (targets, sources)), shape=(count, count))
    leaving = np.bincount(sources, weights, minlength=count)
    start = _start(count, personal)
    hanging = leaving == 0
    spread = np.divide(1.0, leaving, out=np.zeros(count), where=~hanging)
    ranks = start.copy()
    for _ in range(_MAX_ROUNDS):
        stuck = float(ranks[hanging].sum())
        following = _DAMPING * (matrix @ (ranks * spread) + stuck * start) + (1.0 - _DAMPING) * start
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


def file_ranks(symbols: Sequence[Symbol], scores: Scores) -> dict[str, float]:
    """The score of each file, the sum of its symbols', highest first; what lies outside of the source is left out."""
    totals: dict[str, float] = {}
    for symbol in symbols:
        if symbol.path:
            totals[symbol.path] = totals.get(symbol.path, 0.0) + float(scores[symbol.key])
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def folder_ranks(by_file: Mapping[str, float]) -> dict[str, float]:
    """The score of each folder with all that is in it (`""` is the root), highest first."""
    totals: dict[str, float] = {}
    for path, score in by_file.items():
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            totals[folder] = totals.get(folder, 0.0) + score
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))
