"""Walks along calls: who calls, what is called, how one gets from here to there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Protocol

from core.cancellation import CancellationToken
from core.model.graph import CodeGraph, Confidence, Edge, EdgeKind
from core.model.symbol import Symbol
from core.ports import EdgeReader, SymbolReader

DEFAULT_LIMIT = 200
"""Symbols of a walk, its start included."""
COSTS = {Confidence.EXACT: 1, Confidence.INFERRED: 3, Confidence.NAME: 8}
"""The length of an edge: one certain call is nearer than any uncertain one, and three certain calls as near as a guess."""
_CALLS = (EdgeKind.CALLS,)

Step = tuple[Edge, int]
"""An edge, and the key of the symbol that it leads a walk to."""


class GraphReader(SymbolReader, EdgeReader, Protocol):
    """What walks need of an index."""


def callers(
    reader: GraphReader,
    symbol: Symbol,
    depth: int = 1,
    limit: int = DEFAULT_LIMIT,
    *,
    kinds: Sequence[EdgeKind] = _CALLS,
    cancellation: CancellationToken | None = None,
) -> CodeGraph:
    """`symbol` and all that reach it over at most `depth` edges, nearest first, at most `limit` symbols."""
    return walk(
        reader,
        [symbol.key],
        depth,
        limit,
        lambda level: [(edge, edge.source) for edge in reader.edges_to(level, kinds)],
        cancellation,
    )


def callees(
    reader: GraphReader,
    symbol: Symbol,
    depth: int = 1,
    limit: int = DEFAULT_LIMIT,
    *,
    kinds: Sequence[EdgeKind] = _CALLS,
    cancellation: CancellationToken | None = None,
) -> CodeGraph:
    """`symbol` and all that it reaches over at most `depth` edges, nearest first, at most `limit` symbols."""
    return walk(
        reader,
        [symbol.key],
        depth,
        limit,
        lambda level: [(edge, edge.target) for edge in reader.edges_from(level, kinds)],
        cancellation,
    )


def walk(
    reader: SymbolReader,
    starts: Sequence[int],
    depth: int,
    limit: int,
    steps: Callable[[Sequence[int]], Iterable[Step]],
    cancellation: CancellationToken | None,
) -> CodeGraph:
    """The symbols `starts` and what `steps` leads to from them, breadth first; among the edges of one level the surest win
    the places that are left."""
    reached: dict[int, None] = dict.fromkeys(starts)
    kept: dict[Edge, None] = {}
    level = list(reached)
    for _ in range(depth):
        if not level:
            break
        if cancellation is not None:
            cancellation.check("walking the code graph")
        following: list[int] = []
        for edge, key in sorted(steps(level), key=lambda step: _surest_first(step[0])):
            if key not in reached:
                if len(reached) >= limit:
                    continue
                reached[key] = None
                following.append(key)
            kept[edge] = None
        level = following
    return CodeGraph(tuple(reader.symbols(list(reached))), tuple(kept))


def path_between(
    reader: GraphReader,
    source: Symbol,
    target: Symbol,
    *,
    kinds: Sequence[EdgeKind] = _CALLS,
    max_symbols: int = 50_000,
    cancellation: CancellationToken | None = None,
) -> CodeGraph:
    """The shortest chain of edges from `source` to `target`, certain ones counting as shorter (`COSTS`).

    Its symbols and edges stand in the order of the way; both are empty where there is no way within `max_symbols`.
    Dijkstra 1959; edges are read for a whole distance at a time, so that a database is asked seldom.
    """
    if source.key == target.key:
        return CodeGraph((source,), ())
    best: dict[int, int] = {source.key: 0}
    arrived_by: dict[int, Edge] = {}
    settled: set[int] = set()
    queue = [(0, source.key)]
    while queue and len(settled) < max_symbols:
        if cancellation is not None:
            cancellation.check("looking for a way through the code graph")
        distance = queue[0][0]
        level: list[int] = []
        while queue and queue[0][0] == distance:
            _, key = heappop(queue)
            if key not in settled and best[key] == distance:
                settled.add(key)
                level.append(key)
        if target.key in settled:
            return _way(reader, source.key, target.key, arrived_by)
        for edge in sorted(reader.edges_from(level, kinds), key=_surest_first):
            length = distance + COSTS[edge.confidence]
            if length < best.get(edge.target, length + 1):
                best[edge.target] = length
                arrived_by[edge.target] = edge
                heappush(queue, (length, edge.target))
    return CodeGraph((), ())


def _way(reader: GraphReader, source: int, target: int, arrived_by: dict[int, Edge]) -> CodeGraph:
    edges: list[Edge] = []
    at = target
    while at != source:
        edges.append(arrived_by[at])
        at = edges[-1].source
    edges.reverse()
    return CodeGraph(tuple(reader.symbols([source, *(edge.target for edge in edges)])), tuple(edges))


def _surest_first(edge: Edge) -> tuple[int, str, int, int, int]:
    return COSTS[edge.confidence], edge.path, edge.line, edge.source, edge.target
