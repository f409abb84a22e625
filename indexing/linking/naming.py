"""Names of modules and symbols, as the command line prints them."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from posixpath import splitext

_PACKAGE_FILES = frozenset({"__init__.py", "__init__.pyi"})


@functools.lru_cache(maxsize=65_536)
def module_name(path: str) -> str:
    """The qualified name of a file: its path with dots and without ending; `pkg/__init__.py` is `pkg`."""
    folder, _, file = path.rpartition("/")
    if file in _PACKAGE_FILES and folder:
        return folder.replace("/", ".")
    stem, _ = splitext(file)
    return f"{folder}/{stem}".replace("/", ".") if folder else stem


def qualified_name(module: str, nesting: str) -> str:
    """The name of a definition within the module of that name."""
    return f"{module}.{nesting}" if nesting else module


def unique_ids(files: Sequence[tuple[str, Sequence[str]]], externals: Sequence[str]) -> list[str]:
    """Ids of the symbols of all files, one after the other, then of names from outside.

    `files` are the ending and the qualified names of each. An id is the qualified name; with the file's ending after it
    where files share it; with `#2`, `#3` where that is not enough.
    """
    holders = Counter(name for _, names in files for name in set(names))
    wanted = [name + ending if holders[name] > 1 else name for ending, names in files for name in names]
    wanted.extend(externals)
    taken = set(wanted)
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for name in wanted:
        seen[name] += 1
        unique = name
        if seen[name] > 1:
            unique = f"{name}#{seen[name]}"
            while unique in taken:
                seen[name] += 1
                unique = f"{name}#{seen[name]}"
            taken.add(unique)
        ids.append(unique)
    return ids
