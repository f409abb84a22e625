"""Files of vectors: immutable segments named by generation, and one manifest that says which of them count.

A folder holds

* ``vectors-<generation>.bin``: a *segment*, the codes (`indexing.stores.codes`, row by row) and then the packed ids that one
  commit added;
* ``dead-<generation>.bin``: one bit for every row of every segment, in their order, set where the row was deleted;
* ``masked-<generation>.bin``: the packed ids of chunks that another chunk stands for, which no search returns;
* with very many vectors (`indexing.stores.cells`) ``centres-<generation>.bin``, the centres of cells row by row,
  a byte a dimension, and for every segment ``cells-<generation>.bin``, the cell of each of its rows in two bytes;
* ``manifest.json``: what of these is current, each file's size and XXH3-128, and a checksum of the manifest itself.

Files are written beside, synced, and renamed; the manifest is renamed last, so a commit happens entirely or not at all.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.errors import BrokenIndexError
from core.ports import IdVector
from indexing.stores.cells import CellNumbers, Centres
from indexing.stores.codes import Codes, Precision, unpack_ids
from indexing.stores.precision import codec_of

FORMAT = 4
"""Of the files; 1: float16 values; 2: codes of six levels; 3: of three; 4: the manifest tells the precision."""
_WITHOUT_PRECISION = 3
"""Read as what it is: compact."""

_MANIFEST = "manifest.json"
_REBUILD = "index again to rebuild it"

_READ_WHOLE = 128 * 1024
"""Bytes of a file up to which it is read instead of mapped: a mapping keeps a handle for as long as a reader is open, and
edits leave a few small files."""

_SPARSE = 8
"""Ids are looked up in a table of their range, four bytes each, unless it is so many times as long as there are of them."""

Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the folder as the manifest knows it: `rows` ids in it, its size in bytes and XXH3-128 in hexadecimal."""

    name: str
    rows: int
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class StoredCells:
    """The files of cells: a file for every segment, and centres that were found for `divided` vectors."""

    divided: int
    centres: StoredFile
    numbers: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What counts in a folder."""

    generation: int
    embedder_name: str
    embedder_version: str
    dimension: int
    precision: Precision
    segments: tuple[StoredFile, ...]
    dead: StoredFile | None
    masked: StoredFile | None
    cells: StoredCells | None = None

    def identity(self) -> tuple[str, str, int]:
        """What made the vectors: those of another embedder mean nothing beside them."""
        return self.embedder_name, self.embedder_version, self.dimension

    def names(self) -> set[str]:
        """The names of all current files."""
        cells = (self.cells.centres, *self.cells.numbers) if self.cells is not None else ()
        return {file.name for file in (*self.segments, self.dead, self.masked, *cells) if file is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The rows of one file; `ids` has shape (n,), `codes` (n, width) and is mapped from the file where that is large."""

    file: StoredFile
    ids: IdVector
    codes: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a folder: `numbers` has the cells of each segment's rows."""

    stored: StoredCells
    centres: Centres
    numbers: tuple[CellNumbers, ...]


@dataclass(frozen=True, slots=True, eq=False)
class VectorFiles:
    """The content of a folder: `dead` has a flag for every row of all segments, `masked` is sorted."""

    manifest: Manifest
    segments: tuple[Segment, ...]
    dead: Bits
    masked: IdVector
    cells: Cells | None = None


class RowsById:
    """Where each id stands among the rows that are not dead, in one row at most.

    Ids count up, so those of an index mostly fill their range: then a table tells the row of each, whatever the order they
    are asked for in. Where edits have left less than an eighth of it, they are looked up in a sorted list.
    """

    def __init__(self, ids: IdVector, dead: Bits) -> None:
        """`ids` and `dead` have an entry for every row."""
        living = np.flatnonzero(~dead)
        held = ids[living]
        self._first, beyond = (int(held.min()), int(held.max()) + 1) if len(held) else (0, 0)
        self._table: NDArray[np.int32] | None = None
        if beyond - self._first <= _SPARSE * len(held):
            # One more at the end, for ids that are beyond it.
            self._table = np.full(beyond - self._first + 1, -1, np.int32)
            self._table[held - self._first] = living
        else:
            self._rows: IdVector = living[np.argsort(held, kind="stable")]
            self._ids = ids[self._rows]

    def find(self, ids: IdVector) -> tuple[IdVector, Bits]:
        """Return the row of each of `ids`, and which of them have one; the others' rows mean nothing."""
        if self._table is not None:
            # As unsigned, those before the first are beyond the last.
            places = np.minimum((ids - self._first).view(np.uint64), np.uint64(len(self._table) - 1))
            rows = self._table[places.view(np.int64)].astype(np.int64)
            return rows, rows >= 0
        places = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return self._rows[places], self._ids[places] == ids


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of `folder`, None where nothing was ever committed; `BrokenIndexError` when it is damaged."""
    try:
        content = json.loads((folder / _MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _broken(folder, "its manifest cannot be read") from error
    try:
        body = content["manifest"]
        if content["checksum"] != _manifest_checksum(body):
            raise _broken(folder, "its manifest is damaged")
        if body["format"] not in (_WITHOUT_PRECISION, FORMAT):
            raise _broken(folder, f"it has the format {body['format']}, not {FORMAT}")
        return Manifest(
            generation=int(body["generation"]),
            embedder_name=str(body["embedder_name"]),
            embedder_version=str(body["embedder_version"]),
            dimension=int(body["dimension"]),
            precision=Precision(body["precision"] if body["format"] == FORMAT else Precision.COMPACT),
            segments=tuple(StoredFile(**file) for file in body["segments"]),
            dead=StoredFile(**body["dead"]) if body["dead"] else None,
            masked=StoredFile(**body["masked"]) if body["masked"] else None,
            cells=_stored_cells(body["cells"]) if body.get("cells") else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(folder, "its manifest is incomplete") from error


def _stored_cells(body: Any) -> StoredCells:
    numbers = tuple(StoredFile(**file) for file in body["numbers"])
    return StoredCells(int(body["divided"]), StoredFile(**body["centres"]), numbers)


def read_vector_files(folder: Path) -> VectorFiles | None:
    """Open what the manifest names and check every file; None where nothing was ever committed.

    A writer may replace the files between the reading of the manifest and theirs; then the newer manifest is taken.
    """
    manifest = read_manifest(folder)
    while manifest is not None:
        try:
            return _open(folder, manifest)
        except FileNotFoundError as error:
            newer = read_manifest(folder)
            if newer == manifest:
                raise _broken(folder, f"{Path(error.filename).name} is missing") from error
            manifest = newer
    return None


def _open(folder: Path, manifest: Manifest) -> VectorFiles:
    width = codec_of(manifest.precision, manifest.dimension).width
    segments = tuple(open_segment(folder, file, width) for file in manifest.segments)
    rows = sum(file.rows for file in manifest.segments)
    dead = np.zeros(rows, bool)
    if manifest.dead is not None:
        dead = np.unpackbits(_content(folder, manifest.dead), count=rows).astype(bool)
    masked = np.empty(0, np.int64)
    if manifest.masked is not None:
        masked = _unpacked(folder, manifest.masked, _content(folder, manifest.masked))
    cells = open_cells(folder, manifest.cells, manifest.dimension) if manifest.cells is not None else None
    return VectorFiles(manifest, segments, dead, masked, cells)


def open_cells(folder: Path, stored: StoredCells, dimension: int) -> Cells:
    """Open and check cells; `BrokenIndexError` where they are damaged."""
    try:
        centres = _content(folder, stored.centres).view(np.int8).reshape(stored.centres.rows, dimension)
        numbers = tuple(_content(folder, file).view("<u2").reshape(file.rows) for file in stored.numbers)
    except ValueError as error:
        raise _broken(folder, f"its cells have another size than the manifest says: {error}") from error
    if any(part.max(initial=0) >= len(centres) for part in numbers):
        raise _broken(folder, "it names cells that there are none of")
    return Cells(stored, centres, numbers)


def open_segment(folder: Path, file: StoredFile, width: int) -> Segment:
    """Open and check a segment whose codes have `width` bytes; `BrokenIndexError` where it is damaged."""
    data = _content(folder, file)
    split = file.rows * width
    if data.size < split:
        raise _broken(folder, f"{file.name} is shorter than the manifest says")
    return Segment(file, _unpacked(folder, file, data[split:]), data[:split].reshape(file.rows, width))


def _unpacked(folder: Path, file: StoredFile, data: NDArray[np.uint8]) -> IdVector:
    try:
        return unpack_ids(data.tobytes(), file.rows)
    except ValueError as error:
        raise _broken(folder, f"{file.name}: {error}") from error


def _content(folder: Path, file: StoredFile) -> NDArray[np.uint8]:
    """The bytes of a file, checked; mapped where it is large."""
    path = folder / file.name
    try:
        large = path.stat().st_size > _READ_WHOLE
        data = np.asarray(np.memmap(path, np.uint8, mode="r")) if large else np.frombuffer(path.read_bytes(), np.uint8)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _broken(folder, f"{file.name} cannot be read") from error
    if data.size != file.size or checksum_of(data.data) != file.checksum:
        raise _broken(folder, f"{file.name} is damaged")
    return data


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Let `manifest` count from now on, durably; all files that it names are written."""
    body = {"format": FORMAT, **asdict(manifest)}
    body = json.loads(json.dumps(body))  # tuples become lists, as they will be read
    content = json.dumps({"manifest": body, "checksum": _manifest_checksum(body)}, indent=1)
    # Journals keep the order of renames. Where a disk does not, a file that is missing is noticed, and made again.
    write_durably(folder / _MANIFEST, [content.encode()])
    _sync_folder(folder)


def remove_vector_files(folder: Path) -> None:
    """Delete the files of vectors, the manifest first, and leave what else is in `folder`."""
    (folder / _MANIFEST).unlink(missing_ok=True)
    _remove_parts(folder)


def empty_vector_files(folder: Path, manifest: Manifest) -> None:
    """Delete every vector of `folder`, whose manifest this is. It stays, of generation 0 and of none: whoever makes them
    anew knows how exactly they were kept."""
    write_manifest(folder, replace(manifest, generation=0, segments=(), dead=None, masked=None, cells=None))
    _remove_parts(folder)


def _remove_parts(folder: Path) -> None:
    for path in folder.glob("*.bin"):
        with contextlib.suppress(OSError):  # a reader has it open on Windows
            path.unlink()


def checksum_of(data: bytes | memoryview) -> str:
    """Return the XXH3-128 of `data` in hexadecimal."""
    return xxhash.xxh3_128_hexdigest(data)


def write_durably(path: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Write `pieces` to `path` atomically: beside it, synced, renamed. Return their size and XXH3-128 in hexadecimal."""
    beside = path.with_name(path.name + ".new")
    size, checksum = 0, xxhash.xxh3_128()
    with beside.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            checksum.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return size, checksum.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the renames in `folder` durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _manifest_checksum(body: Any) -> str:
    return checksum_of(json.dumps(body, sort_keys=True).encode())


def _broken(folder: Path, why: str) -> BrokenIndexError:
    return BrokenIndexError(f"the vectors of {folder} cannot be read", why, _REBUILD)
