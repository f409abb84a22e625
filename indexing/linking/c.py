"""C: what a file defines itself, then what it includes, then what only one other file can mean."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from posixpath import dirname, join, normpath

from core.model.symbol import Import
from indexing.linking.dialect import Dialect
from indexing.linking.program import Program

_MAX_INCLUDES = 400


class CDialect(Dialect):
    """The linker of C resolves a name by the objects it is given, which no file tells; so a name that a file neither
    defines nor includes is bound only where a single definition that other files can see has it, as a guess."""

    languages = ("c", "cpp")

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._paths = {table.files[file].path: table.first[file] for file in program.files}
        self._by_ending: dict[str, list[str]] = {}
        for path in self._paths:
            self._by_ending.setdefault(path.rpartition("/")[2], []).append(path)
        self._visible: dict[str, list[int]] = {}
        for file in program.files:
            for name, key in program.declared.get(table.first[file], {}).items():
                if "static" not in table.definitions[key].signature.split(None, 3)[:2]:
                    self._visible.setdefault(name, []).append(key)
        self._includes: dict[int, list[int]] = {}
        self._uses_libraries: set[int] = set()
        self._guesses: dict[int, int] = {}

    def bind_import(self, file: int, item: Import) -> None:
        found = self._included(file, item.module)
        if found is not None:
            self._includes.setdefault(self.program.table.first[file], []).append(found)
        else:
            self._uses_libraries.add(self.program.table.first[file])

    def _included(self, file: int, spelling: str) -> int | None:
        """The header: beside the file, from the root, or the only one whose path ends so."""
        name = spelling.strip('<>"')
        path = self.program.table.files[file].path
        for candidate in (normpath(join(dirname(path), name)), name):
            if candidate in self._paths:
                return self._paths[candidate]
        endings = [known for known in self._by_ending.get(name.rpartition("/")[2], ()) if known.endswith("/" + name)]
        return self._paths[endings[0]] if len(endings) == 1 else None

    def beyond_module(self, module: int, name: str) -> int | None:
        queue, seen = deque(self._includes.get(module, ())), {module}
        while queue and len(seen) < _MAX_INCLUDES:
            included = queue.popleft()
            if included in seen:
                continue
            seen.add(included)
            node = self.program.names.get(included, {}).get(name)
            if node is not None:
                return node
            queue.extend(self._includes.get(included, ()))
        keys = self._visible.get(name, ())
        if len(keys) == 1:
            return self._guess(keys[0])
        return self._library(name) if module in self._uses_libraries and not keys else None

    def _library(self, name: str) -> int:
        """What no file here defines comes from the libraries whose headers are included; from which one, no one says."""
        node = self._constant(self.program.values.external(name))
        self.program.network.guessed.add(node)
        return node

    def _guess(self, key: int) -> int:
        node = self._guesses.get(key)
        if node is None:
            network, table = self.program.network, self.program.table
            node = self._guesses[key] = network.node()
            network.guessed.add(node)
            network.flow(self.program.names[table.parent[key]][table.definitions[key].name], node)
        return node

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._included(file, item.module)
        return (item.module.strip('<>"') if found is None else found,)
