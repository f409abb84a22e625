"""Where Python finds a module: packages, source roots, relative imports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from posixpath import dirname, join, splitext
from typing import NamedTuple

from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.table import DefinitionTable


class Resolved(NamedTuple):
    """What an import names: a module's key, a folder of modules, or something external; exactly one is set."""

    module: int = -1
    folder: str | None = None
    external: str = ""


class PythonModules:
    """Modules are looked for as the interpreter would: by the name of the package that the source itself is, from the folder
    that holds the importing file's outermost package, from the root of the source (unless that is a package), then from any
    folder that is not a package itself and holds the wanted name (the nearest first, never for a name of the standard
    library), and last beside the file, as Python 2 did.
    """

    def __init__(self, table: DefinitionTable, files: Sequence[int], own_names: OwnNames = NO_NAMES) -> None:
        self._table = table
        self._own = own_names
        self._stems: dict[str, int] = {}
        self._folders = {""}
        self._packages: set[str] = set()
        for file in files:
            path = table.files[file].path
            folder, stem = dirname(path), splitext(path)[0]
            if stem.rpartition("/")[2] == "__init__":
                self._packages.add(folder)
                stem = folder
            if path.endswith(".py") or stem not in self._stems:
                self._stems[stem] = table.first[file]
            while folder not in self._folders:
                self._folders.add(folder)
                folder = dirname(folder)
        roots = {""} | {self._root_of(dirname(table.files[file].path)) for file in files}
        self._tops: dict[str, list[str]] = {}
        for stem in sorted({*self._stems, *self._folders} - {""}):
            if dirname(stem) in roots:
                self._tops.setdefault(stem.rpartition("/")[2], []).append(dirname(stem))
        self._known: dict[tuple[str, str], Resolved] = {}

    def absolute(self, file: int, dotted: str) -> Resolved:
        """What `import dotted` in `file` reads."""
        folder = dirname(self._table.files[file].path)
        known = self._known.get((folder, dotted))
        if known is None:
            known = self._known[folder, dotted] = self._search(folder, dotted)
        return known

    def relative(self, file: int, level: int, dotted: str) -> Resolved:
        """What `from ..dotted import …` in `file` reads, with `level` dots."""
        folder = dirname(self._table.files[file].path)
        for _ in range(level - 1):
            if not folder and "" in self._packages:
                return Resolved(external=dotted or "..")
            folder = dirname(folder)
        stem = join(folder, dotted.replace(".", "/")) if dotted else folder
        return self._at(stem, folders=True) or Resolved(external=stem.replace("/", "."))

    def below(self, module: int, name: str) -> Resolved | None:
        """The submodule `name` of a package."""
        path = self._table.files[self._table.file_of[module]].path
        if splitext(path)[0].rpartition("/")[2] != "__init__":
            return None
        return self.within(dirname(path), name)

    def within(self, folder: str, name: str) -> Resolved | None:
        """The module or folder `name` in `folder`."""
        return self._at(join(folder, name), folders=True)

    def _search(self, folder: str, dotted: str) -> Resolved:
        own = self._own.python_stem(dotted)
        if own is not None and (found := self._at(own, folders=True)):
            return found
        top = dotted.partition(".")[0]
        standard = top in sys.stdlib_module_names
        roots = self._surely_from(folder)
        if not standard:
            roots.extend(sorted(self._tops.get(top, ()), key=lambda root: (-_shared(root, folder), root)))
            roots.append(folder)
        path = dotted.replace(".", "/")
        for root in dict.fromkeys(roots):
            found = self._at(join(root, path), folders=not standard)
            if found:
                return found
        return Resolved(external=dotted)

    def _at(self, stem: str, *, folders: bool) -> Resolved | None:
        if stem in self._stems:
            return Resolved(module=self._stems[stem])
        return Resolved(folder=stem) if folders and stem in self._folders else None

    def _root_of(self, folder: str) -> str:
        while folder in self._packages and folder:
            folder = dirname(folder)
        return folder

    def _surely_from(self, folder: str) -> list[str]:
        """Folders that `sys.path` holds for a file in `folder`; where the source is a package, it lies in one that is not
        here."""
        own = self._root_of(folder)
        if "" not in self._packages:
            return [own, ""]
        return [own] if own else []


def _shared(left: str, right: str) -> int:
    """How many leading parts two folders share."""
    count = 0
    for a, b in zip(left.split("/"), right.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count
