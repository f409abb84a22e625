"""What documents name, as links: from the document, or the part of it around the words, to what is meant.

A document writes names as people do: `pkg.Class`, `Class.method()`, `src/io.c`, `../README.md`. A path is looked for from
the folder of the document outwards, a name among the ends of qualified names, and where the package exports it from
elsewhere (`pkg.Class`, defined in `pkg.inner`) among the definitions below the package; a word alone means a type or what
stands in a module, never a member. Only what leaves exactly one place becomes a link, and it is `inferred`: nothing says
that the writer meant this one.

Names are looked up in all languages at once, so that a document is read only against the few files that define what it
says: those which hold the last name *and* the one before it, or lie in the package. A word that many files define is a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from posixpath import basename, normpath
from typing import Protocol

from core.model.symbol import Definition, Reference, ReferenceKind, SymbolKind
from indexing.linking.naming import module_name, qualified_name
from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.records import FileFacts
from indexing.linking.slices import names_in

_MAX_FOLDERS = 12
"""Folders above a document from which a path is looked for."""
_ROOT_PACKAGE = ("__init__.py", "__init__.pyi")
_MAX_HOLDERS = 1_000
"""Files that define the last name of a dotted one; a name with more is a word."""
_MAX_FILES = 16
"""Files that are opened for one name."""
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})


class NameSource(Protocol):
    """Who defines what, in all languages."""

    def defining(self, name: str, most: int, *, visible: bool) -> Sequence[int]:
        """At most `most` of the files that define a name, whatever its case; where `visible`, so that others may use it by
        itself."""
        ...

    def outline(self, file: int) -> Sequence[Definition]:
        """The definitions of a file."""
        ...


class Places:
    """The files of a source: ids with paths; `code` are those that a module's name may mean, `sql` those whose definitions
    a statement of SQL may; `names` is what the source calls itself."""

    def __init__(
        self, paths: Mapping[int, str], code: Collection[int], sql: Collection[int] = (), names: OwnNames = NO_NAMES
    ) -> None:
        self._names = names
        self.code = code
        self.sql = sql
        self._paths = paths
        self._ids = {path: key for key, path in paths.items()}
        self._file_names = {basename(path) for path in self._ids}
        self._modules: defaultdict[str, list[int]] = defaultdict(list)
        for key in code:
            self._modules[self.module(key).rpartition(".")[2]].append(key)

    def module(self, file: int) -> str:
        """The qualified name of a file, with that of the package which the source itself is before it."""
        path = self._paths[file]
        prefix = self._names.python_name(path)
        if prefix and path in _ROOT_PACKAGE:
            return prefix[:-1]
        return prefix + module_name(path)

    def modules(self, last: str) -> Sequence[int]:
        """Files of code whose qualified name ends in the part `last`."""
        return self._modules.get(last, ())

    def file(self, target: str, folder: str) -> int | None:
        """The file that `target` means in a document of `folder`, from there outwards."""
        if basename(target) not in self._file_names:
            return None
        found = (self._ids.get(path) for path in islice(_paths(target, folder), _MAX_FOLDERS))
        return next((key for key in found if key is not None), None)


@dataclass(frozen=True, slots=True)
class MentionLink:
    """From the definition `source` of a document, at `line`, to a definition of `file`."""

    source: int
    file: int
    definition: int
    line: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    file: int
    definition: int
    qualified: str
    alone: bool
    """Whether it is used by its name alone: a type, or what stands in a module."""


def link_mentions(documents: Mapping[int, FileFacts], places: Places, source: NameSource) -> dict[int, list[MentionLink]]:
    """The links of each document (by id), one for each part and target with exactly one meaning.

    A document that names itself, or the part around the words, gives none.
    """
    targets = {
        (file.path.rpartition("/")[0], reference.target): None
        for file in documents.values()
        for reference in _read(file)
    }  # fmt: skip
    files = {place: places.file(place[1], place[0]) for place in targets}
    names = {target for (_, target), file in files.items() if file is None and target and "/" not in target}
    meant = meanings(names, places, source)
    linked: dict[int, list[MentionLink]] = {}
    for key, document in documents.items():
        folder, found = document.path.rpartition("/")[0], dict[tuple[int, int, int], MentionLink]()
        for reference in _read(document):
            file = files[folder, reference.target]
            target = (file, 0) if file is not None else meant.get(reference.target)
            if target is not None and target not in ((key, 0), (key, reference.scope)):
                found.setdefault((reference.scope, *target), MentionLink(reference.scope, *target, reference.line))
        linked[key] = list(found.values())
    return linked


def deciding_names(documents: Iterable[FileFacts]) -> set[str]:
    """The names whose coming, going or changing anywhere may change what documents mean."""
    targets = {reference.target for document in documents for reference in _read(document)}
    lasts = {target.rpartition("/")[2].rpartition(".")[2] for target in targets}
    stems = {module_name(target).rpartition(".")[2] for target in targets}
    return lasts | stems | names_in((*lasts, *stems))


def _read(document: FileFacts) -> Iterator[Reference]:
    return (item for item in document.facts.references if item.kind is ReferenceKind.READ)


def _paths(target: str, folder: str) -> Iterator[str]:
    """The paths that `target` may stand for, the nearest first; none of them leaves the source."""
    if target.startswith("/"):
        folder, target = "", target.lstrip("/")
    while True:
        path = normpath(f"{folder}/{target}" if folder else target)
        if path != ".." and not path.startswith("../"):
            yield path
        if not folder or target.startswith(("./", "../")):
            return
        folder = folder.rpartition("/")[0]


def meanings(names: Collection[str], places: Places, source: NameSource) -> dict[str, tuple[int, int]]:
    """Of the names with one meaning, the file and the place of the definition in it."""
    holders = _Holders(places, source)
    files = {name: holders.of(name) for name in sorted(names)}
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for name, keys in files.items():
        for key in keys:
            wanted[key].add(name.rpartition(".")[2])
    # Each file is opened once, whatever is looked for in it.
    defined = {key: _candidates(key, lasts, places, source) for key, lasts in sorted(wanted.items())}
    meant = {}
    for name, keys in files.items():
        last = name.rpartition(".")[2]
        found = _fitting(name, [item for key in keys for item in defined[key].get(last, ())])
        if len(found) == 1:
            meant[name] = (found[0].file, found[0].definition)
    return meant


class _Holders:
    """Which files may define what a name means."""

    def __init__(self, places: Places, source: NameSource) -> None:
        self._places = places
        self._source = source
        self._known: dict[str, Sequence[int]] = {}

    def of(self, name: str) -> list[int]:
        """At most `_MAX_FILES`; none where there are more, and so more meanings than one."""
        package, _, last = name.rpartition(".")
        found = [key for key in self._places.modules(last) if _ends_in(self._places.module(key), name)]
        found += self._within(package, last) if package else self._source.defining(last, _MAX_FILES + 1, visible=True)
        chosen = list(dict.fromkeys(found))
        chosen = [key for key in chosen if key in self._places.code] or chosen
        return chosen if len(chosen) <= _MAX_FILES else []

    def _within(self, package: str, last: str) -> list[int]:
        outer, around = package.rpartition(".")[2], f".{package}."
        holding = set(self._defining(outer))
        found = []
        for file in self._defining(last):
            module = f".{self._places.module(file)}."
            if file in holding or around in module or module.endswith(f".{outer}."):
                found.append(file)
        return found

    def _defining(self, name: str) -> Sequence[int]:
        known = self._known.get(name)
        if known is None:
            known = self._source.defining(name, _MAX_HOLDERS + 1, visible=False)
            known = self._known[name] = known if len(known) <= _MAX_HOLDERS else ()
        return known


def _candidates(file: int, lasts: Collection[str], places: Places, source: NameSource) -> Mapping[str, Sequence[_Candidate]]:
    """The definitions of a file, and the file itself, by those last names; of several with one path of names the first. A
    file that holds one type of its own name stands for that type."""
    module, outline = places.module(file), source.outline(file)
    found: defaultdict[str, dict[str, _Candidate]] = defaultdict(dict)
    own = module.rpartition(".")[2]
    if own in lasts and file in places.code:
        types = (
            index for index, item in enumerate(outline) if item.name == own and item.parent == 0 and item.kind in _TYPES
        )
        found[own][module] = _Candidate(file, next(types, 0), module, alone=True)
    for index, item in enumerate(outline):
        if index and item.name in lasts:
            name = qualified_name(module, item.nesting)
            found[item.name].setdefault(name, _Candidate(file, index, name, item.parent == 0 or item.kind in _TYPES))
    return {last: tuple(items.values()) for last, items in found.items()}


def _fitting(name: str, candidates: Sequence[_Candidate]) -> Sequence[_Candidate]:
    package, _, last = name.rpartition(".")
    if not package:
        return [item for item in candidates if item.alone]
    found = [item for item in candidates if _ends_in(item.qualified, name)]
    return found or [item for item in candidates if _lies_in(item.qualified, package, last)]


def _ends_in(qualified: str, name: str) -> bool:
    return f".{qualified}".endswith(f".{name}")


def _lies_in(qualified: str, package: str, last: str) -> bool:
    """Whether `qualified` is a `last` somewhere below `package`, as a package tells of what its modules define."""
    if "." not in package and not last[:1].isupper():
        return False  # `request.method`: more likely a variable than a package
    place = f".{qualified}".find(f".{package}.")
    if place < 0:
        return False
    between = qualified[place + len(package) + 1 : len(qualified) - len(last) - 1]
    return between.count(".") < 3
