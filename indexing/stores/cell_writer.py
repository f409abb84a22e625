"""Divides the vectors of a commit into cells (`cells`), where there are so many that it pays.

Centres stay from commit to commit, and with them the cells of all rows that stay: only what is new is multiplied with them.
When there are a quarter more vectors than they were found for, they are found anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from indexing.stores.cells import CellNumbers, CellPolicy, Centres, cells_of, find_centres
from indexing.stores.codes import Codec, Codes
from indexing.stores.stored_rows import StoredRows
from indexing.stores.vector_files import Cells, Segment, StoredCells, StoredFile

_AT_ONCE = 16_384
"""Rows that are decoded at a time: 16 MB of float32 at 256 dimensions."""


class WriteFile(Protocol):
    """Writes a file of a kind that has so many rows."""

    def __call__(self, kind: str, pieces: Iterable[bytes], rows: int) -> StoredFile: ...


class CellWriter:
    """Divides vectors that a codec has coded."""

    def __init__(self, codec: Codec, policy: CellPolicy) -> None:
        self._codec = codec
        self._policy = policy

    def divide(
        self,
        before: Cells | None,
        segments: Sequence[Segment],
        living: int,
        kept: int,
        merged: CellNumbers,
        write: WriteFile,
        *,
        anew: bool = True,
    ) -> Cells | None:
        """Return the cells of `segments`, of whose rows `living` are not dead, and write what files they lack; None where
        there are too few for any.

        With `before`, the first `kept` segments are those it knows; the first rows of a further one lie in `merged`.
        Unless `anew`, its centres stay however many more vectors there are.
        """
        divided = before.stored.divided if before is not None else 0
        if not self._policy.wanted(living, divided):
            return None
        if before is None or (anew and self._policy.outgrown(living, divided)):
            return self._divide_anew(living, segments, write)
        numbers, files = before.numbers[:kept], before.stored.numbers[:kept]
        for segment in segments[kept:]:
            new = np.concatenate([merged, self._cells(segment.codes[len(merged) :], before.centres)])
            numbers, files = (*numbers, new), (*files, _written(new, write))
        return Cells(replace(before.stored, numbers=files), before.centres, numbers)

    def _divide_anew(self, living: int, segments: Sequence[Segment], write: WriteFile) -> Cells:
        rows = StoredRows(self._codec, [segment.codes for segment in segments])
        centres = find_centres(len(rows), rows.vectors)
        stored = write("centres", [centres.tobytes()], len(centres))
        numbers = tuple(self._cells(segment.codes, centres) for segment in segments)
        files = tuple(_written(part, write) for part in numbers)
        return Cells(StoredCells(living, stored, files), centres, numbers)

    def _cells(self, codes: Codes, centres: Centres) -> CellNumbers:
        parts = (codes[first : first + _AT_ONCE] for first in range(0, len(codes), _AT_ONCE))
        return np.concatenate([np.empty(0, np.uint16), *(cells_of(self._codec.decode(part), centres) for part in parts)])


def _written(numbers: CellNumbers, write: WriteFile) -> StoredFile:
    return write("cells", [numbers.astype("<u2").tobytes()], len(numbers))
