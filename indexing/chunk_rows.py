"""The rows of chunks of several files, compressed together (`indexing.blocks`).

Laid end to end as they are used, spans, prints and sketches are the fixed rows of `indexing.chunk_columns` and
`indexing.folding.sketch`. Stored, they are columns: of a chunk only its distance from the one before is kept, and numbers of
one sort repeat one another. Hashes have nothing to give; they are most of what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexing.chunk_columns import PRINTS, SKETCHED, SPANS, Prints, Spans
from indexing.columns import ColumnReader, ColumnWriter, Integers, read_blob
from indexing.folding.sketch import ROW, Sketches


@dataclass(frozen=True, slots=True)
class ChunkParts:
    """What `pack_spans`, `pack_prints` and `pack_sketches` made of the chunks of one file."""

    spans: bytes
    prints: bytes
    sketches: bytes


@dataclass(frozen=True, slots=True, eq=False)
class ChunkRows:
    """The chunks of some files, and of those that are sketched the sketches; parallel to `spans` are `prints`."""

    spans: Spans
    prints: Prints
    sketches: Sketches

    def parts(self) -> ChunkParts:
        """The same as bytes."""
        return ChunkParts(self.spans.tobytes(), self.prints.tobytes(), self.sketches.tobytes())


class BlockChunks:
    """The chunks of the files of one or several blocks; `firsts` (blocks,) are the numbers of the first files of each."""

    def __init__(self, counts: Integers, firsts: Integers, rows: ChunkRows) -> None:
        self._rows = rows
        self._ends = np.concatenate([[0], np.cumsum(counts)])
        self._sketched = np.concatenate([[0], np.cumsum(rows.prints["tokens"] & SKETCHED != 0)])
        self.counts, self.firsts = counts, firsts
        if len(rows.sketches) != self._sketched[-1]:
            raise ValueError("the sketches of a block are not those of its chunks")

    def of(self, members: Integers) -> ChunkRows:
        """Those of the files of these numbers, one after the other."""
        chunks = _runs(self._ends[members], self._ends[members + 1])
        sketches = _runs(self._sketched[self._ends[members]], self._sketched[self._ends[members + 1]])
        return ChunkRows(self._rows.spans[chunks], self._rows.prints[chunks], self._rows.sketches[sketches])


def pack_rows(files: Sequence[ChunkParts]) -> bytes:
    """The chunks of files as one blob; `unpack_rows` gives them back."""
    spans, prints = (
        np.frombuffer(b"".join(getattr(file, name) for file in files), kind)
        for name, kind in (("spans", SPANS), ("prints", PRINTS))
    )
    counts = np.array([len(file.spans) // SPANS.itemsize for file in files], np.int64)
    columns = ColumnWriter()
    columns.unsigned(counts)
    starts, sizes, lines, heights = (spans[name].astype(np.int64) for name in ("start", "size", "line", "height"))
    columns.signed(starts - _before(starts + sizes, counts))
    columns.unsigned(sizes)
    columns.signed(lines - _before(lines + heights, counts))
    columns.unsigned(heights)
    columns.unsigned(spans["kind"])
    columns.unsigned(prints["tokens"])
    columns.unsigned(prints["plain"])
    columns.raw(prints["layout"].tobytes())
    columns.raw(prints["renamed"].tobytes())
    columns.raw(b"".join(file.sketches for file in files))
    return columns.blob()


def unpack_rows(blobs: Sequence[bytes]) -> BlockChunks:
    """The chunks of blocks, each of which `pack_rows` made a blob: of all at once, since arrays cost by their number."""
    blocks = [read_blob(blob) for blob in blobs]
    by_block = [block.unsigned() for block in blocks]
    counts, gaps, sizes = np.concatenate(by_block), _joined(blocks, signed=True), _joined(blocks)
    line_gaps, heights, kinds = _joined(blocks, signed=True), _joined(blocks), _joined(blocks)
    spans, prints = np.zeros(len(gaps), SPANS), np.zeros(len(gaps), PRINTS)
    spans["start"], spans["size"] = _summed(gaps, sizes, counts), sizes
    spans["line"], spans["height"], spans["kind"] = _summed(line_gaps, heights, counts), heights, kinds
    prints["tokens"], prints["plain"] = _joined(blocks), _joined(blocks)
    layout, renamed, sketches = (b"".join([block.raw() for block in blocks]) for _ in range(3))
    prints["layout"], prints["renamed"] = np.frombuffer(layout, "<u8"), np.frombuffer(renamed, "<u8")
    files = np.array([len(found) for found in by_block], np.int64)
    rows = ChunkRows(spans, prints, np.frombuffer(sketches, np.uint8).reshape(-1, ROW))
    return BlockChunks(counts, np.cumsum(files) - files, rows)


def _joined(blocks: Sequence[ColumnReader], *, signed: bool = False) -> Integers:
    """The next column of each block, laid end to end."""
    return np.concatenate([block.signed() if signed else block.unsigned() for block in blocks])


def _runs(starts: Integers, stops: Integers) -> Integers:
    """The numbers of half-open ranges, one after the other."""
    sizes = stops - starts
    found: Integers = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    return found


def _firsts(counts: Integers) -> NDArray[np.int64]:
    """The places of the first chunks of files that have any."""
    return (np.cumsum(counts) - counts)[counts > 0]


def _before(ends: Integers, counts: Integers) -> Integers:
    """Where the chunk before each ends, 0 for the first of a file."""
    before = np.roll(ends, 1)
    before[_firsts(counts)] = 0
    return before


def _summed(gaps: Integers, sizes: Integers, counts: Integers) -> Integers:
    """Where each chunk starts, counted from 0 in every file."""
    starts = np.cumsum(gaps + sizes) - sizes
    firsts = _firsts(counts)
    found: Integers = starts - np.repeat(starts[firsts] - gaps[firsts], counts[counts > 0])
    return found
