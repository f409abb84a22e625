"""Rust: paths of modules, `use`, and `impl` blocks apart from their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import CLASS_KINDS, Program
from indexing.linking.rust_modules import RustModules
from indexing.linking.slices import DeclaredTypes

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions

_MAX_STARS = 40
"""Modules that a name is looked for in by way of `use …::*`."""
_STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
_MACRO_NAMES = """
println print eprintln eprint format write writeln panic assert assert_eq assert_ne debug_assert debug_assert_eq vec
todo debug_assert_ne unimplemented unreachable matches dbg include_str include_bytes env option_env concat stringify
line file column cfg compile_error module_path thread_local
"""
_MACROS = frozenset(_MACRO_NAMES.split())


class RustDialect(Dialect):
    """A name is one of its module, or comes by `use`; what is no module here is a crate from outside."""

    languages = ("rust",)
    declared_types = DeclaredTypes.MOSTLY
    receiver = "self"
    decorators_replace = False
    types_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._modules = RustModules(program)
        self._stars: dict[int, list[int]] = {}
        self._outside = set(_STANDARD)
        self._macros: dict[str, list[int]] = {}
        for key in [key for file in program.files for key in program.table.keys_of(file)]:
            definition = program.table.definitions[key]
            if definition.kind is SymbolKind.MACRO:
                self._macros.setdefault(definition.name, []).append(key)

    # -- imports -------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        scope = program.table.first[file] + item.scope
        module = self._modules.module_around(scope)
        if item.name == "*":
            found = self._module(module, item.module.split("::"))
            if found is not None and found != module:
                self._stars.setdefault(module, []).append(found)
            elif found is None:
                self._outside.add(item.module.partition("::")[0])
            return
        parts = [*item.module.split("::"), *([item.name] if item.name else [])]
        node = self._walk(module, parts)
        variable = program.variable(scope, item.local)
        if node is None and self._is_outside(module, parts[0]):
            self._outside.add(parts[0])
            node = self._constant(program.values.external(".".join(parts)))
        if node is not None and node != variable and item.local != "_":
            program.network.flow(node, variable)

    def _is_outside(self, module: int, first: str) -> bool:
        here = first in {"crate", "self", "super"} or self._modules.child(module, first) is not None
        return not here and self._modules.crate(first) is None

    def _start(self, module: int, name: str) -> int | None:
        """The module that the first name of a path stands for."""
        modules = self._modules
        match name:
            case "crate" | "$crate":
                return modules.root(module)
            case "self":
                return module
            case "super":
                return modules.parent(module)
            case _:
                found = modules.child(module, name)
                return found if found is not None else modules.crate(name)

    def _module(self, module: int, parts: Sequence[str]) -> int | None:
        """The module at the end of a path."""
        at = self._start(module, parts[0])
        for part in parts[1:]:
            if at is None:
                return None
            at = self._modules.parent(at) if part == "super" else self._modules.child(at, part)
        return at

    def _walk(self, module: int, parts: Sequence[str]) -> int | None:
        """The node of a path: modules, then a name of the last one, then perhaps a member of that."""
        at = self._start(module, parts[0])
        if at is None:
            # The path may begin with a name that is itself imported.
            inner = self._member(module, parts[0], set()) if len(parts) > 1 else None
            return None if inner is None else self._attribute(module, parts[0], parts[1:])
        for position, part in enumerate(parts[1:], 1):
            child = self._modules.parent(at) if part == "super" else self._modules.child(at, part)
            if child is None:
                rest = parts[position:]
                return self._member(at, part, set()) if len(rest) == 1 else self._attribute(at, rest[0], rest[1:])
            at = child
        return self._constant(v.make(v.MODULE, at))

    def _attribute(self, module: int, name: str, rest: Sequence[str]) -> int | None:
        """`Enum::Variant`, where the type is defined in that very module."""
        key = self.program.declared.get(module, {}).get(name)
        return self.program.names.get(key, {}).get(rest[0]) if key is not None and len(rest) == 1 else None

    def _member(self, module: int, name: str, seen: set[int]) -> int | None:
        """A name of a module, its own or one that it takes from others as a whole."""
        waiting = [module]
        while waiting and len(seen) < _MAX_STARS:
            at = waiting.pop(0)
            if at in seen:
                continue
            seen.add(at)
            node = self.program.names.get(at, {}).get(name)
            if node is not None:
                return node
            child = self._modules.child(at, name)
            if child is not None:
                return self._constant(v.make(v.MODULE, child))
            waiting += self._stars.get(at, ())
        return None

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        table = self.program.table
        module = self._modules.module_around(table.first[file] + item.scope)
        parts = [*item.module.split("::"), *([item.name] if item.name not in {"", "*"} else [])]
        found = self._module(module, parts)
        if found is not None:
            return () if found == table.first[file] else (found,)
        node = self._walk(module, parts)
        if node is None:
            return (".".join(parts),) if self._is_outside(module, parts[0]) else ()
        held = [value for value in self.program.network.values(node) if value & v.KIND_MASK in {v.CLASS, v.FUNCTION}]
        return tuple(value >> v.KIND_BITS for value in held[:1])

    # -- names ---------------------------------------------------------------------------------------------------------

    def _type_around(self, scope: int) -> int | None:
        program, table = self.program, self.program.table
        while scope >= 0:
            if scope in program.owner:
                return program.owner[scope]
            if table.definitions[scope].kind in CLASS_KINDS:
                return scope
            scope = table.parent[scope]
        return None

    def beyond(self, scope: int, name: str) -> int | None:
        program, module = self.program, self._modules.module_around(scope)
        if name == "Self":
            cls = self._type_around(scope)
            return None if cls is None else self._constant(v.make(v.CLASS, cls))
        if name in {"crate", "super", "self"}:
            found = self._start(module, name)
            return None if found is None else self._constant(v.make(v.MODULE, found))
        node = self._member(module, name, set())
        if node is not None:
            return node
        macros = self._macros.get(name, ())
        if len(macros) == 1:
            return self._constant(v.make(v.FUNCTION, macros[0]))
        crate = self._modules.crate(name)
        if crate is not None:
            return self._constant(v.make(v.MODULE, crate))
        if name in self._outside:
            return self._constant(program.values.external(name))
        return self._constant(program.values.external("<builtin>." + name)) if name in _MACROS else None

    def member_of_module(self, module: int, name: str) -> int | None:
        if name == "super":
            found = self._modules.parent(module)
            return None if found is None else self._constant(v.make(v.MODULE, found))
        return self._member(module, name, set())

    def place(self, key: int, expressions: Expressions) -> None:
        """What an `impl` block gives to a type of another file."""
        program, table = self.program, self.program.table
        definition, parent = table.definitions[key], table.parent[key]
        outer = table.definitions[parent].nesting
        path = definition.nesting.removeprefix(outer + ".") if outer else definition.nesting
        owner, _, name = path.rpartition(".")
        value = program.definition_value(key)
        for found in expressions.fixed_values(parent, owner) if owner else ():
            cls = found >> v.KIND_BITS
            if found & v.KIND_MASK != v.CLASS:
                continue
            node = program.variable(cls, name)
            program.declared.setdefault(cls, {}).setdefault(name, key)
            if value is not None:
                program.owner[key] = cls
                program.network.add(node, value)
                program.network.add(program.variable(key, self.receiver), v.make(v.INSTANCE, cls))
            return
