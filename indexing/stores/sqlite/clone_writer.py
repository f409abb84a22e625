"""Writing clone classes: groups of some hundred, each of which is written anew as a whole where one of its classes goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import zstandard

from core.model.clone import CloneClass, CloneType, Difference, Verdict
from indexing.clone_columns import (
    CHUNK,
    PARTS,
    TYPE,
    VERDICT,
    VERDICTS,
    ClassRows,
    differences_told,
    joined_classes,
    pack_classes,
    pack_told,
    rows_of,
    told_differences,
    unpack_classes,
    unpack_told,
)
from indexing.columns import DAMAGE, Integers
from indexing.folding.funnel import Saving
from indexing.stores.sqlite import schema
from indexing.stores.sqlite.compared import NOTHING_COMPARED, Compared, pack_compared, unpack_compared

_GROUP = 256
"""Classes together: in 64 they take a tenth more room, and four times the time to read all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a member of a class was like what represents it."""

    type: CloneType
    verdict: Verdict
    difference: Difference


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """All classes that are stored, parallel to the group of each and its place there."""

    rows: ClassRows
    groups: Integers
    places: Integers


class CloneWriter:
    """The clone tables, written within the transaction of the one writer, who calls `flush` before it commits."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._held: _Stored | None = None
        self._gone = set[int]()
        self._forgotten: dict[tuple[int, int], Told] = {}

    def put(self, classes: Sequence[CloneClass], savings: Mapping[int, Saving]) -> None:
        """Store new clone classes, with what those save that save anything."""
        self._write(classes, savings)
        self._connection.executemany("INSERT INTO copies VALUES (?, ?, ?)", sorted(_masks(classes)))

    def put_compared(self, compared: Compared) -> None:
        """Remember what was compared, in the place of what was before."""
        self._connection.execute("INSERT OR REPLACE INTO clone_pairs VALUES (1, ?)", (pack_compared(compared),))

    def compared(self) -> Compared:
        """What an earlier run compared; a blob that is damaged counts as nothing, since all can be compared anew."""
        row = self._connection.execute("SELECT pairs FROM clone_pairs").fetchone()
        if row is None:
            return NOTHING_COMPARED
        try:
            return unpack_compared(row[0])
        except (zstandard.ZstdError, ValueError, msgspec.MsgspecError):
            return NOTHING_COMPARED

    def representatives(self) -> dict[int, int]:
        """What represents each class, by its id."""
        rows = self._living()
        return dict(zip(rows.ids.tolist(), rows.representatives.tolist(), strict=True))

    def saved(self) -> Saving:
        """What all classes save together."""
        first, second, third, *plain = self._living().savings.sum(axis=0).tolist()
        return Saving((first, second, third), (plain[0], plain[1], plain[2]))

    def told(self, ids: Iterable[int]) -> dict[tuple[int, int], Told]:
        """How members of these classes differ, by representative and member; a blob that is damaged tells nothing."""
        found: dict[tuple[int, int], Told] = {}
        wanted = np.flatnonzero(np.isin(self._stored.rows.ids, list(ids)))
        groups = self._stored.groups[wanted]
        for group in np.unique(groups).tolist():
            try:
                told = unpack_told(self._blob("told", group))
                for row in wanted[groups == group].tolist():
                    found.update(self._told_of(row, told[self._stored.places[row]]))
            except DAMAGE:
                continue
        return found

    def forgotten(self) -> dict[tuple[int, int], Told]:
        """How members differ of the classes that went since this writer was opened: most of what is read again says what it
        said."""
        return {**self._forgotten, **self.told(self._gone)}

    def _told_of(self, row: int, told: bytes) -> Iterator[tuple[tuple[int, int], Told]]:
        members = self._stored.rows.of(row).tolist()
        kept = members.pop(int(self._stored.rows.places[row]))[CHUNK]
        for member, difference in zip(members, differences_told(told), strict=False):
            yield (kept, member[CHUNK]), Told(CloneType(member[TYPE]), VERDICTS[member[VERDICT]], difference)

    def masked(self) -> list[int]:
        """Ids of the chunks that another stands for, in order."""
        return [row[0] for row in self._connection.execute("SELECT chunk FROM copies ORDER BY chunk")]

    def forget(self, first: int, count: int) -> None:
        """Drop the classes of chunks that go: what is folded with them stands for itself until classes are formed anew."""
        rows = self._stored.rows
        if len(rows.ids):
            begins = rows.members[:, CHUNK]
            self.drop(set(rows.ids[rows.owners[(begins >= first) & (begins < first + count)]].tolist()))

    def drop(self, ids: Iterable[int]) -> None:
        """Forget these classes: what is folded in them stands for itself."""
        rows = self._stored.rows
        going = np.isin(rows.ids, list(set(ids) - self._gone))
        self._connection.executemany(
            "DELETE FROM copies WHERE chunk BETWEEN ? AND ?",
            ((chunk, chunk + parts - 1) for chunk, parts in rows.members[going[rows.owners]][:, [CHUNK, PARTS]].tolist()),
        )
        self._gone.update(rows.ids[going].tolist())

    def flush(self) -> None:
        """Write down which classes are gone; before every commit."""
        if self._gone:
            self._forgotten = self.forgotten()
            self._write([], {})

    @property
    def _stored(self) -> _Stored:
        if self._held is None:
            try:
                groups = [
                    (key, unpack_classes(blob))
                    for key, blob in self._connection.execute("SELECT id, classes FROM clone_groups ORDER BY id")
                ]
            except DAMAGE as error:
                raise schema.broken(self._folder, error) from error
            counts = [len(rows.ids) for _, rows in groups]
            places = [np.zeros(0, np.int64), *map(np.arange, counts)]
            owners = np.repeat(np.array([key for key, _ in groups], np.int64), counts)
            self._held = _Stored(joined_classes([rows for _, rows in groups]), owners, np.concatenate(places))
        return self._held

    def _living(self) -> ClassRows:
        rows = self._stored.rows
        return rows.taken(np.flatnonzero(~np.isin(rows.ids, list(self._gone))))

    def _write(self, classes: Sequence[CloneClass], savings: Mapping[int, Saving]) -> None:
        """Write anew the groups that classes are gone from, and with new classes also those that hold few."""
        stored = self._stored
        gone = np.isin(stored.rows.ids, list(self._gone))
        keys, counts = np.unique(stored.groups, return_counts=True)
        anew = np.isin(keys, stored.groups[gone])
        if classes:
            anew |= 2 * counts < _GROUP
        kept = np.flatnonzero(np.isin(stored.groups, keys[anew]) & ~gone)
        told = {key: unpack_told(self._blob("told", key)) for key in np.unique(stored.groups[kept]).tolist()}
        differences = [
            told[group][place]
            for group, place in zip(stored.groups[kept].tolist(), stored.places[kept].tolist(), strict=True)
        ]
        differences += [told_differences(found.members) for found in classes]
        rows = joined_classes([stored.rows.taken(kept), rows_of(classes, savings)])
        order = np.argsort(rows.representatives, kind="stable")  # what is near says alike
        self._connection.executemany("DELETE FROM clone_groups WHERE id = ?", ((key,) for key in keys[anew].tolist()))
        for first in range(0, len(order), _GROUP):
            part = order[first : first + _GROUP]
            self._connection.execute(
                "INSERT INTO clone_groups (classes, told) VALUES (?, ?)",
                (pack_classes(rows.taken(part)), pack_told([differences[row] for row in part.tolist()])),
            )
        self._held = None
        self._gone.clear()

    def _blob(self, column: str, group: int) -> bytes:
        [(blob,)] = self._connection.execute(f"SELECT {column} FROM clone_groups WHERE id = ?", (group,)).fetchall()
        found: bytes = blob
        return found


def _masks(classes: Iterable[CloneClass]) -> Iterator[tuple[int, int, int | None]]:
    """Each chunk that another stands for, what stands for it (of a function in several chunks, about as far into the
    representative), and its class where it has tokens of its own."""
    for found in classes:
        first, parts = found.representative.chunk, found.representative.parts
        for member in found.members:
            if member.verdict.is_masked:
                own = found.id if member.difference.changes else None
                for part in range(member.parts):
                    yield member.chunk + part, first + part * parts // member.parts, own
