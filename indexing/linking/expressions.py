"""Access paths to nodes of the assignment graph."""

from __future__ import annotations

from indexing.linking import values as v
from indexing.linking.access import ATTRIBUTE, CALLING, ENTRY, StepKind, parse_path
from indexing.linking.dialect import Dialect
from indexing.linking.members import Members
from indexing.linking.network import Argument
from indexing.linking.program import CALLED, CLASS_KINDS, Program
from indexing.linking.semantics import Call, Semantics

_AS_CALLEE = "("
"""Marks a path whose last name is looked for among the methods; no path ends so by itself."""
_ANONYMOUS = "<value"
_Argument = tuple[str, int]
_NO_TYPES = frozenset({v.FUNCTION, v.INSTANCE, v.BOUND, v.CONTAINER})


class Expressions:
    """One node a scope and path. Uses are collected and registered together by `commit`, when every call has its
    arguments."""

    def __init__(self, program: Program, dialect: Dialect, members: Members, semantics: Semantics) -> None:
        self._program = program
        self._dialect = dialect
        self._members = members
        self._semantics = semantics
        self._nodes: dict[int, dict[str, int | None]] = {}
        self._arguments: dict[int, list[_Argument]] = {}
        self._uses: list[tuple[int, int, Argument, int]] = []
        self._anonymous: dict[int, bool] = {}
        """Nodes of anonymous values, and whether anything was assigned to them."""

    def node(self, scope: int, text: str) -> int | None:
        """The node of the path `text` in `scope`; None where its root is unknown."""
        nodes = self._nodes.get(scope)
        if nodes is None:
            nodes = self._nodes[scope] = {}
        elif text in nodes:
            return nodes[text]
        if text.isidentifier():  # as half of all are
            node = nodes[text] = self.lookup(scope, text)
            return node
        path = parse_path(text)
        if path is None:
            nodes[text] = None
            return None
        root, steps = path
        apart = self._program.methods_apart
        called = apart and bool(steps) and steps[0].kind is CALLING
        mark = root + _AS_CALLEE if called else root
        if mark in nodes:
            node = nodes[mark]
        else:
            node = nodes[mark] = (called and self.lookup(scope, root + CALLED)) or self.lookup(scope, root)
        for position, (kind, name, prefix) in enumerate(steps, 1):
            mark, asked = prefix, name
            if apart and kind is ATTRIBUTE and position < len(steps) and steps[position].kind is CALLING:
                mark, asked = prefix + _AS_CALLEE, name + CALLED
            if mark in nodes:
                node = nodes[mark]
                continue
            before = node
            if prefix == "super()":
                node = self._dialect.super_of(scope)
            elif before is not None:
                node = self._after(before, kind, asked)
            nodes[mark] = node
        return node

    def callee(self, scope: int, text: str) -> int | None:
        """The node of what a call of the path `text` calls."""
        if not self._program.methods_apart:
            return self.node(scope, text)
        self.node(scope, text + "()")
        return self._nodes[scope].get(text + _AS_CALLEE)

    def _after(self, before: int, kind: StepKind, name: str) -> int:
        node = self._program.network.node()
        if kind is ATTRIBUTE:
            self._uses.append((before, self._semantics.load, name, node))
        elif kind is ENTRY:
            self._uses.append((before, self._semantics.entry, name, node))
            self._program.network.guessed.add(node)
        else:
            arguments = self._arguments[node] = []
            self._uses.append((before, self._semantics.call, Call(arguments, node), node))
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
        names, parents, definitions = program.names, program.table.parent, program.table.definitions
        own, at, looks_in_classes = True, scope, dialect.sees_class_scopes
        while at >= 0:
            bound, is_class = names.get(at), definitions[at].kind in CLASS_KINDS
            if bound and (own or not is_class) and (node_here := bound.get(name)) is not None:
                return node_here
            parent = parents[at]
            if looks_in_classes:
                if is_class and self._members.has(at, name):
                    return self._members.member(at, name, of_instance=True)
                owner = program.owner.get(at)
                if owner is not None and owner != parent and self._members.has(owner, name):
                    return self._members.member(owner, name, of_instance=True)  # a method that stands outside of its class
            own, at = False, parent
        if name == "super":
            return dialect.beyond(scope, name) or dialect.super_of(scope)
        return dialect.beyond(scope, name)

    def fixed_values(self, scope: int, text: str) -> list[int]:
        """What a path of names and attributes stands for by declarations and imports alone, without propagation."""
        path = parse_path(text)
        node = self.lookup(scope, path.root) if path else None
        if path is None or node is None:
            return []
        network = self._program.network
        held = list(network.values(node))
        while self._dialect.types_apart and scope >= 0 and all(value & v.KIND_MASK in _NO_TYPES for value in held):
            scope = self._program.table.parent[scope]
            node = self.lookup(scope, path.root) if scope >= 0 else None
            held = list(network.values(node)) if node is not None else []
        for kind, name, _ in path.steps:
            if kind is ENTRY:
                continue
            if kind is CALLING:
                return []
            held = [value for before in held for value in self._fixed_attribute(before, name)]
        return held

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
        path = parse_path(name)
        if path is None:
            return
        if not path.steps:
            known = self._program.names.get(scope, {}).get(name) or self.lookup(scope, name)
            target = known or self._program.variable(scope, name)
            if name.startswith(_ANONYMOUS):
                self._anonymous[target] = True
            self._program.network.flow(source, target)
            return
        kind, last, _ = path.steps[-1]
        before = path.steps[-2].prefix if len(path.steps) > 1 else path.root
        base = self.node(scope, before)
        if base is None or kind is CALLING:
            return
        if kind is ATTRIBUTE:
            if before.startswith(_ANONYMOUS) and len(path.steps) == 1:
                self.make_container(scope, before)
            self._uses.append((base, self._semantics.store, (last, source), -1))
        else:
            self.make_container(scope, before)
            self._uses.append((base, self._semantics.put, (last, source), -1))

    def make_container(self, scope: int, name: str) -> None:
        """What gets entries holds a container of its own, whatever else it holds."""
        nodes = self._nodes.setdefault(scope, {})
        mark = name + "[]="
        if mark not in nodes:
            nodes[mark] = source = self._program.network.constant(self._program.values.container())
            self.assign(scope, name, source)

    def commit(self) -> None:
        """Hand all collected uses to the network."""
        network = self._program.network
        uses, self._uses = self._uses, []
        for node, handler, argument, other in uses:
            network.use(node, handler, argument, other)
        for node, assigned in self._anonymous.items():
            if not assigned:
                network.add(node, self._program.values.container())
        self._anonymous = {}
