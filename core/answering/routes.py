"""Routes: short ways through the code graph, found breadth first, a level an index query, with a bound on how wide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.model.graph import Confidence, Edge, EdgeKind
from core.ports import EdgeReader

_WIDEST = 400
"""Symbols of one level that are followed; beyond it a route says little."""
_ORDER = {Confidence.EXACT: 0, Confidence.INFERRED: 1, Confidence.NAME: 2}
_SURE = (Confidence.EXACT, Confidence.INFERRED)
CALLS = (EdgeKind.CALLS,)


def route(
    reader: EdgeReader,
    sources: Iterable[int],
    targets: Iterable[int],
    *,
    depth: int = 4,
    confidences: Sequence[Confidence] = _SURE,
    passable: Callable[[int], bool] = lambda _: True,
) -> list[Edge]:
    """The edges of a shortest way along calls from any source to any target; empty where there is none within `depth`.

    `passable` says which symbols may be gone through.
    """
    wanted = set(targets)
    reached: dict[int, Edge | None] = dict.fromkeys(sources, None)
    frontier = [key for key in reached if key not in wanted]
    for _ in range(depth):
        following: list[int] = []
        edges = [edge for edge in reader.edges_from(frontier, CALLS) if edge.confidence in confidences]
        for edge in sorted(edges, key=_preference):
            if edge.target in reached:
                continue
            reached[edge.target] = edge
            if edge.target in wanted:
                return _back(reached, edge.target)
            if passable(edge.target):
                following.append(edge.target)
        frontier = following[:_WIDEST]
        if not frontier:
            break
    return []


def way_up(
    reader: EdgeReader, starts: Sequence[int], *, depth: int, passable: Callable[[int], bool]
) -> dict[int, list[Edge]]:
    """The shortest way down to one of `starts` from each caller within `depth` that nobody passable calls, outermost edge
    first."""
    leads_to: dict[int, Edge | None] = dict.fromkeys(starts, None)
    frontier = list(leads_to)
    roots: dict[int, list[Edge]] = {}
    for _ in range(depth + 1):
        callers: dict[int, list[Edge]] = {key: [] for key in frontier}
        for edge in sorted(reader.edges_to(frontier, CALLS), key=_preference):
            if edge.confidence in _SURE and edge.source != edge.target and passable(edge.source):
                callers[edge.target].append(edge)
        following: list[int] = []
        for key in frontier:
            if not callers[key] and leads_to[key] is not None:
                roots[key] = _down(leads_to, key)
            for edge in callers[key]:
                if edge.source not in leads_to:
                    leads_to[edge.source] = edge
                    following.append(edge.source)
        frontier = following[:_WIDEST]
    return roots


def _preference(edge: Edge) -> tuple[int, str, int, int]:
    return _ORDER[edge.confidence], edge.path, edge.line, edge.target


def _back(reached: dict[int, Edge | None], key: int) -> list[Edge]:
    edges: list[Edge] = []
    while (edge := reached[key]) is not None:
        edges.append(edge)
        key = edge.source
    return edges[::-1]


def _down(leads_to: dict[int, Edge | None], key: int) -> list[Edge]:
    edges: list[Edge] = []
    while (edge := leads_to[key]) is not None:
        edges.append(edge)
        key = edge.target
    return edges
