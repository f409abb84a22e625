"""Short codes: a vector in three levels a dimension and a scale (54 bytes at 256 dimensions), ids in next to nothing.

A vector is turned by a fixed orthogonal matrix (signs, then the Walsh-Hadamard transform), after which its coordinates are
spread like a Gaussian's whatever they were, so that one table of levels suits every dimension and every embedder and nothing
is trained. Each coordinate becomes the nearest level of Max's quantiser ("Quantizing for Minimum Distortion", IRE Trans.
1960); the scale is the one that makes the vector's product with itself exact, which takes the bias out of products with
queries (Gao and Long, "RaBitQ", SIGMOD 2024). A query stays as precise as it is: only one side of a product is rounded.
"""

from __future__ import annotations

import functools
import hashlib
import zlib

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix, FloatVector, IdVector

Codes = NDArray[np.uint8]
"""Shape (n, `Codec.width`)."""
SmallIntegers = NDArray[np.int8]
"""Shape (n, dimension)."""

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
"""Binary digits of the scales that `Codec.integers` multiplies with."""


class Codec:
    """Encodes vectors of one dimension. What it gives back is turned: multiply it with `turned` queries."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._packed = -(-dimension // _PER_BYTE)
        self.width = self._packed + _SCALE_BYTES
        """Bytes of a code."""

    def encode(self, vectors: FloatMatrix) -> Codes:
        """Return the codes of `vectors`, shape (n, dimension); `ValueError` for what is not finite or too long to be."""
        codes = np.empty((len(vectors), self.width), np.uint8)
        with np.errstate(over="ignore", invalid="ignore"):  # looked for below
            for first in range(0, len(vectors), _AT_ONCE):
                self._encode(vectors[first : first + _AT_ONCE], codes[first : first + _AT_ONCE])
        if not np.isfinite(self.scales(codes)).all():
            raise ValueError("a vector is not finite, or longer than its scale in float16 can tell")
        return codes

    def _encode(self, vectors: FloatMatrix, codes: Codes) -> None:
        turned = self._turn(vectors)
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

    def turned(self, query: FloatVector) -> FloatVector:
        """Return `query`, shape (dimension,), as products with what is decoded need it."""
        return np.asarray(self._turn(query[None])[0])

    def decode(self, codes: Codes) -> FloatMatrix:
        """Return the turned vectors that `codes` stand for, shape (n, dimension)."""
        return np.asarray(self._levels(codes) * self.scales(codes)[:, None])

    def turned_back(self, vectors: FloatMatrix) -> FloatMatrix:
        """Return turned vectors, shape (n, dimension), as they were before."""
        turn = self._turn(np.eye(self.dimension, dtype=np.float32))
        return np.asarray(vectors @ turn.T)

    def scales(self, codes: Codes) -> FloatVector:
        """Return what the levels of each code are multiplied with, shape (n,)."""
        return np.ascontiguousarray(codes[:, self._packed :]).view("<f2")[:, 0].astype(np.float32)

    def integers(self, codes: Codes, largest: float) -> SmallIntegers:
        """Return what `decode` gives, rounded to 1/127 of the greatest level at the scale `largest`."""
        shares = np.rint(self.scales(codes) * (2**_WHOLE / largest if largest > 0 else 0)).astype(np.int16)
        levels = np.take(_INTEGERS_OF_BYTES, codes[:, : self._packed], axis=0)
        levels = levels.reshape(len(codes), -1)[:, : self.dimension]
        return np.asarray((levels * shares[:, None] + 2 ** (_WHOLE - 1) >> _WHOLE).astype(np.int8))

    def _levels(self, codes: Codes) -> FloatMatrix:
        levels: FloatMatrix = np.take(_LEVELS_OF_BYTES, codes[:, : self._packed], axis=0)
        return levels.reshape(len(codes), -1)[:, : self.dimension]

    def _turn(self, vectors: FloatMatrix) -> FloatMatrix:
        """Return `vectors` turned. Of the files' format: another turn makes every stored code meaningless.

        The transform needs a power of two: it goes over equal parts of that length, the longest that divide the dimension.
        """
        part = self.dimension & -self.dimension
        half = part // 2
        turned = (vectors * self._signs).reshape(-1, part)
        for _ in range(half.bit_length()):
            sums = np.empty_like(turned)
            np.add(turned[:, :half], turned[:, half:], out=sums[:, ::2])
            np.subtract(turned[:, :half], turned[:, half:], out=sums[:, 1::2])
            turned = sums
        return (turned * np.float32(part**-0.5)).reshape(len(vectors), self.dimension)

    @functools.cached_property
    def _signs(self) -> FloatVector:
        data = np.frombuffer(hashlib.shake_256(b"turn").digest(-(-self.dimension // 8)), np.uint8)
        return np.where(np.unpackbits(data, count=self.dimension), -1, 1).astype(np.float32)


def pack_ids(ids: IdVector) -> bytes:
    """Return `ids` as compressed differences: a run of any length costs some bytes, scattered ids one or two each."""
    differences = np.diff(ids, prepend=np.int64(0)).astype("<i8")
    return zlib.compress(differences.view(np.uint8).reshape(-1, 8).T.tobytes(), 6)


def unpack_ids(data: bytes, count: int) -> IdVector:
    """Return the `count` ids that were packed into `data`; `ValueError` where it holds others."""
    try:
        content = zlib.decompressobj().decompress(data, count * 8 + 1)
    except zlib.error as error:
        raise ValueError(f"the ids cannot be unpacked: {error}") from error
    if len(content) != count * 8:
        raise ValueError(f"there are {len(content)} bytes of ids, not {count * 8}")
    differences = np.ascontiguousarray(np.frombuffer(content, np.uint8).reshape(8, count).T).view("<i8")
    return np.cumsum(differences.astype(np.int64))
