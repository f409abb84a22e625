"""The chunks of a file as columns.

`SPANS` and `PRINTS` are a fixed row a chunk, so that those of all files are one array when they are laid end to end; how
they are stored is told by `indexing.chunk_rows`. What is asked for a few chunks at a time (`details`) is apart from them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.chunk import ChunkKind
from core.model.symbol import Definition
from indexing.columns import ColumnReader, ColumnWriter
from indexing.parsed import ChunkDraft

# A chunk has fewer than 65,536 lines: its size is bounded far below.
SPANS = np.dtype([("start", "<u4"), ("size", "<u4"), ("line", "<u4"), ("height", "<u2"), ("kind", "u1")])
"""First byte, bytes, first line, lines after the first, place in `tuple(ChunkKind)`."""

PRINTS = np.dtype([("layout", "<u8"), ("renamed", "<u8"), ("tokens", "<u2"), ("plain", "u1")])
"""The first 64 bits of the hashes of a `Fingerprint`: `layout`, or `exact` for what folds by its bytes alone, and `renamed`,
0 where it is empty; among a million chunks, two that differ share one with a probability of one in 40 million. Then the
number of tokens, at most `MOST_TOKENS`, with the flags CONTINUES (the unit of the chunk before goes on) and SKETCHED (a row
of the file's sketches is its), and the share of the chunk that is no comment and no layout, in 255ths."""

MOST_TOKENS, CONTINUES, SKETCHED = 0x3FFF, 0x8000, 0x4000
_KINDS = {kind: number for number, kind in enumerate(ChunkKind)}
_HASH_DIGITS = 16

Spans = NDArray[np.void]
"""Shape (n,) of `SPANS`."""
Prints = NDArray[np.void]
"""Shape (n,) of `PRINTS`."""


@dataclass(frozen=True, slots=True)
class ChunkDetails:
    """Of each chunk of a file the index of its definition, its part, and its outline."""

    definitions: list[int]
    parts: list[int]
    outlines: list[str]


def pack_spans(drafts: Sequence[ChunkDraft]) -> bytes:
    """One row of `SPANS` a chunk; `unpack_spans` gives them back."""
    rows = [
        (d.span.start, d.span.end - d.span.start, d.span.start_line, d.span.end_line - d.span.start_line, _KINDS[d.kind])
        for d in drafts
    ]
    return np.array(rows, SPANS).tobytes()


def unpack_spans(data: bytes) -> Spans:
    """The rows of one file, or of several laid end to end."""
    return np.frombuffer(data, SPANS)


def pack_details(drafts: Sequence[ChunkDraft]) -> bytes:
    """What `unpack_details` gives back."""
    columns = ColumnWriter()
    columns.rising([draft.definition for draft in drafts])
    columns.unsigned([draft.part for draft in drafts])
    outlined = [index for index, draft in enumerate(drafts) if draft.outline]
    columns.unsigned(outlined)
    columns.strings([drafts[index].outline for index in outlined])
    return columns.encoded()


def unpack_details(encoded: bytes) -> ChunkDetails:
    """What `pack_details` was given."""
    columns = ColumnReader(encoded)
    definitions, parts = columns.rising().tolist(), columns.unsigned().tolist()
    outlines = [""] * len(parts)
    for index, outline in zip(columns.unsigned().tolist(), columns.strings(), strict=True):
        outlines[index] = outline
    return ChunkDetails(definitions, parts, outlines)


def pack_prints(drafts: Sequence[ChunkDraft]) -> bytes:
    """One row of `PRINTS` a chunk; `unpack_prints` gives them back."""
    rows = []
    for draft in drafts:
        found = draft.fingerprint
        flags = CONTINUES * found.continues | SKETCHED * bool(found.sketch)
        share = round(255 * min(found.plain, size) / size) if (size := draft.span.end - draft.span.start) else 0
        rows.append(
            (
                _number(found.layout or found.exact),
                _number(found.renamed),
                min(found.tokens, MOST_TOKENS) | flags,
                share,
            )
        )
    return np.array(rows, PRINTS).tobytes()


def pack_sketches(drafts: Sequence[ChunkDraft]) -> bytes:
    """The sketches of a file, one after the other."""
    return b"".join(draft.fingerprint.sketch for draft in drafts)


def unpack_prints(data: bytes) -> Prints:
    """The rows of one file, or of several laid end to end."""
    return np.frombuffer(data, PRINTS)


def names_by_chunk(definitions: Sequence[Definition], spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """For each chunk `[start, end)`, in the order of the bytes, the names of the definitions that begin in it."""
    names: list[list[str]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for definition in definitions[1:]:
        index = bisect_right(starts, definition.span.start) - 1
        if index >= 0 and definition.span.start < spans[index][1]:
            names[index].append(definition.name)
    return names


def _number(digits: str) -> int:
    return int(digits[:_HASH_DIGITS], 16) if digits else 0
