"""Files of a family by how their paths end, for languages that find modules along a search path no file tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import dirname

from indexing.linking.table import DefinitionTable


class FileIndex:
    """Finds the file that a path names when it is looked for in folders that are not known."""

    def __init__(self, table: DefinitionTable, files: Sequence[int]) -> None:
        self._table = table
        self.modules = {table.files[file].path: table.first[file] for file in files}
        """The module of each path."""
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(self.modules):
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def nearest(self, file: int, endings: Iterable[str]) -> int | None:
        """The module whose path is or ends with the first of `endings` that any has; of several the one that shares most
        folders with `file`, None where two share as many."""
        here = self._table.files[file].path
        for ending in endings:
            found = [
                path
                for path in self._by_name.get(ending.rpartition("/")[2], ())
                if path == ending or path.endswith("/" + ending)
            ]
            if len(found) == 1:
                return self.modules[found[0]]
            if found:
                ranked = sorted((-shared_folders(here, path), path) for path in found)
                return self.modules[ranked[0][1]] if ranked[0][0] < ranked[1][0] else None
        return None


def shared_folders(left: str, right: str) -> int:
    """How many folders, from the root on, two files share."""
    count = 0
    for a, b in zip(dirname(left).split("/"), dirname(right).split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count
