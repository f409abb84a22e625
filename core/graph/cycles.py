"""What depends on itself by way of others: cycles of imports, of calls, of any use.

Terms: a *tangle* is a strongly connected component of more than one node (every node reaches every other); its *shortest
cycle* shows it in the fewest steps; its *breaks* are a few links without which nothing in it is a cycle any more. The fewest
such links cannot be found in reasonable time (the feedback arc set is NP-complete), so they are found greedily (Eades, Lin
and Smyth 1993), links with few places first to go, and each that turns out not to be needed is kept.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.model.edge_rows import EdgeRows
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind

_PLACES = 5
"""Places kept of a link; the others are counted."""
_MOST_BREAKS = 100
_MOST_STEPS = 4_000_000
"""Links looked at for one shortest cycle, or to leave out breaks that are not needed; then the best so far is told."""
_DOING = "looking for cycles"
_EXACT = tuple(Confidence).index(Confidence.EXACT)
_BY_FOLDER = frozenset({"go"})
"""Languages whose imports name folders."""


EdgesAt = Callable[[EdgeRows], list[Edge]]


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
    rows: EdgeRows,
    edges_at: EdgesAt,
    symbols: Mapping[int, Symbol],
    query: CycleQuery,
    is_deferred: Callable[[str, int], bool],
    cancellation: CancellationToken,
) -> list[Tangle]:
    """Every tangle, the largest first. `rows` are edges of the kinds of the query, of which `edges_at` makes records;
    `is_deferred` tells of an import at `path:line` whether it comes after loading."""
    graph = _gather(rows, edges_at, symbols, query, cancellation)
    tangles = [_tangle(graph, members, symbols, is_deferred, cancellation) for members in graph.groups]
    return sorted(tangles, key=lambda found: (-len(found.nodes), found.nodes))


class _Graph:
    """Nodes as numbers, the links between those of a tangle, and the edges behind each link."""

    def __init__(self, names: Sequence[str], nodes: NDArray[np.int64], rows: EdgeRows, edges_at: EdgesAt) -> None:
        """`nodes` are the numbers of both ends of each row, of shape (2, n)."""
        self.names, self._edges_at = names, edges_at
        self.groups, tangle_of = _components(len(names), nodes)
        """The nodes of each tangle."""
        held = np.flatnonzero((tangle_of[nodes[0]] == tangle_of[nodes[1]]) & (tangle_of[nodes[0]] >= 0))
        sources, targets = nodes[:, held]
        links, first = np.unique(sources * max(len(names), 1) + targets, return_index=True)
        which = np.searchsorted(links, sources * max(len(names), 1) + targets)
        # Behind a link the edges stand by their places: files rise with their paths.
        order = np.lexsort((rows.lines[held], rows.files[held], which))
        self._rows = rows.taken(held[order])
        ends = np.searchsorted(which[order], np.arange(len(links) + 1)).tolist()
        self.after: defaultdict[int, list[int]] = defaultdict(list)
        """The nodes that links lead to, in the order in which they were met."""
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        for link in np.argsort(first, kind="stable").tolist():
            source, target = int(sources[first[link]]), int(targets[first[link]])
            self.after[source].append(target)
            self._spans[source, target] = (ends[link], ends[link + 1])

    def weight(self, source: int, target: int) -> int:
        """How many edges are behind a link."""
        first, last = self._spans[source, target]
        return last - first

    def edges(self, source: int, target: int, most: int) -> list[Edge]:
        """The first edges behind a link, by their places."""
        first, last = self._spans[source, target]
        return self._edges_at(self._rows.taken(np.arange(first, min(last, first + most))))


def _gather(
    rows: EdgeRows,
    edges_at: EdgesAt,
    symbols: Mapping[int, Symbol],
    query: CycleQuery,
    cancellation: CancellationToken,
) -> _Graph:
    cancellation.check(_DOING)
    rows = rows.taken(np.argsort(rows.files, kind="stable"))
    if not query.guesses:
        rows = rows.taken(rows.confidences == _EXACT)
    keys, first, which = np.unique(np.stack((rows.sources, rows.targets), axis=1), return_index=True, return_inverse=True)
    numbers: dict[str, int] = {}
    of_key = np.full(len(keys), -1, np.int64)
    for count, place in enumerate(np.argsort(first, kind="stable").tolist()):  # numbered as they are met
        if not count % 8192:
            cancellation.check(_DOING)
        name = _node(symbols[int(keys[place])], query)
        if name is not None:
            of_key[place] = numbers.setdefault(name, len(numbers))
    nodes = of_key[which.reshape(-1, 2).T]
    between = (nodes[0] >= 0) & (nodes[1] >= 0) & (nodes[0] != nodes[1])
    return _Graph(list(numbers), nodes[:, between], rows.taken(between), edges_at)


def _node(symbol: Symbol, query: CycleQuery) -> str | None:
    if symbol.kind is SymbolKind.EXTERNAL or (query.within is not None and not query.within(symbol.path)):
        return None
    if query.level is CycleLevel.SYMBOL:
        return symbol.id
    folder = symbol.path.rpartition("/")[0] or "."
    by_folder = query.kind is CycleKind.IMPORTS and symbol.language in _BY_FOLDER
    return folder if query.level is CycleLevel.FOLDER or by_folder else symbol.path


def _components(count: int, nodes: NDArray[np.int64]) -> tuple[list[list[int]], NDArray[np.int64]]:
    """The nodes of each tangle, and by node which it is in, -1 for none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if not count:
        return [], np.zeros(0, np.int64)
    matrix = csr_array((np.ones(nodes.shape[1], np.int32), (nodes[0], nodes[1])), shape=(count, count))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    tangle_of: NDArray[np.int64] = np.where(np.bincount(labels)[labels] > 1, labels, -1).astype(np.int64)
    order = np.argsort(tangle_of, kind="stable")
    order = order[tangle_of[order] >= 0]
    ends = np.flatnonzero(np.diff(tangle_of[order])) + 1
    return [group.tolist() for group in np.split(order, ends) if len(group)], tangle_of


def _tangle(
    graph: _Graph,
    members: Sequence[int],
    symbols: Mapping[int, Symbol],
    is_deferred: Callable[[str, int], bool],
    cancellation: CancellationToken,
) -> Tangle:
    after = {node: graph.after[node] for node in members}
    cycle = _shortest_cycle(after, cancellation)
    breaks = _breaks(graph, after, cancellation)

    def link(source: int, target: int) -> CycleLink:
        places = [
            LinkPlace(
                edge.path, edge.line, symbols[edge.source].id, symbols[edge.target].id, edge.kind, edge.confidence,
                edge.kind is EdgeKind.IMPORTS and is_deferred(edge.path, edge.line),
            )
            for edge in graph.edges(source, target, _PLACES)
        ]  # fmt: skip
        return CycleLink(graph.names[source], graph.names[target], graph.weight(source, target), tuple(places))

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
        cancellation.check(_DOING)
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
    weights = {(source, target): graph.weight(source, target) for source, target in back}
    kept: defaultdict[int, set[int]] = defaultdict(set)
    for source, targets in after.items():
        kept[source].update(target for target in targets if order[source] < order[target])
    needed, steps = [], 0
    # The heaviest are tried first: each that closes no cycle with what is there may stay.
    for source, target in sorted(back, key=lambda pair: (-weights[pair], pair)):
        cancellation.check(_DOING)
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
        out[node] = {target: graph.weight(node, target) for target in targets}
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
        cancellation.check(_DOING)
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
