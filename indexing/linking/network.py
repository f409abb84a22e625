"""The assignment graph and its fixed point: an inclusion-based points-to analysis.

Terms: a *node* is a variable, a field, or the value of one access path in one scope. A *flow* is "whatever the source
holds, the target holds too"; a *use* is what must be done for each value that reaches a node (load an attribute, call
it, …), which may add flows. The analysis pays no heed to the order of statements or to calling contexts (Andersen 1994;
for dynamic languages see Salis et al., "PyCG", ICSE 2021).

Bounds instead of precision: a node that would hold more than `MAX_VALUES` values keeps the first ones, and a program
that needs more than `MAX_WORK` propagated values is linked by what is known until then. Both are counted, not timed, so
that the same source always gives the same graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from core.cancellation import CancellationToken

MAX_VALUES = 24
"""A call with more possible targets tells a reader nothing; sets this small also keep propagation linear in practice."""
MAX_WORK = 40_000_000
_CHECK_EVERY = 4_096
"""Nodes, after which the bound is looked at and whether all was cancelled."""
_ROOM = 1_024
"""Nodes that room is made for at once: most never hold more than values, and four lists would grow for each."""

Held = tuple[int, ...]
"""Values in the order found. What one node hands to another is the same object in both: most hold what another does."""
_NO_FLOWS: list[int] = []
"""Where every node flows until there is something; never changed."""
Argument = Any
"""What a handler needs to know of its use; each handler has a shape of its own."""
Handler = Callable[[Argument, int, Held], None]
"""Gets the use's argument, its other node, and the values that are new."""
Use = tuple[int, Argument, int]
"""The number of its handler, its argument, and its other node."""
_NO_USES: list[Use] = []


class Network:
    """Nodes by number with their values, flows and uses."""

    __slots__ = ("_flows", "_handed", "_handlers", "_nodes", "_queue", "_uses", "_values", "guessed", "work")

    def __init__(self) -> None:
        self._nodes = 0
        self._values: list[Held] = []
        self._handed: list[int] = []
        """How many of its values, the first, each node has handed on; one that has more waits in the queue."""
        self._flows: list[list[int]] = []
        self._uses: list[list[Use]] = []
        self._queue: deque[int] = deque()
        self._handlers: list[Handler] = []
        self.guessed: set[int] = set()
        """Nodes whose values rest on a guess (an argument, an entry of a table); `spread_guesses` adds what they reach."""
        self.work = 0
        self.node()  # so that no node in use has the number 0

    def release(self) -> None:
        """Forget everything; the network cannot be used any more."""
        for held in (self._values, self._handed, self._flows, self._uses, self._handlers):
            held.clear()

    def handle(self, handler: Handler) -> int:
        """Register a kind of use; the number names it in `use`."""
        self._handlers.append(handler)
        return len(self._handlers) - 1

    def node(self) -> int:
        """A new node, which holds nothing yet."""
        node = self._nodes
        self._nodes = node + 1
        if not node % _ROOM:
            self._values.extend([()] * _ROOM)
            self._handed.extend([0] * _ROOM)
            self._flows.extend([_NO_FLOWS] * _ROOM)
            self._uses.extend([_NO_USES] * _ROOM)
        return node

    def constant(self, value: int) -> int:
        """A node that holds `value`."""
        node = self.node()
        self._values[node] = (value,)
        self._queue.append(node)
        return node

    def values(self, node: int) -> Held:
        """What is known of a node."""
        return self._values[node]

    def followed(self, seeds: Iterable[tuple[int, int]], handler: int) -> dict[int, list[int]]:
        """Where values go that are in nodes: along all flows, and through uses of one kind, to whatever node holds them.
        `seeds` are nodes with a value of each; returns the values followed by the nodes they are in."""
        by_value: dict[int, dict[int, None]] = {}
        for node, value in seeds:
            by_value.setdefault(value, {})[node] = None
        found: dict[int, list[int]] = {}
        all_values, all_flows, all_uses = self._values, self._flows, self._uses
        for value, reached in by_value.items():
            stack = list(reached)
            while stack:
                node = stack.pop()
                for target in all_flows[node]:
                    if target not in reached and value in all_values[target]:
                        reached[target] = None
                        stack.append(target)
                for kind, _, target in all_uses[node]:
                    if kind == handler and target not in reached and value in all_values[target]:
                        reached[target] = None
                        stack.append(target)
            for node in reached:
                held = found.get(node)
                if held is None:
                    found[node] = [value]
                else:
                    held.append(value)
        return found

    def add(self, node: int, value: int) -> None:
        held = self._values[node]
        if value not in held and len(held) < MAX_VALUES:
            self._values[node] = (*held, value)
            if len(held) == self._handed[node]:
                self._queue.append(node)

    def flow(self, source: int, target: int) -> None:
        """From now on `target` holds what `source` holds."""
        if source == target:
            return
        flows = self._flows[source]
        if flows:
            flows.append(target)
        else:
            self._flows[source] = [target]
        handed = self._handed[source]
        if handed:
            self._add_all(target, self._values[source][:handed])

    def use(self, node: int, handler: int, argument: Argument, other: int) -> None:
        """Have `handler` see each value of `node`, now and later; `other` is the node that gets its result."""
        uses = self._uses[node]
        if uses:
            uses.append((handler, argument, other))
        else:
            self._uses[node] = [(handler, argument, other)]
        handed = self._handed[node]
        if handed:
            self._handlers[handler](argument, other, self._values[node][:handed])

    def use_all(self, uses: Iterable[tuple[int, Use]]) -> None:
        """Register uses of nodes, as `use` does one after the other."""
        handlers, all_values, all_handed, all_uses = self._handlers, self._values, self._handed, self._uses
        for node, use in uses:
            if held := all_uses[node]:
                held.append(use)
            else:
                all_uses[node] = [use]
            if handed := all_handed[node]:
                handler, argument, other = use
                handlers[handler](argument, other, all_values[node][:handed])

    def run(self, cancellation: CancellationToken) -> None:
        """Propagate until nothing changes or the bound is reached."""
        handlers, queue, all_values, all_handed = self._handlers, self._queue, self._values, self._handed
        all_flows, all_uses = self._flows, self._uses
        append, popleft, work = queue.append, queue.popleft, self.work
        while queue and work < MAX_WORK:
            cancellation.check("linking")
            for _ in range(min(len(queue), _CHECK_EVERY)):
                node = popleft()
                held, handed = all_values[node], all_handed[node]
                fresh = held[handed:] if handed else held
                all_handed[node] = len(held)
                if flows := all_flows[node]:
                    work += len(flows) * len(fresh)
                    only = fresh[0] if len(fresh) == 1 else None  # what most nodes hand on, and most others hold already
                    for target in flows:
                        held = all_values[target]
                        if not held:  # most are reached but once, and by all at once
                            all_values[target] = fresh
                            append(target)
                        elif only in held or len(held) >= MAX_VALUES:
                            pass
                        elif only is None:
                            self._add_all(target, fresh)
                        else:
                            all_values[target] = (*held, only)
                            if len(held) == all_handed[target]:
                                append(target)
                if uses := all_uses[node]:
                    work += len(uses) * len(fresh)
                    for handler, argument, other in tuple(uses):
                        handlers[handler](argument, other, fresh)
        self.work = work

    def _add_all(self, node: int, values: Held) -> None:
        """Add values, at least one."""
        held = self._values[node]
        if not held:
            self._values[node] = values
            self._queue.append(node)
            return
        new = [value for value in values if value not in held][: MAX_VALUES - len(held)]
        if new:
            self._values[node] = (*held, *new)
            if len(held) == self._handed[node]:
                self._queue.append(node)

    def spread_guesses(self) -> None:
        """Mark every node that gets values from a guessed one."""
        guessed, all_values, all_flows, all_uses = self.guessed, self._values, self._flows, self._uses
        stack = list(guessed)
        while stack:
            node = stack.pop()
            if not all_values[node]:
                continue
            for target in all_flows[node]:
                if target not in guessed:
                    guessed.add(target)
                    stack.append(target)
            for _, _, target in all_uses[node]:
                if target >= 0 and target not in guessed:
                    guessed.add(target)
                    stack.append(target)
