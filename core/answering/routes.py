"""Routes: short ways through the code graph, found breadth first, a level an index query, with a bound on how wide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.model.edge_rows import EdgeRows
from core.model.graph import Confidence, Edge, EdgeKind
from core.ports import EdgeRowReader, IdVector

_WIDEST = 400
"""Symbols of one level that are followed; beyond it a route says little."""
_ORDER = {Confidence.EXACT: 0, Confidence.INFERRED: 1, Confidence.NAME: 2}
_ORDERS = np.array([_ORDER[confidence] for confidence in Confidence])
_SURE = (Confidence.EXACT, Confidence.INFERRED)
CALLS = (EdgeKind.CALLS,)

Passable = Callable[[IdVector], NDArray[np.bool_]]
"""Which of some symbols may be gone through; shape (n,), as of their keys."""
_Step = tuple[EdgeRows, int]
"""Edges, and the row of one."""


def route(
    reader: EdgeRowReader,
    sources: Iterable[int],
    targets: Iterable[int],
    *,
    depth: int = 4,
    confidences: Sequence[Confidence] = _SURE,
    passable: Passable | None = None,
) -> list[Edge]:
    """The edges of a shortest way along calls from any source to any target; empty where there is none within `depth`.

    `passable` says which symbols may be gone through, all where it is None.
    """
    wanted = set(targets)
    reached: dict[int, _Step | None] = dict.fromkeys(sources, None)
    frontier = [key for key in reached if key not in wanted]
    for _ in range(depth):
        following: list[int] = []
        rows = _of_confidences(reader.rows_from(frontier, CALLS), confidences)
        goes_on = np.ones(len(rows), bool) if passable is None else passable(rows.targets)
        for row, (target, on) in enumerate(zip(rows.targets.tolist(), goes_on.tolist(), strict=True)):
            if target in reached:
                continue
            reached[target] = (rows, row)
            if target in wanted:
                return _edges(reader, _back(reached, target))
            if on:
                following.append(target)
        frontier = following[:_WIDEST]
        if not frontier:
            break
    return []


def way_up(reader: EdgeRowReader, starts: Sequence[int], *, depth: int, passable: Passable) -> dict[int, list[Edge]]:
    """The shortest way down to one of `starts` from each caller within `depth` that nobody passable calls, outermost edge
    first."""
    leads_to: dict[int, Edge | None] = dict.fromkeys(starts, None)
    frontier = list(leads_to)
    roots: dict[int, list[Edge]] = {}
    for _ in range(depth + 1):
        callers: dict[int, list[tuple[int, int]]] = {key: [] for key in frontier}
        rows = _of_confidences(reader.rows_to(frontier, CALLS), _SURE)
        rows = rows.taken((rows.sources != rows.targets) & passable(rows.sources))
        for row, (source, target) in enumerate(zip(rows.sources.tolist(), rows.targets.tolist(), strict=True)):
            callers[target].append((row, source))
        following: dict[int, int] = {}
        for key in frontier:
            if not callers[key] and leads_to[key] is not None:
                roots[key] = _down(leads_to, key)
            for row, source in callers[key]:
                if source not in leads_to:
                    following.setdefault(source, row)
        edges = reader.edges_at(rows.taken(np.array(list(following.values()), np.int64)))
        leads_to.update(zip(following, edges, strict=True))
        frontier = list(following)[:_WIDEST]
    return roots


def _of_confidences(rows: EdgeRows, confidences: Sequence[Confidence]) -> EdgeRows:
    """Those of some confidences, the surest first, then by place."""
    admitted = np.array([confidence in confidences for confidence in Confidence], bool)
    rows = rows.taken(admitted[rows.confidences])
    return rows.taken(np.lexsort((rows.targets, rows.lines, rows.files, _ORDERS[rows.confidences])))


def _edges(reader: EdgeRowReader, steps: Iterable[_Step]) -> list[Edge]:
    return [edge for rows, row in steps for edge in reader.edges_at(rows.taken(np.array([row])))]


def _back(reached: dict[int, _Step | None], key: int) -> list[_Step]:
    steps: list[_Step] = []
    while (step := reached[key]) is not None:
        steps.append(step)
        rows, row = step
        key = int(rows.sources[row])
    return steps[::-1]


def _down(leads_to: Mapping[int, Edge | None], key: int) -> list[Edge]:
    edges: list[Edge] = []
    while (edge := leads_to[key]) is not None:
        edges.append(edge)
        key = edge.target
    return edges
