"""Chunks: the pieces of a file that are indexed, ranked and shown.

The chunks of a file are disjoint, stand in the order of their bytes, and together hold every byte that is not white
space, save in a notebook, where they hold the source of its cells alone. What a chunk means beyond its own text (a class's
member signatures) goes into `Chunk.outline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.model.source import FileRole, Span


class ChunkKind(StrEnum):
    """What a chunk holds."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    """The head of a class: its line, doc comment and fields, without the methods."""
    MODULE = "module"
    """What of a module belongs to no function or class."""
    SECTION = "section"
    """A part of a document."""
    TEXT = "text"
    """A run of lines of a file that no grammar reads."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored chunk.

    `id` is never used again once its chunk is gone. `symbol` is the qualified name of the innermost definition that holds
    the chunk (the module itself outside of all others). `part` counts from 0 where a definition was too long for one chunk.
    `outline` holds lines that are not in the span but tell what it stands for. `representative` is the id of the chunk
    that stands for this one in the vectors and rankings, its own id unless it was folded away.
    """

    id: int
    path: str
    span: Span
    kind: ChunkKind
    symbol: str
    language: str
    role: FileRole
    part: int
    outline: str
    representative: int


@dataclass(frozen=True, slots=True, eq=False)
class ChunkTable:
    """All chunks of a snapshot as parallel arrays of shape (n,), by ascending id: what ranking works on.

    `files` are positions in `IndexReader.files()` (int32), `kinds` positions in `tuple(ChunkKind)` (uint8), lines count
    from 1 and both are included (int32), `sizes` are the spans' bytes (int32). A chunk's row is
    `numpy.searchsorted(ids, id)`.
    """

    ids: NDArray[np.int64]
    files: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    start_lines: NDArray[np.int32]
    end_lines: NDArray[np.int32]
    sizes: NDArray[np.int32]
    representatives: NDArray[np.int64]
