"""What has to be linked anew after some files changed.

A group of files is stale when it has other members than before, when one of them changed, or when a file it looked into
changed under a name that it mentions; one of documents, when any file did. Small groups are linked whole, at once. Of a
large one the changed files are linked, with those that have edges to what changed in them, and the group counts as
*unsettled*: a run that is told to settle links it whole (the window's own updates are). Until then its edges may lack what
only an argument carries between its files, and new targets of names that a file mentions which itself did not change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indexing.link_parts import Edited
from indexing.link_tasks import DOCUMENTS, LinkTask
from indexing.linking.changes import FileChange, change_of
from indexing.linking.dialects import DIALECTS, is_linked
from indexing.linking.groups import Group, Member, group_files
from indexing.linking.world import hashes_of
from indexing.packed import NameHashes, name_hash
from indexing.stores.sqlite.facts import StoredFacts
from indexing.stores.sqlite.links import StoredGroup, UnlinkedFile

_MOST_AT_ONCE = 1_500_000
"""Bytes of a group that an update links whole; some 0.4 s."""
_WORTH_ALL = 4
"""A group is linked whole when more than one byte in so many has to be linked again."""
_PART_OF_DEPENDENT = 8
"""Of a file that has not changed itself, about one byte in so many has to be."""
_BUNDLE_BYTES = 600_000
"""Files that are linked again together share what they look into: bundles of three times the size take half the time."""
_MOST_DOCUMENTS = 500_000
"""Bytes of documents in a group: each document is linked by itself, so a group is only what is found stale together."""
_MOST_COMPARED = 2_000
"""Changed files whose old and new facts are compared; with more, nearly everything is stale."""
_MOST_IN_PARTS = 500
"""Changed files with which others are linked in parts: every task has to be told of all of them."""
_MOST_DEPENDENTS = 50
"""Files that are linked again because of one that they have edges to."""


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What to link, which groups are only linked in part, and which are no more."""

    tasks: tuple[LinkTask, ...]
    unsettled: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stale:
    family: str
    group: Group
    again: list[Member]
    """The files that have to be linked again whatever becomes of the group."""
    changed: Collection[int]
    """The ids of those that are linked as a whole, or nearly so."""

    @property
    def size(self) -> int:
        return sum(member.size for member in self.group.members)

    def is_small(self) -> bool:
        """Whether linking all of it costs little, or hardly more than what has to be linked anyway."""
        anyway = sum(m.size if m.id in self.changed else m.size // _PART_OF_DEPENDENT for m in self.again)
        return self.family == DOCUMENTS or self.size <= max(_MOST_AT_ONCE, _WORTH_ALL * anyway)


def plan_links(
    folder: Path,
    generation: int,
    facts: StoredFacts,
    stored: Mapping[str, StoredGroup],
    unlinked: Sequence[UnlinkedFile],
    *,
    settle: bool = False,
    in_parts: bool = True,
) -> LinkPlan:
    """What to link in the index `folder`, of which `facts` shows `generation`; with `settle`, every unsettled group too.
    Where a file may be linked `in_parts`, what nothing has changed for keeps its edges."""
    by_language = facts.members()
    changed = {file.file for file in unlinked}
    changes: list[_Change] = []
    again = set(changed)
    for change in _changes(facts, unlinked) if stored else ():
        changes.append(change)
        again.update(_dependents(facts, change))  # while its facts are at hand
    edited = _edited(unlinked, changes) if in_parts else None
    whole: list[_Stale] = []
    partly: list[_Stale] = []
    waiting: list[_Stale] = []
    names: set[str] = set()
    touched = {language for file in unlinked for language in facts.languages(file.file, file.content)}
    for family in _families(by_language.keys()):
        members = [member for language in family.languages for member in by_language.get(language, ())]
        own = {name: group for name, group in stored.items() if name.startswith(f"{family.name}: ")}
        if not settle and _is_left_alone(family, members, again, touched, own, changes):
            names |= own.keys()
            continue
        noticed = [change for change in changes if family.is_told_all or not change.languages.isdisjoint(family.languages)]
        for group in group_files(members, _MOST_DOCUMENTS if family.name == DOCUMENTS else None):
            name = f"{family.name}: {group.name}"
            names.add(name)
            stale = [member for member in group.members if member.id in again]
            entry = _Stale(family.name, Group(name, group.members), stale, again if edited is None else changed)
            before = stored.get(name)
            if before is None:
                whole.append(entry)
            elif stale or (changed and (_is_stale(before, group, noticed, family) or _names_any(before, changes))):
                (whole if settle or entry.is_small() else partly).append(entry)
            elif not before.settled:
                waiting.append(entry)
    if settle:
        whole += waiting
    where = (str(folder), generation)
    tasks = [_whole(entry, *where) for entry in whole]
    tasks += [task for entry in partly for task in _bundles(entry, *where, edited)]
    # What takes longest first, so that no worker is left alone with one at the end.
    tasks.sort(key=lambda task: -task.cost)
    return LinkPlan(tuple(tasks), tuple(entry.group.name for entry in partly), tuple(sorted(stored.keys() - names)))


@dataclass(frozen=True, slots=True)
class _Family:
    """Languages whose files are linked together, named after the first."""

    name: str
    languages: tuple[str, ...]
    names_are_imported: bool
    """Whether a file notices only what happens in files that it looked into."""
    is_told_all: bool = False
    """Whether changes in other families concern it, too."""


def _is_left_alone(
    family: _Family,
    members: Sequence[Member],
    again: Collection[int],
    touched: Collection[str],
    own: Mapping[str, StoredGroup],
    changes: Sequence[_Change],
) -> bool:
    """Whether nothing that has changed concerns a family all of which was linked before: its groups, `own`, are those of
    before."""
    return (
        sum(len(group.basis.members) for group in own.values()) == len(members)
        and not family.is_told_all
        and all(language not in touched for language in family.languages)
        and all(member.id not in again for member in members)
        and not any(_names_any(group, changes) for group in own.values())
    )


def _families(languages: Collection[str]) -> Iterator[_Family]:
    for dialect in DIALECTS:
        yield _Family(dialect.languages[0], dialect.languages, dialect.names_are_imported)
    yield _Family(DOCUMENTS, tuple(sorted(name for name in languages if not is_linked(name))), False, is_told_all=True)


@dataclass(frozen=True, slots=True)
class _Change:
    """A file that changed under some names (all, where `names` is None), of these languages before and after; through
    which others see other files than before, where it `hands_on`."""

    file: int
    languages: frozenset[str]
    names: NameHashes | None
    came_or_went: bool
    hands_on: bool = False
    members: NameHashes = field(default_factory=lambda: np.zeros(0, np.uint32))
    """The names without those of classes whose members changed."""


def _changes(facts: StoredFacts, unlinked: Sequence[UnlinkedFile]) -> Iterator[_Change]:
    for index, file in enumerate(unlinked):
        languages = facts.languages(file.file, file.content)
        if not languages:
            continue
        if index >= _MOST_COMPARED:
            yield _Change(file.file, languages, None, came_or_went=True)
            continue
        after = facts.facts(file.file).facts if facts.holds(file.file) else None
        before = facts.content_facts(file.content, file.path).facts if file.content is not None else None
        came_or_went = before is None or after is None or len(languages) > 1
        change = change_of(file.path, before, after)
        if len(languages) > 1:  # to one family it is gone, to another it came
            gone, came = change_of(file.path, before, None), change_of(file.path, None, after)
            change = FileChange(gone.names | came.names, gone.members | came.members, change.hands_on)
        if change.names or change.hands_on:
            names, members = hashes_of(change.names), hashes_of(change.members)
            yield _Change(file.file, languages, names, came_or_went, change.hands_on, members)


def _edited(unlinked: Sequence[UnlinkedFile], changes: Sequence[_Change]) -> Edited | None:
    """What the parts of files are told from; None where so much changed that it is not worth while to tell."""
    if len(unlinked) > _MOST_IN_PARTS:
        return None
    return Edited(tuple(unlinked), {change.file: tuple(change.members.tolist()) for change in changes})


def _dependents(facts: StoredFacts, change: _Change) -> list[int]:
    """Files with edges to what a changed file defines under the changed names, or defines no more."""
    if change.names is None:
        return []
    held = set(change.names.tolist())
    same = set(facts.slots_named(change.file, lambda name: name_hash(name) not in held))
    found = []
    for source, edges in facts.edges_into(change.file):
        if not same.issuperset(edges.slots[edges.files == change.file].tolist()):
            found.append(source)
        if len(found) == _MOST_DEPENDENTS:
            break
    return found


def _is_stale(before: StoredGroup, group: Group, changes: Iterable[_Change], family: _Family) -> bool:
    if sorted(member.id for member in group.members) != before.basis.members.tolist():
        return True
    for change in changes:
        if change.hands_on and change.file in before.basis.world:
            return True
        if family.names_are_imported and not change.came_or_went and change.file not in before.basis.world:
            continue
        if change.names is None or np.isin(change.names, before.basis.mentions, assume_unique=True).any():
            return True
    return False


def _names_any(before: StoredGroup, changes: Iterable[_Change]) -> bool:
    """Whether the strings of a group name what changed, in whatever language it is."""
    named = before.basis.named
    return len(named) > 0 and any(
        change.names is None or np.isin(change.names, named, assume_unique=True).any() for change in changes
    )


def _whole(entry: _Stale, folder: str, generation: int) -> LinkTask:
    members = tuple(member.id for member in entry.group.members)
    return LinkTask(folder, generation, entry.family, entry.group.name, members, True, entry.size)


def _bundles(entry: _Stale, folder: str, generation: int, edited: Edited | None) -> Iterator[LinkTask]:
    """The files of a group that have to be linked again, a few at a time."""
    bundle: list[Member] = []
    for member in entry.again:
        bundle.append(member)
        if sum(item.size for item in bundle) > _BUNDLE_BYTES:
            yield _bundle(entry, bundle, folder, generation, edited)
            bundle = []
    if bundle:
        yield _bundle(entry, bundle, folder, generation, edited)


def _bundle(entry: _Stale, bundle: Sequence[Member], folder: str, generation: int, edited: Edited | None) -> LinkTask:
    size = sum(member.size for member in bundle)
    return LinkTask(folder, generation, entry.family, entry.group.name, tuple(m.id for m in bundle), False, size, edited)
