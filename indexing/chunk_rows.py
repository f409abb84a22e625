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
from indexing.columns import ColumnWriter, Integers, read_blob
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
    """The chunks of the files of a block."""

    def __init__(self, counts: Integers, rows: ChunkRows) -> None:
        self._rows = rows
        self._ends = np.concatenate([[0], np.cumsum(counts)])
        self._sketched = np.concatenate([[0], np.cumsum(rows.prints["tokens"] & SKETCHED != 0)])
        if len(rows.sketches) != self._sketched[-1]:
            raise ValueError("the sketches of a block are not those of its chunks")

    def of(self, member: int) -> ChunkRows:
        """Those of the file of this number."""
        first, last = self._ends[member], self._ends[member + 1]
        sketches = self._rows.sketches[self._sketched[first] : self._sketched[last]]
        return ChunkRows(self._rows.spans[first:last], self._rows.prints[first:last], sketches)


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


def unpack_rows(blob: bytes) -> BlockChunks:
    """What `pack_rows` was given."""
    columns = read_blob(blob)
    counts, gaps, sizes = columns.unsigned(), columns.signed(), columns.unsigned()
    line_gaps, heights, kinds = columns.signed(), columns.unsigned(), columns.unsigned()
    spans, prints = np.zeros(len(gaps), SPANS), np.zeros(len(gaps), PRINTS)
    spans["start"], spans["size"] = _summed(gaps, sizes, counts), sizes
    spans["line"], spans["height"], spans["kind"] = _summed(line_gaps, heights, counts), heights, kinds
    prints["tokens"], prints["plain"] = columns.unsigned(), columns.unsigned()
    prints["layout"], prints["renamed"] = (np.frombuffer(columns.raw(), "<u8") for _ in range(2))
    return BlockChunks(counts, ChunkRows(spans, prints, np.frombuffer(columns.raw(), np.uint8).reshape(-1, ROW)))


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
