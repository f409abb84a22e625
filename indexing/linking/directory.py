"""Which files an import may mean, told from their paths alone.

Every language spells its modules in its own way, yet all spell a path from somewhere: `a.b.C`, `../b/c`, `<net/sock.h>`,
`crate::a::b`. The files whose paths end most like it are the candidates; which of them it is, the dialect says, who sees
them all. So a file too many costs a little time, and only a file too few would cost an edge.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from posixpath import dirname, splitext
from typing import TypeVar

from core.model.symbol import Import
from indexing.linking.include_folders import NO_FOLDERS
from indexing.linking.own_names import NO_NAMES, OwnNames

_Candidate = TypeVar("_Candidate")

_MOST_FILES = 8
"""Files that end alike; more would not tell which is meant."""
_MOST_IN_FOLDER = 200
_FOLDERS_OWN = frozenset({"__init__", "index", "mod", "lib", "main", "package", "init"})
"""Names of files that stand for the folder they lie in."""
_MODULES_AROUND = frozenset({"__init__.py", "__init__.pyi", "lib.rs", "main.rs", "mod.rs"})
"""Files that make modules of the folders they lie in; in Rust `a.rs` does for the folder `a` beside it, too."""
_PARTS = re.compile(r"[^/\\.:<>\"'\s]+")


class Directory:
    """The files of one family of languages: ids with their paths; `names` is what the source calls its parts."""

    def __init__(self, files: Iterable[tuple[int, str]], names: OwnNames = NO_NAMES) -> None:
        self._names = names
        self.paths = dict(sorted(files, key=lambda file: file[1]))
        self._parts: dict[int, tuple[str, ...]] = {}
        self._by_last: defaultdict[str, list[int]] = defaultdict(list)
        self._in_folder: defaultdict[str, list[int]] = defaultdict(list)
        self._endings: set[str] = set()
        self._resolved: dict[tuple[str, str, str, int], tuple[int, ...]] = {}
        self._known: dict[tuple[str, tuple[str, ...]], tuple[int, ...]] = {}
        self._packages: defaultdict[str, list[int]] = defaultdict(list)
        for key, path in self.paths.items():
            stem, ending = splitext(path)
            parts = tuple(part.casefold() for part in stem.split("/"))
            self._endings.add(ending[1:].casefold())
            self._in_folder[dirname(path)].append(key)
            if path.rpartition("/")[2] in _MODULES_AROUND:
                self._packages[dirname(path)].append(key)
            elif ending == ".rs":
                self._packages[stem].append(key)
            if parts[-1] in _FOLDERS_OWN and len(parts) > 1:
                self._by_last[parts[-1]].append(key)
                parts = parts[:-1]
            self._parts[key] = parts
            self._by_last[parts[-1]].append(key)
        self._folders: defaultdict[str, list[str]] = defaultdict(list)
        for folder in self._in_folder:
            if folder:
                self._folders[folder.rpartition("/")[2].casefold()].append(folder)

    def resolve(self, path: str, item: Import) -> tuple[int, ...]:
        """Ids of the files that an import in the file `path` may mean, as a module and as a name within it."""
        folder = dirname(path)
        asked = folder, item.module, item.name, item.level
        found = self._resolved.get(asked)
        if found is None:
            found = self._resolved[asked] = self._resolve(folder, item)
        if self._names.includes is NO_FOLDERS or item.local:
            return found
        return tuple(dict.fromkeys((*self._headers(path, item.module), *found)))

    def _resolve(self, folder: str, item: Import) -> tuple[int, ...]:
        spelled = tuple(part.casefold() for part in _PARTS.findall(item.module))
        is_path = "/" in item.module or item.module[:1] in "<\"'" or item.module.count(".") == 1
        if len(spelled) > 1 and is_path and spelled[-1] in self._endings:
            spelled = spelled[:-1]
        named = item.name.casefold() if item.name not in {"", "*"} else ""
        found = [] if self._names is NO_NAMES else list(self._named(item))
        found += self._ending_in(folder, spelled) if spelled else ()
        if named:
            found += self._ending_in(folder, (*spelled, named))
        if not spelled and not named:
            found += self._in_folder.get(folder, ())[:_MOST_IN_FOLDER]
        return tuple(dict.fromkeys(found))

    def _headers(self, path: str, spelling: str) -> Iterator[int]:
        """The header that a command which compiles the file `path` finds, if any."""
        keys = (self._by_path.get(header) for header in self._names.includes.headers(path, spelling))
        return islice((key for key in keys if key is not None), 1)

    def _named(self, item: Import) -> Iterator[int]:
        """Files that a name of ours means: a module, a package with its folder, and what is imported from there."""
        for stem in () if item.level else self._names.stems(item.module):
            yield from self._by_stem.get(stem, ())
            yield from self._in_folder.get(stem, ())[:_MOST_IN_FOLDER]
            if item.name:
                yield from self._by_stem.get(f"{stem}/{item.name}" if stem else item.name, ())

    @functools.cached_property
    def _by_path(self) -> Mapping[str, int]:
        return {path: key for key, path in self.paths.items()}

    @functools.cached_property
    def _by_stem(self) -> Mapping[str, Sequence[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for key, path in self.paths.items():
            found[splitext(path)[0]].append(key)
        return found

    def _ending_in(self, folder: str, spelled: tuple[str, ...]) -> tuple[int, ...]:
        known = self._known.get((folder, spelled))
        if known is None:
            known = self._known[folder, spelled] = self._search(folder, spelled)
        return known

    def _search(self, folder: str, spelled: tuple[str, ...]) -> tuple[int, ...]:
        files = _best(self._by_last.get(spelled[-1], ()), lambda key: _alike(self._parts[key], spelled))
        if files:
            return tuple(self.nearest(folder, files, _MOST_FILES))
        folders = _best(self._folders.get(spelled[-1], ()), lambda name: _alike(tuple(name.casefold().split("/")), spelled))
        if 0 < len(folders) <= _MOST_FILES:
            return tuple(key for name in folders for key in self._in_folder[name][:_MOST_IN_FOLDER])
        return ()

    def nearest(self, folder: str, files: Iterable[int], most: int) -> list[int]:
        """Those of `files` that lie nearest to `folder`, in the order of their paths where they lie equally near."""
        here = folder.split("/")
        return sorted(files, key=lambda key: (-_shared(self.paths[key].split("/"), here), self.paths[key]))[:most]

    def packages(self, path: str) -> list[int]:
        """Files that make modules of the folders around `path`."""
        found: list[int] = []
        folder = dirname(path)
        while True:
            found += self._packages.get(folder, ())
            if not folder:
                return found
            folder = dirname(folder)


def _best(candidates: Iterable[_Candidate], score: Callable[[_Candidate], int]) -> list[_Candidate]:
    """Those with the highest score; at least 1 of something that was found by its last part."""
    best, chosen = 0, list[_Candidate]()
    for candidate in candidates:
        points = score(candidate)
        if points > best:
            best, chosen = points, [candidate]
        elif points == best:
            chosen.append(candidate)
    return chosen


def _alike(parts: tuple[str, ...], spelled: tuple[str, ...]) -> int:
    """How many parts two paths share at their ends."""
    count = 0
    for one, other in zip(reversed(parts), reversed(spelled), strict=False):
        if one != other:
            break
        count += 1
    return count


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """How many parts two paths share at their beginnings."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
