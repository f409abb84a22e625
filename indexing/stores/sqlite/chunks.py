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
    found = list(blocks)
    held = {block: number for number, (block, _) in enumerate(found)}
    if missing := {block for block, *_ in places} - held.keys():
        raise ValueError(f"block {min(missing)} is missing")
    if not places:
        return ChunkRows(np.zeros(0, SPANS), np.zeros(0, PRINTS), np.zeros((0, ROW), np.uint8))
    opened = unpack_rows([chunks for _, chunks in found])
    numbers = np.array([held[block] for block, *_ in places], np.int64)
    members = opened.firsts[numbers] + np.array([member for _, member, _ in places], np.int64)
    if not np.array_equal(opened.counts[members], [count for *_, count in places]):
        raise ValueError("the chunks of a file are not those that were stored")
    return opened.of(members)
