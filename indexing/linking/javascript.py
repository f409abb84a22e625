"""JavaScript and TypeScript: modules of both kinds, objects, prototypes."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.program import Program

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions
    from indexing.linking.semantics import Semantics

_ENDINGS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_MAX_STARS = 100
_NAMES = """
AbortController AbortSignal Array ArrayBuffer Atomics BigInt Boolean Buffer DataView Date Error EvalError Event
EventTarget FormData Function Headers Infinity Intl JSON Map Math Number Object Promise Proxy RangeError ReferenceError
Reflect RegExp Request Response Set String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL
URLSearchParams WeakMap WeakRef WeakSet alert atob btoa clearImmediate clearInterval clearTimeout console decodeURI
decodeURIComponent document encodeURI encodeURIComponent eval fetch globalThis isFinite isNaN localStorage navigator
parseFloat parseInt process queueMicrotask require requestAnimationFrame sessionStorage setImmediate setInterval
setTimeout structuredClone window
"""
_BUILTINS = frozenset(_NAMES.split())
"""ECMA-262's global object with what browsers and Node add most often."""


class JavaScriptDialect(Dialect):
    """`exports` is a container that each module has; what is imported is looked for there (CommonJS, `export … as`) and
    among the names of the module (plain `export`)."""

    languages = ("javascript", "typescript", "tsx")
    names_are_imported = True
    receiver = "this"
    constructor = "constructor"
    attributes_are_entries = True
    calls_are_virtual = True
    function_methods = frozenset({"call", "apply", "bind"})
    prototype = "prototype"

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._stems: dict[str, int] = {}
        self._stars: dict[int, list[int]] = {}
        table = program.table
        for file in program.files:
            for stem in (table.files[file].path, _without_ending(table.files[file].path)):
                self._stems.setdefault(stem, table.first[file])

    def start(self, semantics: Semantics) -> None:
        super().start(semantics)
        program, containers = self.program, semantics.containers
        for file in program.files:
            first = program.table.first[file]
            exports, module = program.values.container(), program.values.container()
            node = program.variable(first, "exports")
            program.network.add(node, exports)
            if any(binding.name == "module.exports" for binding in program.table.files[file].facts.bindings):
                program.network.add(program.variable(first, "module"), module)
                program.network.flow(containers.entry(module >> v.KIND_BITS, "exports"), node)

    def member_of_module(self, module: int, name: str) -> int | None:
        queue, seen = [module], set[int]()
        while queue and len(seen) < _MAX_STARS:
            at = queue.pop(0)
            if at in seen:
                continue
            seen.add(at)
            names = self.program.names.get(at, {})
            node = names.get("exports." + name) or names.get(name)
            if node is not None:
                return node
            queue.extend(self._stars.get(at, ()))
        return None

    def bind_import(self, file: int, item: Import) -> None:
        program, network = self.program, self.program.network
        scope = program.table.first[file] + item.scope
        module = self._resolve(file, item.module)
        if item.name == "*" and item.local == "exports":
            if module is not None:
                self._stars.setdefault(program.module(scope), []).append(module)
            return
        if not item.local:
            return
        target = program.variable(scope, item.local)
        if module is None:
            # The default and the whole of an external package go by the name of the package.
            name = item.module if item.name in {"", "default", "*"} else f"{item.module}.{item.name}"
            network.flow(self._constant(program.values.external(name)), target)
            return
        exports = program.variable(module, "exports")
        if item.name in {"", "*", "default"}:
            network.flow(exports, target)
        if item.name in {"", "*"}:
            network.flow(self._constant(v.make(v.MODULE, module)), target)
            return
        network.use(exports, self.semantics.load, item.name, target)
        node = self.member_of_module(module, item.name)
        if node is not None and node != target:
            network.flow(node, target)

    def _resolve(self, file: int, module: str) -> int | None:
        """The module that a relative path names: as it stands, with an ending, or as a folder with an index; or that which a
        package of the source gives under its name."""
        if not module.startswith("."):
            named = (self._stems.get(stem) for stem in self.program.own_names.script_stems(module))
            return next((found for found in named if found is not None), None)
        path = normpath(join(dirname(self.program.table.files[file].path), module))
        for stem in (path, _without_ending(path), join(path, "index").removeprefix("./")):
            found = self._stems.get(stem)
            if found is not None:
                return found
        return None

    def beyond_module(self, module: int, name: str) -> int | None:
        return self._constant(self.program.values.external("<builtin>." + name)) if name in _BUILTINS else None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def place(self, key: int, expressions: Expressions) -> None:
        """`owner.name = function …`: an attribute of an object, a method of a class, or of what a function constructs."""
        program, network = self.program, self.program.network
        definition, parent = program.table.definitions[key], program.table.parent[key]
        value = program.definition_value(key)
        if value is None:
            return
        path = definition.nesting.removeprefix(program.table.definitions[parent].nesting).lstrip(".")
        source, owner = network.constant(value), path.rpartition(".")[0]
        expressions.assign(parent, path, source)
        node = expressions.node(parent, owner)
        if node is None:
            return
        receiver = program.variable(key, self.receiver)
        if definition.kind is not SymbolKind.METHOD:
            network.flow(node, receiver)
            return
        for held in expressions.fixed_values(parent, owner):
            reference = held >> v.KIND_BITS
            if held & v.KIND_MASK == v.CLASS:
                program.owner[key] = reference
                network.flow(source, program.variable(reference, definition.name))
                network.add(receiver, v.make(v.INSTANCE, reference))
            elif held & v.KIND_MASK == v.FUNCTION:
                made = program.instances.get(reference)
                if made is None:
                    made = program.instances[reference] = program.values.container()
                    network.add(program.variable(reference, self.receiver), made)
                self.semantics.containers.store(made >> v.KIND_BITS, definition.name, source)
                network.add(receiver, made)
        network.flow(node, receiver)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        module = self._resolve(file, item.module)
        if module is None:
            named = item.name not in {"", "*", "default"}
            return () if item.module.startswith(".") else (f"{item.module}.{item.name}" if named else item.module,)
        declared = self.program.declared.get(module, {}).get(item.name)
        return (module if declared is None else declared,)

    def external_call(self, name: str, arguments: Sequence[tuple[str, int]], semantics: Semantics) -> int | None:
        if name in {"<builtin>.Array", "<builtin>.Map", "<builtin>.Set", "<builtin>.Object.create"}:
            return self._constant(self.program.values.container())
        if name == "<builtin>.Object.assign" and arguments:
            for _, source in arguments[1:]:
                semantics.mix(arguments[0][1], source)
            return arguments[0][1]
        return None


def _without_ending(path: str) -> str:
    for ending in _ENDINGS:
        if path.endswith(ending):
            return path[: -len(ending)]
    return path
