"""C, C++ and Objective-C: what a file defines itself, then what it includes, then what only one other file can mean."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.file_index import shared_folders
from indexing.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program, Receiver
from indexing.linking.slices import DeclaredTypes

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions

_MAX_INCLUDES = 400
_MAX_MEANINGS = 6
"""Overloads of one name in the headers of a file; more are left unknown."""
_MAX_VARIANTS = 12
"""Definitions of one name for as many systems."""
_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".m", ".mm")
_REMEMBERED = 16
"""Files whose includes are held at a time: names are asked for file by file."""
_NEAR_INCLUDES = 60
"""Includes of a file that defines a function, in which the header that declares it is looked for."""


class CDialect(Dialect):
    """The linker of C resolves a name by the objects it is given, which no file tells. A header that declares a function
    tells it where both its caller and one file that defines it include that header; else a name that a file neither defines
    nor includes is bound only where a single definition that other files can see has it, as a guess. Of several that are
    declared so (one for each system, say), those in the folders nearest to the caller are meant, as a guess.

    A namespace is spread over files: it is a folder value, whose path is its full name, and its members are looked up as
    names of a file are. `using namespace` adds the members of one to those of a file.
    """

    languages = ("c", "cpp", "objective-c")
    declared_types = DeclaredTypes.ALWAYS
    imports_chain = True
    receiver = "this"
    constructor = "<constructor>"
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._paths = {table.files[file].path: table.first[file] for file in program.files}
        self._by_ending: dict[str, list[str]] = {}
        for path in self._paths:
            self._by_ending.setdefault(path.rpartition("/")[2], []).append(path)
        self._members: dict[str, dict[str, list[int]]] = {"": {}}
        """By full name of the namespace (empty: none) and name: keys of definitions."""
        self._static: set[int] = set()
        for file in program.files:
            self._collect(table.first[file], "")
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind is SymbolKind.MODULE and definition.nesting:
                    self._collect(key, definition.nesting)
        self._known: dict[int, dict[str, int | None]] = {}
        """Where there are no namespaces, the nodes of the names that a module was asked for, once all is imported."""
        self._includes: dict[int, list[int]] = {}
        self._reached: dict[int, dict[int, int]] = {}
        self._using: dict[int, list[str]] = {}
        self._uses_libraries: set[int] = set()
        self._guesses: dict[tuple[int, ...], int] = {}
        self._unsure_of: dict[int, int] = {}
        self._near: dict[int, frozenset[int]] = {}
        self._elsewhere: dict[str, int | None] = {}
        self._elsewhere_of = -1
        """The file whose names from elsewhere are remembered."""
        self._declaring: dict[str, set[int]] = {}
        """By name of a function, the files that have a prototype of it."""
        for file in program.files:
            for item in table.files[file].facts.bindings:
                if not item.scope and item.kind is BindingKind.ANNOTATED and item.name.endswith("()"):
                    self._declaring.setdefault(item.name[:-2], set()).add(table.first[file])

    def _collect(self, scope: int, namespace: str) -> None:
        table, members = self.program.table, self._members.setdefault(namespace, {})
        for name, key in self.program.declared.get(scope, {}).items():
            members.setdefault(name, []).append(key)
            if "static" in table.definitions[key].signature.split(None, 3)[:2]:
                self._static.add(key)

    # -- imports -------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program, module = self.program, self.program.table.first[file]
        if not item.local:
            found = self._included(file, item.module)
            if found is not None:
                self._includes.setdefault(module, []).append(found)
            else:
                self._uses_libraries.add(module)
        elif item.name == "*":
            self._using.setdefault(module, []).append(item.module)
        else:
            path = f"{item.module}.{item.name}" if item.name else item.module
            node = self._constant(program.values.folder(path)) if path in self._members else None
            if node is None and item.name:
                node = self._meaning(module, item.module, item.name)
            known = node if node is not None else self._library(path)
            program.network.flow(known, program.variable(module + item.scope, item.local))

    def _included(self, file: int, spelling: str) -> int | None:
        """The header: where a command that compiles the file looks for it; else beside the file, from the root, or the only
        one whose path ends so."""
        name = spelling.strip('<>"')
        path, includes = self.program.table.files[file].path, self.program.own_names.includes
        for candidate in includes.headers(path, spelling):
            if candidate in self._paths:
                return self._paths[candidate]
        if includes.tells(path):
            return None
        for candidate in (normpath(join(dirname(path), name)), name):
            if candidate in self._paths:
                return self._paths[candidate]
        endings = [known for known in self._by_ending.get(name.rpartition("/")[2], ()) if known.endswith("/" + name)]
        return self._paths[endings[0]] if len(endings) == 1 else None

    def _reach(self, module: int) -> dict[int, int]:
        """The files that `module` includes, nearest first, and itself, with their rank."""
        known = self._reached.get(module)
        if known is None:
            known, queue = {}, deque([module])
            while queue and len(known) < _MAX_INCLUDES:
                included = queue.popleft()
                if included not in known:
                    known[included] = len(known)
                    queue.extend(self._includes.get(included, ()))
            if len(self._reached) >= _REMEMBERED:
                del self._reached[next(iter(self._reached))]
            self._reached[module] = known
        return known

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        if item.local:
            return ()  # `using` brings names near that an include has brought
        found = self._included(file, item.module)
        return (item.module.strip('<>"') if found is None else found,)

    # -- names ---------------------------------------------------------------------------------------------------------

    def beyond(self, scope: int, name: str) -> int | None:
        module = self.program.module(scope)
        if name in {"self", "super", "this"}:
            return self._receiver(scope, name)
        if len(self._members) == 1 and not self._using:
            names = self._known.setdefault(module, {})
            if name not in names:
                names[name] = self._outside(module, ("",), name)
            return names[name]
        return self._outside(module, self._namespaces(scope), name)

    def _outside(self, module: int, namespaces: Iterable[str], name: str) -> int | None:
        """The node of a name that is looked for in these namespaces as `module` sees them, then in the libraries."""
        for namespace in namespaces:
            node = self._within(module, namespace, name)
            if node is not None:
                return node
        outside = name == "std" or (module in self._uses_libraries and name not in self._members[""])
        return self._library(name) if outside else None

    def _namespaces(self, scope: int) -> Iterable[str]:
        """Where a name is looked for: the namespaces around, from the inside out, what is used, and none."""
        program, table = self.program, self.program.table
        at: int = scope
        while at >= 0:
            around = program.owner.get(at, at) if table.definitions[at].kind not in CLASS_KINDS else at
            nesting = table.definitions[around].nesting
            while nesting:
                if nesting in self._members:
                    yield nesting
                nesting = nesting.rpartition(".")[0]
            at = table.parent[at] if around == at else -1
        yield from self._using.get(program.module(scope), ())
        yield ""

    def _within(self, module: int, namespace: str, name: str) -> int | None:
        path = f"{namespace}.{name}" if namespace else name
        if path in self._members:
            return self._constant(self.program.values.folder(path))
        return self._meaning(module, namespace, name)

    def _meaning(self, module: int, namespace: str, name: str) -> int | None:
        """The definitions that a file can mean by a name: those it reaches, else the only one there is."""
        keys = self._members.get(namespace, {}).get(name)
        if not keys:
            return None
        program, table = self.program, self.program.table
        if len(keys) > 1 or program.module(keys[0]) != module:
            reach = self._reach(module)
            reached = [key for key in keys if program.module(key) in reach]
            if not reached or (len(reached) < len(keys) and all(map(self._renames, reached))):
                keys = [key for key in keys if not self._renames(key)]
                node = self._meaning_elsewhere(module, namespace, name, keys)
                return self._unsure(node) if reached and node is not None else node
            keys = sorted(reached, key=lambda key: reach[program.module(key)])
            if program.module(keys[0]) not in {module, program.module(keys[-1])} and self._are_functions(keys):
                return self._guess(tuple(keys)) if len(keys) <= _MAX_MEANINGS else None
        first = table.definitions[keys[0]].kind
        if namespace and first is SymbolKind.FUNCTION and 1 < len(keys) <= _MAX_MEANINGS:
            return self._guess(tuple(keys))
        return program.names[table.parent[keys[0]]].get(name)

    def _unsure(self, node: int) -> int:
        """What `node` holds, as a guess: what the macro stands for may be defined where this group of files cannot see."""
        known = self._unsure_of.get(node)
        if known is None:
            known = self._unsure_of[node] = self.program.network.node()
            self.program.network.guessed.add(known)
            self.program.network.flow(node, known)
        return known

    def _renames(self, key: int) -> bool:
        """Whether a macro gives the name another one that nothing here has, as only some builds do (`Z_PREFIX` in zlib)."""
        definition = self.program.table.definitions[key]
        if definition.kind is not SymbolKind.MACRO or f"{definition.name}(" in definition.signature:
            return False
        other = definition.signature.rpartition(" ")[2]
        return other.isidentifier() and other not in self._members[""] and other not in self._declaring

    def _meaning_elsewhere(self, module: int, namespace: str, name: str, keys: Sequence[int]) -> int | None:
        if self._elsewhere_of != module:
            self._elsewhere_of = module
            self._elsewhere.clear()
        path = f"{namespace}.{name}"
        if path not in self._elsewhere:
            visible = [key for key in keys if key not in self._static]
            self._elsewhere[path] = self._linked(module, name, visible)
        return self._elsewhere[path]

    def _linked(self, module: int, name: str, visible: Sequence[int]) -> int | None:
        """What a linker would put in the place of a name that `module` at most declares."""
        program, table = self.program, self.program.table
        reach = self._reach(module)
        headers = [header for header in self._declaring.get(name, ()) if header in reach]
        told = (
            [key for key in visible if not self._nearly_included(program.module(key)).isdisjoint(headers)] if headers else []
        )
        if len(told) == 1:
            return program.names[table.parent[told[0]]].get(name)
        if len(told) > 1 and self._are_functions(told):
            here = table.files[table.file_of[module]].path
            shared = [shared_folders(here, table.files[table.file_of[key]].path) for key in told]
            visible = [key for key, count in zip(told, shared, strict=True) if count == max(shared)]
            return self._guess(tuple(visible)) if len(visible) <= _MAX_VARIANTS else None
        return self._guess(tuple(visible)) if len(visible) == 1 else None

    def _nearly_included(self, module: int) -> frozenset[int]:
        """The files that `module` includes, the nearest ones, and itself."""
        known = self._near.get(module)
        if known is None:
            queue, found = deque([module]), {module}
            while queue and len(found) < _NEAR_INCLUDES:
                fresh = [included for included in self._includes.get(queue.popleft(), ()) if included not in found]
                queue.extend(fresh)
                found.update(fresh)
            known = self._near[module] = frozenset(found)
        return known

    def _are_functions(self, keys: Sequence[int]) -> bool:
        return all(self.program.table.definitions[key].kind in FUNCTION_KINDS for key in keys)

    def member_of_module(self, module: int, name: str) -> int | None:
        """A namespace that this file opens is the one that others open, too."""
        node = super().member_of_module(module, name)
        nesting = self.program.table.definitions[module].nesting
        return node if node is not None or not nesting else self._within(self.program.module(module), nesting, name)

    def member_of_folder(self, path: str, name: str) -> int | None:
        inner = f"{path}.{name}"
        if inner in self._members:
            return self._constant(self.program.values.folder(inner))
        keys = [key for key in self._members.get(path, {}).get(name, ()) if not self._is_hidden(key)]
        if len(keys) == 1:
            return self.program.names[self.program.table.parent[keys[0]]].get(name)
        return self._guess(tuple(keys)) if 1 < len(keys) <= _MAX_MEANINGS else None

    def _is_hidden(self, key: int) -> bool:
        """Whether no file but its own can mean a definition; what is static in a header is meant to be included."""
        table = self.program.table
        return key in self._static and table.files[table.file_of[key]].path.endswith(_SOURCES)

    def _library(self, name: str) -> int:
        """What no file here defines comes from the libraries whose headers are included; from which one, no one says."""
        node = self._constant(self.program.values.external(name))
        self.program.network.guessed.add(node)
        return node

    def _guess(self, keys: tuple[int, ...]) -> int:
        node = self._guesses.get(keys)
        if node is None:
            network, table = self.program.network, self.program.table
            node = self._guesses[keys] = network.node()
            network.guessed.add(node)
            for key in keys:
                network.flow(self.program.names[table.parent[key]][table.definitions[key].name], node)
        return node

    def makes_instances(self, scope: int) -> bool:
        """`(size)(x)` reads as a call where it is a cast; only C has no constructors."""
        table = self.program.table
        return table.files[table.file_of[scope]].language != "c"

    # -- classes -------------------------------------------------------------------------------------------------------

    def _class_of(self, scope: int) -> tuple[int, int] | None:
        """The method around `scope` and its class; the class twice where `scope` is in none of its methods."""
        program, table = self.program, self.program.table
        while scope >= 0:
            if scope in program.owner:
                return scope, program.owner[scope]
            if table.definitions[scope].kind in CLASS_KINDS:
                return scope, scope
            scope = table.parent[scope]
        return None

    def _receiver(self, scope: int, name: str) -> int | None:
        found = self._class_of(scope)
        if found is None:
            return None
        method, cls = found
        if name == "super":
            return self._constant(v.make(v.SUPER, cls))
        of_class = self.program.table.definitions[method].signature.startswith("+")  # a class method of Objective-C
        return self._constant(v.make(v.CLASS if of_class else v.INSTANCE, cls))

    def super_of(self, scope: int) -> int | None:
        return self._receiver(scope, "super")

    def place(self, key: int, expressions: Expressions) -> None:
        """A method that stands outside of its class: `void Type::run() {…}`, `@implementation Type`."""
        program, table = self.program, self.program.table
        definition, parent = table.definitions[key], table.parent[key]
        outer = table.definitions[parent].nesting
        path = definition.nesting.removeprefix(outer + ".") if outer else definition.nesting
        owner = path.removesuffix(definition.name).rstrip(".")
        name, value = program.member_name(key), program.definition_value(key)
        for found in expressions.fixed_values(parent, owner) if owner else ():
            kind, cls = found & v.KIND_MASK, found >> v.KIND_BITS
            if kind == v.CLASS:
                self._place_in(cls, key, name, value)
                return

    def _place_in(self, cls: int, key: int, name: str, value: int | None) -> None:
        program = self.program
        node = program.variable(cls, name)
        program.declared.setdefault(cls, {}).setdefault(name, key)
        if value is None:
            return
        network, of_class = program.network, program.table.definitions[key].signature.startswith("+")
        program.owner[key] = cls
        program.receivers[key] = Receiver.CLASS if of_class else Receiver.INSTANCE
        network.add(node, value)
        network.add(program.variable(key, self.receiver), v.make(v.INSTANCE, cls))
