"""One score out of several kinds of evidence.

Each kind brings scores of its own scale. They are divided by their best, which keeps the distances that ranks throw away,
and added with weights (a convex combination; Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
TOIS 2023, find it above reciprocal rank fusion, as we do: see README.md). What only one kind has found keeps that part.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatVector

DENSE_WEIGHT = 0.3
"""Weight of vectors against words (1 - DENSE_WEIGHT); flat between 0.1 and 0.4 with a static model."""

FILE_WEIGHT = 0.2
"""How much the other chunks of a file lend to it."""

FILE_DECAY = 0.8
"""What each next best chunk of a file counts against the one before it."""


def normalised(scores: FloatVector) -> FloatVector:
    """Return `scores` over their maximum, none below 0."""
    best = float(scores.max(initial=0.0))
    return (np.maximum(scores, 0.0) / max(best, 1e-9)).astype(np.float32)


def fuse(lexical: FloatVector, dense: FloatVector | None) -> FloatVector:
    """Return the combined score of each candidate, in [0, 1]; both arrays have shape (n,), `dense` holds cosines."""
    if dense is None:
        return normalised(lexical)
    return (1.0 - DENSE_WEIGHT) * normalised(lexical) + DENSE_WEIGHT * normalised(dense)


def lifted_by_files(scores: FloatVector, files: NDArray[np.int32]) -> FloatVector:
    """Return `scores`, those of a file multiplied by what lifts its best as much as its other chunks score.

    A file in which many chunks answer is where the matter lives; one that mentions it once is not. All of its chunks gain
    by that, for the one that answers need not be the one that has the most words of the question. `files` names the file of
    each candidate, shape (n,).
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
    lifts = 1.0 + FILE_WEIGHT * np.bincount(group, lent) / np.maximum(scores[order][begins], 1e-9)
    lifted = scores.copy()
    lifted[order] *= lifts[group].astype(scores.dtype)
    return lifted
