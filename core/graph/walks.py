"""Walks along calls: who calls, what is called, how one gets from here to there.

They work on rows of edges a level at a time: a level of a large source has thousands of edges, of which few are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from core.cancellation import CancellationToken
from core.graph.constructors import constructors_of
from core.model.edge_rows import EdgeRows, joined_rows
from core.model.graph import CodeGraph, Confidence, EdgeKind
from core.model.symbol import Symbol
from core.ports import EdgeReader, EdgeRowReader, IdVector, SymbolReader

DEFAULT_LIMIT = 200
"""Symbols of a walk, its start included."""
COSTS = {Confidence.EXACT: 1, Confidence.INFERRED: 3, Confidence.NAME: 8}
"""The length of an edge: one certain call is nearer than any uncertain one, and three certain calls as near as a guess."""
_COSTS = np.array([COSTS[confidence] for confidence in Confidence], np.int64)
_ENDLESS = 1 << 62
_CALLS = (EdgeKind.CALLS,)

Steps = tuple[EdgeRows, IdVector]
"""Edges, and the key of the symbol that each leads a walk to."""


class GraphReader(SymbolReader, EdgeReader, EdgeRowReader, Protocol):
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
    """`symbol` and all that reach it (or a constructor of it) over at most `depth` edges, nearest first, at most `limit`
    symbols."""
    return walk(
        reader,
        [symbol.key, *constructors_of(reader, [symbol])],
        depth,
        limit,
        lambda level: (rows := reader.rows_to(level, kinds), rows.sources),
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
        lambda level: (rows := reader.rows_from(level, kinds), rows.targets),
        cancellation,
    )


def walk(
    reader: GraphReader,
    starts: Sequence[int],
    depth: int,
    limit: int,
    steps: Callable[[Sequence[int]], Steps],
    cancellation: CancellationToken | None,
) -> CodeGraph:
    """The symbols `starts` and what `steps` leads to from them, breadth first; among the edges of one level the surest win
    the places that are left."""
    reached: dict[int, None] = dict.fromkeys(starts)
    kept: list[EdgeRows] = []
    level = list(reached)
    for _ in range(depth):
        if not level:
            break
        _check(cancellation, "walking the code graph")
        rows, leads_to = steps(level)
        order = _surest_first(rows)
        leads_to = leads_to[order]
        fresh = leads_to[~np.isin(leads_to, list(reached))]
        _, firsts = np.unique(fresh, return_index=True)
        level = fresh[np.sort(firsts)[: max(0, limit - len(reached))]].tolist()
        reached.update(dict.fromkeys(level))
        kept.append(rows.taken(order[np.isin(leads_to, list(reached))]))
    edges = dict.fromkeys(reader.edges_at(joined_rows(kept)))
    return CodeGraph(tuple(reader.symbols(list(reached))), tuple(edges))


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
    Dijkstra 1959, all that is equally far at once. Most pairs have no way, which is seen sooner from both ends.
    """
    if source.key == target.key:
        return CodeGraph((source,), ())
    if not _is_connected(reader, source.key, target.key, kinds, cancellation):
        return CodeGraph((), ())
    best: dict[int, int] = {source.key: 0}
    arrived_by: dict[int, int] = {}
    arrivals: list[EdgeRows] = []
    waiting: dict[int, list[IdVector]] = {0: [np.array([source.key], np.int64)]}
    distances, settled, arrived = [0], 0, 0
    while distances and settled < max_symbols:
        _check(cancellation, "looking for a way through the code graph")
        distance = heappop(distances)
        keys = np.unique(np.concatenate(waiting.pop(distance))).tolist()
        level = [key for key in keys if best[key] == distance]
        settled += len(level)
        if best.get(target.key) == distance:
            return _way(reader, source.key, target.key, arrived_by, joined_rows(arrivals))
        rows = reader.rows_from(level, kinds)
        rows = rows.taken(_surest_first(rows))
        targets, firsts = np.unique(rows.targets, return_index=True)
        lengths = distance + _COSTS[rows.confidences[firsts]]
        known = [best.get(key, _ENDLESS) for key in targets.tolist()]
        nearer = lengths < np.array(known, np.int64)
        targets, lengths = targets[nearer], lengths[nearer]
        best.update(zip(targets.tolist(), lengths.tolist(), strict=True))
        arrived_by.update(zip(targets.tolist(), range(arrived, arrived + len(targets)), strict=True))
        arrived += len(targets)
        arrivals.append(rows.taken(firsts[nearer]))
        for length in np.unique(lengths).tolist():
            if length not in waiting:
                waiting[length] = []
                heappush(distances, length)
            waiting[length].append(targets[lengths == length])
    return CodeGraph((), ())


def _is_connected(
    reader: EdgeRowReader, source: int, target: int, kinds: Sequence[EdgeKind], cancellation: CancellationToken | None
) -> bool:
    """Whether there is a way at all: grown from both ends, the smaller side first, until they meet or one is complete."""
    ahead, behind = (np.array([key], np.int64) for key in (source, target))
    forward, backward = ahead, behind
    while len(forward) and len(backward):
        _check(cancellation, "looking for a way through the code graph")
        if len(forward) <= len(backward):
            forward = np.setdiff1d(reader.rows_from(forward.tolist(), kinds).targets, ahead)
            ahead = np.union1d(ahead, forward)
            meeting = np.intersect1d(forward, behind, assume_unique=True)
        else:
            backward = np.setdiff1d(reader.rows_to(backward.tolist(), kinds).sources, behind)
            behind = np.union1d(behind, backward)
            meeting = np.intersect1d(backward, ahead, assume_unique=True)
        if len(meeting):
            return True
    return False


def _way(reader: GraphReader, source: int, target: int, arrived_by: Mapping[int, int], arrivals: EdgeRows) -> CodeGraph:
    rows: list[int] = []
    at = target
    while at != source:
        rows.append(arrived_by[at])
        at = int(arrivals.sources[rows[-1]])
    edges = reader.edges_at(arrivals.taken(np.array(rows[::-1], np.int64)))
    return CodeGraph(tuple(reader.symbols([source, *(edge.target for edge in edges)])), tuple(edges))


def _surest_first(rows: EdgeRows) -> IdVector:
    """The order of rows in which the surest come first, those that are equally sure by place."""
    return np.lexsort((rows.targets, rows.sources, rows.lines, rows.files, _COSTS[rows.confidences]))


def _check(cancellation: CancellationToken | None, doing: str) -> None:
    if cancellation is not None:
        cancellation.check(doing)
