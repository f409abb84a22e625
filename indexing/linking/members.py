"""Members of classes: what `instance.name` and `Class.name` stand for, through all ancestors."""

from __future__ import annotations

from indexing.linking.hierarchy import Hierarchy
from indexing.linking.network import Argument, Held, Network
from indexing.linking.program import CALLED, Program, Receiver
from indexing.linking.values import FUNCTION, KIND_BITS, KIND_MASK

_MAX_OVERRIDES = 6
"""A method that the class lacks is looked for in its subclasses; in more than this many it is left unknown."""

_Member = tuple[int, str, bool]


class Members:
    """One node a class and name, made when first asked for and kept up to date as fields appear."""

    __slots__ = ("_fields", "_hierarchy", "_members", "_network", "_program", "_watchers", "binding", "declared_fields")

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._network: Network = program.network
        self._hierarchy = hierarchy
        self._members: dict[_Member, int] = {}
        self._fields: dict[tuple[int, str], int] = {}
        self._watchers: dict[str, list[tuple[int, int]]] = {}
        self.binding = self._network.handle(self._bind_values)
        """The kind of use that fills a member from the variable of the class that has it."""
        self.declared_fields: set[tuple[int, str]] = set()
        """Fields that the methods of a class assign, known before anything is propagated."""

    def member(self, cls: int, name: str, *, of_instance: bool) -> int:
        """The node of a member as an instance (or the class itself) shows it, methods bound to their receiver."""
        key = (cls, name, of_instance)
        node = self._members.get(key)
        if node is None:
            node = self._members[key] = self._network.node()
            found = self._find(cls, 0, name, node, of_instance=of_instance)
            if not found and self._program.methods_apart and not name.endswith(CALLED):
                found = self._find(cls, 0, name + CALLED, node, of_instance=of_instance)  # a method that is handed on
            if not found and of_instance:
                self._find_below(cls, name, node)
            self._watchers.setdefault(name, []).append((cls, node))
        return node

    def inherited(self, cls: int, name: str) -> int:
        """The node of a member as `super()` within a method of `cls` shows it."""
        key = (cls, "super()." + name, True)
        node = self._members.get(key)
        if node is None:
            node = self._members[key] = self._network.node()
            self._find(cls, 1, name, node, of_instance=True)
        return node

    def declared(self, cls: int, name: str) -> int | None:
        """The definition of `name` in the class or its nearest ancestor within the source."""
        declared = self._program.declared
        for base in self._hierarchy.line(cls):
            if isinstance(base, int) and (found := declared.get(base, {}).get(name)) is not None:
                return found
        return None

    def has(self, cls: int, name: str) -> bool:
        """Whether the class or an ancestor within the source defines `name`."""
        names = self._program.names
        if (own := names.get(cls)) and name in own:
            return True
        for base in self._hierarchy.line(cls):
            if (held := names.get(base) if isinstance(base, int) else None) and name in held:
                return True
        return False

    def field(self, cls: int, name: str) -> int:
        """The node that assignments to `instance.name` store into."""
        node = self._fields.get((cls, name))
        if node is None:
            node = self._fields[cls, name] = self._network.node()
            for other, member in self._watchers.get(name, ()):
                if cls in self._hierarchy.line(other):
                    self._network.flow(node, member)
        return node

    def _find(self, cls: int, skip: int, name: str, node: int, *, of_instance: bool) -> bool:
        names, found = self._program.names, False
        for base in self._hierarchy.line(cls)[skip:]:
            if isinstance(base, str):
                if not found and base:
                    self._network.add(node, self._program.values.external(f"{base}.{name.removesuffix(CALLED)}"))
                found = True
                continue
            variable = None if found else names.get(base, {}).get(name)
            if variable is not None:
                self._network.use(variable, self.binding, (cls, of_instance), node)
                found = True
            field = self._fields.get((base, name))
            if field is not None:
                self._network.flow(field, node)
            found = found or (base, name) in self.declared_fields
        return found

    def _find_below(self, cls: int, name: str, node: int) -> None:
        """A name that only subclasses define: a mixin or an abstract class calling what is to be supplied."""
        names, fields = self._program.names, self.declared_fields
        below = [sub for sub in self._hierarchy.subclasses(cls) if name in names.get(sub, ()) or (sub, name) in fields]
        if 0 < len(below) <= _MAX_OVERRIDES:
            self._network.guessed.add(node)
            for sub in below:
                if name in names.get(sub, ()):
                    self._network.use(names[sub][name], self.binding, (sub, True), node)
                if (sub, name) in fields:
                    self._network.flow(self.field(sub, name), node)

    def _bind_values(self, argument: Argument, target: int, fresh: Held) -> None:
        cls, of_instance = argument
        program, network = self._program, self._network
        for value in fresh:
            if value & KIND_MASK != FUNCTION:
                network.add(target, value)
                continue
            function = value >> KIND_BITS
            receiver = program.receivers.get(function, Receiver.INSTANCE)
            if receiver is Receiver.PROPERTY and of_instance:
                network.flow(program.result(function), target)
            elif receiver is Receiver.CLASS or (receiver is Receiver.INSTANCE and of_instance):
                network.add(target, program.values.bind(function, cls))
            else:
                network.add(target, value)
