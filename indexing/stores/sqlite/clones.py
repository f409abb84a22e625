"""Clone classes in the database: their members, how they differ, and which pairs of functions were compared before."""

from __future__ import annotations

import functools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from core.kept import Kept
from core.model.chunk import Chunk
from core.model.clone import (
    Change,
    CloneClass,
    CloneMember,
    ClonePair,
    CloneType,
    Difference,
    FoldingSummary,
    ListedClass,
    PlainFunnel,
    Verdict,
)
from core.model.source import Place
from indexing.folding.funnel import Saving
from indexing.stores.sqlite.compared import NOTHING_COMPARED, Compared, pack_compared, unpack_compared
from indexing.stores.sqlite.keys import unpack_all_ids
from indexing.stores.sqlite.rows import Rows

_LEVEL = 6
_KEPT_CLASSES = 1_024
_MAX_BYTES = 1 << 30
_STEPS = 1_000_000
"""Likenesses are kept in millionths: three bytes instead of eight, and a hundred megabytes of source have 60,000 members."""
# The order is part of the format: new verdicts go to the end.
_VERDICTS = tuple(Verdict)
_NUMBERS = {verdict: number for number, verdict in enumerate(_VERDICTS)}
_MASKED = ", ".join(str(_NUMBERS[verdict]) for verdict in _VERDICTS if verdict.is_masked)


@dataclass(frozen=True, slots=True)
class Told:
    """How a member of a class was like what represents it."""

    type: CloneType
    verdict: Verdict
    difference: Difference


class CloneWriter:
    """The clone tables, written within the transaction of the one writer."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, classes: Sequence[CloneClass], savings: Mapping[int, Saving]) -> None:
        """Store new clone classes, with what those save that save anything."""
        executemany = self._connection.executemany
        executemany(
            "INSERT INTO clone_classes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (c.id, int(c.type), c.similarity, c.bytes_saved, c.representative.chunk, _pack_differences(c.members),
                 *saving.written, *saving.plain)
                for c in classes
                for saving in [savings.get(c.id, Saving())]
            ),
        )  # fmt: skip
        executemany(
            "INSERT INTO clone_members VALUES (?, ?, ?, ?, ?, ?, ?)",
            sorted(
                (m.chunk, c.id, m.parts, int(m.type), _steps(m.similarity), _NUMBERS[m.verdict], _steps(m.threshold))
                for c in classes
                for m in (c.representative, *c.members)
            ),
        )
        executemany("INSERT INTO copies VALUES (?, ?, ?)", sorted(_masks(classes)))

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
        return dict(self._connection.execute("SELECT id, representative FROM clone_classes").fetchall())

    def saved(self) -> Saving:
        """What all classes save together."""
        columns = ("written1", "written2", "written3", "plain1", "plain2", "plain3")
        sums = ", ".join(f"COALESCE(SUM({column}), 0)" for column in columns)
        row = self._connection.execute(f"SELECT {sums} FROM clone_classes").fetchone()
        return Saving(row[:3], row[3:])

    def told(self, ids: Iterable[int]) -> dict[tuple[int, int], Told]:
        """How members of these classes differ, by representative and member; a blob that is damaged tells nothing."""
        found: dict[tuple[int, int], Told] = {}
        for key in ids:
            kept, deltas = self._connection.execute(
                "SELECT representative, deltas FROM clone_classes WHERE id = ?", (key,)
            ).fetchone()
            rows = self._connection.execute(
                "SELECT chunk, type, verdict FROM clone_members WHERE class = ? AND chunk <> ? ORDER BY chunk", (key, kept)
            ).fetchall()
            try:
                differences = _unpack_differences(deltas)
            except (zstandard.ZstdError, msgspec.MsgspecError):
                continue
            for (chunk, kind, verdict), difference in zip(rows, differences, strict=False):
                found[kept, chunk] = Told(CloneType(kind), _VERDICTS[verdict], difference)
        return found

    def masked(self) -> list[int]:
        """Ids of the chunks that another stands for, in order."""
        return [row[0] for row in self._connection.execute("SELECT chunk FROM copies ORDER BY chunk")]

    def forget(self, first: int, count: int) -> None:
        """Drop the classes of chunks that go: what is folded with them stands for itself until classes are formed anew."""
        self.drop(
            key
            for (key,) in self._connection.execute(
                "SELECT DISTINCT class FROM clone_members WHERE chunk BETWEEN ? AND ?", (first, first + count - 1)
            ).fetchall()
        )

    def drop(self, ids: Iterable[int]) -> None:
        """Forget these classes: what is folded in them stands for itself."""
        execute = self._connection.execute
        for key in ids:
            for chunk, parts in execute("SELECT chunk, parts FROM clone_members WHERE class = ?", (key,)).fetchall():
                execute("DELETE FROM copies WHERE chunk BETWEEN ? AND ?", (chunk, chunk + parts - 1))
            execute("DELETE FROM clone_members WHERE class = ?", (key,))
            execute("DELETE FROM clone_classes WHERE id = ?", (key,))

    def file_links(self) -> NDArray[np.int64]:
        """Shape (n, 2): the ids of files that use others, each with that of one that it uses."""
        rows = self._connection.execute("SELECT target, sources FROM linked WHERE target > 0").fetchall()
        sources, counts = unpack_all_ids([packed for _, packed in rows])
        targets = np.repeat(np.array([target for target, _ in rows], np.int64), counts)
        links: NDArray[np.int64] = np.stack([sources, targets], axis=1)
        found: NDArray[np.int64] = links[links[:, 0] != links[:, 1]]
        return found


class CloneTable:
    """The clone classes of a snapshot."""

    def __init__(
        self, rows: Rows, chunks: Callable[[Sequence[int]], list[Chunk]], long_units: Callable[[], Mapping[int, int]]
    ) -> None:
        self._rows = rows
        self._long_units = long_units
        self._chunks = chunks
        self._kept_words = Kept[int, list[tuple[int, int, str]]](_KEPT_CLASSES)

    def classes(self, ids: Sequence[int] | None = None) -> list[CloneClass]:
        """All classes, or those of `ids`, what saves most first."""
        query = "SELECT id, type, similarity, bytes_saved, representative, deltas FROM clone_classes"
        members = "SELECT class, chunk, parts, type, similarity, verdict, threshold FROM clone_members"
        if ids is None:
            found, rows = self._rows.all(query), self._rows.all(members)
        else:
            found = self._rows.among(f"{query} WHERE id IN", ids)
            rows = self._rows.among(f"{members} WHERE class IN", ids)
        found.sort(key=lambda row: (-row[3], row[0]))
        places = self._places([(row[1], row[2]) for row in rows])
        by_class: dict[int, list[tuple[int, int, int, int, int, int]]] = {}
        for key, *member in rows:
            by_class.setdefault(key, []).append(tuple(member))
        return list(self._made(found, by_class, places))

    def listed(self) -> list[ListedClass]:
        """All classes without their members, what saves most first, then those of most copies: some ten times as fast as
        `classes`. What nothing is folded in saves nothing."""
        folded = f"SUM(verdict IN ({_MASKED}) AND chunk <> representative)"
        rows = self._rows.all(
            f"SELECT id, c.type, c.similarity, CASE WHEN {folded} THEN bytes_saved ELSE 0 END AS saved, representative,"
            f" COUNT(*) - 1 AS copies, {folded}, SUM(verdict = {_NUMBERS[Verdict.UNFOLDED]} AND chunk <> representative)"
            " FROM clone_classes AS c JOIN clone_members ON class = id GROUP BY id ORDER BY saved DESC, copies DESC, id"
        )
        return [ListedClass(key, CloneType(kind), *rest) for key, kind, *rest in rows]

    def chunks_by_class(self) -> dict[int, list[int]]:
        """The first chunk of every member of every class."""
        found: dict[int, list[int]] = {}
        for key, chunk in self._rows.all("SELECT class, chunk FROM clone_members"):
            found.setdefault(key, []).append(chunk)
        return found

    def members_within(self, first: int, count: int) -> list[tuple[int, int, int, bool]]:
        """Members that begin in a run of chunks: (class, chunk, number of chunks, whether it represents the class)."""
        rows = self._rows.all(
            "SELECT class, chunk, parts, chunk = representative FROM clone_members JOIN clone_classes ON id = class"
            " WHERE chunk BETWEEN ? AND ? ORDER BY chunk, class",
            first,
            first + count - 1,
        )
        return [(key, chunk, parts, bool(represents)) for key, chunk, parts, represents in rows]

    def classes_of(self, chunk_ids: Sequence[int]) -> dict[int, list[int]]:
        """The ids of the classes that each chunk is in, as one of a unit's chunks or as the only one."""
        found: dict[int, list[int]] = {}
        for chunk in dict.fromkeys(map(int, chunk_ids)):
            rows = self._rows.all(
                "SELECT class FROM clone_members WHERE chunk <= ? AND chunk > ? - 1000 AND chunk + parts > ?",
                chunk,
                chunk,
                chunk,
            )
            if rows:
                found[chunk] = [row[0] for row in rows]
        return found

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        """See `core.ports.CloneReader.copies`."""
        counts: dict[int, int] = {}
        for chunk, classes in self.classes_of(chunk_ids).items():
            [(count, held)] = self._rows.all(
                "SELECT COUNT(*), MAX(chunk <= ? AND chunk + parts > ?) FROM clone_members"
                f" WHERE class IN ({','.join('?' * len(classes))}) AND verdict IN ({_MASKED})",
                chunk,
                chunk,
                *classes,
            )
            if held and count > 1:
                counts[chunk] = count - 1
        return counts

    @functools.cached_property
    def _differing(self) -> dict[int, int]:
        """The class of each chunk that another stands for and that has tokens of its own."""
        return dict(self._rows.all("SELECT chunk, class FROM copies WHERE class IS NOT NULL"))

    def own_words(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """See `core.ports.CloneReader.own_words`."""
        found: dict[int, str] = {}
        for chunk in map(int, chunk_ids):
            if (key := self._differing.get(chunk)) is not None:
                for first, last, words in self._kept_words.get(key, self._words_of):
                    if first <= chunk <= last:
                        found[chunk] = words
        return found

    def _words_of(self, key: int) -> list[tuple[int, int, str]]:
        [(kept, deltas)] = self._rows.all("SELECT representative, deltas FROM clone_classes WHERE id = ?", key)
        rows = self._rows.all(
            "SELECT chunk, parts FROM clone_members WHERE class = ? AND chunk <> ? ORDER BY chunk", key, kept
        )
        with self._rows.decoding():
            differences = _unpack_differences(deltas)
        return [
            (chunk, chunk + parts - 1, " ".join(change.added for change in told.changes))
            for (chunk, parts), told in zip(rows, differences, strict=False)
        ]

    def pairs(self) -> list[ClonePair]:
        """Every pair of functions that was compared and found alike, the most alike first."""
        rows = self._rows.all("SELECT pairs FROM clone_pairs")
        if not rows:
            return []
        with self._rows.decoding():
            compared = unpack_compared(rows[0][0])
        pairs, parts = compared.pairs, self._long_units()
        ends = compared.chunks[np.stack([pairs["one"], pairs["other"]], axis=1)]
        places = self._places([(chunk, parts.get(chunk, 1)) for chunk in np.unique(ends).tolist()])
        found = []
        for (one, other), (similarity, kind, apart) in zip(
            np.sort(ends, axis=1).tolist(), pairs[["similarity", "type", "apart"]].tolist(), strict=True
        ):
            if one in places and other in places:
                found.append(ClonePair(places[one], places[other], CloneType(kind), similarity, bool(apart)))
        return sorted(found, key=lambda pair: (-pair.similarity, pair.one, pair.other))

    def _places(self, units: Sequence[tuple[int, int]]) -> dict[int, Place]:
        wanted = sorted({chunk for first, parts in units for chunk in (first, first + parts - 1)})
        chunks = {chunk.id: chunk for chunk in self._chunks(wanted)}
        return {
            first: Place(
                chunks[first].path,
                chunks[first].span.start_line,
                chunks[first + parts - 1].span.end_line,
                chunks[first].symbol,
            )
            for first, parts in units
            if first in chunks and first + parts - 1 in chunks
        }

    def _made(
        self,
        found: Sequence[tuple[int, int, float, int, int, bytes]],
        by_class: Mapping[int, list[tuple[int, int, int, int, int, int]]],
        places: Mapping[int, Place],
    ) -> Iterator[CloneClass]:
        for key, kind, similarity, saved, kept, deltas in found:
            rows = sorted(by_class[key])
            with self._rows.decoding():
                differences = iter(_unpack_differences(deltas))
            members: list[CloneMember] = []
            representative: CloneMember | None = None
            for chunk, parts, type_, likeness, verdict, threshold in rows:
                differs = next(differences, Difference()) if chunk != kept else Difference()
                member = CloneMember(
                    chunk,
                    places[chunk],
                    CloneType(type_),
                    likeness / _STEPS,
                    _VERDICTS[verdict],
                    threshold / _STEPS,
                    parts,
                    differs,
                )
                if chunk == kept:
                    representative = member
                else:
                    members.append(member)
            if representative is not None:
                ordered = tuple(sorted(members, key=lambda member: (member.place, member.chunk)))
                yield CloneClass(key, CloneType(kind), similarity, saved, representative, ordered)


def _steps(likeness: float) -> int:
    return round(likeness * _STEPS)


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


def pack_summary(summary: FoldingSummary) -> str:
    """The funnel as it is kept beside the tables."""
    return json.dumps(asdict(summary))


def unpack_summary(stored: str | None) -> FoldingSummary:
    """What `pack_summary` was given; nothing folded where there is none."""
    if not stored:
        return FoldingSummary(*(0,) * 10)
    values = json.loads(stored)
    return FoldingSummary(**{**values, "plain": PlainFunnel(**values["plain"])})


def _pack_differences(members: Sequence[CloneMember]) -> bytes:
    """In the order of chunks; nothing where no member differs."""
    differences = [member.difference for member in sorted(members, key=lambda member: member.chunk)]
    if not any(found.renamed or found.changes for found in differences):
        return b""
    told = [[found.renamed, [(change.removed, change.added) for change in found.changes]] for found in differences]
    return _compressor().compress(msgspec.msgpack.encode(told))


def _unpack_differences(blob: bytes) -> list[Difference]:
    if not blob:
        return []
    told = msgspec.msgpack.decode(_decompressed(blob), type=list[tuple[tuple[tuple[str, str], ...], list[tuple[str, str]]]])
    return [Difference(renamed, tuple(Change(*change) for change in changes)) for renamed, changes in told]


def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)


def _decompressed(blob: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(blob, max_output_size=_MAX_BYTES)
