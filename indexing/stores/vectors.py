"""Files of vectors: immutable segments named by generation, and one manifest that says which of them count.

A folder holds

* ``vectors-<generation>.bin``: a *segment*, the ids (int64) and then the codes (float16, row by row) that one commit added;
* ``dead-<generation>.bin``: one bit for every row of every segment, in their order, set where the row was deleted;
* ``masked-<generation>.bin``: the sorted ids (int64) of chunks that another chunk stands for, which no search returns;
* ``manifest.json``: what of these is current, each file's size and XXH3-128, and a checksum of the manifest itself.

Numbers are little-endian. Files are written beside, synced, and renamed; the manifest is renamed last, so a commit happens
entirely or not at all, and what a killed writer leaves behind is swept up by the next commit. A deleted row costs a bit
until a tenth of all rows are dead, or there are `MAX_SEGMENTS` files; then the living are written anew into one segment.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.errors import BrokenIndexError
from core.ports import FloatMatrix, IdVector

FORMAT = 1
"""Of the files; 1: float16 codes (2025)."""

MAX_SEGMENTS = 8
"""Each open segment costs a reader a mapping and a loop; merging eight at once keeps the rewriting below the indexing."""

MAX_DEAD = 0.1
"""The share of dead rows above which a commit compacts."""

_MANIFEST = "manifest.json"
_REBUILD = "index again to rebuild it"

Codes = NDArray[np.float16]
Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the folder as the manifest knows it: `rows` ids in it, its size in bytes and XXH3-128 in hexadecimal."""

    name: str
    rows: int
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What counts in a folder."""

    generation: int
    embedder_name: str
    embedder_version: str
    dimension: int
    segments: tuple[StoredFile, ...]
    dead: StoredFile | None
    masked: StoredFile | None

    def names(self) -> set[str]:
        """The names of all current files."""
        return {file.name for file in (*self.segments, self.dead, self.masked) if file is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The rows of one file; `ids` has shape (n,), `codes` (n, dimension), both mapped from the file."""

    file: StoredFile
    ids: IdVector
    codes: Codes


@dataclass(frozen=True, slots=True, eq=False)
class VectorFiles:
    """The content of a folder: `dead` has a flag for every row of all segments, `masked` is sorted."""

    manifest: Manifest
    segments: tuple[Segment, ...]
    dead: Bits
    masked: IdVector


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
        if body["format"] != FORMAT:
            raise _broken(folder, f"it has the format {body['format']}, not {FORMAT}")
        return Manifest(
            generation=int(body["generation"]),
            embedder_name=str(body["embedder_name"]),
            embedder_version=str(body["embedder_version"]),
            dimension=int(body["dimension"]),
            segments=tuple(StoredFile(**file) for file in body["segments"]),
            dead=StoredFile(**body["dead"]) if body["dead"] else None,
            masked=StoredFile(**body["masked"]) if body["masked"] else None,
        )
    except (KeyError, TypeError) as error:
        raise _broken(folder, "its manifest is incomplete") from error


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
    segments = []
    for file in manifest.segments:
        data = _mapped(folder, file)
        split = file.rows * 8
        if data.size != split + file.rows * manifest.dimension * 2:
            raise _broken(folder, f"{file.name} has another length than the manifest says")
        codes = data[split:].view("<f2").reshape(file.rows, manifest.dimension)
        segments.append(Segment(file, data[:split].view("<i8"), codes))
    rows = sum(file.rows for file in manifest.segments)
    dead = np.zeros(rows, bool)
    if manifest.dead is not None:
        dead = np.unpackbits(_mapped(folder, manifest.dead), count=rows).astype(bool)
    masked = np.empty(0, np.int64)
    if manifest.masked is not None:
        masked = _mapped(folder, manifest.masked).view("<i8").astype(np.int64)
    return VectorFiles(manifest, tuple(segments), dead, masked)


def _mapped(folder: Path, file: StoredFile) -> NDArray[np.uint8]:
    path = folder / file.name
    try:
        data = np.memmap(path, np.uint8, mode="r") if path.stat().st_size else np.empty(0, np.uint8)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _broken(folder, f"{file.name} cannot be read") from error
    if data.size != file.size or xxhash.xxh3_128_hexdigest(data.data) != file.checksum:
        raise _broken(folder, f"{file.name} is damaged")
    return data


class VectorWriter:
    """Writes one folder of vectors; whoever opens it holds the index's lock.

    What was added, removed and masked becomes visible, all at once, with `commit`; leaving without it forgets the rest.
    """

    def __init__(self, folder: Path, dimension: int, embedder_name: str, embedder_version: str) -> None:
        """Open `folder`, or begin it; vectors of another embedder or dimension are left behind with the next commit."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._dimension = dimension
        self._embedder = (embedder_name, embedder_version)
        files = read_vector_files(folder)
        fits = files is not None and _identity(files.manifest) == (embedder_name, embedder_version, dimension)
        self._begin(files if fits else None)

    def _begin(self, files: VectorFiles | None) -> None:
        self._generation = files.manifest.generation if files else 0
        self._segments: list[Segment] = list(files.segments) if files else []
        self._dead: Bits = files.dead.copy() if files else np.zeros(0, bool)
        self._masked: IdVector = files.masked if files else np.empty(0, np.int64)
        # Which row an id stands in: dead rows are left out, so an id stands in one row at most.
        ids = np.concatenate([segment.ids for segment in self._segments] or [np.empty(0, np.int64)])
        living = np.flatnonzero(~self._dead)
        self._rows: dict[int, int] = dict(zip(ids[living].tolist(), living.tolist(), strict=True))
        self._new: dict[int, NDArray[np.float16]] = {}

    @property
    def generation(self) -> int:
        """The generation last committed, 0 where there is none (a new folder, another embedder)."""
        return self._generation

    def count(self) -> int:
        """How many vectors the next commit will hold, masked ones included."""
        return len(self._rows) + len(self._new)

    def add(self, ids: IdVector, vectors: FloatMatrix) -> None:
        """Store a vector for each of `ids`, shape (n, dimension), finite; an id that is there already is replaced."""
        if vectors.shape != (len(ids), self._dimension):
            raise ValueError(f"{len(ids)} ids and vectors of shape {vectors.shape}, not (n, {self._dimension})")
        with np.errstate(over="ignore"):  # looked for below
            codes = vectors.astype(np.float16)
        if not np.isfinite(codes).all():
            raise ValueError("a vector is not finite in float16")
        self.remove(ids)
        self._new.update(zip(np.asarray(ids).tolist(), codes, strict=True))

    def remove(self, ids: Iterable[int]) -> None:
        """Take vectors out; ids that are not stored are passed over."""
        for id_ in np.fromiter(ids, np.int64).tolist():
            row = self._rows.pop(id_, None)
            if row is not None:
                self._dead[row] = True
            self._new.pop(id_, None)

    def mask(self, ids: IdVector) -> None:
        """Let `ids`, and no others, be passed over by searches; scores of single chunks still know them."""
        self._masked = np.unique(np.asarray(ids, np.int64))

    def clear(self) -> None:
        """Take every vector and mask out."""
        self._begin(None)

    def commit(self, generation: int) -> None:
        """Make everything since the last commit visible and durable, as `generation`."""
        segments = list(self._segments)
        if self._must_compact():
            segments = []
            ids, codes = self._living()
        else:
            ids, codes = self._added()
        if len(ids):
            data = np.concatenate([ids.astype("<i8").view(np.uint8), codes.astype("<f2").reshape(-1).view(np.uint8)])
            written = self._write(self._unused("vectors", generation), data, len(ids))
        else:
            written = None
        files = [segment.file for segment in segments] + ([written] if written else [])
        added = len(ids) if written else 0
        dead = np.concatenate([self._dead if segments else np.zeros(0, bool), np.zeros(added, bool)])
        manifest = Manifest(
            generation=generation,
            embedder_name=self._embedder[0],
            embedder_version=self._embedder[1],
            dimension=self._dimension,
            segments=tuple(files),
            dead=self._write(self._unused("dead", generation), np.packbits(dead), len(dead)) if dead.any() else None,
            masked=self._write_masked(generation),
        )
        self._write_manifest(manifest)
        self._sweep(manifest.names())
        self._begin(_open(self._folder, manifest))

    def _must_compact(self) -> bool:
        return len(self._segments) >= MAX_SEGMENTS or self._dead.sum() > MAX_DEAD * len(self._dead)

    def _added(self) -> tuple[IdVector, Codes]:
        ids = np.fromiter(self._new, np.int64, len(self._new))
        codes = np.stack(list(self._new.values())) if self._new else np.empty((0, self._dimension), np.float16)
        return ids, codes

    def _living(self) -> tuple[IdVector, Codes]:
        ids, codes = self._added()
        all_ids, all_codes, start = [], [], 0
        for segment in self._segments:
            keep = ~self._dead[start : start + len(segment.ids)]
            start += len(segment.ids)
            all_ids.append(segment.ids[keep])
            all_codes.append(segment.codes[keep])
        return np.concatenate([*all_ids, ids]), np.concatenate([*all_codes, codes])

    def _write_masked(self, generation: int) -> StoredFile | None:
        if not len(self._masked):
            return None
        return self._write(self._unused("masked", generation), self._masked.astype("<i8").view(np.uint8), len(self._masked))

    def _unused(self, kind: str, generation: int) -> str:
        """A file is never overwritten, so that what a reader has open, or a last commit needs, stays as it is."""
        name, attempt = f"{kind}-{generation}.bin", 1
        while (self._folder / name).exists():
            attempt += 1
            name = f"{kind}-{generation}.{attempt}.bin"
        return name

    def _write(self, name: str, data: NDArray[np.uint8], rows: int) -> StoredFile:
        write_durably(self._folder / name, data.data)
        return StoredFile(name, rows, data.size, xxhash.xxh3_128_hexdigest(data.data))

    def _write_manifest(self, manifest: Manifest) -> None:
        body = {"format": FORMAT, **asdict(manifest)}
        body = json.loads(json.dumps(body))  # tuples become lists, as they will be read
        content = json.dumps({"manifest": body, "checksum": _manifest_checksum(body)}, indent=1)
        write_durably(self._folder / _MANIFEST, content.encode())

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


def write_durably(path: Path, data: bytes | memoryview) -> None:
    """Write `path` atomically: beside it, synced, renamed, and the folder synced where the system can."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _identity(manifest: Manifest) -> tuple[str, str, int]:
    return manifest.embedder_name, manifest.embedder_version, manifest.dimension


def _manifest_checksum(body: Any) -> str:
    return xxhash.xxh3_128_hexdigest(json.dumps(body, sort_keys=True).encode())


def _broken(folder: Path, why: str) -> BrokenIndexError:
    return BrokenIndexError(f"the vectors of {folder} cannot be read", why, _REBUILD)
