"""Which files define a name, by its hash: in buckets of neighbouring hashes, a blob each.

A row for each took five times the room. The price: the buckets of an edited file's names are written anew, which a name that
stays does not cost.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.kept import Kept
from indexing.columns import ColumnWriter, Integers, read_blob
from indexing.packed import NameHashes
from indexing.stores.sqlite.rows import Rows

_BUCKETS = 256
_SHIFT = 24
_PENDING = 200_000
"""Names that wait to be written."""


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Parallel arrays of shape (n,), in their order: hashes of names, whether other files may use the name by itself, and
    ids of files that define it."""

    hashes: Integers
    visible: NDArray[np.bool_]
    files: Integers

    def of(self, name: int, *, visible: bool) -> list[int]:
        """The files that define a name of this hash, those for which it is `visible` alone or at the end."""
        first, last = np.searchsorted(self.hashes, [name, name + 1]).tolist()
        files = self.files[first:last]
        found: list[int] = (files[self.visible[first:last]] if visible else files).tolist()
        return found


def sorted_holders(hashes: Integers, visible: NDArray[np.bool_], files: Integers) -> Holders:
    """From any order."""
    order = np.lexsort((files, visible, hashes))
    return Holders(hashes[order], visible[order], files[order])


def pack_holders(holders: Holders) -> bytes:
    """The holders as a blob; `unpack_holders` gives them back."""
    columns = ColumnWriter()
    columns.rising(holders.hashes)
    columns.unsigned(holders.visible)
    columns.unsigned(holders.files)
    return columns.blob()


def unpack_holders(blob: bytes) -> Holders:
    """Those that `pack_holders` was given."""
    columns = read_blob(blob)
    return Holders(columns.rising(), columns.unsigned() != 0, columns.unsigned())


class NameWriter:
    """The table `names`, within the transaction of its owner, who calls `flush` before it commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pending: dict[tuple[int, int], bool | None] = {}
        """By hash and file whether the name is visible, None where the file defines it no more."""

    def forget(self, file: int, names: NameHashes) -> None:
        """The file does not define these names any more."""
        self._pending.update(dict.fromkeys((name, file) for name in names.tolist()))

    def put(self, file: int, names: NameHashes, visible: NameHashes) -> None:
        """The file defines these names."""
        told = np.isin(names, visible, assume_unique=True).tolist()
        self._pending.update(zip(((name, file) for name in names.tolist()), told, strict=True))
        if len(self._pending) >= _PENDING:
            self.flush()

    def flush(self) -> None:
        """Write what waits, bucket by bucket; one in which nothing changes stays as it is."""
        if not self._pending:
            return
        keys = np.array(list(self._pending), np.int64)
        told = np.array([-1 if flag is None else flag for flag in self._pending.values()], np.int64)
        buckets = keys[:, 0] >> _SHIFT
        for bucket in np.unique(buckets).tolist():
            chosen = buckets == bucket
            self._write(bucket, keys[chosen, 0], keys[chosen, 1], told[chosen])
        self._pending.clear()

    def _write(self, bucket: int, hashes: Integers, files: Integers, told: Integers) -> None:
        row = self._connection.execute("SELECT holders FROM names WHERE bucket = ?", (bucket,)).fetchone()
        blob = b"" if row is None else row[0]
        held = unpack_holders(blob) if blob else NO_HOLDERS
        stays = ~np.isin(_both(held.hashes, held.files), _both(hashes, files))
        added = told >= 0
        found = sorted_holders(
            np.concatenate([held.hashes[stays], hashes[added]]),
            np.concatenate([held.visible[stays], told[added] > 0]),
            np.concatenate([held.files[stays], files[added]]),
        )
        packed = pack_holders(found) if len(found.hashes) else b""
        if packed != blob:
            self._connection.execute("DELETE FROM names WHERE bucket = ?", (bucket,))
            if packed:
                self._connection.execute("INSERT INTO names VALUES (?, ?)", (bucket, packed))


class NameTable:
    """The names of a snapshot."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept = Kept[int, Holders](_BUCKETS)

    def files(self, name: int, *, visible: bool) -> list[int]:
        """The files that define a name of this hash; with `visible` only those that others may take it from by itself."""
        return self._kept.get(name >> _SHIFT, self._read).of(name, visible=visible)

    def _read(self, bucket: int) -> Holders:
        rows = self._rows.all("SELECT holders FROM names WHERE bucket = ?", bucket)
        with self._rows.decoding():
            return unpack_holders(rows[0][0]) if rows else NO_HOLDERS


NO_HOLDERS = Holders(np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.int64))


def _both(hashes: Integers, files: Integers) -> Integers:
    """One number for both: within a bucket hashes differ in 24 bits, and no index has 2**39 files."""
    found: Integers = (hashes & ((1 << _SHIFT) - 1)) << (63 - _SHIFT) | files
    return found
