"""Ruby: classes and modules that are open, constants by scope, methods of everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import dirname, join, normpath

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.parts import join_parts, union, with_bases
from indexing.linking.program import Program, Receiver

_NAMES = """
Array BasicObject Class Comparable Date DateTime Dir ENV Encoding Enumerable Enumerator Errno Exception Fiber File FileUtils
Float GC Hash IO Integer JSON Kernel KeyError Logger Marshal Math Method Module Monitor Mutex NameError NoMethodError
NotImplementedError Numeric Object ObjectSpace OpenStruct Pathname Proc Process Queue Random Range Rational Regexp
RuntimeError SecureRandom Set Signal StandardError String StringIO Struct Symbol Tempfile Thread Time Timeout TypeError URI
ArgumentError IOError IndexError RangeError StopIteration SystemExit YAML
abort at_exit caller catch exit format fork freeze gets instance_variable_get instance_variable_set p pp print printf putc
puts rand require_relative select sleep sprintf srand system throw warn
"""
_BUILTINS = frozenset(_NAMES.split())


class RubyDialect(Dialect):
    """A class is one however often it is opened. A constant is looked for in the scopes around, in the ancestors of the
    class, then among those outside; a method without a receiver in the class and its ancestors, then outside."""

    languages = ("ruby",)
    receiver = "self"
    constructor = "initialize"
    call_method = "call"
    root_class = "<builtin>.Object"
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._whole: dict[int, int] = {}
        """The class that stands for all places a class is opened in."""
        self._top: dict[str, list[int]] = {}
        self._modules = {table.files[file].path: table.first[file] for file in program.files}
        self._endings: dict[str, list[str]] = {}
        for path in self._modules:
            self._endings.setdefault(path.rpartition("/")[2], []).append(path)
        opened: dict[str, list[int]] = {}
        for file in program.files:
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind is SymbolKind.CLASS:
                    opened.setdefault(definition.nesting, []).append(key)
                elif table.parent[key] == table.first[file] and definition.kind is not SymbolKind.LAMBDA:
                    self._top.setdefault(definition.name, []).append(program.names[table.first[file]][definition.name])
                if definition.signature.startswith("def self.") and key in program.owner:
                    program.receivers[key] = Receiver.CLASS
        bases = with_bases(program)
        for keys in opened.values():
            self._open(keys, bases)
        for key, owner in program.owner.items():
            if program.receivers.get(key) is Receiver.CLASS:
                program.names.setdefault(key, {})[self.receiver] = self._constant(v.make(v.CLASS, owner))
        for nesting in opened:
            self._name(nesting, opened)

    def _open(self, keys: list[int], bases: set[int]) -> None:
        whole = next((key for key in keys if key in bases), keys[0])
        self._whole.update(dict.fromkeys(keys, whole))
        if len(keys) > 1:
            join_parts(self.program, keys, whole, self.receiver)

    def _name(self, nesting: str, opened: Mapping[str, list[int]]) -> None:
        """Wherever a class is opened, its name stands for the whole."""
        program, table, keys = self.program, self.program.table, opened[nesting]
        node = self._constant(v.make(v.CLASS, self._whole[keys[0]]))
        outer, _, name = nesting.rpartition(".")
        if not outer:
            self._top.setdefault(name, []).append(node)
        for key in keys:
            parent = table.parent[key]
            around = table.definitions[parent].nesting
            if around == outer:
                program.names.setdefault(parent, {})[name] = node
            elif outer in opened:  # `class A::B`
                program.names.setdefault(self._whole[opened[outer][0]], {})[name] = node

    def beyond(self, scope: int, name: str) -> int | None:
        cls = self.class_around(scope)
        if cls is not None and self._whole.get(cls, cls) != cls:  # what the whole class inherits
            whole = self._whole[cls]
            if (node := self.semantics.known_member(whole, name)) is not None:
                return node
        return self.beyond_module(self.program.module(scope), name)

    def beyond_module(self, module: int, name: str) -> int | None:
        nodes = self._top.get(name)
        if nodes:
            return union(self.program, list(dict.fromkeys(nodes)))
        if name in _BUILTINS:
            return self._constant(self.program.values.external("<builtin>." + name))
        return None

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, self._whole.get(cls, cls)))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        path = item.module if item.module.endswith(".rb") else f"{item.module}.rb"
        if item.level:
            near = normpath(join(dirname(self.program.table.files[file].path), path))
            return (self._modules[near],) if near in self._modules else ()
        ending = "/" + path
        found = [one for one in self._endings.get(path.rpartition("/")[2], ()) if f"/{one}".endswith(ending)]
        return (self._modules[found[0]],) if len(found) == 1 else () if found else (item.module,)
