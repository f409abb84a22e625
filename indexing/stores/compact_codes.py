"""Short codes: a vector in three levels a dimension and a scale (54 bytes at 256 dimensions).

A vector is turned (`turn`), so that one table of levels suits every dimension and every embedder and nothing is trained.
Each coordinate becomes the nearest level of Max's quantiser ("Quantizing for Minimum Distortion", IRE Trans. 1960); the
scale is the one that makes the vector's product with itself exact, which takes the bias out of products with queries (Gao
and Long, "RaBitQ", SIGMOD 2024). A query stays as precise as it is: only one side of a product is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ports import FloatMatrix, FloatVector
from indexing.stores import turn
from indexing.stores.codes import Codes, Opened, Opener, Precision, check_scales, scales_of

_LEVELS = np.array([-1.2240, 0, 1.2240], np.float32)
"""Max's, for a Gaussian of variance 1. README.md tells what fewer and more levels cost and lose."""

_EDGES = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_BASE = len(_LEVELS)
_PER_BYTE = max(count for count in range(1, 9) if _BASE**count <= 256)
"""Levels in a byte, each a digit of it, the lowest first."""
_SCALE_BYTES = 2

_DIGITS_OF_BYTES = np.arange(256)[:, None] // _BASE ** np.arange(_PER_BYTE) % _BASE
_LEVELS_OF_BYTES = _LEVELS[_DIGITS_OF_BYTES]
"""Shape (256, levels in a byte)."""
_INTEGERS_OF_BYTES = np.rint(_LEVELS_OF_BYTES * (127 / _LEVELS[-1])).astype(np.int16)

_AT_ONCE = 1_024
"""Rows encoded at a time: 1 MB of float32 at 256 dimensions, which a core's cache holds through all the passes."""

_WHOLE = 7
"""Binary digits of the scales that opened integers are multiplied with."""


class CompactCodec:
    """Turned vectors in three levels a dimension, and a scale."""

    precision = Precision.COMPACT
    multiplied = np.int8

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._packed = -(-dimension // _PER_BYTE)
        self.width = self._packed + _SCALE_BYTES

    def encode(self, vectors: FloatMatrix) -> Codes:
        """See `codes.Codec`."""
        codes = np.empty((len(vectors), self.width), np.uint8)
        with np.errstate(over="ignore", invalid="ignore"):  # looked for below
            for first in range(0, len(vectors), _AT_ONCE):
                self._encode(vectors[first : first + _AT_ONCE], codes[first : first + _AT_ONCE])
        check_scales(scales_of(codes, self._packed))
        return codes

    def _encode(self, vectors: FloatMatrix, codes: Codes) -> None:
        turned = turn.turned(vectors)
        squares = np.einsum("ij,ij->i", turned, turned)
        lengths = np.sqrt(squares)
        even = turned * (np.float32(self.dimension**0.5) / np.where(lengths > 0, lengths, 1))[:, None]
        places = np.zeros((len(even), self._packed * _PER_BYTE), np.uint8)
        for edge in _EDGES:
            places[:, : self.dimension] += even > edge
        packed = codes[:, : self._packed]
        packed[:] = 0
        for digit in reversed(range(_PER_BYTE)):
            packed *= _BASE
            packed += places[:, digit::_PER_BYTE]
        products = np.einsum("ij,ij->i", turned, self._levels(codes))
        scales = (squares / np.where(products > 0, products, 1)).astype("<f2")
        codes[:, self._packed :] = scales[:, None].view(np.uint8)

    def decode(self, codes: Codes) -> FloatMatrix:
        """See `codes.Codec`."""
        return np.asarray(self._levels(codes) * scales_of(codes, self._packed)[:, None])

    def turned(self, query: FloatVector) -> FloatVector:
        """See `codes.Codec`."""
        return np.asarray(turn.turned(query[None])[0])

    def turned_back(self, vectors: FloatMatrix) -> FloatMatrix:
        """See `codes.Codec`."""
        return turn.turned_back(vectors)

    def opener(self, segments: Sequence[Codes]) -> Opener:
        """See `codes.Codec`: in 1/127 of the greatest level at the greatest of their scales."""
        largest = max((float(scales_of(codes, self._packed).max(initial=0)) for codes in segments), default=0.0)

        def opened(codes: Codes) -> Opened:
            shares = np.rint(scales_of(codes, self._packed) * (2**_WHOLE / largest if largest > 0 else 0)).astype(np.int16)
            levels = np.take(_INTEGERS_OF_BYTES, codes[:, : self._packed], axis=0)
            levels = levels.reshape(len(codes), self._packed * _PER_BYTE)[:, : self.dimension]
            return np.asarray((levels * shares[:, None] + 2 ** (_WHOLE - 1) >> _WHOLE).astype(np.int8))

        return opened

    def _levels(self, codes: Codes) -> FloatMatrix:
        levels: FloatMatrix = np.take(_LEVELS_OF_BYTES, codes[:, : self._packed], axis=0)
        return levels.reshape(len(codes), self._packed * _PER_BYTE)[:, : self.dimension]
