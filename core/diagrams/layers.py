"""Which thing stands above which: an order in which as much as possible points downwards.

Things that do not depend on each other in a circle can be ordered without a rest, so only what lies in one strongly
connected component is in question. Finding the order with the least weight pointing upwards is the minimum feedback arc
set problem, which is NP-hard. We start with the greedy order of Eades, Lin and Smyth ("A fast and effective heuristic for
the feedback arc set problem", 1993), then move one thing at a time to its best place until nothing gets better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

_PASSES = 12
_SIFT_LIMIT = 120
"""Above, moving single things costs more than it shows."""


def order_by_dependency(nodes: Sequence[str], weights: Mapping[tuple[str, str], float]) -> list[str]:
    """`nodes` with users before what they use; the same for the same input in any order.

    A pair that points upwards in this order lies on a circle.
    """
    order: list[str] = []
    for component in components(nodes, weights):
        inner = _greedy(component, weights)
        order += _sift(inner, weights) if len(inner) <= _SIFT_LIMIT else inner
    return order


def components(nodes: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The strongly connected components, each sorted, users before what they use, the first by name where both could be."""
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted(nodes))
    known = set(nodes)
    graph.add_edges_from(sorted(pair for pair in pairs if pair[0] in known and pair[1] in known))
    condensed = nx.condensation(graph)
    inside = {number: sorted(data["members"]) for number, data in condensed.nodes(data=True)}
    return [
        inside[number] for number in nx.lexicographical_topological_sort(condensed, key=lambda number: inside[number][0])
    ]


def _greedy(nodes: list[str], weights: Mapping[tuple[str, str], float]) -> list[str]:
    remaining = dict.fromkeys(nodes)
    leaving: dict[str, dict[str, float]] = {node: {} for node in nodes}
    arriving: dict[str, dict[str, float]] = {node: {} for node in nodes}
    for (source, target), weight in sorted(weights.items()):
        if source in remaining and target in remaining and source != target:
            leaving[source][target] = weight
            arriving[target][source] = weight
    out_sum = {node: sum(leaving[node].values()) for node in nodes}
    in_sum = {node: sum(arriving[node].values()) for node in nodes}
    first: list[str] = []
    last: list[str] = []
    while remaining:
        sinks = [node for node in remaining if out_sum[node] <= 1e-9 and in_sum[node] > 1e-9]
        if sinks:
            chosen = sinks[0]
            last.append(chosen)
        else:
            chosen = max(remaining, key=lambda node: (out_sum[node] - in_sum[node], out_sum[node]))
            first.append(chosen)
        del remaining[chosen]
        for target, weight in leaving[chosen].items():
            in_sum[target] -= weight
        for source, weight in arriving[chosen].items():
            out_sum[source] -= weight
    return first + last[::-1]


def _sift(order: list[str], weights: Mapping[tuple[str, str], float]) -> list[str]:
    for _ in range(_PASSES):
        moved = False
        for node in sorted(order):
            others = [other for other in order if other != node]
            # Weight that points upwards with `node` at position i, relative to its place at the top.
            cost = best = 0.0
            position = 0
            current = order.index(node)
            current_cost = 0.0
            for index, other in enumerate(others):
                cost += weights.get((node, other), 0.0) - weights.get((other, node), 0.0)
                if index + 1 == current:
                    current_cost = cost
                if cost < best - 1e-9:
                    best, position = cost, index + 1
            if best < current_cost - 1e-9:
                order = [*others[:position], node, *others[position:]]
                moved = True
        if not moved:
            break
    return order
