"""The rows of the chunks of all files at once, which lie in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from indexing.chunk_columns import PRINTS, SPANS
from indexing.chunk_rows import ChunkRows, unpack_rows
from indexing.folding.sketch import ROW

CHUNKS_QUERY = "SELECT id, chunks FROM blocks"


def laid_out(blocks: Iterable[tuple[int, bytes]], places: Sequence[tuple[int, int, int]]) -> ChunkRows:
    """The chunks of files, each given by its block, its number there and how many chunks it has, one after the other;
    `blocks` are the answer to `CHUNKS_QUERY`. Raises `indexing.columns.DAMAGE`."""
    opened = {block: unpack_rows(chunks) for block, chunks in blocks}
    if missing := {block for block, *_ in places} - opened.keys():
        raise ValueError(f"block {min(missing)} is missing")
    rows = [opened[block].of(member) for block, member, _ in places]
    if any(len(row.spans) != count for row, (*_, count) in zip(rows, places, strict=True)):
        raise ValueError("the chunks of a file are not those that were stored")
    return ChunkRows(
        np.concatenate([np.zeros(0, SPANS), *(row.spans for row in rows)]),
        np.concatenate([np.zeros(0, PRINTS), *(row.prints for row in rows)]),
        np.concatenate([np.zeros((0, ROW), np.uint8), *(row.sketches for row in rows)]),
    )
