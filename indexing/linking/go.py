"""Go: a package is a folder, and methods may stand in any of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from posixpath import dirname
from typing import TYPE_CHECKING

from core.model.symbol import Import
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import Program
from indexing.linking.slices import DeclaredTypes

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions

_NAMES = """
append cap clear close complex copy delete imag len make max min new panic print println real recover any bool byte
comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32
uint64 uintptr
"""
_BUILTINS = frozenset(_NAMES.split())
_MAX_VARIANTS = 6


class GoDialect(Dialect):
    """The path of a module is in its `go.mod`; without one, it is what most imports have before the path of a folder here.

    Where several files of a package define a name, each of them is for another system or version: which one, the constraints
    of a build tell. So all are meant, as a guess.
    """

    languages = ("go",)
    declared_types = DeclaredTypes.ALWAYS
    receiver_parameters = 1
    types_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._members: dict[str, dict[str, list[int]]] = {}
        table = program.table
        self._variants: dict[tuple[int, ...], int] = {}
        for file in program.files:
            members = self._members.setdefault(dirname(table.files[file].path), {})
            for name, key in program.declared.get(table.first[file], {}).items():
                members.setdefault(name, []).append(key)
        self._prefix = self._module_path()

    def _module_path(self) -> str | None:
        counts: Counter[str] = Counter()
        for file in self.program.files:
            for item in self.program.table.files[file].facts.imports:
                parts = item.module.split("/")
                for count in range(1, len(parts)):
                    if "/".join(parts[count:]) in self._members and "." in parts[0]:
                        counts["/".join(parts[:count])] += 1
                        break
        return min(counts, key=lambda prefix: (-counts[prefix], prefix), default=None)

    def _folder(self, module: str) -> str | None:
        own = self.program.own_names.go_folder(module)
        if own is not None and own in self._members:
            return own
        if self._prefix is None:
            return None
        if module == self._prefix:
            return "" if "" in self._members else None
        folder = module.removeprefix(self._prefix + "/")
        return folder if folder != module and folder in self._members else None

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        if not item.module or item.local in {"_", "."}:
            return
        folder = self._folder(item.module)
        values = program.values
        value = values.external(item.module.replace("/", ".")) if folder is None else values.folder(folder)
        local = item.local or item.module.rpartition("/")[2]
        program.network.add(program.variable(program.table.first[file], local), value)

    def member_of_folder(self, path: str, name: str) -> int | None:
        keys = self._members.get(path, {}).get(name)
        if keys is None:
            return None
        return self._node(keys[0]) if len(keys) == 1 else self._any_of(tuple(keys))

    def _node(self, key: int) -> int:
        return self.program.names[self.program.module(key)][self.program.table.definitions[key].name]

    def _any_of(self, keys: tuple[int, ...]) -> int:
        program = self.program
        values = [program.definition_value(key) for key in keys if not self._is_test(key)]
        if len(values) < 2 or len(values) > _MAX_VARIANTS or None in values:
            return self._node(next((key for key in keys if not self._is_test(key)), keys[0]))
        node = self._variants.get(keys)
        if node is None:
            node = self._variants[keys] = program.network.node()
            program.network.guessed.add(node)
            for value in values:
                if value is not None:
                    program.network.add(node, value)
        return node

    def _is_test(self, key: int) -> bool:
        table = self.program.table
        return table.files[table.file_of[key]].path.endswith("_test.go")

    def beyond_module(self, module: int, name: str) -> int | None:
        program = self.program
        node = self.member_of_folder(dirname(program.table.files[program.table.file_of[module]].path), name)
        if node is None and name in _BUILTINS:
            return self._constant(program.values.external("<builtin>." + name))
        return node

    def place(self, key: int, expressions: Expressions) -> None:
        """A method whose type stands in another file of the package."""
        program, table = self.program, self.program.table
        definition = table.definitions[key]
        owner, _, name = definition.nesting.rpartition(".")
        value = program.definition_value(key)
        for cls in self._members.get(dirname(table.files[table.file_of[key]].path), {}).get(owner, ()):
            if value is not None:
                program.owner[key] = cls
                program.declared.setdefault(cls, {}).setdefault(name, key)
                program.network.add(program.variable(cls, name), value)
                parameters = program.parameters.get(key)
                if parameters and parameters.positional:
                    program.network.add(parameters.positional[0], v.make(v.INSTANCE, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        folder = self._folder(item.module)
        if folder is None:
            return (item.module.replace("/", "."),)
        keys = [key for keys in self._members[folder].values() for key in keys]
        return tuple(sorted({self.program.module(key) for key in keys}))
