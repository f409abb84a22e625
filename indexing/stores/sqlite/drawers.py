"""Tables of small values by whole numbers, those of neighbours compressed together.

A row for each would take a third more: the frame of each has its own head and code, and pages stay half empty. The price is
that who reads one reads a *drawer* of them, some ten microseconds, and who writes one writes its drawer anew.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from indexing.codecs import compressor, decompressor
from indexing.stores.sqlite.rows import Rows

_LEVEL = 6
_MOST_BYTES = 1 << 30
_MOST_WAITING = 32 << 20
"""Bytes of values that wait to be written."""


@dataclass(frozen=True, slots=True)
class Drawers:
    """A table and how many numbers share a row of it."""

    table: str
    width: int

    def of(self, rows: Rows, keys: Iterable[int]) -> dict[int, bytes]:
        """The values of those numbers that have any. Raises BrokenIndexError for what is damaged."""
        wanted = set(keys)
        query = f"SELECT drawer, held FROM {self.table} WHERE drawer IN"
        found = rows.among(query, sorted({key // self.width for key in wanted}))
        with rows.decoding():
            return {key: value for row in found for key, value in self.opened(*row) if key in wanted}

    def all(self, rows: Rows) -> list[tuple[int, bytes]]:
        """Every number that has a value, ascending. Raises BrokenIndexError for what is damaged."""
        found = rows.all(f"SELECT drawer, held FROM {self.table} ORDER BY drawer")
        with rows.decoding():
            return [item for row in found for item in self.opened(*row)]

    def opened(self, drawer: int, held: bytes) -> Iterator[tuple[int, bytes]]:
        """What lies in a drawer, ascending; what is damaged raises `indexing.columns.DAMAGE`."""
        first = drawer * self.width
        content = decompressor().decompress(held, max_output_size=_MOST_BYTES)
        places, sizes, values = msgspec.msgpack.decode(content, type=tuple[list[int], list[int], bytes])
        start = 0
        for place, size in zip(places, sizes, strict=True):
            yield first + place, values[start : start + size]
            start += size
        if start != len(values):
            raise ValueError(f"a drawer holds {len(values)} bytes, not {start}")


EDGES = Drawers("edges", 8)
"""By the ids of files, the edges that start in them."""
LINKED = Drawers("linked", 16)
"""By targets, files or names from outside as negative numbers, the files with edges to them."""


class DrawerWriter:
    """Puts values into drawers, within the transaction of its owner; what is put lies there after `flush`."""

    def __init__(self, connection: sqlite3.Connection, drawers: Drawers) -> None:
        self._connection, self._drawers = connection, drawers
        self._waiting: dict[int, bytes] = {}
        """What was put, nothing where a value was taken out."""
        self._bytes = 0

    def get(self, key: int) -> bytes:
        """The value of a number, empty where it has none."""
        return self._waiting[key] if key in self._waiting else self.of([key])[key]

    def of(self, keys: Iterable[int]) -> dict[int, bytes]:
        """The values of these numbers, drawer by drawer, empty where they have none."""
        wanted: defaultdict[int, list[int]] = defaultdict(list)
        for key in keys:
            wanted[key // self._drawers.width].append(key)
        found: dict[int, bytes] = {}
        for drawer, within in sorted(wanted.items()):
            held = dict(self._opened(drawer))
            found.update((key, self._waiting.get(key, held.get(key, b""))) for key in within)
        return found

    def put(self, key: int, value: bytes) -> None:
        """Give a number a value; an empty one takes it out."""
        self._waiting[key] = value
        self._bytes += len(value)
        if self._bytes > _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what was put."""
        changed: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
        for key, value in self._waiting.items():
            changed[key // self._drawers.width][key] = value
        table, width = self._drawers.table, self._drawers.width
        for drawer in sorted(changed):
            held = dict(self._opened(drawer)) | changed[drawer]
            left = [key for key in sorted(held) if held[key]]
            if left:
                places, sizes = [key - drawer * width for key in left], [len(held[key]) for key in left]
                content = msgspec.msgpack.encode((places, sizes, b"".join([held[key] for key in left])))
                packed = compressor(_LEVEL).compress(content)
                self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", (drawer, packed))
            else:
                self._connection.execute(f"DELETE FROM {table} WHERE drawer = ?", (drawer,))
        self._waiting.clear()
        self._bytes = 0

    def all(self) -> list[tuple[int, bytes]]:
        """Every number that has a value, ascending, once all is written."""
        rows = self._connection.execute(f"SELECT drawer, held FROM {self._drawers.table} ORDER BY drawer")
        return [item for row in rows.fetchall() for item in self._drawers.opened(*row)]

    def _opened(self, drawer: int) -> Iterable[tuple[int, bytes]]:
        query = f"SELECT drawer, held FROM {self._drawers.table} WHERE drawer = ?"
        row = self._connection.execute(query, (drawer,)).fetchone()
        return () if row is None else self._drawers.opened(*row)
