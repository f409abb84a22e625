"""What a group of files has to know of the others to be linked: their *world*.

It is found from what the group says: files that its imports may mean, files that define a name it uses without importing
it, and in turn what those inherit, return and import, a few steps far. Each is cut down to what is mentioned (`slices.py`).
So a group is linked from its own facts and little more, in any process, however large the source; and it has to be linked
anew only when a file of its world changes under a name that it mentions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname
from typing import Protocol

import numpy as np

from core.cancellation import CancellationToken
from core.model.symbol import Facts
from indexing.linking.dialect import Dialect
from indexing.linking.directory import Directory
from indexing.linking.records import FileFacts
from indexing.linking.slices import Interface, Mentions, cut, mentioned, names_in, told_names
from indexing.packed import NameHashes, name_hash

_STEPS = 4
MOST_WORLD = 3_000
"""Files; a group that needs more is linked with what was found first."""
_MOST_NEAR = 4


@dataclass(frozen=True, slots=True)
class FileInterface:
    """A file as others see it."""

    path: str
    language: str
    interface: Interface


class FactSource(Protocol):
    """The facts of all files, and who defines what."""

    def facts(self, file: int) -> FileFacts: ...
    def interface(self, file: int) -> FileInterface: ...
    def holders(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        """For names that files define for others, those files, in the order of ids; names that none or more than 64
        define are left out."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """Slices of the files a group looks into, their ids, and the names that decided what is in them."""

    files: tuple[FileFacts, ...]
    ids: tuple[int, ...]
    mentions: NameHashes


def find_world(
    group: Mapping[int, FileFacts],
    directory: Directory,
    source: FactSource,
    dialect: type[Dialect],
    cancellation: CancellationToken,
    most: int = MOST_WORLD,
) -> World:
    """The world of the files `group`, by their ids, at most so many files. Depends on nothing but the facts of both."""
    mentions = _Mentions(dialect.folds_case)
    roots: set[str] = set()
    for file in group.values():
        mentions.add(mentioned(file.facts))
        roots |= _roots(file.facts)
    home = dirname(min(file.path for file in group.values()))
    found: dict[int, FileInterface] = {}
    frontier = [(file.path, file.facts.imports) for file in group.values()]
    asked: set[str] = set()
    for step in range(_STEPS):
        cancellation.check("linking")
        wanted: dict[int, None] = {}
        if not dialect.names_are_imported:
            unknown = roots - asked
            asked |= unknown
            for _, holders in sorted(source.holders(unknown).items()):
                near = [key for key in holders if key in directory.paths]
                wanted.update(dict.fromkeys(directory.nearest(home, near, _MOST_NEAR)))
        for path, imports in frontier:
            for item in imports:
                if (
                    dialect.imports_chain
                    or not step
                    or item.name == "*"
                    or any(map(mentions.asked, names_in((item.local,))))
                ):
                    wanted.update(dict.fromkeys(directory.resolve(path, item)))
        new = [key for key in wanted if key not in found and key not in group][: most - len(found)]
        if not new:
            break
        frontier = []
        for key in new:
            seen_file = found[key] = source.interface(key)
            frontier.append((seen_file.path, seen_file.interface.facts.imports))
            told = told_names(seen_file.interface, mentions.asked)
            mentions.add(told)
            roots |= told
    packages = {
        key
        for path in (*(file.path for file in found.values()), *(file.path for file in group.values()))
        for key in directory.packages(path)
        if key not in found and key not in group
    }
    seen = found.keys() | group.keys() | packages
    files = [_slice(file, mentions, directory, seen) for file in found.values()]
    files += [_bare(source.interface(key)) for key in sorted(packages)]
    return World(tuple(files), (*found, *sorted(packages)), hashes_of(mentions.names))


class _Mentions:
    """The names that a group says; `asked` tells whether it says one, as its languages write it."""

    def __init__(self, folds_case: bool) -> None:
        self._folds_case = folds_case
        self.names: set[str] = set()
        self.asked: Mentions = self._says_in_any_case if folds_case else self.names.__contains__

    def add(self, names: Collection[str]) -> None:
        self.names.update(map(str.lower, names) if self._folds_case else names)

    def says_any_of(self, path: str) -> bool:
        """Whether it says any name of a path."""
        if path.isidentifier():
            return self.asked(path)
        return bool(path) and any(map(self.asked, names_in((path,))))

    def _says_in_any_case(self, name: str) -> bool:
        return name.lower() in self.names


def hashes_of(names: Collection[str]) -> NameHashes:
    """Sorted `name_hash`es, each once."""
    return np.unique(np.fromiter((name_hash(name) for name in names), np.uint32))


def _roots(facts: Facts) -> set[str]:
    """Names that paths begin with, types among them, but not those that the file binds itself at its top."""
    own = {item.name for item in facts.definitions if item.parent == 0}
    texts = {item.target for item in facts.references}
    texts.update(item.value for item in facts.bindings)
    found = names_in(text.partition(".")[0] for text in texts) - own
    upper = [text for text in texts if text[:1].isupper() or text[:1] == "\\"]
    for path in {text.partition("(")[0].partition("[")[0].lstrip("\\").replace("\\", ".") for text in upper}:
        if not path[:1].isupper():
            continue
        # `Shop.Orders.Order` may name all of it in full: a type, or a module whose own name has parts.
        parts = path.split(".")
        found.update(parts, (".".join(parts[:count]) for count in range(2, len(parts) + 1)))
    return found


def _slice(file: FileInterface, mentions: _Mentions, directory: Directory, seen: Collection[int]) -> FileFacts:
    facts, ordinals = cut(file.interface, mentions.asked)
    # What is imported from a file that was not looked into stays unknown: it must not pass for a name from outside.
    imports = tuple(item for item in facts.imports if _is_seen(directory.resolve(file.path, item), seen))
    return FileFacts(file.path, file.language, replace(facts, imports=imports), ordinals)


def _is_seen(candidates: Collection[int], seen: Collection[int]) -> bool:
    return all(key in seen for key in candidates)


def _bare(file: FileInterface) -> FileFacts:
    """A file of which only its being there matters."""
    return FileFacts(file.path, file.language, Facts(file.interface.facts.definitions[:1], (), (), ()), (0,))
