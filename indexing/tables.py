"""Columns of numbers and of strings as one blob, each column of numbers compressed by itself.

Numbers of one sort have few values, most of them small: a byte each and with their own code, they take a few bits. Strings
are compressed with the texts that they come from as the dictionary.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from indexing.codecs import compressor, decompressor
from indexing.columns import Integers, signed_numbers, zigzag

_COMPRESSION_LEVEL = 10
_MAX_UNPACKED_BYTES = 1 << 30
_MORE = 255
"""Stands for a number that a byte does not hold."""
_MOST_CHOICES = 256
_OWN_CODE_BYTES = 150
"""What is smaller is compressed with its neighbours."""
_WIDTHS = (np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u8"))
_FEW = np.dtype("<u8")


class TableWriter:
    """Collects columns; `blob` gives them back."""

    def __init__(self) -> None:
        self._numbers: list[tuple[int, bytes, bytes, bytes]] = []
        self._strings: list[list[str]] = []

    def unsigned(self, values: Integers) -> None:
        """Numbers from 0."""
        self._numbers.append(_packed(values.astype(np.uint64)))

    def signed(self, values: Integers) -> None:
        """Numbers of either sign, most of them near 0."""
        self._numbers.append(_packed(zigzag(values)))

    def rising(self, values: Integers) -> None:
        """Numbers most of which are a little larger than the one before."""
        self.signed(np.diff(values, prepend=0))

    def strings(self, values: list[str]) -> None:
        self._strings.append(values)

    def blob(self, with_texts: zstandard.ZstdCompressor) -> bytes:
        """All columns; the compressor has the texts as its dictionary."""
        strings = with_texts.compress(msgspec.msgpack.encode(self._strings))
        return msgspec.msgpack.encode((_apart(self._numbers), strings))


class TableReader:
    """Gives the columns of a blob back, numbers and strings each in the order they were written.

    What is damaged raises `indexing.columns.DAMAGE`.
    """

    def __init__(self, blob: bytes, with_texts: zstandard.ZstdDecompressor) -> None:
        numbers, strings = msgspec.msgpack.decode(blob, type=tuple[bytes, bytes])
        self._numbers = iter(_decoded(decompressor(), numbers, list[tuple[int, bytes, bytes, bytes]]))
        self._strings = iter(_decoded(with_texts, strings, list[list[str]]))

    def unsigned(self) -> Integers:
        return _unpacked(*next(self._numbers))

    def signed(self) -> Integers:
        return signed_numbers(self.unsigned())

    def rising(self) -> Integers:
        return np.cumsum(self.signed())

    def strings(self) -> list[str]:
        found: list[str] = next(self._strings)
        return found


def _apart(parts: list[tuple[int, bytes, bytes, bytes]]) -> bytes:
    """A frame of a list, each larger part of which gets a code of its own."""
    stream = compressor(_COMPRESSION_LEVEL).compressobj()
    packed = stream.compress(b"\xdc" + len(parts).to_bytes(2, "big"))  # MessagePack's head of a list
    held = 0
    for part in parts:
        encoded = msgspec.msgpack.encode(part)
        if max(held, len(encoded)) > _OWN_CODE_BYTES:
            packed += stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
            held = 0
        packed += stream.compress(encoded)
        held += len(encoded)
    return packed + stream.flush()


def _decoded(reader: zstandard.ZstdDecompressor, frame: bytes, kind: Any) -> Any:
    return msgspec.msgpack.decode(reader.decompress(frame, max_output_size=_MAX_UNPACKED_BYTES), type=kind)


def _packed(values: NDArray[np.uint64]) -> tuple[int, bytes, bytes, bytes]:
    """A byte for each number, then those that a byte does not hold, after their width; or the few there are, for which the
    bytes stand."""
    top = int(values.max()) if len(values) else 0
    if top < _MORE:
        return 0, values.astype(np.uint8).tobytes(), b"", b""
    found, places = np.unique(values, return_inverse=True)
    if len(found) <= min(_MOST_CHOICES, len(values) // 8):
        return 0, places.astype(np.uint8).tobytes(), b"", found.astype(_FEW).tobytes()
    width = next(kind for kind in _WIDTHS if top <= np.iinfo(kind).max)
    large = values[values >= _MORE].astype(width).tobytes()
    return width.itemsize, np.minimum(values, _MORE).astype(np.uint8).tobytes(), large, b""


def _unpacked(width: int, small: bytes, large: bytes, few: bytes) -> Integers:
    values = np.frombuffer(small, np.uint8)
    if few:
        return np.frombuffer(few, _FEW).astype(np.int64)[values]
    found = values.astype(np.int64)
    if width:
        found[values == _MORE] = np.frombuffer(large, f"<u{width}").astype(np.int64)
    return found
