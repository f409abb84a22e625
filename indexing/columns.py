"""Records as columns: how what is known of a file is written down, small and quick to read back.

They are one MessagePack array of columns. Numbers are little-endian arrays of the narrowest width that holds them; where
they mostly rise, differences are kept. What is known of a file is compressed with that of others (`indexing.blocks`); a
*blob* is columns compressed by themselves. Zstandard's checksum guards either: what was damaged raises `DAMAGE` when it is
read.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from indexing.codecs import compressor, decompressor

Integers = NDArray[np.int64]
"""Shape (n,)."""

# Level 6 takes a third less time than 9 and gives 3 % more.
_COMPRESSION_LEVEL = 6
_MAX_UNPACKED_BYTES = 1 << 30
DAMAGE = (zstandard.ZstdError, msgspec.MsgspecError, ValueError, IndexError, KeyError, TypeError, StopIteration)
"""What reading a damaged blob raises."""
_PRIVATE = range(0xE000, 0xF900)
"""Characters that stand for nothing and thus in no source."""
_SEPARATORS = ("\n", "\0", "\x1f")
_WIDTHS = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u8"))
_DTYPES = {kind.itemsize: kind for kind in _WIDTHS}


class ColumnWriter:
    """Collects columns; `encoded` gives them back as bytes, `blob` compressed."""

    def __init__(self) -> None:
        self._columns: list[Any] = []

    def unsigned(self, values: Iterable[int]) -> None:
        """Numbers from 0."""
        array = values.astype(np.uint64) if isinstance(values, np.ndarray) else np.array(list(values), np.uint64)
        top = int(array.max()) if len(array) else 0
        width = next(kind for kind in _WIDTHS if top <= np.iinfo(kind).max)
        self._columns.append((width.itemsize, array.astype(width).tobytes()))

    def signed(self, values: Iterable[int]) -> None:
        """Numbers of either sign, most of them near 0."""
        self.unsigned(zigzag(np.asarray(values if isinstance(values, np.ndarray) else list(values), np.int64)))

    def rising(self, values: Iterable[int]) -> None:
        """Numbers most of which are a little larger than the one before."""
        array = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.int64)
        steps = array.copy()
        steps[1:] -= array[:-1]  # `np.diff` takes ten times as long over the few numbers of a file
        self.signed(steps)

    def raw(self, value: bytes) -> None:
        """Bytes as they are."""
        self._columns.append(value)

    def strings(self, values: Iterable[str]) -> None:
        """Strings; one after the other as they mostly stand in the file."""
        held = list(values)
        for separator in _SEPARATORS:
            text = separator.join(held)
            if text.count(separator) == max(len(held) - 1, 0):  # else one of them holds it
                self._columns.append([len(held), separator, text])
                return
        self._columns.append(held)

    def encoded(self) -> bytes:
        """All columns in the order they were written."""
        return _encoder().encode(self._columns)

    def blob(self) -> bytes:
        """The same, compressed; `read_blob` opens it."""
        return compressor(_COMPRESSION_LEVEL).compress(self.encoded())


class ColumnReader:
    """Gives columns back in the order they were written."""

    def __init__(self, encoded: bytes | list[Any]) -> None:
        """Of what was `encoded`, or of columns that were `taken` from another."""
        held = msgspec.msgpack.decode(encoded, type=list[Any]) if isinstance(encoded, bytes) else encoded
        self._columns = iter(held)

    def unsigned(self) -> Integers:
        width, data = next(self._columns)
        return np.frombuffer(data, _DTYPES[width]).astype(np.int64)

    def signed(self) -> Integers:
        return signed_numbers(self.unsigned())

    def rising(self) -> Integers:
        return self.signed().cumsum()

    def skip(self, count: int) -> None:
        """Pass over some columns."""
        for _ in range(count):
            next(self._columns)

    def taken(self, count: int) -> list[Any]:
        """The next columns as they are stored, to be read later."""
        return [next(self._columns) for _ in range(count)]

    def raw(self) -> bytes:
        value: bytes = next(self._columns)
        return value

    def joined_strings(self) -> tuple[str, str]:
        """The strings as one text, and what stands between them, which none of them holds."""
        values = next(self._columns)
        if len(values) == 3 and isinstance(values[0], int):
            return values[2], values[1]
        return joined(values)

    def parts(self) -> list[str]:
        """The strings, an object for each: quicker where few of them are kept."""
        values = next(self._columns)
        if len(values) != 3 or not isinstance(values[0], int):
            return list(values)
        return values[2].split(values[1]) if values[0] else []

    def strings(self) -> list[str]:
        """The strings, those that are the same one object."""
        values = next(self._columns)
        if len(values) != 3 or not isinstance(values[0], int):
            return list(values)
        count, separator, joined = values
        # Names come again and again; one object for each keeps what is made of them small.
        same: dict[str, str] = {}
        parts = joined.split(separator)
        return list(map(same.setdefault, parts, parts)) if count else []


def joined(values: Sequence[str]) -> tuple[str, str]:
    """Strings as one text, and what stands between them, which none of them holds."""
    for separator in itertools.chain(_SEPARATORS, map(chr, _PRIVATE)):
        text = separator.join(values)
        if text.count(separator) == max(len(values) - 1, 0):
            return text, separator
    raise ValueError("the strings hold every character that could stand between them")


def same_once(texts: list[str]) -> list[str]:
    """The texts, those that are the same one object: names come again and again, and what is made of them stays small."""
    same: dict[str, str] = {}
    return list(map(same.setdefault, texts, texts))


def zigzag(values: Integers) -> NDArray[np.uint64]:
    """Numbers of either sign as numbers from 0: 0, -1, 1, -2, … become 0, 1, 2, 3, …"""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def signed_numbers(values: Integers) -> Integers:
    """The numbers that `zigzag` was given."""
    halves: Integers = (values.view(np.uint64) >> np.uint64(1)).astype(np.int64)
    return halves ^ -(values & 1)


def read_blob(blob: bytes) -> ColumnReader:
    """The columns of which `ColumnWriter.blob` made a blob."""
    return ColumnReader(decompressor().decompress(blob, max_output_size=_MAX_UNPACKED_BYTES))


@functools.cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()
