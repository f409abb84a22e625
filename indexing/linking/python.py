"""Python: imports and re-exports, built-ins, `super()`."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from core.model.symbol import Import
from indexing.linking import values as v
from indexing.linking.containers import ANY
from indexing.linking.dialect import Dialect
from indexing.linking.program import Program
from indexing.linking.python_modules import PythonModules, Resolved
from indexing.linking.semantics import Call, Semantics

_BUILTINS = frozenset(dir(builtins))
_MAX_STARS = 100
"""Modules that one name is looked for in through chains of `import *`."""
_COPIES = frozenset({
    "<builtin>.list", "<builtin>.tuple", "<builtin>.set", "<builtin>.frozenset", "<builtin>.dict", "<builtin>.sorted",
    "<builtin>.reversed", "<builtin>.iter", "collections.deque", "collections.OrderedDict", "collections.defaultdict",
})  # fmt: skip
"""Give a container with the entries of their first argument, or an empty one."""
_HANDS_ON = {
    "functools.partial": "0",
    "functools.update_wrapper": "0",
    "copy.copy": "0",
    "copy.deepcopy": "0",
    "typing.cast": "1",
}
"""Give back one of their arguments, or something that is called like it."""


class PythonDialect(Dialect):
    """Scopes as the language reference has them: a class's names are not seen from its methods."""

    languages = ("python", "jupyter")
    names_are_imported = True
    receiver_parameters = 1
    constructor = "__init__"
    allocator = "__new__"
    call_method = "__call__"
    calls_are_virtual = True
    root_class = "<builtin>.object"

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._modules = PythonModules(program.table, program.files, program.own_names)
        self._stars: dict[int, list[int]] = {}

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        scope = program.table.first[file] + item.scope
        found = self._resolve(file, item)
        if item.name == "*":
            if found.module >= 0:
                self._stars.setdefault(program.module(scope), []).append(found.module)
            return
        local = item.local.partition(".")[0] if not item.name else item.local
        target = program.variable(scope, local)
        if not item.name:
            top = item.module.partition(".")[0]
            if not item.level and local == top and top != item.module:
                found = self._modules.absolute(file, top)
            program.network.flow(self._node_of(found), target)
            return
        source = self._import_from(found, item.name, target)
        if source is not None:
            program.network.flow(source, target)

    def _resolve(self, file: int, item: Import) -> Resolved:
        if item.level:
            return self._modules.relative(file, item.level, item.module)
        return self._modules.absolute(file, item.module)

    def _import_from(self, found: Resolved, name: str, target: int) -> int | None:
        if found.module >= 0:
            node = self.program.names.get(found.module, {}).get(name)
            if node is not None and node != target:
                return node
            below = self._modules.below(found.module, name)
            return self._node_of(below) if below else self._through_stars(found.module, name)
        if found.folder is not None:
            return self.member_of_folder(found.folder, name)
        return self._constant(self.program.values.external(f"{found.external}.{name}"))

    def member_of_module(self, module: int, name: str) -> int | None:
        node = self.program.names.get(module, {}).get(name)
        if node is not None:
            return node
        node = self._through_stars(module, name)
        if node is not None:
            return node
        below = self._modules.below(module, name)
        return self._node_of(below) if below else None

    def member_of_folder(self, path: str, name: str) -> int | None:
        below = self._modules.within(path, name)
        return self._node_of(below) if below else None

    def beyond_module(self, module: int, name: str) -> int | None:
        node = self._through_stars(module, name)
        if node is None and name in _BUILTINS:
            return self._constant(self.program.values.external("<builtin>." + name))
        return node

    def _through_stars(self, module: int, name: str) -> int | None:
        if name.startswith("_") or module not in self._stars:
            return None
        queue, seen = list(self._stars[module]), {module}
        while queue and len(seen) < _MAX_STARS:
            source = queue.pop(0)
            if source in seen:
                continue
            seen.add(source)
            node = self.program.names.get(source, {}).get(name)
            if node is not None:
                return node
            queue.extend(self._stars.get(source, ()))
        return None

    def _node_of(self, found: Resolved) -> int:
        if found.module >= 0:
            return self._constant(v.make(v.MODULE, found.module))
        values = self.program.values
        return self._constant(values.external(found.external) if found.folder is None else values.folder(found.folder))

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def tells_methods(self, external: str) -> bool:
        return external.partition(".")[0] not in {"typing", "typing_extensions", "collections", "types", "_typeshed"}

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._resolve(file, item)
        if found.external:
            return (f"{found.external}.{item.name}" if item.name and item.name != "*" else found.external,)
        if not item.name or item.name == "*":
            return (found.module,) if found.module >= 0 else ()
        program = self.program
        declared = program.declared.get(found.module, {}).get(item.name)
        if declared is not None:
            return (declared,)
        scope = program.table.first[file] + item.scope
        values = program.network.values(program.variable(scope, item.local))
        keys = [value >> v.KIND_BITS for value in values if value & v.KIND_MASK in {v.CLASS, v.FUNCTION, v.MODULE}]
        if len(keys) == 1:
            return tuple(keys)
        return (found.module,) if found.module >= 0 else ()

    def external_call(self, name: str, arguments: Sequence[tuple[str, int]], semantics: Semantics) -> int | None:
        given = dict(arguments)
        network, containers = self.program.network, semantics.containers
        if name in _HANDS_ON:
            return given.get(_HANDS_ON[name])
        if name in _COPIES:
            container = self.program.values.container()
            if "0" in given:
                network.use(given["0"], semantics.entry, ANY, containers.entry(container >> v.KIND_BITS, ANY))
                return given["0"] if name.startswith("<builtin>.") else self._constant(container)
            return self._constant(container)
        if name == "<builtin>.next" and "0" in given:
            node = network.node()
            network.use(given["0"], semantics.entry, ANY, node)
            return node
        if name in {"<builtin>.enumerate", "<builtin>.zip"}:
            pair, outer = self.program.values.container(), self.program.values.container()
            network.add(containers.entry(outer >> v.KIND_BITS, ANY), pair)
            for position, (_, node) in enumerate(arguments):
                slot = position + (name == "<builtin>.enumerate")
                network.use(node, semantics.entry, ANY, containers.entry(pair >> v.KIND_BITS, str(slot)))
            return self._constant(outer)
        if name in {"<builtin>.map", "<builtin>.filter"} and "0" in given and "1" in given:
            entry, result, mapped = network.node(), network.node(), self.program.values.container()
            network.use(given["1"], semantics.entry, ANY, entry)
            network.use(given["0"], semantics.call, Call((("0", entry),), result), result)
            kept = result if name == "<builtin>.map" else entry
            containers.store(mapped >> v.KIND_BITS, ANY, kept)
            return self._constant(mapped)
        return None
