"""What may be done with functions that are alike, by the settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.model.clone import CloneType, Verdict
from core.settings import FoldingSettings
from indexing.folding.classes import AlikePair

DIGITS = 4
"""Of a likeness, after the point."""
RULES = 3
"""Rises where the same functions come to fold otherwise: the next run then folds an index anew, all of it."""


def may_fold(
    similarity: NDArray[np.float64], apart: NDArray[np.generic], tokens: NDArray[np.int64], settings: FoldingSettings
) -> NDArray[np.bool_]:
    """Which pairs (m,) fold, if only in the index: `similarity` has DIGITS, `tokens` are those of the longer function."""
    least = min(settings.folded, settings.indexed)
    found: NDArray[np.bool_] = (apart == 0) & (tokens >= settings.least_tokens) & (similarity >= least)
    return found


def judged(one: int, other: int, how: tuple[float, int, int], tokens: int, settings: FoldingSettings) -> AlikePair:
    """A pair of units (their first chunks) with what may be done with it; `how` is its likeness, its `CloneType`, and
    whether it is kept apart, `tokens` those of the longer."""
    similarity, kind, apart = how
    similarity = round(similarity, DIGITS)
    if apart:
        verdict, threshold = Verdict.APART, settings.suggested
    elif tokens < settings.least_tokens:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    elif similarity >= settings.folded:
        verdict, threshold = Verdict.FOLDED, settings.folded
    elif similarity >= settings.indexed:
        verdict, threshold = Verdict.INDEXED, settings.indexed
    else:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    return AlikePair(one, other, CloneType(kind), similarity, verdict, threshold)
