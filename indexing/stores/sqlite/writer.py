"""Writing an index: one process at a time, in transactions that end with a new generation.

A generation counts the commits. Derived stores carry the generation they were built at; `changes_since` tells what they
missed. What is not committed is gone after a crash, what is committed stays.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock

from core.errors import BrokenIndexError, IndexBusyError, UsageError
from core.model.source import FileRole, SourceFile
from core.model.symbol import Definition
from indexing.blocks import unpack_content
from indexing.chunk_columns import names_by_chunk, unpack_details
from indexing.columns import DAMAGE
from indexing.encodings import decode
from indexing.fact_columns import unpack_outline
from indexing.folding.classes import FoldFile
from indexing.folding.units import StoredChunks, plain_bytes
from indexing.linking.naming import module_name, qualified_name
from indexing.packed import PackedFile, defined_names
from indexing.stores.sqlite import schema
from indexing.stores.sqlite.blocks import BlockWriter
from indexing.stores.sqlite.chunks import CHUNKS_QUERY, laid_out
from indexing.stores.sqlite.clone_writer import CloneWriter
from indexing.stores.sqlite.keys import pack_slots, reuse_slots, unpack_slots
from indexing.stores.sqlite.links import LinkWriter
from indexing.stores.sqlite.names import NameWriter

LOCK_NAME = "writer.lock"
_ROLES = {str(role): role for role in FileRole}
_LOG_PAGES = 4_000
"""4 MB: what the log holds before it is written back."""


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
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
            self._connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: a batch's pages stay in memory
        except BaseException:
            self._lock.release()
            raise
        self._names = NameWriter(self._connection)
        self._links = LinkWriter(self._connection)
        self._blocks = BlockWriter(self._connection)
        self._clones = CloneWriter(self._connection, folder)
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

    @property
    def links(self) -> LinkWriter:
        """The tables of the graph."""
        return self._links

    @property
    def clones(self) -> CloneWriter:
        """The tables of clone classes."""
        return self._clones

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value beside the tables, with the next commit."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def commit(self) -> int:
        """Make everything since the last commit durable and visible; returns its generation."""
        self._names.flush()
        self._links.flush()
        self._clones.flush()
        generation = self.generation + 1
        self.set_meta("generation", str(generation))
        self.note()
        return generation

    def note(self) -> None:
        """Make what is kept beside the tables durable and visible, and that it is up to date by now; nothing else has
        changed since the last commit."""
        self.set_meta("updated", str(time.time()))
        self._connection.execute("COMMIT")
        self._begin()

    def put(self, files: Iterable[PackedFile]) -> list[list[int]]:
        """Store files, each in the place of what its path held before; returns the ids of each one's chunks."""
        generation = self.generation + 1
        ids = [self._put_file(file, generation) for file in files]
        self._blocks.finish()
        return ids

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
            row = self._connection.execute("SELECT id, content, slots FROM files WHERE path = ?", (path,)).fetchone()
            if row is not None:
                self._mark_unlinked(row[0], path, row[1], row[2])
                removed += self._remove_chunks(row[0], generation)
                self._forget_names(row[0], self._definitions(row[1]))
                self._connection.execute("DELETE FROM files WHERE id = ?", (row[0],))
        return removed

    def chunk_ids(self, paths: Iterable[str]) -> list[int]:
        """Ids of the chunks of these files; a path that is not indexed has none."""
        query = "SELECT first_chunk, chunks FROM files WHERE path = ?"
        return [chunk for path in paths for first, count in self._rows(query, path) for chunk in range(first, first + count)]

    def chunk_texts(self, ids: Sequence[int]) -> Iterator[StoredText]:
        """What the derived stores need of chunks, in the order of `ids`; unknown ids are passed over."""
        texts: dict[int, StoredText] = {}
        for chunk in ids:
            if chunk not in texts:
                texts = self._texts_around(chunk)
            if chunk in texts:
                yield texts[chunk]

    def _texts_around(self, chunk: int) -> dict[int, StoredText]:
        """The chunks of the file that holds `chunk`, by id."""
        row = self._connection.execute(
            "SELECT path, first_chunk, block, member, start, size, encoding, extracted FROM files"
            " JOIN contents ON contents.id = files.content WHERE first_chunk <= ? AND chunks > 0"
            " ORDER BY first_chunk DESC LIMIT 1",
            (chunk,),
        ).fetchone()
        if row is None:
            return {}
        path, first, block, member, start, size, encoding, extracted = row
        held = self._blocks.open(block)
        definitions, details = unpack_outline(held.outline(member)), unpack_details(held.details(member))
        text = unpack_content(extracted) if extracted else decode(held.content(start, size), encoding).encode()
        module = module_name(path)
        places = [(start, start + size) for start, size, *_ in held.chunks(member).spans.tolist()]
        names = names_by_chunk(definitions, places)
        return {
            first + i: StoredText(
                first + i,
                path,
                qualified_name(module, definitions[details.definitions[i]].nesting),
                " ".join(names[i]),
                details.outlines[i],
                text[start:stop].decode(),
            )
            for i, (start, stop) in enumerate(places)
        }

    def changes_since(self, generation: int) -> tuple[list[int], list[int]]:
        """Ids of chunks (added, removed) after `generation`."""
        added = self._runs("SELECT first_chunk, chunks FROM files WHERE generation > ? ORDER BY first_chunk", generation)
        removed = self._runs("SELECT first, chunks FROM removed_chunks WHERE generation > ? ORDER BY first", generation)
        return added, removed

    def forget_removed(self, generation: int) -> None:
        """Drop the memory of chunks removed up to `generation`, once every derived store has followed."""
        self._connection.execute("DELETE FROM removed_chunks WHERE generation <= ?", (generation,))

    def stored_chunks(self) -> StoredChunks:
        """What folding needs of every chunk, in the order of paths."""
        rows = self._rows(
            "SELECT path, size, hash, role, files.language, first_chunk, files.id, block, member, chunks"
            " FROM files JOIN contents ON contents.id = files.content ORDER BY path"
        )
        counts = [row[9] for row in rows]
        try:
            chunks = laid_out(self._rows(CHUNKS_QUERY), [row[7:] for row in rows])
        except DAMAGE as error:
            raise schema.broken(self.folder, error) from error
        return StoredChunks(
            ids=[row[6] for row in rows],
            paths=[row[0] for row in rows],
            files=[
                FoldFile(size, digest, _ROLES[role], language, plain)
                for (_, size, digest, role, language, *_), plain in zip(
                    rows, plain_bytes(counts, chunks.spans, chunks.prints).tolist(), strict=True
                )
            ],
            firsts=[row[5] for row in rows],
            counts=counts,
            spans=chunks.spans,
            prints=chunks.prints,
            sketches=chunks.sketches,
        )

    def masked(self) -> list[int]:
        """Ids of the chunks that another stands for, in order."""
        return self._clones.masked()

    def sweep(self) -> None:
        """Forget contents that no file holds any more, and the room they took."""
        self._connection.execute(
            "DELETE FROM contents WHERE id NOT IN (SELECT content FROM files)"
            " AND id NOT IN (SELECT content FROM unlinked WHERE content IS NOT NULL)"
        )
        self._blocks.sweep()

    def _begin(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error

    def _put_file(self, file: PackedFile, generation: int) -> list[int]:
        source, count = file.source, len(file.chunks)
        content = self._put_content(file)
        first = self._take_chunk_ids(count)
        row = self._connection.execute(
            "SELECT id, content, next_slot, slots FROM files WHERE path = ?", (source.path,)
        ).fetchone()
        if row is None:
            cursor = self._connection.execute(
                "INSERT INTO files (path, content, language, role, modified_ns, first_chunk, chunks, generation, next_slot)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (source.path, content, source.language, str(source.role), source.modified_ns, first, count, generation,
                 file.definitions),
            )  # fmt: skip
            file_id, before, packed_slots = _new_id(cursor), None, None
        else:
            file_id, before, next_slot, packed_slots = row
            old = self._definitions(before)
            held = unpack_slots(packed_slots, len(old))
            slots, next_slot = reuse_slots(old, held, unpack_outline(file.member.outline()), next_slot)
            self._remove_chunks(file_id, generation)
            self._forget_names(file_id, old)
            self._connection.execute(
                "UPDATE files SET content = ?, language = ?, role = ?, modified_ns = ?, first_chunk = ?, chunks = ?,"
                " generation = ?, next_slot = ?, slots = ? WHERE id = ?",
                (content, source.language, str(source.role), source.modified_ns, first, count, generation, next_slot,
                 pack_slots(slots), file_id),
            )  # fmt: skip
        self._names.put(file_id, file.names, file.visible)
        self._mark_unlinked(file_id, source.path, before, packed_slots)
        return list(range(first, first + count))

    def _definitions(self, content: int) -> tuple[Definition, ...]:
        [(block, member)] = self._rows("SELECT block, member FROM contents WHERE id = ?", content)
        return unpack_outline(self._blocks.open(block).outline(member))

    def _forget_names(self, file: int, definitions: tuple[Definition, ...]) -> None:
        self._names.forget(file, defined_names(definitions)[0])

    def _mark_unlinked(self, file: int, path: str, content: int | None, slots: bytes | None) -> None:
        """Remember what a file held when it was last linked."""
        self._connection.execute("INSERT OR IGNORE INTO unlinked VALUES (?, ?, ?, ?)", (file, path, content, slots))

    def _put_content(self, file: PackedFile) -> int:
        key = (file.content_hash, file.source.language, schema.FEATURE_VERSION)
        row = self._connection.execute(
            "SELECT id FROM contents WHERE hash = ? AND language = ? AND feature_version = ?", key
        ).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._connection.execute(
            "INSERT INTO contents (hash, language, feature_version, size, encoding, lines, errors, definitions, block,"
            " member, start, extracted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, file.member.size, file.encoding, file.lines, file.errors, file.definitions,
             self._blocks.put(file.member), file.member.number, file.member.start, file.extracted),
        )  # fmt: skip
        return _new_id(cursor)

    def _take_chunk_ids(self, count: int) -> int:
        first = int(self.meta("next_chunk", "1"))
        self.set_meta("next_chunk", str(first + count))
        return first

    def _remove_chunks(self, file_id: int, generation: int) -> list[int]:
        [(first, count)] = self._rows("SELECT first_chunk, chunks FROM files WHERE id = ?", file_id)
        self._connection.execute("INSERT INTO removed_chunks VALUES (?, ?, ?)", (first, count, generation))
        self._clones.forget(first, count)
        return list(range(first, first + count))

    def _runs(self, query: str, *values: Any) -> list[int]:
        return [chunk for first, count in self._rows(query, *values) for chunk in range(first, first + count)]

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()


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
