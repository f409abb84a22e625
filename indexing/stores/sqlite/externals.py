"""Names from outside of the source, each with its language and a number: some hundred of neighbouring numbers in a blob.

Neighbours were found in the same file, so that they begin alike; a row for each took three times the room.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable, Mapping, Set

from core.kept import Kept
from indexing.columns import ColumnWriter, read_blob
from indexing.stores.sqlite.rows import Rows

External = tuple[str, str]
"""A language and a name."""

_SHIFT = 8
_QUERY = "SELECT names FROM externals"


def pack_externals(names: Mapping[int, External]) -> bytes:
    """Names by their numbers, ascending, as a blob; `unpack_externals` gives them back."""
    columns = ColumnWriter()
    columns.rising(names)
    columns.strings([language for language, _ in names.values()])
    columns.strings([name for _, name in names.values()])
    return columns.blob()


def unpack_externals(blob: bytes) -> dict[int, External]:
    """Those that `pack_externals` was given."""
    columns = read_blob(blob)
    return dict(zip(columns.rising().tolist(), zip(columns.strings(), columns.strings(), strict=True), strict=True))


class ExternalWriter:
    """The table `externals`, within the transaction of its owner, who calls `flush` before it commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._held: dict[int, External] | None = None
        self._numbers: dict[External, int] = {}
        self._next = 1
        self._changed = set[int]()

    def numbers(self, names: Iterable[External]) -> list[int]:
        """The numbers of names, made where they are missing."""
        found, held = [], self._all
        for name in names:
            number = self._numbers.get(name)
            if number is None:
                number = self._numbers[name] = self._next
                held[number] = name
                self._next += 1
                self._changed.add(number >> _SHIFT)
            found.append(number)
        return found

    def keep(self, numbers: Set[int]) -> None:
        """Forget all names but these."""
        for number in self._all.keys() - numbers:
            del self._numbers[self._all.pop(number)]
            self._changed.add(number >> _SHIFT)

    def flush(self) -> None:
        """Write down what has changed."""
        for bucket in sorted(self._changed):
            run = range(bucket << _SHIFT, bucket + 1 << _SHIFT)
            names = {number: self._all[number] for number in run if number in self._all}
            self._connection.execute("DELETE FROM externals WHERE bucket = ?", (bucket,))
            if names:
                self._connection.execute("INSERT INTO externals VALUES (?, ?)", (bucket, pack_externals(names)))
        self._changed.clear()

    @property
    def _all(self) -> dict[int, External]:
        if self._held is None:
            blobs = self._connection.execute(f"{_QUERY} ORDER BY bucket").fetchall()
            self._held = {number: name for (blob,) in blobs for number, name in unpack_externals(blob).items()}
            self._numbers = {name: number for number, name in self._held.items()}
            self._next = max(self._held, default=0) + 1
        return self._held


class ExternalTable:
    """The names from outside of a snapshot."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept = Kept[int, dict[int, External]](1 << _SHIFT)

    def among(self, numbers: Iterable[int]) -> dict[int, External]:
        """Those of these numbers that there are."""
        return {number: held[number] for number in numbers if number in (held := self._bucket(number))}

    def count(self) -> int:
        """How many there are, which takes a tenth of the time of reading them."""
        with self._rows.decoding():
            return sum(len(read_blob(blob).unsigned()) for (blob,) in self._rows.all(_QUERY))

    @functools.cached_property
    def all(self) -> tuple[tuple[int, str, str], ...]:
        """Every number with its language and name, ascending."""
        with self._rows.decoding():
            parts = [unpack_externals(blob) for (blob,) in self._rows.all(f"{_QUERY} ORDER BY bucket")]
        return tuple((number, *name) for part in parts for number, name in part.items())

    def _bucket(self, number: int) -> dict[int, External]:
        return self._kept.get(number >> _SHIFT, self._read)

    def _read(self, bucket: int) -> dict[int, External]:
        rows = self._rows.all(f"{_QUERY} WHERE bucket = ?", bucket)
        with self._rows.decoding():
            return unpack_externals(rows[0][0]) if rows else {}
