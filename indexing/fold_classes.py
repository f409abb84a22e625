"""Forming the clone classes of those components of an index that have changed, and telling beside each representative what
is like it and does not fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.model.clone import CloneClass, CloneMember
from indexing.fold_compare import Alike
from indexing.fold_differences import with_differences
from indexing.fold_job import FoldJob
from indexing.folding.beside import Part, Parts, find_beside, joining, represented, representing, telling
from indexing.folding.classes import AlikePair, FoldFile, Groups, fold, settled, with_beside
from indexing.folding.components import find_components
from indexing.folding.funnel import Saving
from indexing.folding.policy import DIGITS, judged, may_fold
from indexing.folding.units import Rows, Units
from indexing.number_sets import distinct
from indexing.stores.sqlite.clone_writer import Told

_ROUNDS = 2
"""What turns out to say something else looks for another representative once. What then does so again is kept apart where it
is."""
_TOLD = 2
"""Of a pair that is kept apart: not by its tokens, but since it was told how one differs when the other represented it.
Which pairs that concerns depends on which represent, so it neither ties components together nor parts them, and is found
anew with the classes of a component: an update gives what a rebuild gives."""
ToldPairs = Mapping[tuple[int, int], Told]
"""How members differ, by representative and member (their first chunks)."""


class ClassFormer:
    """Forms classes of the units of an index, a set of components at a time."""

    def __init__(
        self,
        units: Units,
        alike: Alike,
        files: Mapping[str, FoldFile],
        marks: NDArray[np.uint64],
        unfolded: Collection[int],
        job: FoldJob,
        cancellation: CancellationToken,
    ) -> None:
        """`marks` (n,) say what a person chose for each unit, `unfolded` the ids of those that shall not fold. `alike.pairs`
        is written to: what is kept apart, and what part each pair plays."""
        self.seconds = 0.0
        """CPU seconds that workers took."""
        self._units, self._files, self._job, self._cancellation = units, files, job, cancellation
        self._unfolded = unfolded
        self._pairs, self._ends = alike.pairs, alike.ends
        tokens = np.maximum(units.tokens[self._ends[:, 0]], units.tokens[self._ends[:, 1]])
        self._tokens: Rows = tokens
        self._similarity = self._pairs["similarity"].astype(np.float64).round(DIGITS)
        self._shared = np.zeros(len(units.chunks), bool)
        self._shared[units.sharing] = True
        self._compared = np.zeros(len(units.chunks), bool)
        self._compared[self._ends.reshape(-1)] = True
        self._recalled = self._pairs["apart"] == _TOLD
        """The pairs that were told apart when their classes were last formed: they need not be told once more."""
        self._folding = may_fold(self._similarity, self._pairs["apart"].astype(bool) & ~self._recalled, tokens, job.settings)
        self._joins: Parts = np.where(joining(self._parts), self._parts, np.uint8(Part.NONE))
        self._formed = list[CloneClass]()
        self._groups = dict[int, Groups]()
        codes = _coded(self._ends)
        self._order = np.argsort(codes, kind="stable")
        self._codes = codes[self._order]
        likeness = _likeness(self._pairs[self._folding])
        self.components = find_components(units, self._ends[self._folding], likeness, self._compared, marks)
        """The components of all units, by what may fold by its tokens."""

    @property
    def _parts(self) -> Parts:
        found: Parts = self._pairs["part"]
        return found

    def told_with(self, changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The units (n,) of components beside whose representatives a unit was told that has `changed` (n,)."""
        pairs = telling(self._parts)
        kept, members = (find(self._ends[pairs], self._parts[pairs]) for find in (representing, represented))
        return self.components.of(kept[changed[members]])

    def form(self, waiting: NDArray[np.bool_], told: ToldPairs, taken: Collection[int]) -> None:
        """Form the classes of the units that are `waiting` (n,): whole components. `told` is what was said before of how
        members differ; ids of `taken` are given to no class."""
        units, known = self._units, told
        concerned = waiting[self._ends[:, 0]] | waiting[self._ends[:, 1]]
        self._joins[concerned] = Part.NONE
        self._pairs["apart"][concerned & (self._pairs["apart"] == _TOLD)] = 0
        taken = set(taken) | {found.id for found in self._formed}
        for turn in range(_ROUNDS):
            near = np.flatnonzero(self._compared & waiting)
            candidates = units.candidates(near.tolist(), waiting)
            alike, compared = self._alike(waiting), set(units.chunks[near].tolist())
            folded = fold(candidates, self._files, alike, compared, self._unfolded, taken)
            recalled = self._recall(folded.joined) if turn < _ROUNDS - 1 else []
            judged = _without(folded.classes, {member for member, _ in recalled})
            formed, seconds = with_differences(judged, known, units, self._job, self._cancellation)
            self.seconds += seconds
            apart = self._set_apart([*recalled, *_told_apart(judged, formed)])
            waiting = self.components.of(apart if turn < _ROUNDS - 1 else apart[:0])
            for found in chain(self._that_stay(formed, waiting), self._that_stay(folded.alone, waiting)):
                self._formed.append(found)
                if found.id in folded.groups:
                    self._groups[found.id] = folded.groups[found.id]
            self._join(folded.joined, waiting)
            if not waiting.any():
                break
            taken = taken | {found.id for found in self._formed}
            known = {**told, **dict(told_of(formed))}

    def tell_beside(self) -> Rows:
        """Find anew what is told beside which representative; the rows of the representatives for which that has changed."""
        joined = np.zeros(len(self._units.chunks), bool)
        joins = joining(self._joins)
        joined[represented(self._ends[joins], self._joins[joins])] = True
        before = self._parts.copy()
        folding = self._folding & (self._pairs["apart"] == 0)
        beside = find_beside(self._ends, self._similarity, self._units.ranks, joined, folding)
        after = self._pairs["part"] = np.where(joins, self._joins, beside)
        found = []
        for parts in (before, after):
            changed = telling(parts) & (before != after)
            found.append(representing(self._ends[changed], parts[changed]))
        return distinct(np.concatenate(found))

    def finished(self, told: ToldPairs, redundant: Collection[str]) -> tuple[list[CloneClass], dict[int, Saving]]:
        """The classes that were formed, as they are to be stored, with what each saves. `redundant` are the files that count
        as a whole."""
        known = {**told, **dict(told_of(self._formed))}
        beside = self._members_beside({found.representative.chunk for found in self._formed})
        complete = with_beside(self._formed, beside)
        complete, seconds = with_differences(complete, known, self._units, self._job, self._cancellation)
        self.seconds += seconds
        classes, savings = list[CloneClass](), dict[int, Saving]()
        for found in complete:
            done, savings[found.id] = settled(found, self._groups.get(found.id, ()), redundant)
            classes.append(done)
        return classes, savings

    def _alike(self, waiting: NDArray[np.bool_]) -> list[AlikePair]:
        """The pairs of units that are waiting and may fold."""
        folding = self._folding & (self._pairs["apart"] == 0) & waiting[self._ends[:, 0]]
        return self._judged(np.flatnonzero(folding))

    def _judged(self, pairs: Rows) -> list[AlikePair]:
        """What may be done with these of the pairs that are alike."""
        ends, held = self._units.chunks[self._ends[pairs]], self._pairs[pairs]
        how = zip(*(held[name].tolist() for name in ("similarity", "type", "apart")), strict=True)
        told = zip(*ends.T.tolist(), how, self._tokens[pairs].tolist(), strict=True)
        return [judged(one, other, like, tokens, self._job.settings) for one, other, like, tokens in told]

    def _that_stay(self, formed: Iterable[CloneClass], waiting: NDArray[np.bool_]) -> Iterator[CloneClass]:
        classes = list(formed)
        stays = ~waiting[self._rows([found.representative.chunk for found in classes])]
        return (found for found, final in zip(classes, stays.tolist(), strict=True) if final)

    def _join(self, joined: Sequence[tuple[int, int]], waiting: NDArray[np.bool_]) -> None:
        """Note what joined what (first chunks), unless it is formed once more."""
        rows = self._rows(joined).reshape(-1, 2)
        rows = rows[~waiting[rows[:, 0]]]
        places = self._places_of(rows)
        self._joins[places] = np.where(self._ends[places, 0] == rows[:, 0], Part.ONE_JOINED, Part.OTHER_JOINED)

    def _recall(self, joined: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Which of those that joined another (first chunks) were told apart from it before. Of what several say nothing is
        recalled: how one of them differs need not be how another does."""
        rows = self._rows(joined).reshape(-1, 2)
        places = self._places_of(rows)
        found = (places >= 0) & self._recalled[places] & ~self._shared[rows].any(axis=1)
        return [joined[place] for place in np.flatnonzero(found).tolist()]

    def _set_apart(self, apart: Sequence[tuple[int, int]]) -> Rows:
        """Mark the pairs of units (first chunks) that cannot fold; the rows of units that this concerns."""
        rows = self._rows(apart)
        # A unit says what all with its key say, one of which was compared.
        places = self._places_of(self._units.leaders_of(rows).reshape(-1, 2))
        found = places[places >= 0]
        self._pairs["apart"][found] = _TOLD
        return rows

    def _places_of(self, rows: Rows) -> Rows:
        """The place of each pair of units (k, 2) among all that are alike, -1 where it is none of them."""
        if not len(self._codes):
            return np.full(len(rows), -1)
        codes = _coded(rows)
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[places] == codes, self._order[places], -1)

    def _rows(self, chunks: Sequence[int] | Sequence[tuple[int, int]]) -> Rows:
        return self._units.rows_of(np.array(chunks, np.int64).reshape(-1))

    def _members_beside(self, representatives: Collection[int]) -> dict[int, list[CloneMember]]:
        """What is told beside each of the representatives (first chunks)."""
        found: defaultdict[int, list[CloneMember]] = defaultdict(list)
        pairs = np.flatnonzero(telling(self._parts))
        ends, parts = self._ends[pairs], self._parts[pairs]
        kept = self._units.chunks[representing(ends, parts)].tolist()
        for how, first, row in zip(self._judged(pairs), kept, represented(ends, parts).tolist(), strict=True):
            if first in representatives:
                unit = self._units.candidate(row)
                found[first].append(
                    CloneMember(unit.id, unit.place, how.type, how.similarity, how.verdict, how.threshold, unit.parts)
                )
        return found


def told_of(classes: Iterable[CloneClass]) -> Iterator[tuple[tuple[int, int], Told]]:
    """How the members of classes differ, by representative and member."""
    for found in classes:
        for member in found.members:
            yield (found.representative.chunk, member.chunk), Told(member.type, member.verdict, member.difference)


def _without(classes: Sequence[CloneClass], members: Collection[int]) -> list[CloneClass]:
    """The classes without these members (first chunks)."""
    if not members:
        return list(classes)
    return [
        replace(found, members=tuple(member for member in found.members if member.chunk not in members)) for found in classes
    ]


def _told_apart(before: Sequence[CloneClass], after: Sequence[CloneClass]) -> Iterator[tuple[int, int]]:
    """The members that cannot fold, now that it is told how they differ: representative and member."""
    for old, new in zip(before, after, strict=True):
        for was, member in zip(old.members, new.members, strict=True):
            if was.verdict.is_masked and not member.verdict.is_masked:
                yield new.representative.chunk, member.chunk


def _likeness(pairs: NDArray[np.void]) -> NDArray[np.uint64]:
    """How each pair is alike, as a number."""
    found: NDArray[np.uint64] = np.ascontiguousarray(pairs["similarity"]).view(np.uint32).astype(np.uint64)
    return found << np.uint64(8) | pairs["type"].astype(np.uint64)


def _coded(rows: Rows) -> NDArray[np.int64]:
    """Pairs of rows as numbers, the same in both orders."""
    one, other = rows[:, 0], rows[:, 1]
    found: NDArray[np.int64] = np.minimum(one, other) << 32 | np.maximum(one, other)
    return found
