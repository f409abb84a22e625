"""Of files that an update links again, the part that it has to, and the edges that all the rest keeps."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexing.edge_columns import FileEdges, make_edges
from indexing.linking.dialects import declared_types
from indexing.linking.edited import Part, facts_of_part, names_of_part, part_to_link
from indexing.linking.records import FileFacts
from indexing.linking.slices import mentioned
from indexing.linking.wirings import first_wiring
from indexing.stores.sqlite.facts import StoredFacts
from indexing.stores.sqlite.keys import unpack_slots
from indexing.stores.sqlite.links import UnlinkedFile


@dataclass(frozen=True, slots=True)
class Edited:
    """What changed since a group was linked: files with what they held then, and of each the hashes of the names under which
    others would notice (`indexing.linking.changes`)."""

    files: tuple[UnlinkedFile, ...]
    names: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class KeptPart:
    """The part of a file to link, and the edges of the rest, at their lines of now."""

    part: Part
    edges: FileEdges


def parts_of(edited: Edited, group: Mapping[int, FileFacts], facts: StoredFacts) -> dict[int, KeptPart]:
    """The part of each of a group of files by their ids; a file that has to be linked as a whole is left out."""
    before = {file.file: file for file in edited.files}
    changed = np.array(sorted(before), np.int64)
    places_of = functools.cache(facts.places)
    found = {}
    for key, file in group.items():
        edges = facts.edges_from(key) or make_edges(())
        # What a file has an edge to, it knows; new meanings of names that it does not, wait until the group is settled.
        near = [key, *np.intersect1d(changed, edges.files).tolist()]
        names = {name for one in near for name in edited.names.get(one, ())}
        part = _part(key, file, before.get(key), names, facts)
        kept = _kept(part, edges, facts, key, {one: places_of(one) for one in near if one in before}) if part else None
        if part is not None and kept is not None:
            found[key] = KeptPart(part, kept)
    return found


def linked_together(group: Mapping[int, FileFacts], parts: Mapping[int, KeptPart]) -> dict[int, FileFacts]:
    """What the files of a group say where of some only parts are linked, each with what any of them looks into."""
    said: set[str] = set()
    for key, file in group.items():
        said |= names_of_part(file, parts[key].part) if key in parts else mentioned(file.facts)
    return {
        key: facts_of_part(file, parts[key].part, said, declared_types(file.language)) if key in parts else file
        for key, file in group.items()
    }


def _part(key: int, file: FileFacts, before: UnlinkedFile | None, names: Collection[int], facts: StoredFacts) -> Part | None:
    after = file.facts
    if first_wiring(after.definitions) < len(after.definitions):
        return None
    types = declared_types(file.language)
    if before is None:
        return part_to_link(after, after, {place: place for place in range(len(after.definitions))}, names, types)
    if before.content is None or before.slots == b"" or facts.languages(key, before.content) != {file.language}:
        return None
    then = facts.content_facts(before.content, file.path).facts
    old = {slot: place for place, slot in enumerate(unpack_slots(before.slots, len(then.definitions)))}
    slots = [facts.slot(key, place) for place in range(len(after.definitions))]
    return part_to_link(after, then, {place: old[slot] for place, slot in enumerate(slots) if slot in old}, names, types)


def _kept(
    part: Part, edges: FileEdges, facts: StoredFacts, key: int, changed: Mapping[int, Mapping[int, int]]
) -> FileEdges | None:
    """The edges of what is not linked again; None where one of them cannot stay as it is. `changed` are the places of
    definitions by slot in files that changed."""
    lines_of = {facts.slot(key, place): lines for place, lines in part.kept.items()}
    rows: list[int] = []
    lines: list[int] = []
    for row, (source, line, file, slot) in enumerate(_tuples(edges)):
        moved = lines_of.get(source)
        if moved is None:
            continue
        now = moved.get(line)
        if now is None or (file in changed and slot not in changed[file]):
            return None
        rows.append(row)
        lines.append(now)
    taken = edges.taken(np.array(rows, np.int64))
    return FileEdges(taken.sources, taken.files, taken.slots, taken.kinds, taken.confidences, np.array(lines, np.int64))


def _tuples(edges: FileEdges) -> Sequence[tuple[int, int, int, int]]:
    columns = (edges.sources, edges.lines, edges.files, edges.slots)
    return list(zip(*(column.tolist() for column in columns), strict=True))
