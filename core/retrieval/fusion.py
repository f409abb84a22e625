"""One score out of several kinds of evidence.

Each kind brings scores of its own scale. They are divided by their best, which keeps the distances that ranks throw away,
and added with weights (a convex combination; Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
TOIS 2023, find it above reciprocal rank fusion, as we do: see README.md). What only one kind has found keeps that part.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatVector

FILE_DECAY = 0.8
"""What each next best chunk of a file counts against the one before it."""


def normalised(scores: FloatVector, floor: float = 0.0) -> FloatVector:
    """Return how far `scores` are above `floor`, over the maximum of that, none below 0."""
    above = np.maximum(scores - floor, 0.0)
    return np.asarray(above / max(float(above.max(initial=0.0)), 1e-9), np.float32)


def fuse(lexical: FloatVector, dense: FloatVector | None, weight: float, floor: float = 0.0) -> FloatVector:
    """Return the combined score of each candidate, in [0, 1]; both arrays have shape (n,), `dense` holds cosines.

    `weight` is that of the vectors (`Balance.dense`), `floor` the quantile of the cosines that counts as nothing, 0
    for none: what is no nearer than most candidates is not near.
    """
    if dense is None or not len(dense):
        return normalised(lexical)
    lowest = float(np.quantile(np.maximum(dense, 0.0), floor)) if floor else 0.0
    return (1.0 - weight) * normalised(lexical) + weight * normalised(dense, lowest)


def lifted_by_files(scores: FloatVector, files: NDArray[np.int32], weight: float) -> FloatVector:
    """Return `scores`, those of a file multiplied by what lifts its best as much as its other chunks score.

    A file in which many chunks answer is where the matter lives; one that mentions it once is not. All of its chunks gain
    by that, for the one that answers need not be the one that has the most words of the question. `files` names the file of
    each candidate, shape (n,); `weight` is how much the others lend (`Balance.file`).
    """
    if not len(scores):
        return scores
    order = np.lexsort((-scores, files))
    grouped = files[order]
    is_first = np.r_[True, grouped[1:] != grouped[:-1]]
    begins = np.flatnonzero(is_first)
    group = np.cumsum(is_first) - 1
    place = np.arange(len(order)) - begins[group]
    lent = np.where(place > 0, scores[order] * FILE_DECAY ** (place - 1.0), 0.0)
    lifts = 1.0 + weight * np.bincount(group, lent) / np.maximum(scores[order][begins], 1e-9)
    lifted = scores.copy()
    lifted[order] *= lifts[group].astype(scores.dtype)
    return lifted
