"""Swift: every file of a target sees the others; extensions add to types wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.symbol import Definition, Import
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.parts import join_parts, union
from indexing.linking.program import CLASS_KINDS, Program
from indexing.linking.slices import DeclaredTypes

_NAMES = """
AnyObject Array ArraySlice Bool Character Codable CodingKey Collection Comparable CustomStringConvertible Data Date Decodable
Dictionary Double Encodable Encoder Decoder Equatable Error Float Hashable Identifiable Int Int8 Int16 Int32 Int64 Iterator
IteratorProtocol Never Optional Range RawRepresentable Result Sendable Sequence Set String StaticString Substring Task
UInt UInt8 UInt16 UInt32 UInt64 Void
abs assert assertionFailure dump fatalError max min precondition preconditionFailure print stride swap type withUnsafeBytes
zip
"""
_BUILTINS = frozenset(_NAMES.split())
_TARGET_PARTS = 2
"""A target is a folder such as `Sources/Shop`."""


class SwiftDialect(Dialect):
    """Names outside of types are those of the target first, then of the other targets here."""

    languages = ("swift",)
    declared_types = DeclaredTypes.MOSTLY
    receiver = "self"
    constructor = "<constructor>"
    sees_class_scopes = True
    methods_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._keys: dict[str, list[int]] = {}
        """By name: all types, functions and variables outside of types."""
        self._target_of: dict[int, str] = {}
        written: dict[str, list[int]] = {}
        extensions: list[int] = []
        for file in program.files:
            module = table.first[file]
            self._target_of[module] = "/".join(table.files[file].path.split("/")[:-1][:_TARGET_PARTS])
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind in CLASS_KINDS:
                    program.network.add(program.variable(key, self.receiver), v.make(v.INSTANCE, key))
                    if is_extension(definition):
                        extensions.append(key)
                        continue
                    written.setdefault(definition.nesting, []).append(key)
                if table.parent[key] == module:
                    self._keys.setdefault(definition.name, []).append(key)
        parts: dict[int, list[int]] = {}
        for key in extensions:
            self._withdraw(key)
            whole = self._nearest(program.module(key), written.get(table.definitions[key].nesting, []))
            if whole:
                parts.setdefault(whole[0], []).append(key)
        for key, added in parts.items():
            join_parts(program, [key, *added], key, self.receiver)
        for key, cls in program.owner.items():
            program.names.setdefault(key, {})["Self"] = self._constant(v.make(v.CLASS, cls))

    def _withdraw(self, key: int) -> None:
        """The name of an extension is that of the type, which another scope may hold."""
        program, table = self.program, self.program.table
        definition, parent = table.definitions[key], table.parent[key]
        names = program.names.get(parent, {})
        if names.get(definition.name) is not None:
            held = [value for value in program.network.values(names[definition.name]) if value != v.make(v.CLASS, key)]
            del names[definition.name]
            for value in held:
                program.network.add(program.variable(parent, definition.name), value)

    def _nearest(self, module: int, keys: Sequence[int]) -> list[int]:
        """Of definitions with one name, those of the file, else of its target, else what others may see."""
        program, table = self.program, self.program.table
        own = [key for key in keys if program.module(key) == module]
        if own:
            return own
        seen = [key for key in keys if not _is_private(table.definitions[key])]
        target = self._target_of.get(module, "")
        return [key for key in seen if self._target_of[program.module(key)] == target] or seen

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        full = f"{item.module}.{item.name}" if item.name else item.module
        if item.name and item.name in self._keys:
            return
        if not item.name and any(target.rpartition("/")[2] == item.module for target in self._target_of.values()):
            return
        variable = program.variable(program.table.first[file], item.local)
        program.network.flow(self._constant(program.values.external(full)), variable)

    def beyond_module(self, module: int, name: str) -> int | None:
        program, table = self.program, self.program.table
        keys = self._nearest(module, self._keys.get(name, ()))
        if keys:
            return union(program, [program.names[table.parent[key]][name] for key in keys])
        if name in _BUILTINS:
            return self._constant(program.values.external("<builtin>." + name))
        return None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        if any(target.rpartition("/")[2] == item.module for target in self._target_of.values()):
            return ()
        return (f"{item.module}.{item.name}" if item.name else item.module,)


def is_extension(definition: Definition) -> bool:
    """Whether a class only adds to another of its name."""
    head = definition.signature.partition("{")[0].split()
    return "extension" in head[: head.index(definition.name) if definition.name in head else 8]


def _is_private(definition: Definition) -> bool:
    return not {"private", "fileprivate"}.isdisjoint(definition.signature.split()[:4])
