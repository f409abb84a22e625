"""Writing an index: one process at a time, in transactions that end with a new generation.

A generation counts the commits. Derived stores carry the generation they were built at; `changes_since` tells what they
missed. What is not committed is gone after a crash, what is committed stays.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock

from core.errors import BrokenIndexError, IndexBusyError, UsageError
from core.model.clone import CloneClass, FoldingSummary
from core.model.graph import Edge
from core.model.source import Place, SourceFile
from core.model.symbol import Symbol
from indexing.encodings import decode
from indexing.linking.records import FileFacts
from indexing.packed import PackedFile, unpack_content, unpack_facts
from indexing.stores.sqlite import schema

LOCK_NAME = "writer.lock"
_NO_FILE = 0


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it stands in the index. `content_hash` is 16 bytes; `current` is false where it was parsed by an older
    feature version."""

    path: str
    language: str
    role: str
    size: int
    modified_ns: int
    content_hash: bytes
    current: bool


@dataclass(frozen=True, slots=True)
class ChunkPrint:
    """What folding needs to know of a chunk. Hashes are raw bytes, empty where the chunk does not fold that way."""

    id: int
    place: Place
    kind: str
    role: str
    language: str
    content_hash: bytes
    size: int
    exact: bytes
    layout: bytes
    renamed: bytes
    tokens: int


@dataclass(frozen=True, slots=True)
class StoredText:
    """A stored chunk as the derived stores take it in."""

    id: int
    path: str
    symbol: str
    names: str
    outline: str
    text: str


class IndexWriter:
    """The only writer of an index folder; a context manager that holds its lock.

    Raises IndexBusyError where another process holds it, BrokenIndexError where the database cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            self._lock = locked(folder)
        except OSError as error:
            raise UsageError(
                f"the index cannot be written to {folder}", error.strerror or str(error), "name another folder with --index"
            ) from error
        self.folder = folder
        try:
            self._connection = schema.connect(folder, read_only=False)
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: a batch's pages stay in memory
        except BaseException:
            self._lock.release()
            raise
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give up what was not committed, and the lock."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        finally:
            self._connection.close()
            self._lock.release()

    @property
    def generation(self) -> int:
        """The number of the last commit, 0 for an empty index."""
        return int(self.meta("generation", "0"))

    def meta(self, key: str, default: str) -> str:
        """A value kept beside the tables."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value beside the tables, with the next commit."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def commit(self) -> int:
        """Make everything since the last commit durable and visible; returns its generation."""
        generation = self.generation + 1
        self.set_meta("generation", str(generation))
        self.set_meta("updated", str(time.time()))
        self._connection.execute("COMMIT")
        self._begin()
        return generation

    def known_files(self) -> dict[str, KnownFile]:
        """Every indexed file by its path."""
        rows = self._connection.execute(
            "SELECT path, files.language, role, size, modified_ns, hash, feature_version FROM files"
            " JOIN contents ON contents.id = files.content"
        )
        return {
            path: KnownFile(path, language, role, size, modified, digest, version == schema.FEATURE_VERSION)
            for path, language, role, size, modified, digest, version in rows
        }

    def put(self, files: Iterable[PackedFile]) -> list[list[int]]:
        """Store files, each in the place of what its path held before; returns the ids of each one's chunks."""
        generation = self.generation + 1
        return [self._put_file(file, generation) for file in files]

    def touch(self, sources: Iterable[SourceFile]) -> None:
        """Take over new time stamps and roles of files whose bytes have not changed."""
        self._connection.executemany(
            "UPDATE files SET modified_ns = ?, role = ? WHERE path = ?",
            [(source.modified_ns, str(source.role), source.path) for source in sources],
        )

    def remove(self, paths: Iterable[str]) -> list[int]:
        """Forget files; returns the ids of the chunks that went with them."""
        generation = self.generation + 1
        removed: list[int] = []
        for path in paths:
            row = self._connection.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
            if row is not None:
                removed += self._remove_chunks(row[0], generation)
                self._connection.execute("DELETE FROM files WHERE id = ?", row)
        return removed

    def chunk_ids(self, paths: Iterable[str]) -> list[int]:
        """Ids of the chunks of these files; a path that is not indexed has none."""
        query = "SELECT chunks.id FROM chunks JOIN files ON files.id = chunks.file WHERE path = ?"
        return [chunk for path in paths for chunk in self._ids(query, path)]

    def chunk_texts(self, ids: Sequence[int]) -> Iterator[StoredText]:
        """What the derived stores need of chunks, in the order of `ids`; unknown ids are passed over."""
        path, text = "", b""
        for chunk_id in ids:
            row = self._connection.execute(
                "SELECT path, symbol, names, outline, start, stop, raw, encoding FROM chunks"
                " JOIN files ON files.id = chunks.file JOIN contents ON contents.id = files.content WHERE chunks.id = ?",
                (chunk_id,),
            ).fetchone()
            if row is None:
                continue
            if row[0] != path:
                path, text = row[0], decode(unpack_content(row[6]), row[7]).encode()
            yield StoredText(chunk_id, path, row[1], row[2], row[3], text[row[4] : row[5]].decode())

    def changes_since(self, generation: int) -> tuple[list[int], list[int]]:
        """Ids of chunks (added, removed) after `generation`."""
        added = self._ids("SELECT id FROM chunks WHERE generation > ? ORDER BY id", generation)
        removed = self._ids("SELECT id FROM removed_chunks WHERE generation > ? ORDER BY id", generation)
        return added, removed

    def forget_removed(self, generation: int) -> None:
        """Drop the memory of chunks removed up to `generation`, once every derived store has followed."""
        self._connection.execute("DELETE FROM removed_chunks WHERE generation <= ?", (generation,))

    def facts(self) -> Iterator[FileFacts]:
        """The facts of every file, in the order of their paths."""
        rows = self._connection.execute(
            "SELECT path, files.language, facts FROM files JOIN contents ON contents.id = files.content ORDER BY path"
        )
        for path, language, packed in rows:
            yield FileFacts(path, language, unpack_facts(packed))

    def prints(self) -> Iterator[ChunkPrint]:
        """What folding needs of every chunk, in the order of their ids."""
        rows = self._connection.execute(
            "SELECT chunks.id, path, start_line, end_line, symbol, kind, role, files.language, hash, stop - start, exact,"
            " layout, renamed, tokens FROM chunks JOIN files ON files.id = chunks.file"
            " JOIN contents ON contents.id = files.content ORDER BY chunks.id"
        )
        for key, path, first, last, symbol, kind, role, language, digest, size, exact, layout, renamed, tokens in rows:
            place = Place(path, first, last, symbol)
            yield ChunkPrint(key, place, kind, role, language, digest, size, exact, layout, renamed, tokens)

    def masked(self) -> list[int]:
        """Ids of the chunks that another stands for, in order."""
        return self._ids("SELECT id FROM chunks WHERE representative != id ORDER BY id")

    def sizes(self) -> dict[str, tuple[int, bytes]]:
        """Size in bytes and content hash of every file by its path."""
        rows = self._connection.execute("SELECT path, size, hash FROM files JOIN contents ON contents.id = files.content")
        return {path: (size, digest) for path, size, digest in rows}

    def replace_graph(self, symbols: Sequence[Symbol], edges: Sequence[Edge]) -> None:
        """Put a new graph in the place of the old one; keys of symbols are their places in `symbols`."""
        files = dict(self._connection.execute("SELECT path, id FROM files"))
        self._connection.execute("DELETE FROM symbols")
        self._connection.execute("DELETE FROM edges")
        self._connection.executemany(
            "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (s.key, s.id, s.name, s.qualified_name, str(s.kind), s.language, files.get(s.path, _NO_FILE), s.start_line,
                 s.end_line, s.signature, s.doc, s.parent)
                for s in symbols
            ),
        )  # fmt: skip
        self._connection.executemany(
            "INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?)",
            ((e.source, e.target, str(e.kind), str(e.confidence), files.get(e.path, _NO_FILE), e.line) for e in edges),
        )

    def replace_clones(self, classes: Sequence[CloneClass], summary: FoldingSummary, masked: Mapping[int, int]) -> None:
        """Put new clone classes in the place of the old ones; `masked` maps each folded chunk to its representative."""
        self._connection.execute("DELETE FROM clone_members")
        self._connection.execute("DELETE FROM clone_classes")
        self._connection.execute("UPDATE chunks SET representative = id WHERE representative != id")
        self._connection.executemany(
            "INSERT INTO clone_classes VALUES (?, ?, ?, ?, ?)",
            ((c.id, int(c.type), c.similarity, c.bytes_saved, c.representative.chunk) for c in classes),
        )
        self._connection.executemany(
            "INSERT INTO clone_members VALUES (?, ?, ?, ?)",
            ((c.id, m.chunk, int(m.type), m.similarity) for c in classes for m in (c.representative, *c.members)),
        )
        self._connection.executemany(
            "UPDATE chunks SET representative = ? WHERE id = ?", ((kept, chunk) for chunk, kept in masked.items())
        )
        self.set_meta("folding", json.dumps(asdict(summary)))

    def sweep(self) -> None:
        """Forget contents that no file holds any more."""
        self._connection.execute("DELETE FROM contents WHERE id NOT IN (SELECT content FROM files)")

    def _begin(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error

    def _put_file(self, file: PackedFile, generation: int) -> list[int]:
        source = file.source
        content = self._put_content(file)
        row = self._connection.execute("SELECT id FROM files WHERE path = ?", (source.path,)).fetchone()
        if row is None:
            cursor = self._connection.execute(
                "INSERT INTO files (path, content, language, role, modified_ns) VALUES (?, ?, ?, ?, ?)",
                (source.path, content, source.language, str(source.role), source.modified_ns),
            )
            file_id = _new_id(cursor)
        else:
            file_id = row[0]
            self._remove_chunks(file_id, generation)
            self._connection.execute(
                "UPDATE files SET content = ?, language = ?, role = ?, modified_ns = ? WHERE id = ?",
                (content, source.language, str(source.role), source.modified_ns, file_id),
            )
        first = self._next_chunk_id()
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (first + i, file_id, d.span.start, d.span.end, d.span.start_line, d.span.end_line, str(d.kind), chunk.symbol,
                 chunk.names, d.part, d.outline, bytes.fromhex(d.fingerprint.exact), bytes.fromhex(d.fingerprint.layout),
                 bytes.fromhex(d.fingerprint.renamed), d.fingerprint.tokens, generation, first + i)
                for i, chunk in enumerate(file.chunks) for d in (chunk.draft,)
            ],
        )  # fmt: skip
        return list(range(first, first + len(file.chunks)))

    def _put_content(self, file: PackedFile) -> int:
        key = (file.content_hash, file.source.language)
        row = self._connection.execute(
            "SELECT id, feature_version FROM contents WHERE hash = ? AND language = ?", key
        ).fetchone()
        if row is not None and row[1] == schema.FEATURE_VERSION:
            return int(row[0])
        if row is not None:
            self._connection.execute(
                "UPDATE contents SET feature_version = ?, facts = ?, errors = ? WHERE id = ?",
                (schema.FEATURE_VERSION, file.facts, file.errors, row[0]),
            )
            return int(row[0])
        cursor = self._connection.execute(
            "INSERT INTO contents (hash, language, feature_version, size, encoding, lines, errors, raw, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, schema.FEATURE_VERSION, file.source.size, file.encoding, file.lines, file.errors, file.raw, file.facts),
        )
        return _new_id(cursor)

    def _next_chunk_id(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
        return 1 if row is None else int(row[0]) + 1

    def _remove_chunks(self, file_id: int, generation: int) -> list[int]:
        removed = self._ids("SELECT id FROM chunks WHERE file = ?", file_id)
        self._connection.executemany("INSERT INTO removed_chunks VALUES (?, ?)", [(chunk, generation) for chunk in removed])
        self._dissolve_classes(file_id)
        self._connection.execute("DELETE FROM chunks WHERE file = ?", (file_id,))
        return removed

    def _dissolve_classes(self, file_id: int) -> None:
        """Let the chunks that are folded with those of a file stand for themselves until classes are formed anew."""
        classes = self._ids(
            "SELECT DISTINCT class FROM clone_members JOIN chunks ON chunks.id = chunk WHERE file = ?", file_id
        )
        for key in classes:
            self._connection.execute(
                "UPDATE chunks SET representative = id WHERE id IN (SELECT chunk FROM clone_members WHERE class = ?)", (key,)
            )
            self._connection.execute("DELETE FROM clone_members WHERE class = ?", (key,))
            self._connection.execute("DELETE FROM clone_classes WHERE id = ?", (key,))

    def _ids(self, query: str, *values: Any) -> list[int]:
        return [row[0] for row in self._connection.execute(query, values)]


def locked(folder: Path) -> filelock.BaseFileLock:
    """Take the writer's lock of an index; it is released by its `release`, at the end of a `with`, or with the process.

    Raises IndexBusyError where another process holds it.
    """
    lock = filelock.FileLock(folder / LOCK_NAME, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusyError(
            f"the index in {folder} is being written by another process", "", "wait until it is done, then try again"
        ) from error
    return lock


def _new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise BrokenIndexError("a row was not stored", "SQLite gave it no id", "run 'codestrata index SOURCE --rebuild'")
    return cursor.lastrowid
