"""Zig: every file is a container, and `@import` names its path."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, join, normpath

from core.model.symbol import Import
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import Program
from indexing.linking.slices import DeclaredTypes


class ZigDialect(Dialect):
    """An import without an ending is a package: one of the source where a single file has its name, else from outside."""

    languages = ("zig",)
    declared_types = DeclaredTypes.MOSTLY
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._paths = {table.files[file].path: table.first[file] for file in program.files}
        self._by_name: dict[str, list[int]] = {}
        for path, key in self._paths.items():
            self._by_name.setdefault(path.rpartition("/")[2], []).append(key)
        self._stars: dict[int, list[int]] = {}

    def _imported(self, file: int, module: str) -> int | None:
        if module.endswith(".zig"):
            return self._paths.get(normpath(join(dirname(self.program.table.files[file].path), module)))
        keys = self._by_name.get(f"{module}.zig", ())
        return keys[0] if len(keys) == 1 and module not in {"std", "builtin", "root"} else None

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        scope, found = program.table.first[file] + item.scope, self._imported(file, item.module)
        if item.name == "*":
            if found is not None:
                self._stars.setdefault(program.table.first[file], []).append(found)
            return
        variable = program.variable(scope, item.local)
        if found is None:
            full = f"{item.module}.{item.name}" if item.name else item.module
            program.network.add(variable, program.values.external(full))
        elif not item.name:
            program.network.add(variable, v.make(v.MODULE, found))
        elif (node := self.member_of_module(found, item.name)) is not None:
            program.network.flow(node, variable)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._imported(file, item.module)
        if found is None:
            return (f"{item.module}.{item.name}" if item.name not in {"", "*"} else item.module,)
        return (found,)

    def beyond(self, scope: int, name: str) -> int | None:
        if name == "__This":  # what `indexing.languages.zig` writes for `@This()`
            cls = self.class_around(scope)
            value = v.make(v.CLASS, cls) if cls is not None else v.make(v.MODULE, self.program.module(scope))
            return self._constant(value)
        return self._from_stars(self.program.module(scope), name)

    def member_of_module(self, module: int, name: str) -> int | None:
        node = super().member_of_module(module, name)
        return node if node is not None else self._from_stars(module, name)

    def _from_stars(self, module: int, name: str) -> int | None:
        for other in self._stars.get(module, ()):
            node = self.program.names.get(other, {}).get(name)
            if node is not None:
                return node
        return None
