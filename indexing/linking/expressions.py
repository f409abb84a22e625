"""Access paths to nodes of the assignment graph."""

from __future__ import annotations

from collections.abc import Callable

from indexing.linking import values as v
from indexing.linking.access import (
    ATTRIBUTE,
    CALLING,
    ENTRY,
    StepKind,
    is_path_to_follow,
    is_root,
    last_step,
    parse_path,
)
from indexing.linking.dialect import Dialect
from indexing.linking.members import Members
from indexing.linking.network import Held, Use
from indexing.linking.program import CALLED, Program
from indexing.linking.semantics import Call, Semantics

_AS_CALLEE = "("
"""Marks a path whose last name is looked for among the methods; no path ends so by itself."""
_ANONYMOUS = "<value"
_Argument = tuple[str, int]
_NO_TYPES = frozenset({v.FUNCTION, v.INSTANCE, v.BOUND, v.CONTAINER})


class Paths(dict[str, "int | None"]):
    """The nodes of the paths in one scope; that of a path that is asked for is made. None where the root is unknown."""

    __slots__ = ("_make", "_scope")

    def __init__(self, scope: int, make: Callable[[Paths, int, str], int | None]) -> None:
        self._scope = scope
        self._make = make

    def __missing__(self, text: str) -> int | None:
        node = self[text] = self._make(self, self._scope, text)
        return node


class Expressions:
    """One node a scope and path. Uses are collected and registered together by `commit`, when every call has its
    arguments."""

    def __init__(self, program: Program, dialect: Dialect, members: Members, semantics: Semantics) -> None:
        self._program = program
        self._dialect = dialect
        self._members = members
        self._semantics = semantics
        self._paths: dict[int, Paths] = {}
        self._arguments: dict[int, list[_Argument]] = {}
        self._uses: list[tuple[int, Use]] = []
        self._anonymous: dict[int, bool] = {}
        """Nodes of anonymous values, and whether anything was assigned to them."""

    def release(self) -> None:
        """Let go of what knows these expressions."""
        self._paths.clear()

    def paths(self, scope: int) -> Paths:
        """The nodes of the paths in `scope`."""
        paths = self._paths.get(scope)
        if paths is None:
            paths = self._paths[scope] = Paths(scope, self._make)
        return paths

    def node(self, scope: int, text: str) -> int | None:
        """The node of the path `text` in `scope`; None where its root is unknown."""
        return self.paths(scope)[text]

    def _make(self, paths: Paths, scope: int, text: str) -> int | None:
        if text.isidentifier():  # as half of all are
            return self.lookup(scope, text)
        if not is_path_to_follow(text):
            return None
        apart = self._program.methods_apart
        called = apart and text[-1:] == _AS_CALLEE
        step = last_step(text[:-1] if called else text)
        if step is None:
            return None
        before, kind, name = step
        if not before:
            return (called and self.lookup(scope, name + CALLED)) or self.lookup(scope, name)
        node = paths[before + _AS_CALLEE if apart and kind is CALLING and before[-1] not in ")]" else before]
        if text == "super()":
            return self._dialect.super_of(scope)
        return None if node is None else self._after(node, kind, name + CALLED if called else name)

    def callee(self, scope: int, text: str) -> int | None:
        """The node of what a call of the path `text` calls."""
        paths = self.paths(scope)
        if not self._program.methods_apart:
            return paths[text]
        paths[text + "()"]  # makes it
        return paths.get(text + _AS_CALLEE)

    def _after(self, before: int, kind: StepKind, name: str) -> int:
        node = self._program.network.node()
        if kind is ATTRIBUTE:
            self._uses.append((before, (self._semantics.load, name, node)))
        elif kind is ENTRY:
            self._uses.append((before, (self._semantics.entry, name, node)))
            self._program.network.guessed.add(node)
        else:
            arguments = self._arguments[node] = []
            self._uses.append((before, (self._semantics.call, Call(arguments, node), node)))
        return node

    def arguments(self, scope: int, callee: str) -> list[_Argument] | None:
        """The arguments of the calls of `callee` in `scope`, to be added to; None where the callee is unknown."""
        result = self.node(scope, callee + "()")
        return None if result is None else self._arguments.get(result)

    def lookup(self, scope: int, name: str) -> int | None:
        """The node of a bare name, by the rules of scope of the language."""
        program, dialect = self._program, self._dialect
        if name.startswith(_ANONYMOUS):
            node = program.variable(scope, name)
            self._anonymous.setdefault(node, False)
            return node
        names, parents, is_class = program.names, program.table.parent, program.is_class
        at, looks_in_classes = scope, dialect.sees_class_scopes
        while at >= 0:
            bound = names.get(at)
            if bound and (found := bound.get(name)) is not None and (at == scope or not is_class[at]):
                return found
            parent = parents[at]
            if looks_in_classes:
                if is_class[at] and self._members.has(at, name):
                    return self._members.member(at, name, of_instance=True)
                owner = program.owner.get(at)
                if owner is not None and owner != parent and self._members.has(owner, name):
                    return self._members.member(owner, name, of_instance=True)  # a method that stands outside of its class
            at = parent
        if name == "super":
            return dialect.beyond(scope, name) or dialect.super_of(scope)
        return dialect.beyond(scope, name)

    def fixed_values(self, scope: int, text: str) -> list[int]:
        """What a path of names and attributes stands for by declarations and imports alone, without propagation."""
        root, steps = (text, ()) if text.isidentifier() else parse_path(text) or ("", ())
        node = self.lookup(scope, root) if root else None
        if node is None:
            return []
        network = self._program.network
        held = network.values(node)
        while self._dialect.types_apart and scope >= 0 and not _tells_type(held):
            scope = self._program.table.parent[scope]
            node = self.lookup(scope, root) if scope >= 0 else None
            held = network.values(node) if node is not None else ()
        found = list(held)
        for kind, name, _ in steps:
            if kind is ENTRY:
                continue
            if kind is CALLING:
                return []
            found = [value for before in found for value in self._fixed_attribute(before, name)]
        return found

    def _fixed_attribute(self, value: int, name: str) -> list[int]:
        program = self._program
        kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
        node: int | None = None
        if kind == v.EXTERNAL:
            return [program.values.external(f"{program.values.externals[reference]}.{name}")]
        if kind in {v.CLASS, v.FUNCTION}:  # a function may hold the type that it makes
            node = program.names.get(reference, {}).get(name)
        elif kind == v.MODULE:
            node = self._dialect.member_of_module(reference, name)
        elif kind == v.FOLDER:
            node = self._dialect.member_of_folder(program.values.folders[reference], name)
        return list(program.network.values(node)) if node is not None else []

    def assign(self, scope: int, name: str, source: int) -> None:
        """Let what the path `name` names (a variable, an attribute, an entry) hold what `source` holds."""
        step = None if name.isidentifier() else last_step(name) if is_path_to_follow(name) else None
        if step is None and not name.isidentifier():
            return
        if step is None or not step[0]:
            known = self._program.names.get(scope, {}).get(name) or self.lookup(scope, name)
            target = known or self._program.variable(scope, name)
            if name.startswith(_ANONYMOUS):
                self._anonymous[target] = True
            self._program.network.flow(source, target)
            return
        before, kind, last = step
        base = self.node(scope, before)
        if base is None or kind is CALLING:
            return
        if kind is ATTRIBUTE:
            if before.startswith(_ANONYMOUS) and is_root(before):
                self.make_container(scope, before)
            self._uses.append((base, (self._semantics.store, (last, source), -1)))
        else:
            self.make_container(scope, before)
            self._uses.append((base, (self._semantics.put, (last, source), -1)))

    def make_container(self, scope: int, name: str) -> None:
        """What gets entries holds a container of its own, whatever else it holds."""
        paths = self.paths(scope)
        mark = name + "[]="
        if mark not in paths:
            paths[mark] = source = self._program.network.constant(self._program.values.container())
            self.assign(scope, name, source)

    def commit(self) -> None:
        """Hand all collected uses to the network."""
        network = self._program.network
        uses, self._uses = self._uses, []
        network.use_all(uses)
        for node, assigned in self._anonymous.items():
            if not assigned:
                network.add(node, self._program.values.container())
        self._anonymous = {}


def _tells_type(values: Held) -> bool:
    return any(value & v.KIND_MASK not in _NO_TYPES for value in values)
