"""Reading an index: one consistent snapshot, taken when the reader is opened."""

from __future__ import annotations

import functools
import json
import sqlite3
import weakref
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.errors import BrokenIndexError, SourceError
from core.kept import Kept
from core.model.chunk import Chunk, ChunkKind, ChunkTable
from core.model.clone import CloneClass, CloneMember, ClonePair, CopiedSpan, FoldingSummary, ListedClass
from core.model.edge_rows import EdgeRows
from core.model.graph import Edge, EdgeKind
from core.model.source import FileRole, IndexedFile, Span
from core.model.symbol import Symbol
from core.ports import IdVector
from core.retrieval.definitions import DefinitionTable
from indexing.blocks import unpack_content
from indexing.chunk_columns import CONTINUES, ChunkDetails, Spans, unpack_details
from indexing.chunk_rows import ChunkRows
from indexing.encodings import EXTRACTED, decode
from indexing.linking.naming import module_name, qualified_name
from indexing.number_sets import counted
from indexing.roles import is_own_code
from indexing.stores.sqlite import schema
from indexing.stores.sqlite.chunks import CHUNKS_QUERY, laid_out
from indexing.stores.sqlite.clones import CloneTable, unpack_summary
from indexing.stores.sqlite.definitions import read_definitions
from indexing.stores.sqlite.edges import EdgeTable
from indexing.stores.sqlite.rows import FileRow, Rows
from indexing.stores.sqlite.symbols import SymbolTable
from indexing.stores.sqlite.watch import Stamp, Watch

_CACHED_TEXTS = 64
_CACHED_CHUNKS = 512
_CHUNK_KINDS = tuple(ChunkKind)


@dataclass(frozen=True, slots=True, eq=False)
class _FileChunks:
    """The chunks of a file as they are stored."""

    file: FileRow
    spans: Spans
    details: ChunkDetails


class SnapshotReader:
    """Implements `core.ports.IndexReader` over the last commit at the time of opening; threads may share it.

    Raises BrokenIndexError where there is no index, or it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows = Rows(folder)
        self._meta = {str(key): str(value) for key, value in self._rows.all("SELECT key, value FROM meta")}
        self._texts = Kept[str, str](_CACHED_TEXTS)
        self._chunks = Kept[int, _FileChunks](_CACHED_CHUNKS)
        self._latest_at: Stamp | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the snapshot up."""
        if "_watch" in vars(self):
            self._watch.close()
        self._rows.close()

    @property
    def generation(self) -> int:
        """The commit this snapshot shows."""
        return int(self._meta.get("generation", "0"))

    def meta(self, key: str, default: str = "") -> str:
        """A value kept beside the tables."""
        return self._meta.get(key, default)

    def source_name(self) -> str:
        return self.meta("name")

    @functools.cached_property
    def _stored(self) -> list[FileRow]:
        return self._rows.files()

    @functools.cached_property
    def _totals(self) -> tuple[int, int]:
        """How many chunks there are and how many definitions within others, without a record for each file."""
        [(chunks, contained)] = self._rows.all(
            "SELECT COALESCE(SUM(chunks), 0), COALESCE(SUM(definitions - 1), 0) FROM files"
            " JOIN contents ON contents.id = files.content"
        )
        return chunks, contained

    @functools.cached_property
    def _by_path(self) -> dict[str, FileRow]:
        return {file.path: file for file in self._stored}

    @functools.cached_property
    def _files(self) -> tuple[IndexedFile, ...]:
        rows = self._rows.all(
            "SELECT path, files.language, role, size, modified_ns, hash, encoding, lines FROM files"
            " JOIN contents ON contents.id = files.content ORDER BY path"
        )
        return tuple(
            IndexedFile(path, language, FileRole(role), size, modified, digest.hex(), encoding, lines)
            for path, language, role, size, modified, digest, encoding, lines in rows
        )

    def files(self) -> Sequence[IndexedFile]:
        return self._files

    @functools.cached_property
    def _roles(self) -> Mapping[str, FileRole]:
        return MappingProxyType({file.path: file.role for file in self._files})

    def roles(self) -> Mapping[str, FileRole]:
        """See the port."""
        return self._roles

    def languages(self) -> dict[str, tuple[int, int]]:
        """The number of files in each language and their bytes, without a record for each file."""
        rows = self._rows.all(
            "SELECT files.language, COUNT(*), SUM(size) FROM files JOIN contents ON contents.id = files.content GROUP BY 1"
        )
        return {language: (count, size) for language, count, size in rows}

    @functools.cached_property
    def _encodings(self) -> dict[str, str]:
        return {file.path: file.encoding for file in self._files}

    def language(self, path: str) -> str:
        """The language of a file; `SourceError` for a path that is not in the index."""
        if path not in self._by_path:
            raise _not_indexed(path)
        return self._by_path[path].language

    def content(self, path: str) -> bytes:
        rows = self._rows.all(
            "SELECT block, start, size, hash FROM files JOIN contents ON contents.id = files.content WHERE path = ?", path
        )
        if not rows:
            raise _not_indexed(path)
        block, start, size, digest = rows[0]
        with self._rows.decoding():
            content = self._rows.block(block).content(start, size)
        if xxhash.xxh3_128_digest(content) != digest:
            raise schema.broken(self.folder, ValueError(f"the stored text of {path} is not what was indexed"))
        return content

    def text(self, path: str) -> str:
        return self._texts.get(path, self._decoded_text)

    def _decoded_text(self, path: str) -> str:
        if self._encodings.get(path) not in EXTRACTED:
            return decode(self.content(path), self._encodings[path])
        [(extracted,)] = self._rows.all(
            "SELECT extracted FROM files JOIN contents ON contents.id = files.content WHERE path = ?", path
        )
        with self._rows.decoding():
            return unpack_content(extracted).decode()

    # -- chunks ------------------------------------------------------------------------------------------------------

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        found = []
        for key in map(int, ids):
            file = self._file_of_chunk(key)
            if file is not None:
                found.append(self._chunk(self._chunks.get(file.id, self._chunks_of), key - file.chunks.start))
        return found

    def chunks_of(self, path: str) -> list[Chunk]:
        file = self._by_path.get(path)
        if file is None:
            return []
        held = self._chunks.get(file.id, self._chunks_of)
        return [self._chunk(held, index) for index in range(len(file.chunks))]

    @functools.cached_property
    def _by_chunk(self) -> tuple[list[int], list[FileRow]]:
        """Files with chunks, and the first id of each, in the order of ids."""
        files = sorted((file for file in self._stored if file.chunks), key=lambda file: file.chunks.start)
        return [file.chunks.start for file in files], files

    def _file_of_chunk(self, key: int) -> FileRow | None:
        firsts, files = self._by_chunk
        index = bisect_right(firsts, key) - 1
        return files[index] if index >= 0 and key in files[index].chunks else None

    @functools.cached_property
    def _files_by_id(self) -> dict[int, FileRow]:
        return {file.id: file for file in self._stored}

    def _chunks_of(self, file_id: int) -> _FileChunks:
        file = self._files_by_id[file_id]
        with self._rows.decoding():
            held = self._rows.block(file.block)
            if "_spans" in self.__dict__:  # the rows of all chunks are there: those of its block need not be unpacked
                first = int(np.searchsorted(self._chunk_table.ids, file.chunks.start))
                spans = self._spans[first : first + len(file.chunks)]
            else:
                spans = held.chunks(file.member).spans
            return _FileChunks(file, spans, unpack_details(held.details(file.member)))

    def _chunk(self, held: _FileChunks, index: int) -> Chunk:
        file, details = held.file, held.details
        start, size, line, height, kind = held.spans[index].tolist()
        key = file.chunks[index]
        nesting = self._symbols.outline(file.id).nesting(details.definitions[index])
        return Chunk(
            key,
            file.path,
            Span(start, start + size, line, line + height),
            _CHUNK_KINDS[kind],
            qualified_name(module_name(file.path), nesting),
            file.language,
            FileRole(file.role),
            details.parts[index],
            details.outlines[index],
            self._representatives.get(key, key),
        )

    @functools.cached_property
    def _representatives(self) -> dict[int, int]:
        """What stands for each chunk that another stands for."""
        return dict(self._rows.all("SELECT chunk, representative FROM copies ORDER BY chunk"))

    @functools.cached_property
    def _chunk_table(self) -> ChunkTable:
        positions = {file.id: index for index, file in enumerate(self._stored)}
        files, spans = self._by_chunk[1], self._spans
        counts = np.array([len(file.chunks) for file in files], np.int64)
        firsts = np.array([file.chunks.start for file in files], np.int64)
        ids = np.repeat(firsts, counts) + counted(counts)
        kept = ids.copy()
        if self._representatives:
            kept[np.searchsorted(ids, list(self._representatives))] = list(self._representatives.values())
        return ChunkTable(
            ids=ids,
            files=np.repeat(np.array([positions[file.id] for file in files], np.int32), counts),
            kinds=spans["kind"].astype(np.uint8),
            start_lines=spans["line"].astype(np.int32),
            end_lines=(spans["line"] + spans["height"]).astype(np.int32),
            sizes=spans["size"].astype(np.int32),
            representatives=kept,
        )

    @functools.cached_property
    def _spans(self) -> Spans:
        """Where every chunk lies, in the order of ids: some 3 MB for 100 MB of source."""
        return self._chunk_rows.spans

    @property
    def _chunk_rows(self) -> ChunkRows:
        """Every chunk, in the order of ids."""
        places = [(file.block, file.member, len(file.chunks)) for file in self._by_chunk[1]]
        with self._rows.decoding():
            return laid_out(self._rows.all(CHUNKS_QUERY), places)

    def chunk_table(self) -> ChunkTable:
        return self._chunk_table

    def masked(self) -> IdVector:
        return np.array(list(self._representatives), np.int64)

    # -- the graph ---------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _symbols(self) -> SymbolTable:
        return SymbolTable(self._rows, self._stored)

    @functools.cached_property
    def _edges(self) -> EdgeTable:
        return EdgeTable(self._rows, self._stored, self._symbols)

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        return self._symbols.symbols(keys)

    def symbols_of(self, path: str) -> list[Symbol]:
        return self._symbols.of_file(path)

    def symbols_on(self, path: str, start_line: int, end_line: int) -> list[Symbol]:
        """See the port."""
        return self._symbols.on_lines(path, start_line, end_line)

    def module_of(self, path: str) -> Symbol | None:
        return self._symbols.module_of(path)

    def find_symbols(self, name: str, limit: int = 100) -> list[Symbol]:
        return self._symbols.find(name, limit)

    def definition_counts(self) -> Mapping[str, int]:
        return {file.path: file.definitions for file in self._stored if file.definitions}

    def files_of(self, keys: IdVector) -> NDArray[np.int32]:
        return self._edges.files_of(keys)

    def names(self, keys: Sequence[int]) -> list[str]:
        return self._symbols.names(keys)

    def definition_table(self, paths: Collection[str] | None = None) -> DefinitionTable:
        return self._symbols.table if paths is None else read_definitions(self._rows, self._by_path, paths)

    @functools.cached_property
    def _all_symbols(self) -> tuple[Symbol, ...]:
        return tuple(self._symbols.every())

    def all_symbols(self) -> Sequence[Symbol]:
        return self._all_symbols

    def edges_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return self._edges.leaving(keys, kinds)

    def edges_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return self._edges.arriving(keys, kinds)

    def edges(self, kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return self._edges.every(kinds)

    def rows_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._edges.rows_leaving(keys, kinds)

    def rows_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._edges.rows_arriving(keys, kinds)

    def edge_rows(self, kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._edges.every_row(kinds)

    def edges_at(self, rows: EdgeRows) -> list[Edge]:
        return rows.edges(self._edges.paths)

    def most_arrived_at(self, kind: EdgeKind, limit: int) -> list[tuple[int, int]]:
        """The keys of those definitions of the source that most edges of a kind lead to, and how many these are; edges by
        the bare name do not count."""
        return self._edges.most_arrived_at(kind, limit)

    # -- clones ------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _clones(self) -> CloneTable:
        # Weakly: a reader that is part of a cycle would hold its snapshot open until the collector comes.
        mine = weakref.ref(self)
        return CloneTable(
            self._rows,
            lambda ids: _alive(mine).chunks(ids),
            lambda id_: _alive(mine)._path_of_chunk(id_),
            lambda: _alive(mine)._long_units(),
        )

    def _path_of_chunk(self, key: int) -> str:
        file = self._file_of_chunk(key)
        return file.path if file else ""

    def _long_units(self) -> dict[int, int]:
        """The number of chunks of every function that is several, by its first chunk."""
        ids = self.chunk_table().ids
        starts = np.flatnonzero(self._chunk_rows.prints["tokens"] & CONTINUES == 0)
        parts = np.diff(starts, append=len(ids))
        return dict(zip(ids[starts[parts > 1]].tolist(), parts[parts > 1].tolist(), strict=True))

    def clone_classes(self) -> list[CloneClass]:
        """See the port."""
        held = [(_weight(self._by_path.get(found.representative.place.path)), found) for found in self._clones.classes()]
        return [found for _, found in sorted(held, key=lambda one: one[0])]

    def classes_of(self, chunk_ids: Sequence[int]) -> dict[int, list[CloneClass]]:
        by_chunk = self._clones.classes_of(chunk_ids)
        classes = {found.id: found for found in self._clones.classes([key for keys in by_chunk.values() for key in keys])}
        return {chunk: [classes[key] for key in keys if key in classes] for chunk, keys in by_chunk.items()}

    def copied(self, chunk_ids: Sequence[int], most: int) -> dict[int, tuple[CloneMember, ...]]:
        """See the port."""
        return self._clones.copied(chunk_ids, most)

    @functools.cached_property
    def _listed_classes(self) -> tuple[ListedClass, ...]:
        held = [(_weight(self._file_of_chunk(found.representative)), found) for found in self._clones.listed()]
        return tuple(found for _, found in sorted(held, key=lambda one: one[0]))

    def listed_classes(self) -> Sequence[ListedClass]:
        """Every clone class without its members: those of own code, then of documents, data and what others wrote; of each,
        what saves most first."""
        return self._listed_classes

    @functools.cached_property
    def _paths_by_class(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        for key, chunks in self._clones.chunks_by_class().items():
            files = (self._file_of_chunk(chunk) for chunk in chunks)
            found[key] = frozenset(file.path for file in files if file is not None)
        return found

    def paths_of_class(self, key: int) -> frozenset[str]:
        """The files that hold members of a class, what represents it included."""
        return self._paths_by_class.get(key, frozenset())

    def clone_classes_by_id(self, ids: Sequence[int]) -> list[CloneClass]:
        """Some classes with their members, in the order of `ids`; those that are not there are left out."""
        found = {made.id: made for made in self._clones.classes(ids)} if ids else {}
        return [found[key] for key in ids if key in found]

    def copied_spans(self, path: str) -> list[CopiedSpan]:
        """Which lines of a file have copies, in the order of lines."""
        file = self._by_path.get(path)
        if file is None or not file.chunks:
            return []
        listed = {found.id: found for found in self._listed_classes}
        spans = {chunk.id: chunk.span for chunk in self.chunks_of(path)}
        return [
            CopiedSpan(
                key,
                spans[chunk].start_line,
                spans[chunk + parts - 1].end_line,
                listed[key].copies,
                listed[key].folded,
                represents,
            )
            for key, chunk, parts, represents in self._clones.members_within(file.chunks.start, len(file.chunks))
            if key in listed and chunk + parts - 1 in spans
        ]

    def clone_pairs(self) -> list[ClonePair]:
        return self._clones.pairs()

    def own_words(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        return self._clones.own_words(chunk_ids)

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        return self._clones.copies(chunk_ids)

    def folding(self) -> FoldingSummary:
        return unpack_summary(self._meta.get("folding"))

    def count_chunks(self) -> int:
        return self._totals[0]

    def count_symbols(self) -> int:
        """Names from outside of the source included."""
        return self._symbols.count()

    def edge_counts(self) -> dict[str, dict[str, int]]:
        """Edges by kind and confidence, as the linker counted them."""
        counts: dict[str, dict[str, int]] = json.loads(self.meta("edge_counts", "{}"))
        contained = self._totals[1]
        if contained:
            counts[str(EdgeKind.CONTAINS)] = {"exact": contained}
        return dict(sorted(counts.items()))

    @functools.cached_property
    def _watch(self) -> Watch:
        return Watch(self.folder)

    def is_latest(self) -> bool:
        """Whether nothing was committed since this snapshot. A rebuilt index counts its generations from 1 again, so the
        time of the commit is compared too."""
        stamp = self._watch.stamp()
        if stamp is not None and stamp == self._latest_at:
            return True
        latest = self._is_latest()
        self._latest_at = stamp if latest else None
        return latest

    def _is_latest(self) -> bool:
        connection = schema.connect(self.folder, read_only=True)
        try:
            latest = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('generation', 'updated')"))
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error
        finally:
            connection.close()
        return all(latest.get(key) == self._meta.get(key) for key in ("generation", "updated"))


def _not_indexed(path: str) -> SourceError:
    return SourceError(f"{path} is not in the index", "", "see 'codestrata search' for what is")


def _alive(reader: weakref.ref[SnapshotReader]) -> SnapshotReader:
    found = reader()
    if found is None:
        raise ReferenceError("the reader of these clone classes is gone")
    return found


def open_snapshot(folder: Path) -> SnapshotReader:
    """Open the last commit of the index in `folder`; an index that was never committed is not one yet."""
    reader = SnapshotReader(folder)
    if reader.generation == 0:
        reader.close()
        raise BrokenIndexError(f"the index in {folder} was never finished", "", "run 'codestrata index SOURCE' again")
    return reader


def _weight(file: FileRow | None) -> int:
    """Where repeated logic of a file comes in a list: what somebody wrote and can mend comes before what repeats by nature,
    as licences, change logs, pages and generated code do."""
    return 0 if file is not None and is_own_code(file.role, file.language) else 1
