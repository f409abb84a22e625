"""What attributes, calls and entries mean for each kind of value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from indexing.linking import values as v
from indexing.linking.containers import (
    ANY,
    CALLS_ARGUMENT,
    GIVES_ENTRY,
    GIVES_PAIRS,
    GIVES_SAME,
    METHODS,
    TAKES_ENTRIES,
    TAKES_ENTRY,
    Containers,
)
from indexing.linking.dialect import Dialect
from indexing.linking.dispatch import ANY_REST, Dispatch
from indexing.linking.members import Members
from indexing.linking.network import Argument, Held
from indexing.linking.program import CALLED, CLASS_KINDS, FUNCTION_KINDS, Parameters, Program, Receiver
from indexing.linking.values import KIND_BITS, KIND_MASK

_MAX_EXTERNAL_PARTS = 6
"""`a.b.c` of something external is named as it is written, but not for ever: `node = node.next` has no end."""
_KEY = re.compile(r"\[([^\]]*)\]")
DECORATED = "@"
"""The slot of what a decorator is applied to."""


class Call(NamedTuple):
    """A call of an access path: the slots and nodes of its arguments (positions as digits, keywords, `*`, `**`)."""

    arguments: Sequence[tuple[str, int]]
    result: int


class Semantics:
    """The uses of nodes, registered with the network under the numbers `load`, `store`, `call`, `entry` and `put`."""

    def __init__(self, program: Program, dialect: Dialect, members: Members, dispatch: Dispatch) -> None:
        self._program = program
        self._network = program.network
        self._values = program.values
        self._dialect = dialect
        self._members = members
        self.containers = Containers(program)
        self.dispatch = dispatch
        self._attributes: dict[tuple[int, str], int] = {}
        self._sink = self._network.node()
        handle = self._network.handle
        self.load = handle(self._load)
        self.store = handle(self._store)
        self.call = handle(self._call)
        self.entry = handle(self._entry)
        self.put = handle(self._put)
        self._step = handle(self._advance)

        self._mixed: list[tuple[int, int]] = []
        self._returned: dict[int, int] = {}
        """The container that the results of functions hold, by node."""

    def returned(self, function: int, where: str) -> int:
        """The node of what `function` returns; of its entry `where`, as `[]` (what a generator yields), `[1]` or `[][]`."""
        node = self._program.result(function)
        for key in _KEY.findall(where):
            container = self._returned.get(node)
            if container is None:
                value = self._values.container()
                container = self._returned[node] = value >> KIND_BITS
                self._network.add(node, value)
            node = self.containers.entry(container, key)
        return node

    # -- attributes ----------------------------------------------------------------------------------------------------

    def _load(self, argument: Argument, target: int, fresh: Held) -> None:
        name = str(argument)
        network, members = self._network, self._members
        if name[-1:] == ANY_REST:
            for value in fresh:
                if value & KIND_MASK in {v.INSTANCE, v.CLASS}:
                    network.add(target, self._values.dispatch(value, name))
            return
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            source: int | None = None
            if kind == v.INSTANCE:
                source = members.member(reference, name, of_instance=True)
            elif kind == v.CLASS:
                if name == self._dialect.prototype and name:
                    network.add(target, v.make(v.INSTANCE, reference))
                source = members.member(reference, name, of_instance=False)
            elif kind == v.MODULE:
                source = self._dialect.member_of_module(reference, name)
            elif kind == v.FOLDER:
                source = self._dialect.member_of_folder(self._values.folders[reference], name)
            elif kind == v.SUPER:
                source = members.inherited(reference, name)
            elif kind in {v.EXTERNAL, v.EXTERNAL_INSTANCE}:
                full = self._values.externals[reference]
                if full.count(".") < _MAX_EXTERNAL_PARTS:
                    network.add(target, self._values.external(f"{full}.{name.removesuffix(CALLED)}"))
            elif kind == v.CONTAINER:
                self._load_of_container(reference, name.removesuffix(CALLED), target)
            elif name in self._dialect.function_methods:
                network.add(target, self._values.function_method(value, name))
            elif kind == v.FUNCTION:
                source = self._attribute(value, name)
            if source is not None:
                network.flow(source, target)

    def _load_of_container(self, container: int, name: str, target: int) -> None:
        if self._dialect.attributes_are_entries:
            self.containers.read(container, name, target)
        if name in METHODS:
            self._network.add(target, self._values.method(container, name))

    def _attribute(self, value: int, name: str) -> int:
        """The node of an attribute that is set on a function."""
        node = self._attributes.get((value, name))
        if node is None:
            node = self._attributes[value, name] = self._network.node()
        return node

    def _store(self, argument: Argument, _: int, fresh: Held) -> None:
        name, source = argument
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            if kind in {v.INSTANCE, v.CLASS}:
                self._network.flow(source, self._members.field(reference, name))
            elif kind == v.MODULE:
                self._network.flow(source, self._program.variable(reference, name))
            elif kind == v.FUNCTION:
                self._network.flow(source, self._attribute(value, name))
            elif kind == v.CONTAINER and self._dialect.attributes_are_entries:
                self.containers.store(reference, name, source)

    # -- entries -------------------------------------------------------------------------------------------------------

    def _entry(self, argument: Argument, target: int, fresh: Held) -> None:
        key = str(argument)
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            if key[-1:] == ":" and kind != v.INSTANCE:
                count = int(key[:-1])
                self._network.add(target, self.containers.without_first(reference, count) if kind == v.CONTAINER else value)
            elif kind == v.CONTAINER:
                self.containers.read(reference, key, target)
            elif kind == v.INSTANCE:
                self._call_member(reference, "__getitem__", Call((), target))
                if key == ANY and self._members.has(reference, "__iter__"):
                    iterator = self._network.node()
                    self._call_member(reference, "__iter__", Call((), iterator))
                    self._network.use(iterator, self._step, "", target)

    def _advance(self, _: Argument, target: int, fresh: Held) -> None:
        """What iterators give, one after the other."""
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            if kind == v.CONTAINER:
                self.containers.read(reference, ANY, target)
            elif kind == v.INSTANCE:
                self._call_member(reference, "__next__", Call((), target))

    def _put(self, argument: Argument, _: int, fresh: Held) -> None:
        key, source = argument
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            if kind == v.CONTAINER:
                self.containers.store(reference, key, source)
            elif kind == v.INSTANCE:
                self._call_member(reference, "__setitem__", Call((("1", source),), self._sink))

    def _call_member(self, cls: int, name: str, call: Call) -> None:
        if self._members.has(cls, name):
            self._network.use(self._members.member(cls, name, of_instance=True), self.call, call, call.result)

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _call(self, argument: Argument, target: int, fresh: Held) -> None:
        call: Call = argument
        for value in fresh:
            kind, reference = value & KIND_MASK, value >> KIND_BITS
            if kind == v.FUNCTION:
                self._enter(reference, call, 0, -1)
            elif kind == v.BOUND:
                function, receiver = self._values.bound[reference]
                self._enter(function, call, self._dialect.receiver_parameters, receiver)
            elif kind == v.CLASS:
                self._network.add(target, v.make(v.INSTANCE, reference))
                node = self.constructor(reference)
                if node is not None:
                    self._network.use(node, self.call, Call(call.arguments, self._sink), self._sink)
            elif kind == v.INSTANCE and self._dialect.call_method:
                self._call_member(reference, self._dialect.call_method, call)
            elif kind == v.SUPER:
                node = self._members.inherited(reference, self._dialect.constructor)
                self._network.use(node, self.call, Call(call.arguments, self._sink), self._sink)
            elif kind == v.CONTAINER_METHOD:
                self._call_of_container(reference, call)
            elif kind == v.DISPATCH:
                owner, pattern = self._values.methods[reference]
                receiver = owner >> KIND_BITS
                for function in self.dispatch.methods(owner, pattern):
                    self._enter(function, call, self._dialect.receiver_parameters, receiver)
            elif kind == v.FUNCTION_METHOD:
                self._call_of_function_method(reference, call)
            elif kind == v.EXTERNAL:
                self._call_of_external(self._values.externals[reference], call)

    def constructor(self, cls: int) -> int | None:
        """The node of the constructor of a class, None where it and its ancestors in the source have none."""
        name = self._dialect.constructor or self._program.table.definitions[cls].name
        return self._members.member(cls, name, of_instance=True) if self._members.has(cls, name) else None

    def known_member(self, cls: int, name: str) -> int | None:
        """The node of a member of an instance, None where the class and its ancestors in the source have none."""
        return self._members.member(cls, name, of_instance=True) if self._members.has(cls, name) else None

    def constructors(self, cls: int) -> list[int]:
        """The functions that calling `cls` runs."""
        node = self.constructor(cls)
        if node is None and self._dialect.allocator:
            return self.functions_of(cls, self._dialect.allocator)
        return self._functions(node) if node is not None else []

    def inherited_constructors(self, cls: int) -> list[int]:
        """The functions that `super(…)` in a constructor of `cls` runs."""
        name = self._dialect.constructor
        return self._functions(self._members.inherited(cls, name)) if name else []

    def functions_of(self, cls: int, name: str) -> list[int]:
        """The methods `name` of an instance of `cls`."""
        return self._functions(self._members.member(cls, name, of_instance=True)) if self._members.has(cls, name) else []

    def implied(self, value: int, name: str) -> Sequence[int]:
        """The functions that the language calls by itself for `value.name`: a special method or property of an instance,
        the constructor of a class that is raised (with an empty name, the value itself)."""
        kind, reference = value & KIND_MASK, value >> KIND_BITS
        if kind == v.CLASS:
            raised = reference if not name else self._members.declared(reference, name)
            is_class = raised is not None and self._program.table.definitions[raised].kind in CLASS_KINDS
            return self.constructors(raised) or (raised,) if raised is not None and is_class else ()
        if kind != v.INSTANCE or (key := self._members.declared(reference, name)) is None:
            return ()
        special = name[:2] == "__" and self._program.table.definitions[key].kind in FUNCTION_KINDS
        return (key,) if special or self._program.receivers.get(key) is Receiver.PROPERTY else ()

    def _functions(self, node: int) -> list[int]:
        found = []
        for value in self._network.values(node):
            if value & KIND_MASK == v.BOUND:
                found.append(self._values.bound[value >> KIND_BITS][0])
            elif value & KIND_MASK == v.FUNCTION:
                found.append(value >> KIND_BITS)
        return found

    def _enter(self, function: int, call: Call, offset: int, receiver: int) -> None:
        program, network = self._program, self._network
        parameters = program.parameters.get(function)
        if parameters is not None:
            for slot, node in call.arguments:
                before = 0 if slot != "*" else sum(other.isdigit() for other, _ in call.arguments)
                self._pass(parameters, slot, node, offset + before)
        if call.result == self._sink:
            return
        network.flow(program.result(function), call.result)
        if parameters is not None and (returned := program.returns_parameter.get(function)) is not None:
            self._give_back(parameters, returned, call, offset)
        if function in program.instances:
            network.add(call.result, program.instances[function])
        if function in program.returns_receiver:
            cls = receiver if receiver >= 0 else program.owner[function]
            network.add(call.result, v.make(v.INSTANCE, cls))

    def _give_back(self, parameters: Parameters, returned: int, call: Call, offset: int) -> None:
        """The call results in its argument for the parameter `returned`; in any, where it cannot be told which."""
        place = parameters.positional.index(returned)
        for slot, node in call.arguments:
            if slot == DECORATED or slot.isdigit():
                if place == offset + (0 if slot == DECORATED else int(slot)):
                    self._network.flow(node, call.result)
            elif slot in {"*", "**"}:
                self._network.flow(returned, call.result)
            elif parameters.by_name.get(slot) == returned:
                self._network.flow(node, call.result)
        if place < offset:
            self._network.flow(returned, call.result)

    def _pass(self, parameters: Parameters, slot: str, node: int, offset: int) -> None:
        positional = parameters.positional
        if slot == "*":
            for index, target in enumerate(positional[offset:]):
                self._give(parameters, node, target, entry=str(index))
            if parameters.rest >= 0:
                self._network.use(node, self.entry, ANY, self.containers.entry(parameters.rest, ANY))
        elif slot == "**":
            given = positional[:offset]
            for name, target in parameters.by_name.items():
                if target not in given:
                    self._give(parameters, node, target, entry=name)
        elif slot == DECORATED or slot.isdigit():
            index = offset + (0 if slot == DECORATED else int(slot))
            if index < len(positional):
                self._give(parameters, node, positional[index])
            elif parameters.rest >= 0:
                self.containers.store(parameters.rest, str(index - len(positional)), node)
        elif slot in parameters.by_name:
            self._give(parameters, node, parameters.by_name[slot])
        elif parameters.keywords >= 0:
            self.containers.store(parameters.keywords, slot, node)

    def _give(self, parameters: Parameters, node: int, target: int, entry: str | None = None) -> None:
        """Let a parameter hold an argument (or an entry of it), unless a declared type says more."""
        if target in parameters.declared:
            return
        self._network.guessed.add(target)
        if entry is None:
            self._network.flow(node, target)
        else:
            self._network.use(node, self.entry, entry, target)

    def _call_of_function_method(self, method: int, call: Call) -> None:
        """`f.call(self, a)` is `f(a)`, `f.apply(self, list)` is `f(*list)`; `f.bind(self)` is called like `f`."""
        function, name = self._values.methods[method]
        if name == "bind":
            self._network.add(call.result, function)
            return
        spread = name == "apply"
        shifted = [
            ("*" if spread else str(int(slot) - 1), node)
            for slot, node in call.arguments
            if slot.isdigit() and (int(slot) == 1 if spread else int(slot) > 0)
        ]
        self._call(Call(shifted, call.result), call.result, (function,))

    def mix(self, target: int, source: int) -> None:
        """Whatever the values of `target` are, they get the entries and members of those of `source`."""
        self._mixed.append((target, source))

    def mix_all(self) -> bool:
        """Hand over what is known now; whether there was anything to mix."""
        for target, source in self._mixed:
            for value in self._network.values(source):
                for name, node in self._named(value):
                    self._network.use(target, self.store, (name, node), -1)
        return bool(self._mixed)

    def _named(self, value: int) -> Sequence[tuple[str, int]]:
        kind, reference = value & KIND_MASK, value >> KIND_BITS
        if kind == v.CONTAINER:
            return self.containers.named(reference)
        return tuple(self._program.names.get(reference, {}).items()) if kind == v.INSTANCE else ()

    def _call_of_container(self, method: int, call: Call) -> None:
        container, name = self._values.methods[method]
        network, containers = self._network, self.containers
        arguments = dict(call.arguments)
        if name in GIVES_ENTRY:
            containers.read(container, ANY, call.result)
        if name in GIVES_SAME:
            network.add(call.result, v.make(v.CONTAINER, container))
        if name in GIVES_PAIRS:
            network.add(call.result, v.make(v.CONTAINER, containers.pairs(container)))
        stored = arguments.get(str(TAKES_ENTRY.get(name, "")))
        if stored is not None:
            containers.store(container, ANY, stored)
        if name in TAKES_ENTRIES and "0" in arguments:
            network.use(arguments["0"], self.entry, ANY, containers.entry(container, ANY))
        if name in CALLS_ARGUMENT and "0" in arguments:
            entry = network.node()
            containers.read(container, ANY, entry)
            network.use(arguments["0"], self.call, Call((("0", entry),), self._sink), self._sink)

    def _call_of_external(self, name: str, call: Call) -> None:
        """A decorator from outside is taken to hand on what it decorates; a class from outside to make its instances."""
        arguments = dict(call.arguments)
        decorated = arguments.get(DECORATED)
        if decorated is not None:
            self._network.flow(decorated, call.result)
            return
        handed_on = self._dialect.external_call(name, call.arguments, self)
        if handed_on is not None:
            self._network.flow(handed_on, call.result)
        elif name.rpartition(".")[2][:1].isupper():
            self._network.guessed.add(call.result)
            self._network.add(call.result, self._values.external_instance(name))
