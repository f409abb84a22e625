"""What all of a source says alike, and what a question says beside it.

The chunks of one source have a common way of speaking: of buffers in a kernel, of requests in a web framework. In that
direction every chunk is near every question, so that cosines tell it more than what sets one chunk apart. A question is
turned away from it by the inverse covariance of the source's own vectors, which makes of its vector the best linear test
for "like this, unlike the rest" (linear discriminant analysis with one example; Hariharan, Malik and Ramanan,
"Discriminative Decorrelation for Clustering and Classification", ECCV 2012). Documents stay as they are, so nothing is
indexed anew; the covariance of another source in its place gains nothing (README.md).
"""

from __future__ import annotations

import numpy as np

from core.ports import FloatMatrix, FloatVector

SAMPLE = 4_096
"""Vectors that tell the covariance: twice as many change no rank of the first ten."""

_RIDGE = 1.0
"""How far every direction is taken to vary on its own, over the mean of all; the same from 0.3 to 3."""


class Background:
    """How the vectors of a source vary. Made in some 50 ms from `SAMPLE` of them."""

    def __init__(self, vectors: FloatMatrix) -> None:
        """Take a sample, shape (n, d); the fewer there are, the less is taken away."""
        count, dimension = vectors.shape
        covariance = vectors.T.astype(np.float64) @ vectors / max(count, 1)
        ridge = _RIDGE * (1.0 + dimension / max(count, 1)) * float(np.trace(covariance)) / dimension
        self._inverse = np.linalg.inv(covariance + (ridge or 1.0) * np.eye(dimension))

    def against(self, vector: FloatVector) -> FloatVector:
        """Return `vector`, shape (d,), turned away from what the source says everywhere, of length 1; zeros stay zeros."""
        turned = self._inverse @ vector
        length = float(np.linalg.norm(turned))
        return np.asarray(turned / length if length else turned, np.float32)
