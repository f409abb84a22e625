"""Which functions were compared and found alike, packed into one blob: a few bytes a pair."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from indexing.folding.policy import DIGITS

PAIRS = np.dtype([("one", "<u4"), ("other", "<u4"), ("similarity", "<f4"), ("type", "u1"), ("apart", "u1"), ("part", "u1")])
"""The places of two functions among all that were compared, the smaller first, how alike they are (with DIGITS), their
`CloneType`, whether they are kept apart (and how that was found), and what they are for (`indexing.folding.beside.Part`)."""

# A hundred megabytes of source have 400,000 pairs, which every update writes: in 20 ms less than at level 6.
_LEVEL = 3
_MAX_BYTES = 1 << 30
_STEPS = 10**DIGITS

StoredPairs = NDArray[np.void]
"""Shape (n,) of `PAIRS`."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What an earlier run compared, by which policy: the functions all of whose likely pairs it looked at, by their contents
    (`indexing.folding.units.Units.contents`), with the first chunk of one that says it, in the order of these: what is alike
    is mostly near; the pairs it found to be alike, in the order of both; and the signatures of the components whose classes
    it formed (`indexing.folding.components`)."""

    functions: NDArray[np.uint64]
    chunks: NDArray[np.int64]
    pairs: StoredPairs
    components: NDArray[np.uint64]
    policy: str


NOTHING_COMPARED = Compared(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, PAIRS), np.zeros(0, np.uint64), "")


def pack_compared(compared: Compared) -> bytes:
    """What `unpack_compared` gives back. The bytes of numbers go by their weight, since the upper ones hardly differ."""
    pairs = compared.pairs
    first, last = pairs["one"].astype(np.int64), pairs["other"].astype(np.int64)
    goes_on = np.diff(first, prepend=-1) == 0
    columns = (
        compared.functions.astype("<u8").tobytes(),
        _planes(np.diff(compared.chunks, prepend=0)),
        _planes(np.diff(first, prepend=0)),
        _planes(last - np.where(goes_on, np.roll(last, 1), first)),
        _planes(np.rint(pairs["similarity"].astype(np.float64) * _STEPS).astype(np.int64)),
        *(np.ascontiguousarray(pairs[name]).tobytes() for name in ("type", "apart", "part")),
        compared.components.astype("<u8").tobytes(),
    )
    encoded = msgspec.msgpack.encode((columns, compared.policy))
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(encoded)


def unpack_compared(blob: bytes) -> Compared:
    """Raises ZstdError, ValueError or MsgspecError for a blob that is damaged."""
    content = zstandard.ZstdDecompressor().decompress(blob, max_output_size=_MAX_BYTES)
    columns, policy = msgspec.msgpack.decode(content, type=tuple[tuple[bytes, ...], str])
    functions, chunks, firsts, steps, similarity, *flags, components = columns
    first, sums = np.cumsum(_whole(firsts)), np.cumsum(_whole(steps))
    pairs = np.zeros(len(first), PAIRS)
    pairs["one"] = first
    # Within the pairs of one function steps add up; the first of each counts from the function itself.
    begins = np.flatnonzero(np.diff(first, prepend=-1))
    before = np.concatenate([np.zeros(1, np.int64), sums])[begins]
    pairs["other"] = first + sums - np.repeat(before, np.diff(begins, append=len(first)))
    pairs["similarity"] = _whole(similarity) / _STEPS
    for name, column in zip(("type", "apart", "part"), flags, strict=True):
        pairs[name] = np.frombuffer(column, np.uint8)
    held = np.frombuffer(functions, "<u8"), np.cumsum(_whole(chunks))
    return Compared(*held, pairs, np.frombuffer(components, "<u8"), policy)


def _planes(numbers: NDArray[np.int64]) -> bytes:
    """Numbers from 0 below 2**32, all lowest bytes first."""
    return numbers.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def _whole(planes: bytes) -> NDArray[np.int64]:
    """The numbers of which `_planes` took the bytes apart."""
    return np.frombuffer(planes, np.uint8).reshape(4, -1).T.copy().view("<u4").reshape(-1).astype(np.int64)
