"""Making a diagram smaller without hiding that it was: what goes is bundled or counted."""

from __future__ import annotations

from dataclasses import replace

from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Omitted

MAX_NODES = 300
"""Above, no picture is readable, and Graphviz takes more than seconds."""


def bundle_nodes(diagram: Diagram, limit: int) -> Diagram:
    """At most `limit` boxes: the least connected of each frame become one, their arrows with them."""
    if len(diagram.nodes) <= limit:
        return diagram
    degree: dict[str, int] = {}
    for edge in diagram.edges:
        for end in (edge.source, edge.target):
            degree[end] = degree.get(end, 0) + edge.count
    frames = {node.cluster for node in diagram.nodes}
    ranked = sorted(diagram.nodes, key=lambda node: (-degree.get(node.id, 0), -node.weight, node.id))
    kept = {node.id for node in ranked[: max(1, limit - len(frames))]}
    if len(kept) + len(frames) > limit:
        return replace(diagram, nodes=tuple(ranked[:limit]), edges=(), clusters=(), omitted=_told(diagram, limit))
    rest: dict[str, list[DiagramNode]] = {}
    for node in diagram.nodes:
        if node.id not in kept:
            rest.setdefault(node.cluster, []).append(node)
    home = {node.id: f"bundled:{cluster}" for cluster, nodes in rest.items() for node in nodes}
    nodes: list[DiagramNode] = []
    placed: set[str] = set()
    for node in diagram.nodes:
        bundle = home.get(node.id)
        if bundle is None:
            nodes.append(node)
        elif bundle not in placed:
            placed.add(bundle)
            group = rest[node.cluster]
            names = ", ".join(member.label for member in group[:3])
            lines = sum(member.weight for member in group)
            nodes.append(DiagramNode(bundle, f"+{len(group)} more", names, "bundle", group[0].place, node.cluster, lines))
    merged: dict[tuple[str, str], DiagramEdge] = {}
    for edge in diagram.edges:
        pair = (home.get(edge.source, edge.source), home.get(edge.target, edge.target))
        if pair[0] != pair[1]:
            other = merged.get(pair)
            count = edge.count + (other.count if other else 0)
            merged[pair] = replace(other or edge, source=pair[0], target=pair[1], count=count)
    return replace(diagram, nodes=tuple(nodes), edges=tuple(merged.values()))


def keep_edges(diagram: Diagram, per_node: float) -> Diagram:
    """At most `per_node` arrows a box, those that stand for most; the others are counted."""
    limit = max(1, round(per_node * len(diagram.nodes)))
    if len(diagram.edges) <= limit:
        return diagram
    ranked = sorted(range(len(diagram.edges)), key=lambda number: (-diagram.edges[number].count, number))
    kept = sorted(ranked[:limit])
    lost = len(diagram.edges) - limit
    uses = sum(diagram.edges[number].count for number in ranked[limit:])
    told = Omitted(f"uses behind {lost} arrow{'s' if lost > 1 else ''} too many to lay out", uses)
    edges = tuple(diagram.edges[number] for number in kept)
    return replace(diagram, edges=edges, omitted=(*diagram.omitted, told))


def _told(diagram: Diagram, limit: int) -> tuple[Omitted, ...]:
    uses = sum(edge.count for edge in diagram.edges)
    return (*diagram.omitted, Omitted("boxes too many to lay out", len(diagram.nodes) - limit), Omitted("uses", uses))
