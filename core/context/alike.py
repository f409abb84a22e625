"""Folders that are alike: file systems, drivers, dialects beside each other, each of which does in its own way what all do.

A question that names none of them asks for what they share. Where a language has no names around a definition, each puts its
own before all that it defines (`afs_lookup`, `nfs_lookup`); by that they are told, and only where several stand beside each
other, since a lone prefix is that of the whole source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from core.retrieval.words import tokens, words

LEAST = 3
"""Folders beside each other."""
MOSTLY = 0.5
"""Of the definitions of a folder, how many begin with its name."""


def unasked_alike(question: str, named: Collection[tuple[str, str]]) -> frozenset[str]:
    """The folders that are alike and that `question` does not name. `named` are definitions: the path of each, its name."""
    begins: defaultdict[str, list[bool]] = defaultdict(list)
    for path, name in named:
        first = next(iter(words(name)), "")
        for folder in _folders(path):
            begins[folder].append(first == _last(folder))
    beside: defaultdict[str, list[str]] = defaultdict(list)
    for folder, said in begins.items():
        if sum(said) >= MOSTLY * len(said):
            beside[folder.rpartition("/")[0]].append(folder)
    asked = {token.lower() for token in tokens(question)}
    alike = (folder for folders in beside.values() if len(folders) >= LEAST for folder in folders)
    return frozenset(folder for folder in alike if _last(folder) not in asked)


def stands_in(path: str, folders: frozenset[str]) -> bool:
    """Whether a file stands in one of `folders`, however deep."""
    return bool(folders) and not folders.isdisjoint(_folders(path))


def _folders(path: str) -> Iterable[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[: depth + 1]) for depth in range(len(parts)))


def _last(folder: str) -> str:
    return folder.rpartition("/")[2].lower()
