"""Writes vectors into a folder of `vector_files`, commit by commit.

What a killed writer leaves behind is swept up by the next commit. Beyond `MAX_SEGMENTS` files the newest are merged, small
ones with small ones, so that a small commit writes little however much there is. A deleted row costs a bit until its segment
is merged or a tenth of all rows are dead; then the living are written anew into one segment.

Where a coarser precision is wanted than the folder has, its vectors are coded once more from what is kept, as a commit of
the same generation; for a finer one they have to be made anew.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix, IdVector
from indexing.stores.cell_writer import CellWriter
from indexing.stores.cells import CellPolicy
from indexing.stores.codes import Codes, Precision, pack_ids
from indexing.stores.precision import codec_of, is_finer
from indexing.stores.vector_files import (
    Bits,
    Cells,
    Manifest,
    RowsById,
    Segment,
    StoredFile,
    VectorFiles,
    checksum_of,
    open_segment,
    read_vector_files,
    write_durably,
    write_manifest,
)

MAX_SEGMENTS = 8
"""Each open segment costs a reader a mapping and a loop."""

MAX_DEAD = 0.1
"""The share of dead rows above which a commit compacts."""

_AT_ONCE = 65_536
"""Rows that a merge holds at a time: 4 MB of compact codes."""

_CODED_AT_ONCE = 8_192
"""Rows that are coded once more at a time: 8 MB of float32 at 256 dimensions."""


class VectorWriter:
    """Writes one folder of vectors; whoever opens it holds the index's lock.

    What was added, removed and masked becomes visible, all at once, with `commit`; leaving without it forgets the rest.
    """

    def __init__(
        self,
        folder: Path,
        dimension: int,
        embedder_name: str,
        embedder_version: str,
        precision: Precision = Precision.COMPACT,
        policy: CellPolicy | None = None,
    ) -> None:
        """Open `folder`, or begin it; vectors of another embedder or dimension, or of a coarser precision, are left behind
        with the next commit. `policy` tells from how many on they are divided into cells."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._dimension = dimension
        self._embedder = (embedder_name, embedder_version)
        self._codec = codec_of(precision, dimension)
        self._cell_writer = CellWriter(self._codec, policy or CellPolicy())
        self._begin(None)
        files = read_vector_files(folder)
        if files is None or files.manifest.identity() != (embedder_name, embedder_version, dimension):
            return
        if files.manifest.precision == precision:
            self._begin(files)
        elif is_finer(files.manifest.precision, precision):
            self._make_coarser(files)

    def _begin(self, files: VectorFiles | None) -> None:
        self._committed = files.manifest if files else None
        self._segments: tuple[Segment, ...] = files.segments if files else ()
        self._dead: Bits = files.dead.copy() if files else np.zeros(0, bool)
        self._masked: IdVector = files.masked if files else np.empty(0, np.int64)
        self._cells: Cells | None = files.cells if files else None
        self._by_id: RowsById | None = None
        self._new: dict[int, NDArray[np.uint8]] = {}

    @property
    def generation(self) -> int:
        """The generation last committed, 0 where there is none (a new folder, another embedder)."""
        return self._committed.generation if self._committed else 0

    @property
    def precision(self) -> Precision:
        """How exactly vectors are kept."""
        return self._codec.precision

    def count(self) -> int:
        """How many vectors the next commit will hold, masked ones included."""
        return len(self._dead) - int(np.count_nonzero(self._dead)) + len(self._new)

    def add(self, ids: IdVector, vectors: FloatMatrix) -> None:
        """Store a vector for each of `ids`, shape (n, dimension), finite; an id that is there already is replaced."""
        if vectors.shape != (len(ids), self._dimension):
            raise ValueError(f"{len(ids)} ids and vectors of shape {vectors.shape}, not (n, {self._dimension})")
        # Workers send float16. What is embedded here, for a store that is behind or lost, shall have the same codes.
        with np.errstate(over="ignore"):  # the codec looks for it
            vectors = vectors.astype(np.float16).astype(np.float32)
        codes = self._codec.encode(vectors)
        self.remove(ids)
        self._new.update(zip(np.asarray(ids).tolist(), codes, strict=True))

    def remove(self, ids: Iterable[int]) -> None:
        """Take vectors out; ids that are not stored are passed over."""
        wanted = np.fromiter(ids, np.int64)
        if len(self._dead):
            if self._by_id is None:  # of the last commit: what was removed since is marked once more
                self._by_id = RowsById(np.concatenate([segment.ids for segment in self._segments]), self._dead)
            rows, known = self._by_id.find(wanted)
            self._dead[rows[known]] = True
        if self._new:
            for id_ in wanted.tolist():
                self._new.pop(id_, None)

    def mask(self, ids: IdVector) -> None:
        """Let `ids`, and no others, be passed over by searches; scores of single chunks still know them."""
        self._masked = np.unique(np.asarray(ids, np.int64))

    def clear(self) -> None:
        """Take every vector and mask out."""
        self._begin(None)

    def commit(self, generation: int, *, more: bool = False) -> None:
        """Make everything since the last commit visible and durable, as `generation`. With `more` another commit follows
        soon: centres of cells, which shall be those of all, are found by that."""
        first = self._first_merged()
        kept = self._segments[:first]
        rows = sum(segment.file.rows for segment in kept)
        ids = np.concatenate([self._merged_ids(first), np.fromiter(self._new, np.int64, len(self._new))])
        segments = kept
        if len(ids):
            pieces = itertools.chain(self._merged_codes(first), self._new_codes(), [pack_ids(ids)])
            written = self._write("vectors", generation, pieces, len(ids))
            segments = (*kept, open_segment(self._folder, written, self._codec.width))
        dead = np.concatenate([self._dead[:rows], np.zeros(len(ids), bool)])
        masks = pack_ids(self._masked) if len(self._masked) else b""
        cells = self._divided(generation, segments, dead, self._cells, first, more=more)
        manifest = Manifest(
            generation=generation,
            embedder_name=self._embedder[0],
            embedder_version=self._embedder[1],
            dimension=self._dimension,
            precision=self._codec.precision,
            segments=tuple(segment.file for segment in segments),
            dead=self._kept_or_written("dead", generation, np.packbits(dead).tobytes() if dead.any() else b"", len(dead)),
            masked=self._kept_or_written("masked", generation, masks, len(self._masked)),
            cells=cells.stored if cells is not None else None,
        )
        self._put(VectorFiles(manifest, segments, dead, self._masked, cells))

    def _put(self, files: VectorFiles) -> None:
        """Let `files` count, all of which are written, and go on from there."""
        write_manifest(self._folder, files.manifest)
        self._begin(files)
        self._sweep(files.manifest.names())

    def _divided(
        self,
        generation: int,
        segments: tuple[Segment, ...],
        dead: Bits,
        before: Cells | None,
        kept: int,
        *,
        more: bool = False,
    ) -> Cells | None:
        """The cells of `segments`, the first `kept` of which are those of `before`."""
        merged = np.empty(0, np.uint16)
        if before is not None:
            parts = zip(before.numbers[kept:], self._merged(kept), strict=True)
            merged = np.concatenate([merged, *(numbers[lives] for numbers, (_, lives) in parts)])

        def write(kind: str, pieces: Iterable[bytes], rows: int) -> StoredFile:
            return self._write(kind, generation, pieces, rows)

        rows = len(dead) - int(np.count_nonzero(dead))
        if more and before is None:
            return None
        return self._cell_writer.divide(before, segments, rows, kept, merged, write, anew=not more)

    def _make_coarser(self, files: VectorFiles) -> None:
        """Begin with the vectors of `files`, which are of a finer precision: the same rows, coded once more."""
        finer = codec_of(files.manifest.precision, self._dimension)

        def coded(codes: Codes) -> Iterator[bytes]:
            for begin in range(0, len(codes), _CODED_AT_ONCE):
                vectors = finer.turned_back(finer.decode(codes[begin : begin + _CODED_AT_ONCE]))
                yield self._codec.encode(vectors).tobytes()

        generation, segments = files.manifest.generation, []
        for segment in files.segments:
            pieces = itertools.chain(coded(segment.codes), [pack_ids(segment.ids)])
            written = self._write("vectors", generation, pieces, len(segment.ids))
            segments.append(open_segment(self._folder, written, self._codec.width))
        cells = self._divided(generation, tuple(segments), files.dead, None, 0)
        manifest = replace(
            files.manifest,
            precision=self._codec.precision,
            segments=tuple(segment.file for segment in segments),
            cells=cells.stored if cells is not None else None,
        )
        self._put(VectorFiles(manifest, tuple(segments), files.dead, files.masked, cells))

    def _first_merged(self) -> int:
        """Return from which segment on the next commit writes anew what lives, together with what it adds."""
        if np.count_nonzero(self._dead) > MAX_DEAD * len(self._dead):
            return 0
        first = len(self._segments)
        if first < MAX_SEGMENTS or not self._new:
            return first
        # The newest, and before it whatever is not much more than all that follows: sizes fall from segment to segment, so
        # that no row is written anew more often than their logarithm.
        first -= 1
        rows = len(self._new) + self._segments[first].file.rows
        while first and self._segments[first - 1].file.rows <= 2 * rows:
            first -= 1
            rows += self._segments[first].file.rows
        return first

    def _merged(self, first: int) -> Iterator[tuple[Segment, Bits]]:
        """The segments from `first` on, each with a flag for every row that lives."""
        start = sum(segment.file.rows for segment in self._segments[:first])
        for segment in self._segments[first:]:
            yield segment, ~self._dead[start : start + segment.file.rows]
            start += segment.file.rows

    def _merged_ids(self, first: int) -> IdVector:
        return np.concatenate([np.empty(0, np.int64), *(segment.ids[living] for segment, living in self._merged(first))])

    def _merged_codes(self, first: int) -> Iterator[bytes]:
        for segment, living in self._merged(first):
            for begin in range(0, len(living), _AT_ONCE):
                yield segment.codes[begin : begin + _AT_ONCE][living[begin : begin + _AT_ONCE]].tobytes()

    def _new_codes(self) -> Iterator[bytes]:
        codes = list(self._new.values())
        for begin in range(0, len(codes), _AT_ONCE):
            yield np.concatenate(codes[begin : begin + _AT_ONCE]).tobytes()

    def _unused(self, kind: str, generation: int) -> str:
        """A file is never overwritten, so that what a reader has open, or a last commit needs, stays as it is."""
        name, attempt = f"{kind}-{generation}.bin", 1
        while (self._folder / name).exists():
            attempt += 1
            name = f"{kind}-{generation}.{attempt}.bin"
        return name

    def _kept_or_written(self, kind: str, generation: int, data: bytes, rows: int) -> StoredFile | None:
        """Return the file of `kind` that holds `data`, the last commit's where that has not changed; None for nothing."""
        before: StoredFile | None = getattr(self._committed, kind, None)
        if not data:
            return None
        if before is not None and (before.rows, before.checksum) == (rows, checksum_of(data)):
            return before
        return self._write(kind, generation, [data], rows)

    def _write(self, kind: str, generation: int, pieces: Iterable[bytes], rows: int) -> StoredFile:
        name = self._unused(kind, generation)
        size, checksum = write_durably(self._folder / name, pieces)
        return StoredFile(name, rows, size, checksum)

    def _sweep(self, current: set[str]) -> None:
        """Delete what no manifest names. A file that a reader has open on Windows stays until a later commit."""
        for path in self._folder.iterdir():
            if path.suffix in (".bin", ".new") and path.name not in current:
                with contextlib.suppress(OSError):
                    path.unlink()

    def close(self) -> None:
        """Forget what was not committed."""
        self._begin(None)

    def __enter__(self) -> VectorWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
