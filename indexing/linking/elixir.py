"""Elixir: modules by their names, functions by name and number of arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.model.symbol import BindingKind, Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.namespaces import Namespaces
from indexing.linking.program import CLASS_KINDS, Program

_NAMES = """
abs apply binary_part bit_size byte_size ceil dbg def destructure div elem exit floor function_exported? get_and_update_in
get_in hd inspect is_atom is_binary is_bitstring is_boolean is_exception is_float is_function is_integer is_list is_map
is_map_key is_nil is_number is_pid is_port is_reference is_struct is_tuple length macro_exported? make_ref map_size match?
max min node not pop_in put_elem put_in raise rem reraise round self send sigil_c sigil_r sigil_s sigil_w spawn spawn_link
spawn_monitor struct struct! tap then throw tl to_charlist to_string trunc tuple_size update_in use var! binding alias!
"""
_BUILTINS = frozenset(_NAMES.split())
_USING = "__using__"
_MAX_WHOLE = 100
"""Modules that are imported as a whole into one file."""


class ElixirDialect(Dialect):
    """Names of functions hold their arity, `run/2`. A call of a name that the module does not define is looked for in what
    it imports; what a module gets by `use` is what the used module's `__using__` defines, as a guess."""

    languages = ("elixir",)
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._wholes: dict[int, list[int | str]] = {}
        table = program.table
        modules: list[tuple[str, int]] = []
        for file in program.files:
            optional = _optional_parameters(program, file)
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind in CLASS_KINDS - {SymbolKind.TYPE}:
                    modules.append((definition.nesting, v.make(v.CLASS, key)))
                elif definition.kind in {SymbolKind.FUNCTION, SymbolKind.MACRO}:
                    self._name_by_arity(key, optional[key])
        self._modules = Namespaces(program, modules)

    def _name_by_arity(self, key: int, optional: int) -> None:
        program = self.program
        parameters, scope = program.parameters.get(key), program.table.parent[key]
        arity = len(parameters.positional) if parameters else 0
        for count in range(max(arity - optional, 0), arity + 1):
            name = f"{program.table.definitions[key].name}/{count}"
            program.network.add(program.variable(scope, name), v.make(v.FUNCTION, key))

    # -- names --------------------------------------------------------------------------------------------------------

    def beyond_module(self, module: int, name: str) -> int | None:
        if name[:1].isupper():
            return self._modules.node_or_external(name)
        values = self.program.values
        if name[:1] == ":":
            return self._constant(values.external(name))
        bare, slash, _ = name.rpartition("/")
        if not slash:
            return None
        unknown: list[str] = []
        for source in self._wholes.get(module, ()):
            if isinstance(source, str):
                unknown.append(source)
            elif (node := self.program.names.get(source, {}).get(name)) is not None:
                return node
        if bare in _BUILTINS:
            return self._constant(values.external("<builtin>." + name))
        if len(unknown) != 1:
            return None
        node = self._constant(values.external(f"{unknown[0]}.{name}"))
        self.program.network.guessed.add(node)
        return node

    def member_of_folder(self, path: str, name: str) -> int | None:
        full = f"{path}.{name}"
        return self._modules.node_or_external(full) if name[:1].isupper() else None

    # -- imports ------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program, network = self.program, self.program.network
        module, scope = program.table.first[file], program.table.first[file] + item.scope
        full = self._full_name(scope, item.module)
        if item.name == _USING:
            self._use(module, scope, full)
        elif item.name == "*":
            self._import_whole(module, full)
        elif item.name:
            target = program.variable(scope, item.local)
            nodes = [program.names.get(value >> v.KIND_BITS, {}).get(item.name) for value in self._modules.values(full)]
            for node in nodes:
                if node is not None and node != target:
                    network.flow(node, target)
            if not nodes:
                network.add(target, program.values.external(f"{full}.{item.name}"))
        elif item.local:
            network.flow(self._modules.node_or_external(full), program.variable(scope, item.local))

    def _full_name(self, scope: int, module: str) -> str:
        """The name with an alias at its beginning spelt out: `alias Shop.Store`, then `alias Store.Log`."""
        first, dot, rest = module.partition(".")
        if self._modules.node(module) is not None:
            return module
        table = self.program.table
        for item in table.files[table.file_of[scope]].facts.imports:
            if item.local == first and not item.name and item.module != module and dot:
                return f"{item.module}.{rest}"
        return module

    def _import_whole(self, module: int, full: str) -> None:
        wholes = self._wholes.setdefault(module, [])
        sources: list[int | str] = [value >> v.KIND_BITS for value in self._modules.values(full)]
        for source in sources or [full]:
            if source not in wholes and len(wholes) < _MAX_WHOLE:
                wholes.append(source)

    def _use(self, module: int, scope: int, full: str) -> None:
        """What `use` brings: the functions within the macro `__using__`, what it imports and uses, and the module's own."""
        program, network, table = self.program, self.program.network, self.program.table
        waiting, seen = [full], {full}
        while waiting and len(seen) <= _MAX_WHOLE:
            name = waiting.pop()
            self._import_whole(module, name)
            for value in self._modules.values(name):
                macro = program.declared.get(value >> v.KIND_BITS, {}).get(_USING)
                if macro is None:
                    continue
                for function, node in tuple(program.names.get(macro, {}).items()):
                    if "/" in function and function not in program.names.get(scope, {}):
                        target = program.variable(scope, function)
                        network.guessed.add(target)
                        network.flow(node, target)
                first = table.first[table.file_of[macro]]
                for item in table.files[table.file_of[macro]].facts.imports:
                    if item.scope != macro - first or (item.local and not item.name):
                        continue
                    other = self._full_name(macro, item.module)
                    if item.name == _USING and other not in seen:
                        seen.add(other)
                        waiting.append(other)
                    elif item.name not in ("", _USING):
                        self._import_whole(module, other)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        full = self._full_name(self.program.table.first[file] + item.scope, item.module)
        held = self._modules.values(full)
        if not held:
            return (f"{full}.{item.name}" if item.name not in {"", "*", _USING} else full,)
        own = self.program.table.first[file]
        return tuple(key for key in (value >> v.KIND_BITS for value in held) if self.program.module(key) != own)


def _optional_parameters(program: Program, file: int) -> Counter[int]:
    """How many parameters of each function have a default."""
    found: Counter[int] = Counter()
    first = program.table.first[file]
    for binding in program.table.files[file].facts.bindings:
        if binding.kind is BindingKind.ASSIGNED and binding.value == "?":
            found[first + binding.scope] += 1
    return found
