"""The tokens of functions that may be alike, read again from the stored text: the work of a worker.

Texts are not kept as tokens, which would take more room than the text. What crosses to the main process is a hash a token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import is_not
from typing import NamedTuple

import numpy as np
import xxhash

from indexing.folding.brackets import KindTable
from indexing.folding.lexing import Tokens, tokenise
from indexing.folding.renaming import mask_locals, number_locals
from indexing.folding.skeleton import skeleton

ReadText = Callable[[str, int], bytes]
"""The text of a file as UTF-8: (index folder, id of the file)."""

_TABLE = KindTable(xxhash.xxh32_intdigest)


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
    """Of each function of a task: the number of its tokens; their hashes (uint32) and, in bits, which may be local names,
    laid end to end; a hash of its skeleton. No tokens where the text cannot be read."""

    task: StreamTask
    lengths: tuple[int, ...]
    hashes: bytes
    local: bytes
    skeletons: tuple[int, ...]
    seconds: float


def give_up_reading(task: StreamTask, _reason: str) -> Streams:
    """For a file whose worker died: its functions are like no others."""
    count = len(task.extents)
    return Streams(task, (0,) * count, b"", b"", (0,) * count, 0.0)


def read_streams(read_text: ReadText, tasks: Sequence[StreamTask]) -> list[Streams]:
    """The tokens of the functions of `tasks`, one result a task."""
    return [_read(read_text, task) for task in tasks]


def _read(read_text: ReadText, task: StreamTask) -> Streams:
    began = time.process_time()
    text = read_text(task.folder, task.file)
    lengths, hashes, local, skeletons = [], [], [], []
    for extent in task.extents:
        tokens = tokenise(text[extent.start : extent.stop], task.language) or []
        masked = mask_locals(tokens, task.language, extent.is_class) if tokens else tokens
        lengths.append(len(tokens))
        hashes.append(np.fromiter(map(_TABLE.__getitem__, tokens), np.uint32, len(tokens)))
        local.append(np.fromiter(map(is_not, tokens, masked), bool, len(tokens)))
        skeletons.append(_hash(skeleton(tokens)))
    bits = np.packbits(np.concatenate(local)) if local else np.zeros(0, np.uint8)
    joined = np.concatenate(hashes) if hashes else np.zeros(0, np.uint32)
    seconds = time.process_time() - began
    return Streams(task, tuple(lengths), joined.tobytes(), bits.tobytes(), tuple(skeletons), seconds)


def tokens_of(text: bytes, language: str, extent: Extent) -> tuple[Tokens, Tokens]:
    """The tokens of a definition, and the same with its local names numbered where they can be told; a token that is no
    local name is the same object in both."""
    tokens = tokenise(text[extent.start : extent.stop], language) or []
    numbered = number_locals(tokens, language, extent.is_class) if extent.is_numbered and tokens else None
    return tokens, numbered or tokens


def _hash(tokens: Tokens) -> int:
    return xxhash.xxh3_64_intdigest(b"\xff".join(tokens))
