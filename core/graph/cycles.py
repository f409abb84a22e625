"""What depends on itself by way of others: cycles of imports, of calls, of any use.

Terms: a *tangle* is a strongly connected component of more than one node (every node reaches every other); its *shortest
cycle* shows it in the fewest steps; its *breaks* are a few links without which nothing in it is a cycle any more. The fewest
such links cannot be found in reasonable time (the feedback arc set is NP-complete), so they are found greedily (Eades, Lin
and Smyth 1993), links with few places first to go, and each that turns out not to be needed is kept.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.cancellation import CancellationToken
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind

_PLACES = 5
"""Places kept of a link; the others are counted."""
_MOST_BREAKS = 100
_MOST_STEPS = 4_000_000
"""Links looked at for one shortest cycle, or to leave out breaks that are not needed; then the best so far is told."""
_BY_FOLDER = frozenset({"go"})
"""Languages whose imports name folders."""


class CycleKind(StrEnum):
    """What makes one thing depend on another."""

    IMPORTS = "imports"
    CALLS = "calls"
    USES = "uses"


class CycleLevel(StrEnum):
    """What the nodes are."""

    SYMBOL = "symbol"
    FILE = "file"
    FOLDER = "folder"


_KINDS: Mapping[CycleKind, tuple[EdgeKind, ...]] = {
    CycleKind.IMPORTS: (EdgeKind.IMPORTS,),
    CycleKind.CALLS: (EdgeKind.CALLS,),
    CycleKind.USES: (EdgeKind.IMPORTS, EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.REFERENCES),
}


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """Where a link is stated: from the symbol `source` to `target`, by their ids. `deferred` where it is an import that does
    not happen when the module is loaded: within a function, or for a type checker alone."""

    path: str
    line: int
    source: str
    target: str
    kind: EdgeKind
    confidence: Confidence
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class CycleLink:
    """From one node to another, with the first of its `count` places."""

    source: str
    target: str
    count: int
    places: tuple[LinkPlace, ...]

    @property
    def deferred(self) -> bool:
        """Whether none of it happens when modules are loaded."""
        return all(place.deferred for place in self.places) and self.count == len(self.places)


@dataclass(frozen=True, slots=True)
class Tangle:
    """Nodes that all reach each other, by name, with their shortest cycle and the links that would break all cycles;
    `more_breaks` counts those beyond the bound."""

    nodes: tuple[str, ...]
    cycle: tuple[CycleLink, ...]
    breaks: tuple[CycleLink, ...]
    more_breaks: int = 0


@dataclass(frozen=True, slots=True)
class CycleQuery:
    """What is looked for. Guesses count only where `guesses` says so; `path` admits what it is true of."""

    kind: CycleKind = CycleKind.IMPORTS
    level: CycleLevel = CycleLevel.FILE
    guesses: bool = False
    within: Callable[[str], bool] | None = None

    @property
    def edge_kinds(self) -> tuple[EdgeKind, ...]:
        """The edges that it is about."""
        return _KINDS[self.kind]


def find_cycles(
    edges: Iterable[Edge],
    symbols: Mapping[int, Symbol],
    query: CycleQuery,
    is_deferred: Callable[[str, int], bool],
    cancellation: CancellationToken,
) -> list[Tangle]:
    """Every tangle, the largest first. `is_deferred` tells of an import at `path:line` whether it comes after loading."""
    graph = _gather(edges, symbols, query, cancellation)
    tangles = [_tangle(graph, members, symbols, is_deferred, cancellation) for members in _components(graph, cancellation)]
    return sorted(tangles, key=lambda found: (-len(found.nodes), found.nodes))


class _Graph:
    """Nodes as numbers, and the edges behind each link."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[str] = []
        self.links: defaultdict[int, dict[int, list[Edge]]] = defaultdict(dict)

    def number(self, name: str) -> int:
        found = self.numbers.get(name)
        if found is None:
            found = self.numbers[name] = len(self.names)
            self.names.append(name)
        return found


def _gather(
    edges: Iterable[Edge], symbols: Mapping[int, Symbol], query: CycleQuery, cancellation: CancellationToken
) -> _Graph:
    graph, wanted = _Graph(), frozenset(query.edge_kinds)
    numbers: dict[int, int] = {}
    for count, edge in enumerate(edges):
        if not count % 8192:
            cancellation.check("looking for cycles")
        if edge.kind not in wanted or (edge.confidence is not Confidence.EXACT and not query.guesses):
            continue
        ends = []
        for key in (edge.source, edge.target):
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = _node(graph, symbols[key], query)
            ends.append(number)
        source, target = ends
        if source >= 0 and target >= 0 and source != target:
            graph.links[source].setdefault(target, []).append(edge)
    return graph


def _node(graph: _Graph, symbol: Symbol, query: CycleQuery) -> int:
    if symbol.kind is SymbolKind.EXTERNAL or (query.within is not None and not query.within(symbol.path)):
        return -1
    if query.level is CycleLevel.SYMBOL:
        return graph.number(symbol.id)
    folder = symbol.path.rpartition("/")[0] or "."
    by_folder = query.kind is CycleKind.IMPORTS and symbol.language in _BY_FOLDER
    return graph.number(folder if query.level is CycleLevel.FOLDER or by_folder else symbol.path)


def _components(graph: _Graph, cancellation: CancellationToken) -> list[list[int]]:
    """The nodes of each tangle."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    cancellation.check("looking for cycles")
    count = len(graph.names)
    if not count:
        return []
    pairs = np.array([(a, b) for a, targets in graph.links.items() for b in targets], np.int64).reshape(-1, 2)
    matrix = csr_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    return [group.tolist() for group in np.split(order, ends) if len(group) > 1]


def _tangle(
    graph: _Graph,
    members: Sequence[int],
    symbols: Mapping[int, Symbol],
    is_deferred: Callable[[str, int], bool],
    cancellation: CancellationToken,
) -> Tangle:
    held = set(members)
    after = {node: [target for target in graph.links[node] if target in held] for node in members}
    cycle = _shortest_cycle(after, cancellation)
    breaks = _breaks(graph, after, cancellation)

    def link(source: int, target: int) -> CycleLink:
        found = sorted(graph.links[source][target], key=lambda edge: (edge.path, edge.line))
        places = [
            LinkPlace(
                edge.path, edge.line, symbols[edge.source].id, symbols[edge.target].id, edge.kind, edge.confidence,
                edge.kind is EdgeKind.IMPORTS and is_deferred(edge.path, edge.line),
            )
            for edge in found[:_PLACES]
        ]  # fmt: skip
        return CycleLink(graph.names[source], graph.names[target], len(found), tuple(places))

    round_ = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    return Tangle(
        tuple(sorted(graph.names[node] for node in members)),
        tuple(link(*pair) for pair in round_),
        tuple(link(*pair) for pair in breaks[:_MOST_BREAKS]),
        max(0, len(breaks) - _MOST_BREAKS),
    )


def _shortest_cycle(after: Mapping[int, Sequence[int]], cancellation: CancellationToken) -> list[int]:
    """The nodes of a cycle with the fewest links, in order. A search from every node, none deeper than the best so far."""
    best: list[int] = []
    steps = 0
    for start in sorted(after, key=lambda node: (-len(after[node]), node)):
        cancellation.check("looking for cycles")
        before, queue = {start: -1}, deque([(start, 1)])
        while queue:
            node, length = queue.popleft()
            if best and length >= len(best):
                break
            steps += len(after[node])
            if start in after[node]:
                best = [node]
                while before[best[-1]] >= 0:
                    best.append(before[best[-1]])
                best.reverse()
                break
            for target in after[node]:
                if target not in before:
                    before[target] = node
                    queue.append((target, length + 1))
        if best and (len(best) == 2 or steps > _MOST_STEPS):
            break
    return best


def _breaks(graph: _Graph, after: Mapping[int, Sequence[int]], cancellation: CancellationToken) -> list[tuple[int, int]]:
    """Links without which the nodes have an order, those with the fewest places first."""
    order = {node: place for place, node in enumerate(_line(graph, after, cancellation))}
    back = [(source, target) for source, targets in after.items() for target in targets if order[source] > order[target]]
    weights = {(source, target): len(graph.links[source][target]) for source, target in back}
    kept: defaultdict[int, set[int]] = defaultdict(set)
    for source, targets in after.items():
        kept[source].update(target for target in targets if order[source] < order[target])
    needed, steps = [], 0
    # The heaviest are tried first: each that closes no cycle with what is there may stay.
    for source, target in sorted(back, key=lambda pair: (-weights[pair], pair)):
        cancellation.check("looking for cycles")
        reached, cost = _reaches(kept, target, source) if steps < _MOST_STEPS else (True, 0)
        steps += cost
        if reached:
            needed.append((source, target))
        else:
            kept[source].add(target)
    return sorted(needed, key=lambda pair: (weights[pair], graph.names[pair[0]], graph.names[pair[1]]))


def _reaches(after: Mapping[int, set[int]], start: int, wanted: int) -> tuple[bool, int]:
    seen, waiting, steps = {start}, [start], 0
    while waiting:
        node = waiting.pop()
        if node == wanted:
            return True, steps
        for target in after.get(node, ()):
            steps += 1
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False, steps


def _line(graph: _Graph, after: Mapping[int, Sequence[int]], cancellation: CancellationToken) -> list[int]:
    """The nodes in a line with few links that lead back: what nothing leads to goes first, what leads nowhere last, else
    what has most leaving over arriving."""
    before: defaultdict[int, dict[int, int]] = defaultdict(dict)
    out: dict[int, dict[int, int]] = {}
    for node, targets in after.items():
        out[node] = {target: len(graph.links[node][target]) for target in targets}
        for target, weight in out[node].items():
            before[target][node] = weight
    leaving = {node: sum(targets.values()) for node, targets in out.items()}
    arriving = {node: sum(before[node].values()) for node in after}
    left = dict.fromkeys(sorted(after))
    first: list[int] = []
    last: list[int] = []
    ready = [node for node in left if not leaving[node] or not arriving[node]]
    heap: list[tuple[int, int]] = [(arriving[node] - leaving[node], node) for node in left]
    from heapq import heapify, heappop, heappush

    heapify(heap)
    while left:
        cancellation.check("looking for cycles")
        if ready:
            node = ready.pop()
            if node not in left:
                continue
        else:
            balance, node = heappop(heap)
            if node not in left or balance != arriving[node] - leaving[node]:
                continue
        (last if not leaving[node] and arriving[node] else first).append(node)
        del left[node]
        for target, weight in out[node].items():
            if target in left:
                arriving[target] -= weight
                heappush(heap, (arriving[target] - leaving[target], target))
                if not arriving[target]:
                    ready.append(target)
        for source, weight in before[node].items():
            if source in left:
                leaving[source] -= weight
                heappush(heap, (arriving[source] - leaving[source], source))
                if not leaving[source]:
                    ready.append(source)
    return [*first, *reversed(last)]
