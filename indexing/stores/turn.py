"""A fixed orthogonal matrix: signs, then the Walsh-Hadamard transform.

Turned by it, the coordinates of a vector are spread like a Gaussian's whatever they were, so that one table of levels, or
one unit for all of them, suits every dimension and every embedder. Of the files' format: another turn makes every stored
code meaningless.
"""

from __future__ import annotations

import functools
import hashlib

import numpy as np

from core.ports import FloatMatrix, FloatVector


def turned(vectors: FloatMatrix) -> FloatMatrix:
    """Return `vectors`, shape (n, dimension), turned.

    The transform needs a power of two: it goes over equal parts of that length, the longest that divide the dimension.
    """
    dimension = vectors.shape[1]
    part = dimension & -dimension
    half = part // 2
    turning = (vectors * _signs(dimension)).reshape(-1, part)
    for _ in range(half.bit_length()):
        sums = np.empty_like(turning)
        np.add(turning[:, :half], turning[:, half:], out=sums[:, ::2])
        np.subtract(turning[:, :half], turning[:, half:], out=sums[:, 1::2])
        turning = sums
    return (turning * np.float32(part**-0.5)).reshape(len(vectors), dimension)


def turned_back(vectors: FloatMatrix) -> FloatMatrix:
    """Return turned vectors, shape (n, dimension), as they were before."""
    turn = turned(np.eye(vectors.shape[1], dtype=np.float32))
    return np.asarray(vectors @ turn.T)


@functools.cache
def _signs(dimension: int) -> FloatVector:
    data = np.frombuffer(hashlib.shake_256(b"turn").digest(-(-dimension // 8)), np.uint8)
    return np.where(np.unpackbits(data, count=dimension), -1, 1).astype(np.float32)
