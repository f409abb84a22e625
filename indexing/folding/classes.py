"""Clone classes: which places say the same, and which of them stands for the others.

Every unit has one key, and units with the same key are a *group*: the loosest fingerprint that it may fold by. The looser a
fingerprint, the more units share it, and units that share a stricter one share the looser one too; so one pass over a
hash table does the work of the first steps, in linear time and without comparing pairs. The price is that a class of type 2
holds its type 1 members as well; `CloneMember.type` tells them apart.

Then groups that are alike (pairs of their best members, found and compared elsewhere) come together around a
representative: in the order of preference each group joins the representative it is most alike, or becomes one. So every
member is like its representative, and no chain of small changes leads away from it. What is like a representative and does
not fold is told beside its members (`with_beside`); which that is, `indexing.folding.beside` knows.

What may fold by what:

- whole definitions by `renamed`, or by `layout` where that is empty; functions also by likeness;
- parts of a definition that was too long for one chunk by `layout`, where nothing is known of the whole: these are only
  told, for the change that sets two functions apart may be in another part;
- other chunks by `exact`;
- chunks below `MIN_TOKENS` only along with their whole file, when files are identical.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType, Verdict
from core.model.source import FileRole, Place
from indexing.folding.funnel import Saving, saving_of
from indexing.folding.normalise import MIN_TOKENS

ROLE_RANK = {
    FileRole.SOURCE: 0,
    FileRole.EXAMPLE: 1,
    FileRole.DOCUMENT: 1,
    FileRole.DATA: 1,
    FileRole.TEST: 2,
    FileRole.GENERATED: 3,
    FileRole.VENDORED: 4,
}
_ID_BITS = 52
"""Ids stay exact as numbers of JSON."""


@dataclass(frozen=True, slots=True)
class FoldFile:
    """An indexed file: its size in bytes (`plain`: without comments and layout), the hash of its content, what it is."""

    size: int
    content_hash: bytes
    role: FileRole
    language: str
    plain: int = 0


class FoldCandidate(NamedTuple):
    """A unit that may fold: a chunk, or the `parts` chunks of a function. A tuple, for there are a hundred thousand: the
    records of `dataclasses` take three times as long to make.

    `content_hash` is that of its file, `position` the number of its first chunk among the file's, `size` its own bytes,
    `plain` those of them that are neither comment nor layout; a higher `centrality` makes it a better representative, and
    being `pinned` the best. Hashes are those of `Fingerprint`, as bytes; a part of a definition has no `renamed`, and the
    first chunk of the whole is `within`.
    """

    id: int
    place: Place
    position: int
    kind: ChunkKind
    role: FileRole
    language: str
    content_hash: bytes
    size: int
    exact: bytes
    layout: bytes
    renamed: bytes
    tokens: int
    centrality: float = 0.0
    plain: int = 0
    parts: int = 1
    within: int = 0
    pinned: bool = False

    @property
    def preference(self) -> tuple[bool, int, float, int, Place, int]:
        """The smallest represents: pinned by a person; no test, not generated, not vendored; central; of two that say the
        same the longer one is the better documented."""
        return (not self.pinned, ROLE_RANK[self.role], -self.centrality, -self.size, self.place, self.id)


class AlikePair(NamedTuple):
    """Two functions (the ids of their first chunks) that are alike. `verdict` says what may be done with one of them, and
    `threshold` which likeness it took."""

    one: int
    other: int
    type: CloneType
    similarity: float
    verdict: Verdict
    threshold: float


Groups = Sequence[Sequence[FoldCandidate]]
"""The units of a class that fold into one: each group says the same, the best of all first; the others are like it."""


@dataclass(frozen=True, slots=True)
class Folding:
    """The classes, those that save most first; what folds in each that folds, by their ids; the classes that would be of one
    unit; and of each group that joined another the pair by which it did: its own unit first."""

    classes: tuple[CloneClass, ...]
    groups: Mapping[int, Groups]
    alone: tuple[CloneClass, ...]
    joined: tuple[tuple[int, int], ...]


_Key = tuple[str, str, bytes, int]
"""Step, language, hash, position of the chunk in its file (0 unless the step is `file`)."""


@dataclass(slots=True)
class _Group:
    """Units that say the same, the best first; `joined` is how it is like the representative of another group."""

    key: _Key
    units: list[FoldCandidate]
    joined: tuple[_Group, AlikePair] | None = None

    @property
    def best(self) -> FoldCandidate:
        return self.units[0]


def fold(
    candidates: Iterable[FoldCandidate],
    files: Mapping[str, FoldFile],
    alike: Iterable[AlikePair] = (),
    compared: Collection[int] = frozenset(),
    unfolded: Collection[int] = frozenset(),
    taken_ids: Collection[int] = frozenset(),
) -> Folding:
    """Sort units into clone classes; units that are alone in theirs need not be among `candidates`.

    `files` holds every indexed file by its path; the pairs of `alike` may all fold. Units (their first chunks) that are
    `compared` are told as a whole if at all. A class with a unit whose id is among `unfolded` is told, but not folded. No
    class gets one of `taken_ids`. The result does not depend on the order of `candidates`.
    """
    chunks = sorted(candidates, key=lambda candidate: (candidate.place.path, candidate.place.start_line, candidate.id))
    groups = _groups([chunk for chunk in chunks if not chunk.within], files)
    _join(groups, alike)
    ids = _ids((group.key for group in groups), taken_ids)
    joining: defaultdict[int, list[_Group]] = defaultdict(list)
    for group in groups:
        if group.joined is not None:
            joining[ids[group.joined[0].key]].append(group)
    classes, alone = list[CloneClass](), list[CloneClass]()
    folding = dict[int, Groups]()
    taken = set(compared)
    for group in groups:
        if group.joined is not None:
            continue
        key = ids[group.key]
        others = joining[key]
        whole = [unit for each in (group, *others) for unit in each.units]
        if len(whole) < 2:
            alone.append(CloneClass(key, CloneType.LAYOUT, 1.0, 0, _representing(group.best), ()))
            continue
        taken.update(unit.id for unit in whole)
        folds = not any(unit.id in unfolded for unit in whole)
        if folds:
            folding[key] = [each.units for each in (group, *others)]
        classes.append(_class(key, group, others, folds))
    parts = [chunk for chunk in chunks if chunk.within and chunk.within not in taken]
    repeated = [group for group in _groups(parts, files) if len(group.units) > 1]
    # A part may say what a unit of its own says somewhere else: the same key, and yet another class.
    part_ids = _ids((group.key for group in repeated), {*taken_ids, *ids.values()})
    for group in repeated:
        found = _class(part_ids[group.key], group, [], True)
        told = tuple(replace(member, verdict=Verdict.SUGGESTED) for member in found.members)
        classes.append(replace(found, members=told, bytes_saved=0))
    classes.sort(key=lambda clones: (-clones.bytes_saved, clones.representative.place))
    joined = tuple(_own_first(group, group.joined[1]) for group in groups if group.joined is not None)
    return Folding(tuple(classes), folding, tuple(alone), joined)


def with_beside(classes: Iterable[CloneClass], beside: Mapping[int, Sequence[CloneMember]]) -> list[CloneClass]:
    """The classes with what is like their representatives (by their first chunks) and does not fold, those without any
    member left out."""
    found = []
    for clones in classes:
        added = beside.get(clones.representative.chunk, ())
        members = tuple(sorted((*clones.members, *added), key=lambda member: (member.place, member.chunk)))
        if members:
            kind, similarity = max(member.type for member in members), min(member.similarity for member in members)
            found.append(replace(clones, members=members, type=kind, similarity=similarity))
    return found


def settled(found: CloneClass, groups: Groups, redundant: Collection[str]) -> tuple[CloneClass, Saving]:
    """A class with the bytes that it saves, now that it is known which of its members fold, and its part of the funnel.
    `groups` are those of `Folding`, `redundant` the files that count as a whole."""
    masked = {member.chunk for member in found.members if member.verdict.is_masked}
    folding = [[unit for unit in group if unit.id in masked or unit.id == found.representative.chunk] for group in groups]
    saved = sum(unit.plain for group in folding for unit in group if unit.id in masked)
    return replace(found, bytes_saved=saved), saving_of([group for group in folding if group], redundant)


def _groups(chunks: Sequence[FoldCandidate], files: Mapping[str, FoldFile]) -> list[_Group]:
    """Units by their keys, the groups of the best units first."""
    by_key: defaultdict[_Key, list[FoldCandidate]] = defaultdict(list)
    for chunk, key in zip(chunks, _keys(chunks, files), strict=True):
        if key:
            by_key[key].append(chunk)
    groups = [_Group(key, sorted(units, key=lambda unit: unit.preference)) for key, units in by_key.items()]
    return sorted(groups, key=lambda group: group.best.preference)


def _join(groups: Sequence[_Group], alike: Iterable[AlikePair]) -> None:
    """Let groups join the representative they are most alike."""
    group_of = {unit.id: group for group in groups for unit in group.units}
    rank = {id(group): place for place, group in enumerate(groups)}
    near: defaultdict[int, list[tuple[_Group, AlikePair]]] = defaultdict(list)
    for pair in alike:
        one, other = group_of.get(pair.one), group_of.get(pair.other)
        if one is not None and other is not None and one is not other:
            first, second = (one, other) if rank[id(one)] < rank[id(other)] else (other, one)
            near[id(second)].append((first, pair))
    for group in groups:
        found = [(first, pair) for first, pair in near[id(group)] if first.joined is None]
        if found:
            group.joined = max(found, key=lambda choice: (choice[1].similarity, -rank[id(choice[0])]))


def _own_first(group: _Group, pair: AlikePair) -> tuple[int, int]:
    return (pair.one, pair.other) if any(unit.id == pair.one for unit in group.units) else (pair.other, pair.one)


def _keys(chunks: Sequence[FoldCandidate], files: Mapping[str, FoldFile]) -> Iterable[_Key | None]:
    copies = Counter(file.content_hash for file in files.values())
    for chunk in chunks:
        if chunk.tokens < MIN_TOKENS:
            whole = copies[chunk.content_hash] > 1
            yield ("file", chunk.language, chunk.content_hash, chunk.position) if whole else None
        elif chunk.renamed:
            yield ("renamed", chunk.language, chunk.renamed, 0)
        elif chunk.layout:
            yield ("layout", chunk.language, chunk.layout, 0)
        elif chunk.exact:
            yield ("exact", chunk.language, chunk.exact, 0)
        else:
            yield ("unit", chunk.place.path, b"", chunk.position)


def _ids(keys: Iterable[_Key], not_these: Collection[int]) -> dict[_Key, int]:
    """Ids that depend on what the class says alone, so that they stay when an index is built anew."""
    ids: dict[_Key, int] = {}
    taken = set(not_these)
    for key in sorted(keys):
        number = xxhash.xxh3_64_intdigest(repr(key).encode()) >> (64 - _ID_BITS)
        while number in taken:
            number = (number + 1) % (1 << _ID_BITS)
        taken.add(number)
        ids[key] = number
    return ids


def _class(key: int, group: _Group, others: Sequence[_Group], folds: bool) -> CloneClass:
    best = group.best
    found: list[tuple[FoldCandidate, CloneMember]] = []
    for unit in group.units[1:]:
        kind = CloneType.LAYOUT if _same_layout(unit, best) else CloneType.RENAMED
        found.append((unit, CloneMember(unit.id, unit.place, kind, 1.0, parts=unit.parts)))
    for unit, pair in [(unit, other.joined[1]) for other in others if other.joined for unit in other.units]:
        member = CloneMember(unit.id, unit.place, pair.type, pair.similarity, pair.verdict, pair.threshold, unit.parts)
        found.append((unit, member))
    if not folds:
        found = [(unit, replace(member, verdict=Verdict.UNFOLDED)) for unit, member in found]
    members = tuple(member for _, member in sorted(found, key=lambda entry: (entry[1].place, entry[1].chunk)))
    return CloneClass(
        key,
        max(member.type for member in members),
        min(member.similarity for member in members),
        sum(unit.plain for unit, member in found if member.verdict.is_masked),
        _representing(best),
        members,
    )


def _representing(best: FoldCandidate) -> CloneMember:
    return CloneMember(best.id, best.place, CloneType.LAYOUT, 1.0, parts=best.parts)


def _same_layout(one: FoldCandidate, other: FoldCandidate) -> bool:
    return one.exact == other.exact or (bool(one.layout) and one.layout == other.layout)
