"""Java, Kotlin and Scala, which call each other on one machine: packages, imports, what each language brings along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.jvm_names import BUILTINS
from indexing.linking.parts import share_names, union
from indexing.linking.program import CALLED, CLASS_KINDS, Program, Receiver
from indexing.linking.slices import DeclaredTypes

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions

_PACKAGE = re.compile(r"package\s+([\w.`]+)")
_OBJECT = re.compile(r"\b(?:package |companion |case )?object\b")
_CALL = "<call>"
"""The name under which a class keeps what calls its instances: `apply` in Scala, `invoke` in Kotlin."""
_APPLY = "apply" + CALLED
_INVOKERS = {"scala": _APPLY, "kotlin": "invoke" + CALLED}


class JavaDialect(Dialect):
    """A name is found in the file's imports, in its package (which every file names), in what it imports with `*`, and in
    what the language brings along; a package may be spread over several folders."""

    languages = ("java", "kotlin", "scala")
    declared_types = DeclaredTypes.MOSTLY
    receiver = "this"
    constructor = "<constructor>"
    call_method = _CALL
    root_class = "<builtin>.Object"
    sees_class_scopes = True
    methods_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._package_of: dict[int, str] = {}
        self._types: dict[str, dict[str, int]] = {}
        """The key of each type, by package and name."""
        self._nodes: dict[str, dict[str, list[int]]] = {}
        """The nodes of functions, variables and extensions outside of classes, by package and name."""
        self._extended: set[tuple[int, str]] = set()
        for file in program.files:
            module, language = table.first[file], table.files[file].language
            match = _PACKAGE.search(table.definitions[module].signature)
            package = self._package_of[module] = match[1].replace("`", "") if match else ""
            self._collect(module, package)
            for key in table.keys_of(file):
                if table.definitions[key].kind in CLASS_KINDS:  # for `Outer.this`, and for what no method is around
                    program.network.add(program.variable(key, self.receiver), v.make(v.INSTANCE, key))
                if language != "java":
                    self._adapt(key, package, language)
        self._stars: dict[int, list[str]] = {}

    # -- definitions ---------------------------------------------------------------------------------------------------

    def _collect(self, module: int, package: str) -> None:
        program = self.program
        types = self._types.setdefault(package, {})
        for name, key in program.declared.get(module, {}).items():
            if program.table.definitions[key].kind in CLASS_KINDS:
                types.setdefault(name, key)
            else:
                self._offer(package, name, program.names[module][name])

    def _offer(self, package: str, name: str, node: int) -> None:
        self._nodes.setdefault(package, {}).setdefault(name, []).append(node)

    def _adapt(self, key: int, package: str, language: str) -> None:
        """What Kotlin and Scala have beyond Java: objects, extensions, methods that are called by their name alone."""
        program, table = self.program, self.program.table
        definition, parent = table.definitions[key], table.parent[key]
        if definition.kind in CLASS_KINDS:
            names = program.names.setdefault(key, {})
            if (invoked := names.get(_INVOKERS[language])) is not None:
                names[_CALL] = invoked
            if language == "scala":
                self._adapt_scala(key, package, names)
            elif definition.signature.find("companion object") >= 0 and table.definitions[parent].kind in CLASS_KINDS:
                share_names(program, key, parent)
        elif definition.kind is SymbolKind.METHOD:
            around = table.definitions[parent]
            outside = definition.span.start < around.span.start or definition.span.end > around.span.end
            if outside or around.kind is SymbolKind.MODULE:  # an extension is imported by its own name
                node = program.network.constant(v.make(v.FUNCTION, key))
                program.network.guessed.add(node)  # nothing says here what it is called on
                self._offer(package, definition.name, node)
            elif language == "scala" and f"{definition.name}(" not in definition.signature and around.kind in CLASS_KINDS:
                program.names[parent].setdefault(definition.name, program.result(key))

    def _adapt_scala(self, key: int, package: str, names: dict[str, int]) -> None:
        """`C(x)` is `C.apply(x)`, which makes a `C` where nothing else is written."""
        definition = self.program.table.definitions[key]
        if definition.signature.startswith("package object"):
            inner = f"{package}.{definition.name}" if package else definition.name
            self._types.setdefault(inner, {})
            for name, node in names.items():
                self._offer(inner, name.removesuffix(CALLED), node)
            for name, member in self.program.declared.get(key, {}).items():
                if self.program.table.definitions[member].kind in CLASS_KINDS:
                    self._types[inner].setdefault(name, member)
        elif definition.kind is SymbolKind.CLASS and not _OBJECT.search(definition.signature):
            companions = [one for one in self._namesakes(key) if one != key]
            written = any(_APPLY in self.program.names.get(one, {}) for one in companions)
            if not written or "case class" in definition.signature:
                names.setdefault(_APPLY, self._constant(v.make(v.CLASS, key)))
            for companion in companions:  # `new C` never means the object
                if (own := names.get(self.constructor)) is not None:
                    self.program.names.setdefault(companion, {}).setdefault(self.constructor, own)

    def place(self, key: int, expressions: Expressions) -> None:
        """An extension whose type stands in another file."""
        program, table = self.program, self.program.table
        definition = table.definitions[key]
        value, name = program.definition_value(key), program.member_name(key)
        if value is None:
            return
        owner = definition.nesting.rpartition(".")[0]
        for found in expressions.fixed_values(table.parent[key], owner):
            cls = found >> v.KIND_BITS
            if found & v.KIND_MASK != v.CLASS:
                continue
            program.owner[key], program.receivers[key] = cls, Receiver.INSTANCE
            program.network.add(program.variable(key, self.receiver), v.make(v.INSTANCE, cls))
            # A member of the class hides an extension of its name.
            if name not in program.names.get(cls, {}) or (cls, name) in self._extended:
                self._extended.add((cls, name))
                program.network.add(program.variable(cls, name), value)

    # -- names ---------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        module = program.table.first[file]
        if item.name == "*":
            self._stars.setdefault(module, []).append(item.module)
            return
        full = f"{item.module}.{item.name}" if item.name else item.module
        node = self._imported_node(module, full)
        external = self._constant(program.values.external(full))
        program.network.flow(node or external, program.variable(module + item.scope, item.local))

    def _imported_node(self, module: int, full: str) -> int | None:
        node = self._named(full)
        if node is None and self._language(module) == "scala":  # an import may begin with what is seen already
            for package in _outward(self._package_of.get(module, "")):
                if (node := self._named(f"{package}.{full}")) is not None:
                    return node
        return node

    def _language(self, module: int) -> str:
        table = self.program.table
        return table.files[table.file_of[module]].language

    def _named(self, full: str) -> int | None:
        """The node of a type, a type within one, a static member, or a function of a package, by its full name."""
        program, parts = self.program, full.split(".")
        for count in range(len(parts) - 1, -1, -1):
            package = ".".join(parts[:count])
            key = self._types.get(package, {}).get(parts[count])
            if key is None:
                offered = self._nodes.get(package, {}).get(parts[count]) if count == len(parts) - 1 else None
                if offered:
                    return union(program, offered)
                continue
            node = self._type_node(key)
            for name in parts[count + 1 :]:
                inner = next((found for one in self._namesakes(key) if (found := self._member(one, name)) is not None), None)
                if inner is None:
                    return None
                node, key = inner, program.declared.get(key, {}).get(name, -1)
            return node
        return None

    def _type_node(self, key: int) -> int:
        """A class of Scala shares its name with its companion."""
        if len(self._namesakes(key)) > 1:
            return self.program.names[self.program.table.parent[key]][self.program.table.definitions[key].name]
        return self._constant(v.make(v.CLASS, key))

    def _namesakes(self, key: int) -> list[int]:
        program = self.program
        if key < 0 or self._language(program.module(key)) != "scala":
            return [key]
        table = program.table
        node = program.names.get(table.parent[key], {}).get(table.definitions[key].name)
        values = program.network.values(node) if node is not None else []
        return [value >> v.KIND_BITS for value in values if value & v.KIND_MASK == v.CLASS] or [key]

    def _member(self, key: int, name: str) -> int | None:
        names = self.program.names.get(key, {})
        called = names.get(name + CALLED)
        return called if called is not None else names.get(name)

    def beyond_module(self, module: int, name: str) -> int | None:
        package, language = self._package_of.get(module, ""), self._language(module)
        for around in _outward(package) if language == "scala" else (package,):
            key = self._types.get(around, {}).get(name)
            if key is not None:
                return self._type_node(key)
            if offered := self._nodes.get(around, {}).get(name):
                return union(self.program, offered)
        for star in self._stars.get(module, ()):
            node = self._imported_node(module, f"{star}.{name}")
            if node is not None:
                return node
        if name in BUILTINS[language]:
            return self._constant(self.program.values.external("<builtin>." + name))
        return None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        program = self.program
        if item.name == "*" and (item.module in self._types or item.module in self._nodes):
            return self._named_here(file, item.module)
        full = f"{item.module}.{item.name}" if item.name not in {"", "*"} else item.module
        node = self._imported_node(program.table.first[file], full)
        values = program.network.values(node) if node is not None else []
        keys = [value >> v.KIND_BITS for value in values if value & v.KIND_MASK in {v.CLASS, v.FUNCTION}]
        return tuple(keys[:1]) if node is not None else (full,)

    def _named_here(self, file: int, package: str) -> tuple[int, ...]:
        """Of a package the files that this one names anything of; all of it may be most of the source."""
        program, table = self.program, self.program.table
        names = {reference.target.partition(".")[0] for reference in table.files[file].facts.references}
        keys = [key for name, key in self._types.get(package, {}).items() if name in names]
        offered = self._nodes.get(package, {})
        for name in names & offered.keys():
            values = [value for node in offered[name] for value in program.network.values(node)]
            keys += [value >> v.KIND_BITS for value in values if value & v.KIND_MASK == v.FUNCTION]
        return tuple(sorted({program.module(key) for key in keys}))


def _outward(package: str) -> Iterator[str]:
    """The package, then those around it."""
    while package:
        yield package
        package = package.rpartition(".")[0]
    yield ""
