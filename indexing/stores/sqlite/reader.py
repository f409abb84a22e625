"""Reading an index: one consistent snapshot, taken when the reader is opened."""

from __future__ import annotations

import functools
import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import xxhash

from core.errors import BrokenIndexError, SourceError
from core.model.chunk import Chunk, ChunkKind, ChunkTable
from core.model.clone import CloneClass, CloneMember, CloneType, FoldingSummary
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole, IndexedFile, Place, Span
from core.model.symbol import Symbol, SymbolKind
from core.ports import IdVector
from indexing.encodings import decode
from indexing.packed import unpack_content
from indexing.stores.sqlite import schema

# SQLite takes at most 32,766 values in one statement; a smaller number keeps statements cacheable.
_VALUES_AT_ONCE = 500
_CACHED_TEXTS = 64

_SYMBOL_COLUMNS = (
    "key, symbols.id, name, qualified_name, kind, symbols.language, COALESCE(path, ''), start_line, end_line, signature,"
    " doc, parent FROM symbols LEFT JOIN files ON files.id = symbols.file"
)
_EDGE_COLUMNS = (
    "source, target, kind, confidence, COALESCE(path, ''), line FROM edges LEFT JOIN files ON files.id = edges.file"
)
_CHUNK_COLUMNS = (
    "chunks.id, path, start, stop, start_line, end_line, kind, symbol, language, role, part, outline, representative"
    " FROM chunks JOIN files ON files.id = chunks.file"
)


class SnapshotReader:
    """Implements `core.ports.IndexReader` over the last commit at the time of opening; threads may share it.

    Raises BrokenIndexError where there is no index, or it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection = schema.connect(folder, read_only=True)
        self._lock = threading.RLock()
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute("BEGIN")
        self._meta = {str(key): str(value) for key, value in self._rows("SELECT key, value FROM meta")}
        self._cached_text = functools.lru_cache(maxsize=_CACHED_TEXTS)(self._decoded_text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the snapshot up."""
        with self._lock:
            self._connection.close()

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
    def _files(self) -> tuple[IndexedFile, ...]:
        rows = self._rows(
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
    def _encodings(self) -> dict[str, str]:
        return {file.path: file.encoding for file in self._files}

    def content(self, path: str) -> bytes:
        rows = self._rows("SELECT raw, hash FROM files JOIN contents ON contents.id = files.content WHERE path = ?", path)
        if not rows:
            raise SourceError(f"{path} is not in the index", "", "see 'codestrata search' for what is")
        raw, digest = rows[0]
        content = unpack_content(raw)
        if xxhash.xxh3_128_digest(content) != digest:
            raise schema.broken(self.folder, ValueError(f"the stored text of {path} is not what was indexed"))
        return content

    def text(self, path: str) -> str:
        return self._cached_text(path)

    def _decoded_text(self, path: str) -> str:
        return decode(self.content(path), self._encodings[path])

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        found = {chunk.id: chunk for chunk in map(_chunk, self._rows_in(f"SELECT {_CHUNK_COLUMNS} WHERE chunks.id IN", ids))}
        return [found[key] for key in map(int, ids) if key in found]

    def chunks_of(self, path: str) -> list[Chunk]:
        return [_chunk(row) for row in self._rows(f"SELECT {_CHUNK_COLUMNS} WHERE path = ? ORDER BY start", path)]

    @functools.cached_property
    def _chunk_table(self) -> ChunkTable:
        places = {path: i for i, path in enumerate(file.path for file in self._files)}
        kinds = {str(kind): i for i, kind in enumerate(ChunkKind)}
        by_id = {key: places[path] for key, path in self._rows("SELECT id, path FROM files")}
        rows = self._rows(
            "SELECT id, file, kind, start_line, end_line, stop - start, representative FROM chunks ORDER BY id"
        )
        ids, files, kind, first, last, sizes, kept = zip(*rows, strict=True) if rows else ((),) * 7
        return ChunkTable(
            ids=np.array(ids, np.int64),
            files=np.array([by_id[key] for key in files], np.int32),
            kinds=np.array([kinds[key] for key in kind], np.uint8),
            start_lines=np.array(first, np.int32),
            end_lines=np.array(last, np.int32),
            sizes=np.array(sizes, np.int32),
            representatives=np.array(kept, np.int64),
        )

    def chunk_table(self) -> ChunkTable:
        return self._chunk_table

    def masked(self) -> IdVector:
        table = self._chunk_table
        masked: IdVector = table.ids[table.representatives != table.ids]
        return masked

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        found = {
            symbol.key: symbol for symbol in map(_symbol, self._rows_in(f"SELECT {_SYMBOL_COLUMNS} WHERE key IN", keys))
        }
        return [found[int(key)] for key in keys]

    def symbols_of(self, path: str) -> list[Symbol]:
        rows = self._rows(f"SELECT {_SYMBOL_COLUMNS} WHERE path = ? ORDER BY start_line, key", path)
        found = [_symbol(row) for row in rows]
        return sorted(found, key=lambda symbol: symbol.kind is not SymbolKind.MODULE)

    def find_symbols(self, name: str, limit: int = 100) -> list[Symbol]:
        last = name.rpartition(".")[2]
        rows = self._rows(f"SELECT {_SYMBOL_COLUMNS} WHERE symbols.id = ? OR name = ? COLLATE NOCASE", name, last)
        folded = name.casefold()

        def rank(symbol: Symbol) -> tuple[bool, bool, int, str]:
            exact = _answers_to(symbol.id, name) or _answers_to(symbol.qualified_name, name)
            return (not exact, symbol.kind is SymbolKind.EXTERNAL, len(symbol.qualified_name), symbol.id)

        found = [
            symbol
            for symbol in map(_symbol, rows)
            if symbol.id == name or _answers_to(symbol.qualified_name.casefold(), folded)
        ]
        return sorted(found, key=rank)[:limit]

    @functools.cached_property
    def _symbols(self) -> tuple[Symbol, ...]:
        return tuple(_symbol(row) for row in self._rows(f"SELECT {_SYMBOL_COLUMNS} ORDER BY key"))

    def all_symbols(self) -> Sequence[Symbol]:
        return self._symbols

    def edges_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return self._edges_at("source", keys, kinds)

    def edges_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return self._edges_at("target", keys, kinds)

    def edges(self, kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return [edge for edge in self._edges if not kinds or edge.kind in kinds]

    @functools.cached_property
    def _edges(self) -> tuple[Edge, ...]:
        return tuple(_edge(row) for row in self._rows(f"SELECT {_EDGE_COLUMNS} ORDER BY edges.rowid"))

    def _edges_at(self, end: str, keys: Sequence[int], kinds: Sequence[EdgeKind]) -> list[Edge]:
        found = [_edge(row) for row in self._rows_in(f"SELECT {_EDGE_COLUMNS} WHERE {end} IN", keys)]
        return [edge for edge in found if not kinds or edge.kind in kinds]

    def clone_classes(self) -> list[CloneClass]:
        members: dict[int, list[CloneMember]] = {}
        rows = self._rows(
            "SELECT class, chunk, type, similarity, path, start_line, end_line, symbol FROM clone_members"
            " JOIN chunks ON chunks.id = chunk JOIN files ON files.id = file ORDER BY path, start_line"
        )
        for key, chunk, kind, similarity, *place in rows:
            members.setdefault(key, []).append(CloneMember(chunk, Place(*place), CloneType(kind), similarity))
        classes = []
        for key, kind, similarity, saved, kept in self._rows(
            "SELECT id, type, similarity, bytes_saved, representative FROM clone_classes ORDER BY bytes_saved DESC, id"
        ):
            representative = next(member for member in members[key] if member.chunk == kept)
            others = tuple(member for member in members[key] if member.chunk != kept)
            classes.append(CloneClass(key, CloneType(kind), similarity, saved, representative, others))
        return classes

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        rows = self._rows_in(
            "SELECT chunk, (SELECT COUNT(*) FROM clone_members AS other WHERE other.class = clone_members.class) - 1"
            " FROM clone_members WHERE chunk IN",
            chunk_ids,
        )
        return {chunk: count for chunk, count in rows if count}

    def folding(self) -> FoldingSummary:
        stored = self._meta.get("folding")
        return FoldingSummary(**json.loads(stored)) if stored else FoldingSummary(*(0,) * 10)

    def count(self, table: str) -> int:
        """Rows of `chunks`, `symbols`, `edges` or `files`."""
        if table not in {"chunks", "symbols", "edges", "files"}:
            raise ValueError(table)
        return int(self._rows(f"SELECT COUNT(*) FROM {table}")[0][0])

    def edge_counts(self) -> dict[str, dict[str, int]]:
        """Edges by kind and confidence."""
        counts: dict[str, dict[str, int]] = {}
        for kind, confidence, n in self._rows(
            "SELECT kind, confidence, COUNT(*) FROM edges GROUP BY kind, confidence ORDER BY kind, confidence"
        ):
            counts.setdefault(kind, {})[confidence] = n
        return counts

    def is_latest(self) -> bool:
        """Whether nothing was committed since this snapshot. A rebuilt index counts its generations from 1 again, so the
        time of the commit is compared too."""
        connection = schema.connect(self.folder, read_only=True)
        try:
            latest = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('generation', 'updated')"))
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error
        finally:
            connection.close()
        return all(latest.get(key) == self._meta.get(key) for key in ("generation", "updated"))

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        # Half a surrogate pair, from an odd byte on the command line or a client's JSON, is stored nowhere.
        storable = [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]
        try:
            with self._lock:
                return self._connection.execute(query, storable).fetchall()
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error

    def _rows_in(self, query: str, values: Iterable[int]) -> list[tuple[Any, ...]]:
        """Rows of `query … IN (values)`, in as many statements as it takes."""
        wanted = list(dict.fromkeys(map(int, values)))
        rows: list[tuple[Any, ...]] = []
        for first in range(0, len(wanted), _VALUES_AT_ONCE):
            part = wanted[first : first + _VALUES_AT_ONCE]
            rows += self._rows(f"{query} ({','.join('?' * len(part))})", *part)
        return rows


def open_snapshot(folder: Path) -> SnapshotReader:
    """Open the last commit of the index in `folder`; an index that was never committed is not one yet."""
    reader = SnapshotReader(folder)
    if reader.generation == 0:
        reader.close()
        raise BrokenIndexError(f"the index in {folder} was never finished", "", "run 'codestrata index SOURCE' again")
    return reader


def _answers_to(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith("." + name)


def _chunk(row: tuple[Any, ...]) -> Chunk:
    key, path, start, stop, first, last, kind, symbol, language, role, part, outline, kept = row
    span = Span(start, stop, first, last)
    return Chunk(key, path, span, ChunkKind(kind), symbol, language, FileRole(role), part, outline, kept)


def _symbol(row: tuple[Any, ...]) -> Symbol:
    key, symbol_id, name, qualified, kind, *rest = row
    return Symbol(key, symbol_id, name, qualified, _SYMBOL_KINDS[kind], *rest)


# Looked up for every edge of a graph: a dictionary is four times as fast as calling the enumeration.
_EDGE_KINDS = {str(kind): kind for kind in EdgeKind}
_CONFIDENCES = {str(confidence): confidence for confidence in Confidence}
_SYMBOL_KINDS = {str(kind): kind for kind in SymbolKind}


def _edge(row: tuple[Any, ...]) -> Edge:
    source, target, kind, confidence, path, line = row
    return Edge(source, target, _EDGE_KINDS[kind], _CONFIDENCES[confidence], path, line)
