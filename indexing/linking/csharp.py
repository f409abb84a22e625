"""C#: namespaces over many files, `using`, partial types, extension methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.model.symbol import Import, ReferenceKind, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import CLASS_KINDS, Program
from indexing.linking.semantics import Semantics
from indexing.linking.slices import DeclaredTypes

_EXTENSION = re.compile(r"\bstatic\b[^(]*\(\s*this\s+(?:ref\s+|in\s+)?([\w.]+)")
_BASES = frozenset({ReferenceKind.INHERITS, ReferenceKind.IMPLEMENTS})


class CSharpDialect(Dialect):
    """A type is found in the namespaces around, from the inside out, and in those that `using` names. A namespace is a
    folder value, whose path is its full name. What no namespace here has comes from the libraries a file uses."""

    languages = ("csharp",)
    declared_types = DeclaredTypes.MOSTLY
    receiver = "this"
    constructor = "<constructor>"
    sees_class_scopes = True
    types_apart = True
    decorators_replace = False

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._types: dict[str, dict[str, int]] = {"": {}}
        """By full name of the namespace and name: the key of the type."""
        self._using: dict[int, list[str]] = {}
        self._static: dict[int, list[str]] = {}
        self._everywhere: list[str] = []
        self._parts: dict[str, list[int]] = {}
        for file in program.files:
            self._collect(table.first[file], "")
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind is SymbolKind.MODULE and definition.nesting:
                    self._collect(key, definition.nesting)
                elif definition.kind in CLASS_KINDS and "partial " in definition.signature:
                    self._parts.setdefault(definition.nesting, []).append(key)
            for item in table.files[file].facts.imports:
                if item.name == "*":
                    self._use(table.first[file], item)
        self._inherits = {
            table.first[file] + reference.scope
            for file in program.files
            for reference in table.files[file].facts.references
            if reference.kind in _BASES
        }

    def _collect(self, scope: int, namespace: str) -> None:
        types = self._types.setdefault(namespace, {})
        for name, key in self.program.declared.get(scope, {}).items():
            if self.program.table.definitions[key].kind in CLASS_KINDS:
                types.setdefault(name, key)
        while namespace:
            namespace = namespace.rpartition(".")[0]
            self._types.setdefault(namespace, {})

    def _use(self, module: int, item: Import) -> None:
        if item.local == "static":
            self._static.setdefault(module, []).append(item.module)
        elif item.local == "global":
            self._everywhere.append(item.module)
        else:
            self._using.setdefault(module, []).append(item.module)

    def start(self, semantics: Semantics) -> None:
        super().start(semantics)
        for parts in self._parts.values():
            if len(parts) > 1:
                self._join(parts)
        self._extend()

    def _join(self, parts: list[int]) -> None:
        """The parts of a partial type are one: they share their names, and methods belong to the part that has bases."""
        program, table = self.program, self.program.table
        whole = next((key for key in parts if key in self._inherits), parts[0])
        names, declared = program.names.setdefault(whole, {}), program.declared.setdefault(whole, {})
        for types in self._types.values():
            types.update({name: whole for name, key in types.items() if key in parts})
        for key in parts:
            if key == whole:
                continue
            for name, node in program.names.get(key, {}).items():
                if name in names:
                    program.network.flow(node, names[name])
                else:
                    names[name] = node
            for name, member in program.declared.get(key, {}).items():
                declared.setdefault(name, member)
            program.names[key], program.declared[key] = names, declared
            name = table.definitions[key].name
            own, chosen = program.names[table.parent[key]], program.names[table.parent[whole]]
            own[name] = chosen[name]
            for member in table.keys_of(table.file_of[key]):
                if program.owner.get(member) == key:
                    program.owner[member] = whole
                    program.network.add(program.variable(member, self.receiver), v.make(v.INSTANCE, whole))

    def _extend(self) -> None:
        """An extension method is a member of the type it extends where that is defined here."""
        program, table = self.program, self.program.table
        for key, definition in enumerate(table.definitions):
            if definition.kind is not SymbolKind.METHOD or key not in program.owner or "(this " not in definition.signature:
                continue
            found = _EXTENSION.search(definition.signature)
            cls = self._type_of(table.parent[key], found[1]) if found else None
            if cls is not None and definition.name not in program.names.get(cls, {}):
                program.network.add(program.variable(cls, definition.name), v.make(v.FUNCTION, key))

    # -- names ---------------------------------------------------------------------------------------------------------

    def _namespaces(self, scope: int) -> Iterable[str]:
        table = self.program.table
        while scope >= 0:
            definition = table.definitions[scope]
            if definition.kind is SymbolKind.MODULE:
                nesting = definition.nesting
                while nesting:
                    yield nesting
                    nesting = nesting.rpartition(".")[0]
            scope = table.parent[scope]
        yield ""

    def _used(self, module: int) -> Iterable[str]:
        yield from self._using.get(module, ())
        yield from self._everywhere

    def _type_of(self, scope: int, path: str) -> int | None:
        """The type that a path of names stands for in `scope`, by namespaces alone."""
        namespace, _, name = path.rpartition(".")
        for around in (*self._namespaces(scope), *self._used(self.program.module(scope))):
            full = f"{around}.{namespace}" if around and namespace else around or namespace
            key = self._types.get(full, {}).get(name)
            if key is not None:
                return key
        return None

    def beyond(self, scope: int, name: str) -> int | None:
        if name in {"this", "base"}:
            cls = self.class_around(scope)
            if cls is None:
                return None
            return self._constant(v.make(v.SUPER if name == "base" else v.INSTANCE, cls))
        program, module = self.program, self.program.module(scope)
        for namespace in self._namespaces(scope):
            node = self.member_of_folder(namespace, name)
            if node is not None:
                return node
        for namespace in self._used(module):
            key = self._types.get(namespace, {}).get(name)
            if key is not None:
                return self._constant(v.make(v.CLASS, key))
        for path in self._static.get(module, ()):
            key = self._type_of(module, path)
            inner = program.names.get(key, {}).get(name) if key is not None else None
            if inner is not None:
                return inner
        outside = name[:1].isupper() and any(used not in self._types for used in self._used(module))
        return self._library(name) if outside else None

    def _library(self, name: str) -> int:
        """From which of the libraries that a file uses a name comes, no one says."""
        node = self._constant(self.program.values.external(name))
        self.program.network.guessed.add(node)
        return node

    def member_of_folder(self, path: str, name: str) -> int | None:
        key = self._types.get(path, {}).get(name)
        if key is not None:
            return self._constant(v.make(v.CLASS, key))
        inner = f"{path}.{name}" if path else name
        return self._constant(self.program.values.folder(inner)) if inner in self._types else None

    def member_of_module(self, module: int, name: str) -> int | None:
        nesting = self.program.table.definitions[module].nesting
        return self.member_of_folder(nesting, name) if nesting else super().member_of_module(module, name)

    def super_of(self, scope: int) -> int | None:
        return self.beyond(scope, "base")

    # -- imports -------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program, module = self.program, self.program.table.first[file]
        if item.name == "*":
            return
        full = f"{item.module}.{item.name}" if item.name else item.module
        key = self._type_of(module + item.scope, full)
        if key is not None:
            node = self._constant(v.make(v.CLASS, key))
        elif full in self._types:
            node = self._constant(program.values.folder(full))
        else:
            node = self._constant(program.values.external(full))
        program.network.flow(node, program.variable(module + item.scope, item.local))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        """Of a namespace the files whose types this one names; a namespace as a whole may be most of the source."""
        full = f"{item.module}.{item.name}" if item.name not in {"", "*"} else item.module
        table = self.program.table
        if full in self._types:
            types = self._types[full]
            named = {reference.target.partition(".")[0] for reference in table.files[file].facts.references} & types.keys()
            own = table.first[file]
            return tuple(sorted({self.program.module(types[name]) for name in named} - {own}))
        key = self._type_of(table.first[file] + item.scope, full)
        return (full,) if key is None else (key,)
