"""Numbers of 64 bits made into one, the same on every machine: for what is told apart by a number alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
"""Shape (n,)."""

FACTORS = tuple(np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
"""Odd numbers with their bits well spread; the first is 2**64 over the golden ratio."""
FINISH = np.uint64(0xD6E8FEB86659FD93)


def mixed(*parts: Numbers) -> Numbers:
    """One number for each row of up to three numbers, its bits well spread; the order of the parts counts."""
    found: Numbers = np.zeros(len(parts[0]), np.uint64)
    for part, factor in zip(parts, FACTORS, strict=False):
        found = (found ^ part) * factor
        found ^= found >> np.uint64(29)
    found *= FINISH
    return found ^ (found >> np.uint64(32))
