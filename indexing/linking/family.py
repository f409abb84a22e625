"""Linking the files of one language family: their facts become an assignment graph, which is propagated."""

from __future__ import annotations

from collections.abc import Sequence

from core.cancellation import CancellationToken
from core.model.symbol import Binding, Reference
from indexing.kinds import ANNOTATED, ARGUMENT, ASSIGNED, CALL, IMPLICIT, PARAMETER, READ, RETURNED
from indexing.linking import values as v
from indexing.linking.containers import FILLS
from indexing.linking.declarations import Declarations, is_alias
from indexing.linking.dialect import Dialect
from indexing.linking.dispatch import Dispatch
from indexing.linking.expressions import Expressions
from indexing.linking.hierarchy import Base, Hierarchy
from indexing.linking.members import Members
from indexing.linking.overrides import Overrides
from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.program import Program, Receiver
from indexing.linking.semantics import DECORATED, Call, Semantics
from indexing.linking.slices import DeclaredTypes
from indexing.linking.table import DefinitionTable

_MAX_DECORATORS = 5
"""Rounds of letting decorators that nothing is known of hand on what they decorate, the innermost first."""


class Family:
    """The solved assignment graph of the files of one family."""

    def __init__(
        self,
        table: DefinitionTable,
        files: list[int],
        dialect: type[Dialect],
        cancellation: CancellationToken,
        own_names: OwnNames = NO_NAMES,
    ) -> None:
        self.program = Program(table, files, dialect.constructor, methods_apart=dialect.methods_apart, own_names=own_names)
        self.hierarchy = Hierarchy()
        self._cancellation = cancellation
        self._members = Members(self.program, self.hierarchy)
        self.overrides = Overrides(self.program, self.hierarchy, self._members)
        declarations = Declarations(self.program, dialect, self._members)
        self._decorators = declarations.decorators
        self._decorated: list[tuple[int, int, int]] = []
        """The node of each decorator, of what it is given, and of what comes out."""
        self._filled: dict[tuple[int, str], None] = {}
        """Scopes and paths that a method was called on that puts something into a container."""
        self._told: set[tuple[int, str]] = set()
        """Functions, and which part of their results, whose declared type says all there is to know."""
        self.dialect = dialect(self.program)
        self.semantics = Semantics(self.program, self.dialect, self._members, Dispatch(self.program, self.hierarchy))
        self.expressions = Expressions(self.program, self.dialect, self._members, self.semantics)
        self.dialect.start(self.semantics)
        self._import(declarations.aliases)
        self._inherit(declarations.inheriting)
        for key in declarations.elsewhere:
            self.dialect.place(key, self.expressions)
        for file in files:
            cancellation.check("linking")
            self._constrain(file)
        self._decorate()
        self._propagate()

    def release(self) -> None:
        """Let the parts forget each other, so that all of it is freed at once: looking for cycles among millions of records
        takes a fifth of the time of linking them."""
        self.program.network.release()
        self.expressions.release()
        self.dialect.release()

    def _import(self, aliases: Sequence[tuple[int, Binding]]) -> None:
        """Imports and plain aliases of modules and classes: what inheritance needs to be known."""
        table, network = self.program.table, self.program.network
        # What is imported may have come by a wildcard, so these go first.
        for wildcard in (True, False):
            for file in self.program.files:
                for item in table.files[file].facts.imports:
                    if (item.name == "*") is wildcard:
                        self.dialect.bind_import(file, item)
        for scope, binding in aliases:
            source = self.expressions.lookup(scope, binding.value)
            if source is not None:
                network.flow(source, self.program.variable(scope, binding.name))
        network.run(self._cancellation)

    def _inherit(self, inheriting: Sequence[tuple[int, str]]) -> None:
        table = self.program.table
        named: list[dict[int, list[str]]] = []
        """By how many classes are around a class: what it says that it inherits."""
        for cls, target in inheriting:
            depth, around = 0, table.parent[cls]
            while around >= 0:
                depth += self.program.is_class[around]
                around = table.parent[around]
            named.extend({} for _ in range(len(named), depth + 1))
            named[depth].setdefault(cls, []).append(target)
        # A class within another may inherit from one that the outer class inherits, so that must be known first.
        for level in named:
            found = {
                cls: [base for target in targets for base in self._bases(cls, target)] for cls, targets in level.items()
            }
            for cls, bases in found.items():
                self.hierarchy.set_bases(cls, bases)

    def _bases(self, cls: int, target: str) -> list[Base]:
        """Classes by key; a base outside of the source by name, `""` where not even that is known."""
        found: list[Base] = []
        for value in self.expressions.fixed_values(self.program.table.parent[cls], target):
            kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
            if kind == v.CLASS:
                found.append(reference)
            elif kind == v.EXTERNAL:
                name = self.program.values.externals[reference]
                if name == self.dialect.root_class:
                    return []
                found.append(name)
        return found or [""]

    def _constrain(self, file: int) -> None:
        table = self.program.table
        facts, first = table.files[file].facts, table.first[file]
        arguments: list[tuple[str, int]] | None = None
        scope, callee, filled, paths = -1, "", "", self.expressions.paths(first)
        for binding in facts.bindings:
            if binding.kind is not ARGUMENT:
                self._constrain_binding(first + binding.scope, binding)
                continue
            called, _, slot = binding.name.rpartition("(")
            if called != callee or binding.scope != scope:  # mostly it is of the call that the last one was of
                scope, callee = binding.scope, called
                paths = self.expressions.paths(first + scope)
                arguments = self.expressions.arguments(first + scope, callee)
                base, _, method = callee.rpartition(".")
                filled = base if method in FILLS else ""
            source = paths[binding.value] if arguments is not None else None
            if arguments is not None and source is not None:
                arguments.append((slot.removesuffix(")"), source))
                if filled:
                    self._filled[first + scope, filled] = None
        self._refer(first, facts.references)

    def _refer(self, first: int, references: Sequence[Reference]) -> None:
        """Make the nodes of what is used in a file."""
        scope, paths = 0, self.expressions.paths(first)
        for reference in references:
            kind, target = reference.kind, reference.target
            if scope != reference.scope:
                scope = reference.scope
                paths = self.expressions.paths(first + scope)
            if kind is CALL:
                paths[target + "()"]
            elif kind is READ:
                paths[target]
            elif kind is IMPLICIT:
                base, _, name = target.rpartition(".")
                paths[target[:-2] if name.endswith("()") else base or name]

    def _constrain_binding(self, scope: int, binding: Binding) -> None:
        expressions, network = self.expressions, self.program.network
        kind, name = binding.kind, binding.name
        if kind is ASSIGNED:
            source = expressions.node(scope, binding.value)
            if source is not None and not is_alias(self.program, scope, binding):
                expressions.assign(scope, name, source)
        elif kind is RETURNED:
            self._return(scope, binding)
        elif kind is ANNOTATED and name.startswith("()"):
            where = name[2:]
            for value in self._declared_type(scope, binding.value):
                result = self.semantics.returned(scope, where)
                network.add(result, value)
                self._open(result, value)
                if value & v.KIND_MASK == v.INSTANCE and self.dialect.declared_types is DeclaredTypes.ALWAYS:
                    self._told.add((scope, where))
        elif kind is ANNOTATED:
            for value in self._declared_type(scope, binding.value):
                source = network.constant(value)
                self._open(source, value)
                expressions.assign(scope, name, source)
        elif kind is PARAMETER and binding.value:
            self._declare_parameter(scope, binding)

    def _return(self, scope: int, binding: Binding) -> None:
        program = self.program
        source = self.expressions.node(scope, binding.value)
        if source is None or (scope, binding.name) in self._told:
            return
        if binding.name:
            program.network.flow(source, self.semantics.returned(scope, binding.name))
        elif program.receivers.get(scope) is Receiver.INSTANCE and source == self._receiver_node(scope):
            program.returns_receiver.add(scope)
        elif self._is_plain_parameter(scope, source) and program.returns_parameter.setdefault(scope, source) == source:
            pass
        else:
            program.network.flow(source, program.result(scope))

    def _is_plain_parameter(self, function: int, node: int) -> bool:
        """Whether a node is a parameter of which no declared type and no default says more than its arguments."""
        parameters = self.program.parameters.get(function)
        if parameters is None or node not in parameters.positional or node in parameters.declared:
            return False
        return node not in self.program.assigned_parameters

    def _receiver_node(self, function: int) -> int:
        program = self.program
        if self.dialect.receiver:
            return program.names.get(function, {}).get(self.dialect.receiver, -1)
        parameters = program.parameters.get(function)
        return parameters.positional[0] if parameters and parameters.positional else -1

    def _declare_parameter(self, scope: int, binding: Binding) -> None:
        program = self.program
        parameters, name = program.parameters[scope], binding.name.lstrip("*.")
        node = program.variable(scope, name)
        target = node
        if name != binding.name:
            target = self.semantics.containers.entry(
                parameters.keywords if binding.name[:2] == "**" else parameters.rest, ""
            )
        for value in self._declared_type(scope, binding.value):
            program.network.add(target, value)
            self._open(target, value)
            if value & v.KIND_MASK == v.INSTANCE:
                parameters.declared.add(node)

    def _open(self, node: int, value: int) -> None:
        """What a node is declared to hold may be of a class below."""
        if self.dialect.calls_are_virtual and value & v.KIND_MASK == v.INSTANCE:
            self.program.open_seeds.append((node, value))

    def _declared_type(self, scope: int, target: str) -> list[int]:
        """What a value of a declared type may be, as far as that tells which methods it has."""
        held: list[int] = []
        for value in self.expressions.fixed_values(scope, target):
            kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
            if kind == v.CLASS:
                held.append(v.make(v.INSTANCE, reference))
            elif kind == v.EXTERNAL and self.dialect.tells_methods(self.program.values.externals[reference]):
                held.append(self.program.values.external_instance(self.program.values.externals[reference]))
        return held

    def _decorate(self) -> None:
        """A decorated name holds what its decorators make of the function."""
        program, network, table = self.program, self.program.network, self.program.table
        for function, decorators in self._decorators.items():
            scope = table.parent[function]
            node = network.constant(v.make(v.FUNCTION, function))
            for target in reversed(decorators):
                decorator = self.expressions.node(scope, target)
                if decorator is None:
                    continue
                result = network.node()
                network.use(decorator, self.semantics.call, Call(((DECORATED, node),), result), result)
                self._decorated.append((decorator, node, result))
                node = result
            network.flow(node, program.variable(scope, program.member_name(function)))

    def _propagate(self) -> None:
        network = self.program.network
        self.expressions.commit()
        network.run(self._cancellation)
        for scope, path in self._filled:
            node = self.expressions.node(scope, path)
            if node is not None and not network.values(node):
                # Nothing else is known of it: an empty list or table that is filled from here on.
                self.expressions.make_container(scope, path)
        self.expressions.commit()
        network.run(self._cancellation)
        if self.semantics.mix_all():
            network.run(self._cancellation)
        for _ in range(_MAX_DECORATORS):
            lost = [item for item in self._decorated if network.values(item[1]) and not network.values(item[2])]
            # A decorator of which nothing is known comes first: others may only wait for what it hands on.
            lost = [item for item in lost if not network.values(item[0])] or lost
            for _, given, result in lost:
                network.guessed.add(result)
                network.flow(given, result)
            if not lost:
                break
            network.run(self._cancellation)
        network.spread_guesses()
        self.overrides.spread()
