"""The first pass over the facts of a family: which names every scope binds, and what each function expects."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.symbol import Binding
from indexing.kinds import ANNOTATED, ASSIGNED, DECORATES, GLOBAL, IMPLEMENTS, INHERITS, LAMBDA, PARAMETER
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.members import Members
from indexing.linking.program import CLASS_KINDS, FUNCTION_KINDS, Parameters, Program, Receiver
from indexing.linking.slices import DeclaredTypes

_METHOD_KINDS = FUNCTION_KINDS - {LAMBDA}
_PROPERTIES = frozenset({"property", "cached_property", "abstractproperty", "classproperty"})
_ADDS_TO_NAMESAKE = frozenset({"setter", "deleter", "getter", "overload"})
"""Decorators of a definition that only adds to another of its name."""
_TRANSPARENT = frozenset({"staticmethod", "classmethod", "abstractmethod", "override", "final"})
_CHANGES_NOTHING = _TRANSPARENT | _PROPERTIES


class Declarations:
    """Fills `program.names`, `declared`, `parameters`, `receivers` and `owner`.

    `decorators` maps the key of a function to the decorators that may replace it, outermost first; the names of such
    functions hold nothing yet. `elsewhere` are definitions that stand outside of what their nesting names (`app.use = …` in
    JavaScript, a Go method in another file than its type); no scope binds their names. `aliases` are the assignments, with
    their scopes, by which a module or a class gives something another name; `inheriting` are classes, each with a base as it
    is written.
    """

    def __init__(self, program: Program, dialect: type[Dialect], members: Members) -> None:
        self._program = program
        self._dialect = dialect
        self._members = members
        self.decorators: dict[int, list[str]] = {}
        self.elsewhere: list[int] = []
        self.aliases: list[tuple[int, Binding]] = []
        self.inheriting: list[tuple[int, str]] = []
        program.folds_case = dialect.folds_case
        for file in program.files:
            self._declare_file(file)

    def _declare_file(self, file: int) -> None:
        program, table = self._program, self._program.table
        facts, first = table.files[file].facts, table.first[file]
        written: dict[int, list[str]] = {}
        for reference in facts.references:
            use = reference.kind
            if use is DECORATES:
                written.setdefault(first + reference.scope, []).append(reference.target)
            elif use is INHERITS or use is IMPLEMENTS:
                self.inheriting.append((first + reference.scope, reference.target))
        for key in table.keys_of(file):
            if table.parent[key] >= 0:
                self._declare(key, written.get(key, ()))
        declared, assigned = list[Binding](), list[Binding]()
        for binding in facts.bindings:
            kind = binding.kind
            if kind is ASSIGNED:
                assigned.append(binding)
                if is_alias(program, first + binding.scope, binding):
                    self.aliases.append((first + binding.scope, binding))
            elif kind is PARAMETER or kind is ANNOTATED:
                declared.append(binding)
            elif kind is GLOBAL:
                self._alias(first + binding.scope, binding)
        for item in facts.imports:
            if item.name != "*":
                program.variable(first + item.scope, item.local.partition(".")[0] if not item.name else item.local)
        for binding in declared:
            self._bind(first + binding.scope, binding)
        for binding in assigned:
            self._bind(first + binding.scope, binding)
        for key in table.keys_of(file):
            self._seed_receiver(key)

    def _declare(self, key: int, decorators: Sequence[str]) -> None:
        program, table = self._program, self._program.table
        definition, parent = table.definitions[key], table.parent[key]
        name = program.member_name(key)
        outer = table.definitions[parent].nesting
        if definition.nesting != (f"{outer}.{definition.name}" if outer else definition.name):
            self.elsewhere.append(key)
            return
        node = program.variable(parent, name)
        program.declared.setdefault(parent, {}).setdefault(name, key)
        value = program.definition_value(key)
        names = [_last_name(target) for target in decorators]
        if program.is_class[parent] and definition.kind in _METHOD_KINDS:
            program.owner[key] = parent
            program.receivers[key] = _receiver(definition.name, names)
        if value is None or (names and not _ADDS_TO_NAMESAKE.isdisjoint(names)):
            return
        applied = [target for target, name in zip(decorators, names, strict=True) if name not in _CHANGES_NOTHING]
        if applied and definition.kind in FUNCTION_KINDS and self._dialect.decorators_replace:
            self.decorators[key] = applied
        else:
            program.network.add(node, value)

    def _alias(self, scope: int, binding: Binding) -> None:
        """`global` and `nonlocal`: the name is another scope's."""
        program, table = self._program, self._program.table
        at = program.module(scope)
        if binding.value == "nonlocal":
            at = table.parent[scope]
            while at > program.module(scope) and (
                table.definitions[at].kind in CLASS_KINDS or binding.name not in program.names.get(at, ())
            ):
                at = table.parent[at]
        program.names.setdefault(scope, {})[binding.name] = program.variable(at, binding.name)

    def _bind(self, scope: int, binding: Binding) -> None:
        program, name = self._program, binding.name
        kind = binding.kind
        if kind is PARAMETER:
            self._add_parameter(scope, name)
        elif kind is ASSIGNED or kind is ANNOTATED:
            if name.isidentifier():
                if not (kind is ASSIGNED and self._dialect.sees_class_scopes and self._is_field(scope, name)):
                    node = program.variable(scope, name)
                    if (parameters := program.parameters.get(scope)) is not None and name in parameters.by_name:
                        program.assigned_parameters.add(node)
                return
            if "." not in name:
                return
            root, _, field = name.partition(".")
            # Where a class declares its fields with their types, what a method sets may be inherited.
            typed = self._dialect.sees_class_scopes and self._dialect.declared_types is not DeclaredTypes.NEVER
            declares = field.isidentifier() and not typed
            if declares and (owner := self._receiver_class(scope, root)) is not None:
                self._members.declared_fields.add((owner, field))

    def _is_field(self, scope: int, name: str) -> bool:
        """Whether a class around `scope` has a field of that name, and nothing nearer is called so."""
        program, table = self._program, self._program.table
        while scope >= 0 and name not in program.names.get(scope, ()):
            scope = table.parent[scope]
        return scope >= 0 and table.definitions[scope].kind in CLASS_KINDS

    def _receiver_class(self, scope: int, root: str) -> int | None:
        """The class whose instance `root` is in `scope`, a method or a function within one."""
        program = self._program
        while scope >= 0:
            parameters = program.parameters.get(scope)
            if scope in program.owner:
                first = parameters.positional[0] if parameters and parameters.positional else -1
                named = root == self._dialect.receiver or program.names.get(scope, {}).get(root, -2) == first
                return program.owner[scope] if named else None
            scope = program.table.parent[scope]
        return None

    def _add_parameter(self, function: int, name: str) -> None:
        program = self._program
        parameters = program.parameters.setdefault(function, Parameters())
        bare = name.lstrip("*.")
        node = program.variable(function, bare)
        if name.startswith("**"):
            container = program.values.container()
            parameters.keywords = container >> v.KIND_BITS
            program.network.add(node, container)
        elif bare != name:
            container = program.values.container()
            parameters.rest = container >> v.KIND_BITS
            program.network.add(node, container)
        else:
            if parameters.rest < 0:
                parameters.positional.append(node)
            parameters.by_name[bare] = node

    def _seed_receiver(self, key: int) -> None:
        program, table = self._program, self._program.table
        receiver, parent = program.receivers.get(key), table.parent[key]
        if table.definitions[key].kind is LAMBDA:  # the value of a field sees the receiver, too
            if self._dialect.receiver and table.definitions[parent].kind in CLASS_KINDS:
                self._receives(program.variable(key, self._dialect.receiver), v.make(v.INSTANCE, parent))
            return
        if receiver is None or receiver is Receiver.NONE:
            return
        value = v.make(v.CLASS if receiver is Receiver.CLASS else v.INSTANCE, program.owner[key])
        parameters = program.parameters.get(key)
        if self._dialect.receiver:
            self._receives(program.variable(key, self._dialect.receiver), value)
        elif self._dialect.receiver_parameters and parameters and parameters.positional:
            self._receives(parameters.positional[0], value)

    def _receives(self, node: int, value: int) -> None:
        self._program.network.add(node, value)
        if self._dialect.calls_are_virtual:
            self._program.open_seeds.append((node, value))


def is_alias(program: Program, scope: int, binding: Binding) -> bool:
    """Whether an assignment gives a module or a class another name for something."""
    if program.table.parent[scope] >= 0 and not program.is_class[scope]:
        return False
    return binding.value.isidentifier() and binding.name.isidentifier()


def _last_name(target: str) -> str:
    return target.removesuffix("()").rpartition(".")[2]


def _receiver(name: str, decorators: list[str]) -> Receiver:
    if "staticmethod" in decorators:
        return Receiver.NONE
    if "classmethod" in decorators or name in {"__new__", "__init_subclass__", "__class_getitem__"}:
        return Receiver.CLASS
    return Receiver.PROPERTY if not _PROPERTIES.isdisjoint(decorators) else Receiver.INSTANCE
