"""Clone classes as columns: some hundred together take a quarter of what a row for each class and member takes.

What every class and member is (`ClassRows`) is read of all classes at once; how members differ is a blob of its own, since
it is asked of few.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.model.clone import Change, CloneClass, CloneMember, Difference, Verdict
from indexing.codecs import compressor, decompressor
from indexing.columns import ColumnWriter, Integers, read_blob
from indexing.folding.funnel import Saving

CHUNK, PARTS, TYPE, VERDICT, LIKENESS, THRESHOLD = range(6)
"""The columns of members: the first chunk, how many chunks follow one another, the `CloneType`, the place in `VERDICTS`,
and likeness and threshold in `STEPS`."""
STEPS = 1_000_000

# The order is part of the format: new verdicts go to the end.
VERDICTS = tuple(Verdict)
_NUMBERS = {verdict: number for number, verdict in enumerate(VERDICTS)}
_MASKED = np.array([verdict.is_masked for verdict in VERDICTS])
_SAVINGS = 6
_LEVEL = 9
_MAX_BYTES = 1 << 30
_NO_SAVING = Saving()


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Arrays of shape (n,), an entry a class: its id, the bytes it saves, the number of its members and the place among
    them of what represents it. `savings`, (n, 6), are those of a `Saving`. `members`, (m, 6), lie class by class, each in
    the order of chunks."""

    ids: Integers
    saved: Integers
    savings: Integers
    counts: Integers
    places: Integers
    members: Integers

    @functools.cached_property
    def firsts(self) -> Integers:
        """The row of the first member of each class."""
        found: Integers = np.cumsum(self.counts) - self.counts
        return found

    @functools.cached_property
    def representatives(self) -> Integers:
        """The first chunk of what represents each class."""
        found: Integers = self.members[self.firsts + self.places, CHUNK]
        return found

    @functools.cached_property
    def owners(self) -> Integers:
        """The row of the class of each member."""
        return np.repeat(np.arange(len(self.ids)), self.counts)

    @functools.cached_property
    def stood_for(self) -> NDArray[np.bool_]:
        """Which members the representative stands for, itself included."""
        found: NDArray[np.bool_] = _MASKED[self.members[:, VERDICT]]
        return found

    def of(self, row: int) -> Integers:
        """The members of one class."""
        first = self.firsts[row]
        return self.members[first : first + self.counts[row]]

    def taken(self, rows: Integers) -> ClassRows:
        """The classes at these places, in their order."""
        counts = self.counts[rows]
        starts = np.repeat(self.firsts[rows] - (np.cumsum(counts) - counts), counts)
        members = self.members[starts + np.arange(len(starts))]
        return ClassRows(self.ids[rows], self.saved[rows], self.savings[rows], counts, self.places[rows], members)


def rows_of(classes: Sequence[CloneClass], savings: Mapping[int, Saving]) -> ClassRows:
    """Classes as rows, with what those save that save anything."""
    members, places = list[tuple[int, ...]](), list[int]()
    for found in classes:
        rows = sorted(map(_member_row, (found.representative, *found.members)))
        places.append([row[CHUNK] for row in rows].index(found.representative.chunk))
        members += rows
    saved = [savings.get(found.id, _NO_SAVING) for found in classes]
    return ClassRows(
        np.array([found.id for found in classes], np.int64),
        np.array([found.bytes_saved for found in classes], np.int64),
        np.array([(*saving.written, *saving.plain) for saving in saved], np.int64).reshape(-1, _SAVINGS),
        np.array([1 + len(found.members) for found in classes], np.int64),
        np.array(places, np.int64),
        np.array(members, np.int64).reshape(-1, THRESHOLD + 1),
    )


def joined_classes(parts: Sequence[ClassRows]) -> ClassRows:
    """All of them, one after the other."""
    every = (rows_of([], {}), *parts)
    names = ("ids", "saved", "savings", "counts", "places", "members")
    return ClassRows(*(np.concatenate([getattr(part, name) for part in every]) for name in names))


def pack_classes(rows: ClassRows) -> bytes:
    """The rows as a blob; `unpack_classes` gives them back."""
    columns = ColumnWriter()
    for values in (rows.ids, rows.saved, *rows.savings.T, rows.counts, rows.places):
        columns.unsigned(values)
    columns.rising(rows.members[:, CHUNK])
    for values in rows.members.T[PARTS:]:
        columns.unsigned(values)
    return columns.blob()


def unpack_classes(blob: bytes) -> ClassRows:
    """What `pack_classes` was given."""
    columns = read_blob(blob)
    ids, saved, *savings, counts, places = (columns.unsigned() for _ in range(4 + _SAVINGS))
    members = [columns.rising(), *(columns.unsigned() for _ in range(THRESHOLD))]
    return ClassRows(ids, saved, np.stack(savings, axis=1), counts, places, np.stack(members, axis=1))


def told_differences(members: Sequence[CloneMember]) -> bytes:
    """How the members of a class differ, in the order of chunks; nothing where none does."""
    differences = [member.difference for member in sorted(members, key=lambda member: member.chunk)]
    if not any(found.renamed or found.changes for found in differences):
        return b""
    return msgspec.msgpack.encode(
        [[found.renamed, [(change.removed, change.added) for change in found.changes]] for found in differences]
    )


def differences_told(told: bytes) -> list[Difference]:
    """Those of which `told_differences` made bytes."""
    if not told:
        return []
    found = msgspec.msgpack.decode(told, type=list[tuple[tuple[tuple[str, str], ...], list[tuple[str, str]]]])
    return [Difference(renamed, tuple(Change(*change) for change in changes)) for renamed, changes in found]


def pack_told(told: Sequence[bytes]) -> bytes:
    """What `told_differences` made of several classes as a blob; `unpack_told` gives it back."""
    return compressor(_LEVEL).compress(msgspec.msgpack.encode(told))


def unpack_told(blob: bytes) -> list[bytes]:
    """What `pack_told` was given."""
    return msgspec.msgpack.decode(decompressor().decompress(blob, max_output_size=_MAX_BYTES), type=list[bytes])


def _member_row(member: CloneMember) -> tuple[int, ...]:
    likeness, threshold = round(member.similarity * STEPS), round(member.threshold * STEPS)
    return member.chunk, member.parts, int(member.type), _NUMBERS[member.verdict], likeness, threshold
