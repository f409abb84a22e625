"""Which files are linked together: folders, up to a size.

A group is small enough that a worker holds it in memory and that linking it anew is a matter of a second or two, large
enough that most of what its files say to each other stays within it. It depends on the paths and sizes below its own folder
alone, so that an edit elsewhere moves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname

MOST_BYTES = 10_000_000
"""Of source in one group, unless one file alone has more."""
WHOLE_BYTES = 12_000_000
"""A family that has no more is one group: all of it is seen at once."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be put into a group: its id, path, and size in bytes."""

    id: int
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are linked together; `name` tells it from all others of its family and stays while its folder does."""

    name: str
    members: tuple[Member, ...]


def group_files(files: Iterable[Member], most: int | None = None) -> list[Group]:
    """Put every file into one group, in the order of paths; a group has at most `most` bytes (MOST_BYTES, or WHOLE_BYTES
    where it is the only one), unless one file alone has more."""
    ordered = sorted(files, key=lambda file: file.path)
    whole, most = (WHOLE_BYTES, MOST_BYTES) if most is None else (most, most)
    if sum(file.size for file in ordered) <= whole:
        return [Group("", tuple(ordered))] if ordered else []
    own: defaultdict[str, list[Member]] = defaultdict(list)
    for file in ordered:
        own[dirname(file.path)].append(file)
    sizes: defaultdict[str, int] = defaultdict(int)
    below: defaultdict[str, set[str]] = defaultdict(set)
    for folder, held in list(own.items()):
        size, inner = sum(file.size for file in held), folder
        sizes[inner] += size
        while inner:
            outer = dirname(inner)
            below[outer].add(inner)
            sizes[outer] += size
            inner = outer
    groups: list[Group] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        small = [name for name in sorted(below[folder]) if sizes[name] <= most]
        waiting += [name for name in below[folder] if sizes[name] > most]
        units = [[file] for file in own[folder]]
        units += [list(_all_below(name, own, below)) for name in small]
        groups += _filled(folder, units, most)
    return sorted(groups, key=lambda group: group.members[0].path)


def _all_below(folder: str, own: dict[str, list[Member]], below: dict[str, set[str]]) -> Iterator[Member]:
    waiting = [folder]
    while waiting:
        name = waiting.pop()
        yield from own.get(name, ())
        waiting += below.get(name, ())


def _filled(folder: str, units: Sequence[list[Member]], most: int) -> Iterator[Group]:
    """Groups of whole units, each named after its first file."""
    batch: list[Member] = []
    filled = 0
    for unit in units:
        size = sum(file.size for file in unit)
        if batch and filled + size > most:
            yield _named(folder, batch)
            batch, filled = [], 0
        batch += unit
        filled += size
    if batch:
        yield _named(folder, batch)


def _named(folder: str, members: list[Member]) -> Group:
    ordered = tuple(sorted(members, key=lambda file: file.path))
    return Group(f"{folder}/ {ordered[0].path}", ordered)
