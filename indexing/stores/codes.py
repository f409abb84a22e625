"""What a code of vectors is (`Codec`), which there are (`Precision`), and ids in next to nothing.

The codes: `compact_codes`, `plain_codes`; `precision` gives the codec of a precision.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix, FloatVector, IdVector

Codes = NDArray[np.uint8]
"""Shape (n, `Codec.width`)."""
Opened = NDArray[np.int8] | NDArray[np.float16]
"""Shape (n, dimension): what engines multiply with a query; the integers of all rows are in one unit, whatever it is."""
Opener = Callable[[Codes], Opened]


class Precision(StrEnum):
    """How exactly the vectors of an index are kept. README.md tells what each costs and loses."""

    COMPACT = "compact"
    """Three levels a dimension."""
    INT8 = "int8"
    """A byte a dimension."""
    FLOAT16 = "float16"
    """All that workers send."""


class Codec(Protocol):
    """Encodes vectors of one dimension, each for itself: equal vectors have equal codes. What `decode` gives back may be
    turned: multiply it with `turned` queries."""

    @property
    def precision(self) -> Precision: ...
    @property
    def dimension(self) -> int: ...
    @property
    def width(self) -> int:
        """Bytes of a code."""
        ...

    @property
    def multiplied(self) -> type[np.int8] | type[np.float16]:
        """The type of what is opened."""
        ...

    def encode(self, vectors: FloatMatrix) -> Codes:
        """The codes of `vectors`, shape (n, dimension); `ValueError` for what is not finite or too long to be coded."""
        ...

    def decode(self, codes: Codes) -> FloatMatrix:
        """The turned vectors that `codes` stand for, shape (n, dimension)."""
        ...

    def turned(self, query: FloatVector) -> FloatVector:
        """`query`, shape (dimension,), as products with what is decoded need it."""
        ...

    def turned_back(self, vectors: FloatMatrix) -> FloatMatrix:
        """Turned vectors, shape (n, dimension), as they were before."""
        ...

    def opener(self, segments: Sequence[Codes]) -> Opener:
        """What opens codes of `segments`, any of them at a time, for engines."""
        ...


def scales_of(codes: Codes, at: int) -> FloatVector:
    """The scales that stand behind the first `at` bytes of `codes` as float16, shape (n,)."""
    return np.ascontiguousarray(codes[:, at:]).view("<f2")[:, 0].astype(np.float32)


def check_scales(scales: FloatVector) -> None:
    """Raise `ValueError` where one is not finite."""
    if not np.isfinite(scales).all():
        raise ValueError("a vector is not finite, or longer than its scale in float16 can tell")


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
