"""Asking one snapshot of the database: one connection that threads share."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.kept import Kept
from indexing.blocks import Block, OpenBlock
from indexing.columns import DAMAGE
from indexing.stores.sqlite import schema
from indexing.stores.sqlite.blocks import BLOCK_QUERY, KEPT_BLOCKS

# SQLite takes at most 32,766 values in one statement; a smaller number keeps statements cacheable.
_VALUES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it is stored. `chunks` are its ids; `definitions` counts its symbols, whose slots `slots` holds where they
    are not their places; what is known of it is the part `member` of a block."""

    id: int
    path: str
    language: str
    role: str
    chunks: range
    definitions: int
    block: int
    member: int
    slots: bytes | None


class Rows:
    """Queries in the transaction that was begun when this was made. Raises BrokenIndexError for a damaged database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection = schema.connect(folder, read_only=True)
        self._lock = threading.RLock()
        self._blocks = Kept[int, OpenBlock](KEPT_BLOCKS)
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute("BEGIN")
        # A connection and its cache of statements know each other: dropped alone, it would hold its snapshot for long.
        weakref.finalize(self, self._connection.close)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        # Half a surrogate pair, from an odd byte on the command line or a client's JSON, is stored nowhere.
        storable = [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]
        try:
            with self._lock:
                return self._connection.execute(query, storable).fetchall()
        except sqlite3.Error as error:
            raise schema.broken(self.folder, error) from error

    def among(self, query: str, values: Iterable[int]) -> list[tuple[Any, ...]]:
        """Rows of `query … IN (values)`, in as many statements as it takes."""
        wanted = list(dict.fromkeys(map(int, values)))
        rows: list[tuple[Any, ...]] = []
        for first in range(0, len(wanted), _VALUES_AT_ONCE):
            part = wanted[first : first + _VALUES_AT_ONCE]
            rows += self.all(f"{query} ({','.join('?' * len(part))})", *part)
        return rows

    def block(self, key: int) -> OpenBlock:
        """A block of files, by its id."""
        return self._blocks.get(key, self._opened)

    def _opened(self, block: int) -> OpenBlock:
        rows = self.all(BLOCK_QUERY, block)
        if not rows:
            raise schema.broken(self.folder, ValueError(f"block {block} is missing"))
        return OpenBlock(Block(*rows[0]))

    @contextmanager
    def decoding(self) -> Iterator[None]:
        """What is wrong with a blob that is read within is told as a broken index."""
        try:
            yield
        except DAMAGE as error:
            raise schema.broken(self.folder, error) from error

    def files(self) -> list[FileRow]:
        """Every file, in the order of paths."""
        rows = self.all(
            "SELECT files.id, path, files.language, role, first_chunk, chunks, definitions, block, member, slots FROM files"
            " JOIN contents ON contents.id = files.content ORDER BY path"
        )
        return [
            FileRow(key, path, language, role, range(first, first + chunks), definitions, block, member, slots)
            for key, path, language, role, first, chunks, definitions, block, member, slots in rows
        ]
