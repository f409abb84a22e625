"""Lua: modules are what their files return, classes are tables with metatables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.containers import ANY, Containers
from indexing.linking.dialect import Dialect
from indexing.linking.file_index import FileIndex
from indexing.linking.network import Argument, Held
from indexing.linking.program import Program

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions
    from indexing.linking.semantics import Semantics

_NAMES = """
_G _VERSION assert collectgarbage coroutine debug dofile error getfenv getmetatable io ipairs jit load loadfile loadstring
math module next os package pairs pcall print rawequal rawget rawlen rawset require select setfenv setmetatable string
table tonumber tostring type unpack utf8 xpcall
"""
_BUILTINS = frozenset(_NAMES.split())
_INDEX = "__index"
_MAX_TABLES = 24
"""Tables that one table looks its missing entries up in, with theirs."""


class InheritingContainers(Containers):
    """Containers that look what they lack up in others: tables with a metatable. Which entry hides which is not followed,
    so an overridden method may be either."""

    __slots__ = ("_parents", "_reads")

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._parents: dict[int, list[int]] = {}
        self._reads: dict[int, list[tuple[str, int]]] = {}

    def read(self, container: int, key: str, target: int) -> None:
        """As for any container, and from the tables it inherits from."""
        waiting, seen = [container], {container}
        while waiting:
            at = waiting.pop()
            self._reads.setdefault(at, []).append((key, target))
            if key == ANY or key.isdigit():
                super().read(at, key, target)
            else:  # what is stored under computed keys are rarely the functions that are called by name
                self._program.network.flow(self.entry(at, key), target)
            fresh = [parent for parent in self._parents.get(at, ()) if parent not in seen]
            seen.update(fresh)
            waiting += fresh

    def inherit(self, container: int, parent: int) -> None:
        """From now on `container` has the entries of `parent`, too."""
        parents = self._parents.setdefault(container, [])
        if parent in parents or len(parents) >= _MAX_TABLES or self._reaches(parent, container):
            return
        parents.append(parent)
        for key, target in tuple(self._reads.get(container, ())):
            self.read(parent, key, target)

    def _reaches(self, start: int, goal: int) -> bool:
        waiting, seen = [start], {start}
        while waiting and len(seen) <= _MAX_TABLES * _MAX_TABLES:
            at = waiting.pop()
            if at == goal:
                return True
            fresh = [parent for parent in self._parents.get(at, ()) if parent not in seen]
            seen.update(fresh)
            waiting += fresh
        return bool(waiting)


class LuaDialect(Dialect):
    """`require` gives what the file that it names returns. A global that no file sets comes from the host program; one
    that a single file sets at its top level is taken to be meant, as a guess."""

    languages = ("lua",)
    attributes_are_entries = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._files = FileIndex(program.table, program.files)
        self._globals: dict[str, list[int]] = {}
        self._guesses: dict[int, int] = {}
        self._containers: InheritingContainers
        for file in program.files:
            first = program.table.first[file]
            for name, key in program.declared.get(first, {}).items():
                if not program.table.definitions[key].signature.startswith("local"):
                    self._globals.setdefault(name, []).append(program.names[first][name])

    def start(self, semantics: Semantics) -> None:
        super().start(semantics)
        self._containers = InheritingContainers(self.program)
        semantics.containers = self._containers
        network = self.program.network
        self._tables = network.handle(self._inherit_tables)
        self._table = network.handle(self._inherit_table)

    # -- modules ------------------------------------------------------------------------------------------------------

    def _resolve(self, file: int, module: str) -> int | None:
        stem = module.replace(".", "/").removesuffix("/init")
        return self._files.nearest(file, (f"{stem}.lua", f"{stem}/init.lua"))

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        if not item.local:
            return
        target = program.variable(program.table.first[file] + item.scope, item.local)
        module = self._resolve(file, item.module)
        if module is None:
            program.network.add(target, program.values.external(item.module))
        elif module != program.table.first[file]:
            program.network.flow(program.result(module), target)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        module = self._resolve(file, item.module)
        return (item.module if module is None else module,)

    def beyond_module(self, module: int, name: str) -> int | None:
        values = self.program.values
        if name in _BUILTINS:
            return self._constant(values.external("<builtin>." + name))
        nodes = self._globals.get(name, ())
        if not nodes:
            return self._constant(values.external(name)) if name.isidentifier() and name != "self" else None
        if len(nodes) > 1:
            return None
        guess = self._guesses.get(nodes[0])
        if guess is None:
            network = self.program.network
            guess = self._guesses[nodes[0]] = network.node()
            network.guessed.add(guess)
            network.flow(nodes[0], guess)
        return guess

    # -- tables -------------------------------------------------------------------------------------------------------

    def place(self, key: int, expressions: Expressions) -> None:
        """`function M.run` puts a function into the table `M`, `function M:run` one whose `self` is `M`."""
        program, network = self.program, self.program.network
        definition, parent = program.table.definitions[key], program.table.parent[key]
        value = program.definition_value(key)
        if value is None:
            return
        path = definition.nesting.removeprefix(program.table.definitions[parent].nesting).lstrip(".")
        owner = path.rpartition(".")[0]
        if "." not in owner and owner != "self":
            expressions.make_container(parent, owner)  # what made the table may be out of sight: `local M = class("M")`
        expressions.assign(parent, path, network.constant(value))
        parameters = program.parameters.get(key)
        node = expressions.node(parent, owner)
        if definition.kind is SymbolKind.METHOD and parameters and parameters.positional and node is not None:
            network.flow(node, parameters.positional[0])
            parameters.declared.add(parameters.positional[0])

    def external_call(self, name: str, arguments: Sequence[tuple[str, int]], semantics: Semantics) -> int | None:
        given = dict(arguments)
        if name == "<builtin>.setmetatable" and "0" in given:
            if "1" in given:
                network = self.program.network
                index = network.node()
                network.use(given["1"], semantics.load, _INDEX, index)
                network.use(given["0"], self._tables, index, -1)
            return given["0"]
        return given.get("0") if name in {"<builtin>.assert", "<builtin>.rawget"} else None

    def _inherit_tables(self, index: Argument, _: int, fresh: Held) -> None:
        for value in fresh:
            if value & v.KIND_MASK == v.CONTAINER:
                self.program.network.use(index, self._table, value >> v.KIND_BITS, -1)

    def _inherit_table(self, container: Argument, _: int, fresh: Held) -> None:
        for value in fresh:
            if value & v.KIND_MASK == v.CONTAINER and value >> v.KIND_BITS != container:
                self._containers.inherit(container, value >> v.KIND_BITS)
