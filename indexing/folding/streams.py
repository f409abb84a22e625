"""The tokens of functions that may be alike, a hash a token.

The run that parses a file keeps them in memory for the fold at its end (`KeptStreams`). They are not stored, which would
take as much room as the text: of all other functions they are read again from the stored text, which is work of a worker.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.folding.lexing import Tokens, tokenise
from indexing.folding.numbering import numbers_of, turn_to
from indexing.folding.renaming import local_places, number_locals
from indexing.folding.shapes import SKELETON_BYTES, Function, Shapes
from indexing.number_sets import counted

ReadText = Callable[[str, int], bytes]
"""The text of a file as UTF-8: (index folder, id of the file)."""

_BITS_A_TOKEN = 33
MOST_KEPT = 96 << 20
"""Bytes of streams that a run keeps: those of some 240 MB of code, of which nothing has to be read again."""


@dataclass(frozen=True, slots=True, eq=False)
class UnpackedStreams:
    """Functions, one after the other: the hashes of all their tokens (t,), which of them may be local names (t,); of each
    function how many tokens it has (n,), none where its text cannot be read, and a hash of its skeleton (n,)."""

    hashes: NDArray[np.uint32]
    local: NDArray[np.bool_]
    counts: NDArray[np.int64]
    skeletons: NDArray[np.uint64]


def unpack_streams(packed: Sequence[bytes]) -> UnpackedStreams:
    """Streams as `Shapes.streams` packs each; all at once, since most functions have few tokens."""
    sizes = np.fromiter(map(len, packed), np.int64, len(packed))
    # The bits for local names are filled up to a byte, with fewer than a token takes.
    counts = np.maximum(8 * (sizes - SKELETON_BYTES) // _BITS_A_TOKEN, 0)
    stops = (SKELETON_BYTES + 4 * counts).tolist()
    hashes = np.frombuffer(b"".join([one[SKELETON_BYTES:stop] for one, stop in zip(packed, stops, strict=True)]), "<u4")
    filled = -counts % 8
    bits = np.frombuffer(b"".join([one[stop:] for one, stop in zip(packed, stops, strict=True)]), np.uint8)
    ends = np.cumsum(counts + filled)
    filling = np.repeat(ends, filled) - 1 - counted(filled)
    skeletons = np.frombuffer(b"".join([one[:SKELETON_BYTES] or bytes(SKELETON_BYTES) for one in packed]), "<u8")
    return UnpackedStreams(hashes, np.delete(np.unpackbits(bits), filling).astype(bool), counts, skeletons)


class KeptStreams:
    """The packed streams of functions that this run has parsed, by the id of a function's first chunk, `most` bytes of
    them."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._packed: dict[int, bytes] = {}
        self._room = most

    def keep(self, chunk: int, packed: bytes) -> None:
        if len(packed) <= self._room:
            self._packed[chunk] = packed
            self._room -= len(packed)

    def get(self, chunk: int) -> bytes | None:
        return self._packed.get(chunk)


class Extent(NamedTuple):
    """Where a definition stands in its file, in bytes; `is_numbered` where its local names can be told.

    A tuple, for a hundred thousand of them cross to the workers: the records of `dataclasses` take ten times as long.
    """

    start: int
    stop: int
    is_numbered: bool
    is_class: bool = False


@dataclass(frozen=True, slots=True)
class StreamTask:
    """Functions of one file of the index in `folder`."""

    folder: str
    file: int
    language: str
    extents: tuple[Extent, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Streams:
    """Of each function of a `file` its packed stream, empty where its text cannot be read."""

    file: int
    packed: tuple[bytes, ...]
    seconds: float


def give_up_reading(task: StreamTask, _reason: str) -> Streams:
    """For a file whose worker died: its functions are like no others."""
    return Streams(task.file, (b"",) * len(task.extents), 0.0)


def read_streams(read_text: ReadText, tasks: Sequence[StreamTask]) -> list[Streams]:
    """The tokens of the functions of `tasks`, one result a task."""
    return [_read(read_text, task) for task in tasks]


def _read(read_text: ReadText, task: StreamTask) -> Streams:
    began = time.process_time()
    text = read_text(task.folder, task.file)
    turn_to(task.language)
    functions = []
    for extent in task.extents:
        tokens = tokenise(text[extent.start : extent.stop], task.language) or []
        numbers = numbers_of(tokens)
        functions.append(Function(tokens, numbers, local_places(tokens, numbers, task.language, extent.is_class)))
    packed = Shapes(functions, task.language).streams
    read = tuple(stream if function.tokens else b"" for function, stream in zip(functions, packed, strict=True))
    return Streams(task.file, read, time.process_time() - began)


def tokens_of(text: bytes, language: str, extent: Extent) -> tuple[Tokens, Tokens]:
    """The tokens of a definition, and the same with its local names numbered where they can be told; a token that is no
    local name is the same object in both."""
    tokens = tokenise(text[extent.start : extent.stop], language) or []
    numbered = number_locals(tokens, language, extent.is_class) if extent.is_numbered and tokens else None
    return tokens, numbered or tokens
