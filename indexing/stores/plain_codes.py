"""Codes with a number for every dimension: of eight bits with a scale (258 bytes at 256 dimensions), or of float16 (512)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ports import FloatMatrix, FloatVector
from indexing.stores import turn
from indexing.stores.codes import Codes, Opened, Opener, Precision, check_scales, scales_of

_SCALE_BYTES = 2
_LARGEST = 127


class Int8Codec:
    """Turned vectors in whole numbers from -127 to 127, the greatest of each vector at an end, and what one is worth.

    Turned, so that no single dimension is so great that little is left for the others.
    """

    precision = Precision.INT8
    multiplied = np.int8

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.width = dimension + _SCALE_BYTES

    def encode(self, vectors: FloatMatrix) -> Codes:
        """See `codes.Codec`."""
        codes = np.empty((len(vectors), self.width), np.uint8)
        with np.errstate(over="ignore", invalid="ignore"):  # looked for below
            turned = turn.turned(vectors)
            scales = (np.abs(turned).max(axis=1, initial=0) / _LARGEST).astype("<f2")
            codes[:, self.dimension :] = scales[:, None].view(np.uint8)
            kept = scales.astype(np.float32)
            check_scales(kept)
        # By the scale as it is kept: what its float16 rounds away is not lost.
        numbers = np.rint(turned / np.where(kept > 0, kept, 1)[:, None])
        codes[:, : self.dimension] = np.clip(numbers, -_LARGEST, _LARGEST).astype(np.int8).view(np.uint8)
        return codes

    def decode(self, codes: Codes) -> FloatMatrix:
        """See `codes.Codec`."""
        return self._numbers(codes) * scales_of(codes, self.dimension)[:, None]

    def turned(self, query: FloatVector) -> FloatVector:
        """See `codes.Codec`."""
        return np.asarray(turn.turned(query[None])[0])

    def turned_back(self, vectors: FloatMatrix) -> FloatMatrix:
        """See `codes.Codec`."""
        return turn.turned_back(vectors)

    def opener(self, segments: Sequence[Codes]) -> Opener:
        """See `codes.Codec`: in the greatest of their units."""
        largest = max((float(scales_of(codes, self.dimension).max(initial=0)) for codes in segments), default=0.0)

        def opened(codes: Codes) -> Opened:
            shares = scales_of(codes, self.dimension) / np.float32(largest or 1)
            return np.rint(self._numbers(codes) * shares[:, None]).astype(np.int8)

        return opened

    def _numbers(self, codes: Codes) -> FloatMatrix:
        return codes[:, : self.dimension].view(np.int8).astype(np.float32)


class Float16Codec:
    """Vectors as they are, in float16: exactly what workers send."""

    precision = Precision.FLOAT16
    multiplied = np.float16

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.width = 2 * dimension

    def encode(self, vectors: FloatMatrix) -> Codes:
        """See `codes.Codec`."""
        with np.errstate(over="ignore"):  # looked for below
            rounded = vectors.astype("<f2")
        if not np.isfinite(rounded).all():
            raise ValueError("a vector is not finite, or too long for float16")
        return rounded.view(np.uint8)

    def decode(self, codes: Codes) -> FloatMatrix:
        """See `codes.Codec`."""
        return self._numbers(codes).astype(np.float32)

    def turned(self, query: FloatVector) -> FloatVector:
        """See `codes.Codec`: it stays as it is."""
        return query

    def turned_back(self, vectors: FloatMatrix) -> FloatMatrix:
        """See `codes.Codec`."""
        return vectors

    def opener(self, segments: Sequence[Codes]) -> Opener:
        """See `codes.Codec`."""
        return self._numbers

    def _numbers(self, codes: Codes) -> Opened:
        return np.asarray(np.ascontiguousarray(codes).view("<f2"))
