"""A drawing without what a person does not want to see; everything else stays where it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from core.model.diagram import Drawing, Omitted


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not to be seen: boxes by id, arrows by kind and by confidence."""

    boxes: Collection[str] = ()
    kinds: Collection[str] = ()
    confidences: Collection[str] = ()


def without(drawing: Drawing, hidden: Hidden) -> Drawing:
    """`drawing` without what is hidden, arrows to hidden boxes and empty frames; what goes is told among the omitted."""
    diagram = drawing.diagram
    nodes = tuple(node for node in diagram.nodes if node.id not in hidden.boxes)
    shown = {node.id for node in nodes}
    pairs = [
        (edge, route)
        for edge, route in zip(diagram.edges, drawing.routes, strict=False)
        if edge.source in shown
        and edge.target in shown
        and edge.kind not in hidden.kinds
        and edge.confidence not in hidden.confidences
    ]
    if len(nodes) == len(diagram.nodes) and len(pairs) == len(diagram.edges):
        return drawing
    parents = {cluster.id: cluster.parent for cluster in diagram.clusters}
    filled: set[str] = set()
    for node in nodes:
        frame = node.cluster
        while frame and frame not in filled:
            filled.add(frame)
            frame = parents.get(frame, "")
    told = [
        Omitted(f"{what}{'' if number == 1 else ending} hidden by hand", number)
        for what, ending, number in (
            ("box", "es", len(diagram.nodes) - len(nodes)),
            ("arrow", "s", len(diagram.edges) - len(pairs)),
        )
        if number
    ]
    smaller = replace(
        diagram,
        nodes=nodes,
        edges=tuple(edge for edge, _ in pairs),
        clusters=tuple(cluster for cluster in diagram.clusters if cluster.id in filled),
        omitted=(*diagram.omitted, *told),
    )
    return replace(
        drawing,
        diagram=smaller,
        nodes={id_: box for id_, box in drawing.nodes.items() if id_ in shown},
        clusters={id_: box for id_, box in drawing.clusters.items() if id_ in filled},
        routes=tuple(route for _, route in pairs),
    )
