"""The clone classes of a snapshot: which there are, who is in them, and how members differ.

All classes are read at once, as arrays (`indexing.clone_columns`): for a hundred megabytes of source in a hundredth of a
second.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np

from core.kept import Kept
from core.model.chunk import Chunk
from core.model.clone import (
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
from indexing.clone_columns import (
    CHUNK,
    LIKENESS,
    PARTS,
    STEPS,
    TYPE,
    VERDICT,
    VERDICTS,
    ClassRows,
    differences_told,
    joined_classes,
    unpack_classes,
    unpack_told,
)
from indexing.columns import Integers
from indexing.stores.sqlite.compared import unpack_compared
from indexing.stores.sqlite.rows import Rows

_KEPT_CLASSES = 1_024
_KEPT_GROUPS = 16


class CloneTable:
    """The clone classes of a snapshot."""

    def __init__(
        self,
        rows: Rows,
        chunks: Callable[[Sequence[int]], list[Chunk]],
        path_of: Callable[[int], str],
        long_units: Callable[[], Mapping[int, int]],
    ) -> None:
        self._rows = rows
        self._long_units = long_units
        self._chunks = chunks
        self._path_of = path_of
        self._kept_told = Kept[int, list[bytes]](_KEPT_GROUPS)
        self._kept_differences = Kept[int, list[Difference]](_KEPT_CLASSES)
        self._kept_words = Kept[int, list[tuple[int, int, str]]](_KEPT_CLASSES)

    @functools.cached_property
    def _stored(self) -> tuple[ClassRows, list[tuple[int, int]]]:
        """All classes, and of each its group and its place there."""
        with self._rows.decoding():
            groups = [
                (key, unpack_classes(blob))
                for key, blob in self._rows.all("SELECT id, classes FROM clone_groups ORDER BY id")
            ]
        places = [(key, place) for key, rows in groups for place in range(len(rows.ids))]
        return joined_classes([rows for _, rows in groups]), places

    @functools.cached_property
    def _row_of(self) -> dict[int, int]:
        return {key: row for row, key in enumerate(self._stored[0].ids.tolist())}

    @functools.cached_property
    def _by_chunk(self) -> tuple[Integers, Integers, Integers]:
        """Members in the order of chunks and classes: their chunks, their rows and those of their classes."""
        classes = self._stored[0]
        chunks, owners = classes.members[:, CHUNK], classes.owners
        order = np.lexsort((classes.ids[owners], chunks))
        return chunks[order], order, owners[order]

    def classes(self, ids: Sequence[int] | None = None) -> list[CloneClass]:
        """All classes, or those of `ids`, what saves most first."""
        held = self._stored[0]
        rows = range(len(held.ids)) if ids is None else sorted({self._row_of[key] for key in ids if key in self._row_of})
        units = [unit for row in rows for unit in held.of(row)[:, [CHUNK, PARTS]].tolist()]
        places = self._places(units)
        made = [self._made(row, places) for row in rows]
        return sorted(made, key=lambda found: (-found.bytes_saved, found.id))

    def listed(self) -> list[ListedClass]:
        """All classes without their members, what saves most first, then those of most copies: some ten times as fast as
        `classes`. What nothing is folded in saves nothing."""
        held = self._stored[0]
        if not len(held.ids):
            return []
        verdicts, firsts = held.members[:, VERDICT], held.firsts
        copied = np.ones(len(verdicts), bool)
        copied[firsts + held.places] = False
        folded, unfolded = (
            np.add.reduceat(copied & told, firsts, dtype=np.int64)
            for told in (held.stood_for, verdicts == VERDICTS.index(Verdict.UNFOLDED))
        )
        rows = zip(
            held.ids.tolist(),
            map(CloneType, np.maximum.reduceat(held.members[:, TYPE], firsts).tolist()),
            (np.minimum.reduceat(held.members[:, LIKENESS], firsts) / STEPS).tolist(),
            np.where(folded > 0, held.saved, 0).tolist(),
            held.representatives.tolist(),
            (held.counts - 1).tolist(),
            folded.tolist(),
            unfolded.tolist(),
            strict=True,
        )
        return sorted((ListedClass(*row) for row in rows), key=lambda c: (-c.bytes_saved, -c.copies, c.id))

    def chunks_by_class(self) -> dict[int, list[int]]:
        """The first chunk of every member of every class."""
        held, found = self._stored[0], defaultdict[int, list[int]](list)
        for key, chunk in zip(held.ids[held.owners].tolist(), held.members[:, CHUNK].tolist(), strict=True):
            found[key].append(chunk)
        return found

    def members_within(self, first: int, count: int) -> list[tuple[int, int, int, bool]]:
        """Members that begin in a run of chunks: (class, chunk, number of chunks, whether it represents the class)."""
        held, (chunks, rows, owners) = self._stored[0], self._by_chunk
        run = slice(*np.searchsorted(chunks, [first, first + count]).tolist())
        kept = held.representatives[owners[run]] == chunks[run]
        columns = held.ids[owners[run]], chunks[run], held.members[rows[run], PARTS], kept
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def classes_of(self, chunk_ids: Sequence[int]) -> dict[int, list[int]]:
        """The ids of the classes that each chunk is in, as one of a unit's chunks or as the only one."""
        found: dict[int, list[int]] = {}
        for chunk in dict.fromkeys(map(int, chunk_ids)):
            _, owners = self._around(chunk)
            if len(owners):
                found[chunk] = self._stored[0].ids[owners].tolist()
        return found

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        """See `core.ports.CloneReader.copies`."""
        counts: dict[int, int] = {}
        for chunk in dict.fromkeys(map(int, chunk_ids)):
            members, owners = self._around(chunk)
            if self._stood_for[members].any():
                count = int(self._standing[np.unique(owners)].sum())
                if count > 1:
                    counts[chunk] = count - 1
        return counts

    def copied(self, chunk_ids: Sequence[int], most: int) -> dict[int, tuple[CloneMember, ...]]:
        """See `core.ports.CloneReader.copied`. Of a class of thousands only those told are made."""
        chosen: dict[int, list[tuple[int, int]]] = {}
        for chunk in dict.fromkeys(map(int, chunk_ids)):
            around, owners = self._around(chunk)
            folded = self._stood_for[around]
            others = (self._others(row, around[folded]) for row in np.unique(owners[folded]).tolist())
            if found := list(itertools.islice(itertools.chain.from_iterable(others), most)):
                chosen[chunk] = found
        members = self._stored[0].members
        told = [member for found in chosen.values() for _, member in found]
        places = self._places(members[told][:, [CHUNK, PARTS]].tolist())
        return {chunk: tuple(self._member(row, member, places) for row, member in found) for chunk, found in chosen.items()}

    def _others(self, row: int, mine: Integers) -> Iterator[tuple[int, int]]:
        """A class with each of its members that fold together, `mine` left out: the representative, then by place."""
        held = self._stored[0]
        first = int(held.firsts[row])
        kept, members = first + int(held.places[row]), np.arange(first, first + int(held.counts[row]))
        folded = members[self._stood_for[members] & ~np.isin(members, mine) & (members != kept)].tolist()
        if kept not in mine:
            yield row, kept
        chunks = held.members[folded, CHUNK].tolist()
        for _, _, member in sorted(zip(map(self._path_of, chunks), chunks, folded, strict=True)):
            yield row, member

    def _around(self, chunk: int) -> tuple[Integers, Integers]:
        """The rows of the members that hold a chunk, and those of their classes."""
        chunks, rows, owners = self._by_chunk
        run = slice(*np.searchsorted(chunks, [chunk - self._longest + 1, chunk + 1]).tolist())
        holding = chunks[run] + self._stored[0].members[rows[run], PARTS] > chunk
        return rows[run][holding], owners[run][holding]

    @functools.cached_property
    def _longest(self) -> int:
        return int(self._stored[0].members[:, PARTS].max(initial=1))

    @functools.cached_property
    def _stood_for(self) -> np.ndarray:
        return self._stored[0].stood_for

    @functools.cached_property
    def _standing(self) -> Integers:
        """How many members of each class the representative stands for, itself included."""
        held = self._stored[0]
        return np.bincount(held.owners[self._stood_for], minlength=len(held.ids))

    @functools.cached_property
    def _differing(self) -> dict[int, int]:
        """The class of each chunk that another stands for and that has tokens of its own."""
        return dict(self._rows.all("SELECT chunk, class FROM copies WHERE class IS NOT NULL"))

    def own_words(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """See `core.ports.CloneReader.own_words`."""
        found: dict[int, str] = {}
        for chunk in map(int, chunk_ids):
            if (key := self._differing.get(chunk)) in self._row_of:
                for first, last, words in self._kept_words.get(self._row_of[key], self._words_of):
                    if first <= chunk <= last:
                        found[chunk] = words
        return found

    def _words_of(self, row: int) -> list[tuple[int, int, str]]:
        held = self._stored[0]
        members = np.delete(held.of(row), held.places[row], axis=0)[:, [CHUNK, PARTS]].tolist()
        return [
            (chunk, chunk + parts - 1, " ".join(change.added for change in told.changes))
            for (chunk, parts), told in zip(members, self._kept_differences.get(row, self._differences), strict=False)
        ]

    def _differences(self, row: int) -> list[Difference]:
        group, place = self._stored[1][row]
        with self._rows.decoding():
            return differences_told(self._kept_told.get(group, self._told)[place])

    def _told(self, group: int) -> list[bytes]:
        with self._rows.decoding():
            [(blob,)] = self._rows.all("SELECT told FROM clone_groups WHERE id = ?", group)
            return unpack_told(blob)

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

    def _made(self, row: int, places: Mapping[int, Place]) -> CloneClass:
        held = self._stored[0]
        first, count, kept = int(held.firsts[row]), int(held.counts[row]), int(held.places[row])
        made = [self._member(row, member, places) for member in range(first, first + count)]
        kind, likeness = max(member.type for member in made), min(member.similarity for member in made)
        representative = made.pop(kept)
        ordered = tuple(sorted(made, key=lambda member: (member.place, member.chunk)))
        return CloneClass(int(held.ids[row]), kind, likeness, int(held.saved[row]), representative, ordered)

    def _member(self, row: int, member: int, places: Mapping[int, Place]) -> CloneMember:
        """One of the members of a class, both by their rows."""
        held = self._stored[0]
        index, kept = member - int(held.firsts[row]), int(held.places[row])
        differences = self._kept_differences.get(row, self._differences) if index != kept else []
        before = index - (index > kept)  # the representative has no difference
        chunk, parts, kind, verdict, likeness, threshold = held.members[member].tolist()
        return CloneMember(
            chunk,
            places[chunk],
            CloneType(kind),
            likeness / STEPS,
            VERDICTS[verdict],
            threshold / STEPS,
            parts,
            differences[before] if before < len(differences) else Difference(),
        )


def pack_summary(summary: FoldingSummary) -> str:
    """The funnel as it is kept beside the tables."""
    return json.dumps(asdict(summary))


def unpack_summary(stored: str | None) -> FoldingSummary:
    """What `pack_summary` was given; nothing folded where there is none."""
    if not stored:
        return FoldingSummary(*(0,) * 10)
    values = json.loads(stored)
    return FoldingSummary(**{**values, "plain": PlainFunnel(**values["plain"])})
