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
_ROOM = 1_024
"""Nodes that room is made for at once: most never hold more than values, and four lists would grow for each."""

_NO_NODES = (None,) * _ROOM
_NOTHING: list[int] = []
Argument = Any
"""What a handler needs to know of its use; each handler has a shape of its own."""
Handler = Callable[[Argument, int, list[int]], None]
"""Gets the use's argument, its other node, and the values that are new."""


class Network:
    """Nodes by number with their values, flows and uses."""

    __slots__ = ("_flows", "_fresh", "_handlers", "_nodes", "_queue", "_uses", "_values", "guessed", "work")

    def __init__(self) -> None:
        self._nodes = 0
        self._values: list[list[int] | None] = []
        self._fresh: list[list[int] | None] = []
        self._flows: list[list[int] | None] = []
        self._uses: list[list[tuple[int, Argument, int]] | None] = []
        self._queue: deque[int] = deque()
        self._handlers: list[Handler] = []
        self.guessed: set[int] = set()
        """Nodes whose values rest on a guess (an argument, an entry of a table); `spread_guesses` adds what they reach."""
        self.work = 0
        self.node()  # so that no node in use has the number 0

    def release(self) -> None:
        """Forget everything; the network cannot be used any more."""
        for held in (self._values, self._fresh, self._flows, self._uses, self._handlers):
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
            for held in (self._values, self._fresh, self._flows, self._uses):
                held.extend(_NO_NODES)
        return node

    def constant(self, value: int) -> int:
        """A node that holds `value`."""
        node = self.node()
        self.add(node, value)
        return node

    def values(self, node: int) -> list[int]:
        """What is known of a node, in the order found; not to be changed."""
        return self._values[node] or []

    def followed(self, seeds: Iterable[tuple[int, int]], handler: int) -> dict[int, list[int]]:
        """Where values go that are in nodes: along all flows, and through uses of one kind, to whatever node holds them.
        `seeds` are nodes with a value of each; returns the values followed by the nodes they are in."""
        found: dict[int, list[int]] = {}
        stack = list(seeds)
        all_values, all_flows, all_uses = self._values, self._flows, self._uses
        while stack:
            node, value = stack.pop()
            held = found.get(node)
            if held is None:
                found[node] = [value]
            elif value in held:
                continue
            else:
                held.append(value)
            for target in all_flows[node] or ():
                if value in (all_values[target] or ()) and value not in found.get(target, ()):
                    stack.append((target, value))
            for kind, _, target in all_uses[node] or ():
                if kind == handler and value in (all_values[target] or ()) and value not in found.get(target, ()):
                    stack.append((target, value))
        return found

    def add(self, node: int, value: int) -> None:
        held = self._values[node]
        if held is None:
            self._values[node] = [value]
        elif value in held or len(held) >= MAX_VALUES:
            return
        else:
            held.append(value)
        fresh = self._fresh[node]
        if fresh is None:
            self._fresh[node] = [value]
            self._queue.append(node)
        else:
            fresh.append(value)

    def flow(self, source: int, target: int) -> None:
        """From now on `target` holds what `source` holds."""
        if source == target:
            return
        flows = self._flows[source]
        if flows is None:
            self._flows[source] = [target]
        else:
            flows.append(target)
        settled = self._settled(source)
        if not settled:
            return
        if self._values[target] is None:
            self._values[target] = settled.copy()
            self._fresh[target] = settled.copy()
            self._queue.append(target)
        else:
            self._add_all(target, settled)

    def use(self, node: int, handler: int, argument: Argument, other: int) -> None:
        """Have `handler` see each value of `node`, now and later; `other` is the node that gets its result."""
        uses = self._uses[node]
        if uses is None:
            self._uses[node] = [(handler, argument, other)]
        else:
            uses.append((handler, argument, other))
        settled = self._settled(node)
        if settled:
            self._handlers[handler](argument, other, settled.copy())

    def _settled(self, node: int) -> list[int]:
        """The values that no later step of `run` will hand on again; not to be changed."""
        held = self._values[node]
        if held is None:
            return _NOTHING
        fresh = self._fresh[node]
        if fresh is None:
            return held
        return [value for value in held if value not in fresh] if len(fresh) < len(held) else _NOTHING

    def run(self, cancellation: CancellationToken) -> None:
        """Propagate until nothing changes or the bound is reached."""
        handlers, queue, all_values, all_fresh = self._handlers, self._queue, self._values, self._fresh
        turn = 0
        while queue and self.work < MAX_WORK:
            turn += 1
            if turn % _CHECK_EVERY == 0:
                cancellation.check("linking")
            node = queue.popleft()
            fresh = all_fresh[node]
            all_fresh[node] = None
            if fresh is None:
                continue
            flows = self._flows[node]
            if flows:
                self.work += len(flows) * len(fresh)
                only = fresh[0] if len(fresh) == 1 else None  # what most nodes hand on, and most others hold already
                for target in flows:
                    held = all_values[target]
                    if held is None:  # most are reached but once, and by all at once
                        all_values[target] = fresh.copy()
                        all_fresh[target] = fresh.copy()
                        queue.append(target)
                    elif only not in held:
                        self._add_all(target, fresh)
            uses = self._uses[node]
            if uses:
                self.work += len(uses) * len(fresh)
                for handler, argument, other in tuple(uses):
                    handlers[handler](argument, other, fresh)

    def _add_all(self, node: int, values: list[int]) -> None:
        """Add to a node that holds something."""
        held, fresh = self._values[node] or [], self._fresh[node]
        for value in values:
            if value in held:
                continue
            if len(held) >= MAX_VALUES:
                return
            held.append(value)
            if fresh is None:
                fresh = self._fresh[node] = [value]
                self._queue.append(node)
            else:
                fresh.append(value)

    def spread_guesses(self) -> None:
        """Mark every node that gets values from a guessed one."""
        stack = sorted(self.guessed)
        while stack:
            node = stack.pop()
            if not self._values[node]:
                continue
            reached = list(self._flows[node] or ())
            reached.extend(other for _, _, other in self._uses[node] or ())
            for target in reached:
                if target >= 0 and target not in self.guessed:
                    self.guessed.add(target)
                    stack.append(target)
