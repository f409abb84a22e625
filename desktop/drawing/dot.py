"""Diagrams in Graphviz's language, once for the layout (sizes, no words) and once for people (words, no sizes).

Nodes, frames and arrows are named by their position in the diagram (`n0`, `cluster_0`), so no text of a source can be read
as an instruction. The boxes of a diagram come in the order of their layers: an arrow to an earlier box is given to Graphviz
turned round, which keeps the layers, and turned back when its route is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, log2, sqrt

import graphviz

from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode
from core.model.graph import Confidence
from desktop.drawing.boxes import CLUSTER_LABEL_HEIGHT, CLUSTER_LABEL_SIZE, CLUSTER_MARGIN, box_text
from desktop.drawing.strokes import is_directed
from desktop.drawing.text import clean, text_width

_POINTS = 72
_LEFT_TO_RIGHT = frozenset({"calls", "flow"})
_STYLES = {Confidence.EXACT: "solid", Confidence.INFERRED: "dashed", Confidence.NAME: "dotted"}
_LAYOUT_BOUNDS = {"nslimit": "8", "nslimit1": "8", "mclimit": "2"}
"""Graphviz's own effort: rounds of its network simplex (times the number of nodes) and of mincross."""
_QUICK_BOUNDS = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.2"}


_LARGE = 400
"""Boxes and arrows above which one way of laying out has to do, with less effort: each takes about a second."""


def is_reversed(diagram: Diagram, positions: Mapping[str, int], edge: DiagramEdge) -> bool:
    """Whether an arrow points to an earlier box, and so is laid out the other way round."""
    return positions[edge.source] > positions[edge.target]


@dataclass(frozen=True, slots=True)
class Style:
    """A way to lay a diagram out. `layer_width` bounds the boxes side by side (0: as the arrows have it); `quick` saves
    effort."""

    left_to_right: bool = False
    layer_width: int = 0
    quick: bool = False


def layout_styles(diagram: Diagram, quick: bool = False) -> tuple[Style, ...]:
    """The ways worth trying for a diagram; which one is best, only the pictures tell."""
    if diagram.kind in _LEFT_TO_RIGHT:
        return (Style(left_to_right=True, quick=quick),)
    if diagram.kind == "classes":
        return (Style(quick=quick), Style(left_to_right=True, quick=quick))
    inside = sum(not node.external for node in diagram.nodes)
    usual = max(2, round(sqrt(inside * 0.55)))
    if quick or inside <= 3:
        return (Style(quick=quick),)
    if len(diagram.nodes) + len(diagram.edges) > _LARGE:
        return (Style(layer_width=usual, quick=True),)
    return tuple(Style(layer_width=width) for width in range(max(2, usual - 1), usual + 2))


def layout_dot(diagram: Diagram, style: Style) -> str:
    """What Graphviz needs to find places: every box with its size in inches, every arrow with its number as `id`."""
    bounds = _QUICK_BOUNDS if style.quick else _LAYOUT_BOUNDS
    graph = graphviz.Digraph(
        "diagram",
        graph_attr={
            "rankdir": "LR" if style.left_to_right else "TB",
            "ranksep": "0.85" if style.left_to_right else "0.55",
            "nodesep": "0.2" if style.left_to_right else "0.28",
            "splines": "polyline" if style.quick and not style.layer_width else "true",
            "newrank": "true" if style.layer_width else "false",
            "remincross": "false" if style.quick else "true",
            "fontname": "sans-serif",
            "labeljust": "l",
            **bounds,
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": "", "margin": "0"},
        edge_attr={"arrowhead": "normal", "arrowsize": "0.65", "label": ""},
    )

    def node(number: int, item: DiagramNode) -> dict[str, str]:
        box = box_text(item)
        return {"width": f"{box.width / _POINTS:.4f}", "height": f"{box.height / _POINTS:.4f}"}

    def cluster(number: int, item: DiagramCluster) -> dict[str, str]:
        width = ceil(text_width(clean(item.label), CLUSTER_LABEL_SIZE, bold=True)) + 8
        height = round(CLUSTER_LABEL_HEIGHT)
        table = (
            f'<TABLE BORDER="0" CELLBORDER="0" FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"><TR><TD></TD></TR></TABLE>'
        )
        return {"label": f"<{table}>", "margin": f"{CLUSTER_MARGIN:.0f}"}

    _fill(graph, diagram, node, cluster)
    positions = {item.id: number for number, item in enumerate(diagram.nodes)}
    for number, edge in enumerate(diagram.edges):
        ends = [f"n{positions[edge.source]}", f"n{positions[edge.target]}"]
        backwards = is_reversed(diagram, positions, edge)
        if backwards:
            ends.reverse()
        direction = {"dir": "back", "arrowtail": "normal"} if backwards else {}
        graph.edge(*ends, id=str(number), weight=str(1 + round(log2(edge.count + 1))), **direction)
    for layer in _layers(diagram, positions, style.layer_width) if style.layer_width else ():
        with graph.subgraph(graph_attr={"rank": "same"}) as same:
            for number in layer:
                same.node(f"n{number}")
    for upper, lower in _scaffold(diagram, positions):
        graph.edge(f"n{upper}", f"n{lower}", style="invis", weight="1")
    return str(graph.source)


def readable_dot(diagram: Diagram) -> str:
    """The diagram for other people's tools: names, a line about each, arrows by confidence."""
    graph = graphviz.Digraph(
        "diagram",
        graph_attr={
            "rankdir": "LR" if diagram.kind in _LEFT_TO_RIGHT else "TB",
            "label": graphviz.escape(clean(f"{diagram.title} — {diagram.subtitle}")),
            "labelloc": "t",
            "fontname": "Helvetica",
            "fontsize": "12",
            "nslimit": "8",
            "nslimit1": "8",
            "mclimit": "2",
        },
        node_attr={"shape": "box", "style": "rounded", "fontname": "Helvetica", "fontsize": "11"},
        edge_attr={"fontname": "Helvetica", "fontsize": "9", "arrowsize": "0.7"},
    )

    def node(number: int, item: DiagramNode) -> dict[str, str]:
        # `\n` is put in after quoting: it is the one escape that is meant.
        lines = [graphviz.escape(clean(text)) for text in (item.label, item.detail) if text]
        place = f"{item.place.path}:{item.place.start_line}" if item.place else item.label
        style = {"style": "rounded,dashed"} if item.external or item.kind in ("bundle", "context") else {}
        return {"label": graphviz.nohtml("\\n".join(lines)), "tooltip": graphviz.escape(clean(place)), **style}

    def cluster(number: int, item: DiagramCluster) -> dict[str, str]:
        return {"label": graphviz.escape(clean(item.label)), "style": "rounded", "color": "gray70"}

    _fill(graph, diagram, node, cluster)
    positions = {item.id: number for number, item in enumerate(diagram.nodes)}
    for edge in diagram.edges:
        backwards = is_reversed(diagram, positions, edge)
        ends = [f"n{positions[edge.source]}", f"n{positions[edge.target]}"]
        if backwards:
            ends.reverse()
        direction = {"dir": "back"} if backwards else {}
        told = f"{edge.kind} × {edge.count} ({edge.confidence})"
        named = {"label": graphviz.escape(clean(edge.label))} if edge.label else {}
        undirected = {"dir": "none"} if not is_directed(edge.kind) else direction
        width = f"{min(4.0, 0.8 + 0.3 * log2(edge.count + 1)):.1f}"
        graph.edge(*ends, style=_STYLES[edge.confidence], penwidth=width, tooltip=told, **named, **undirected)
    return str(graph.source)


def _fill(
    graph: graphviz.Digraph,
    diagram: Diagram,
    node: Callable[[int, DiagramNode], dict[str, str]],
    cluster: Callable[[int, DiagramCluster], dict[str, str]],
) -> None:
    """Put nodes into their frames and frames into theirs, the innermost first."""
    frames: dict[str, graphviz.Digraph] = {}
    parents = {item.id: item.parent for item in diagram.clusters}
    for number, item in enumerate(diagram.clusters):
        frames[item.id] = graphviz.Digraph(f"cluster_{number}", graph_attr=cluster(number, item))
    for number, item_node in enumerate(diagram.nodes):
        frames.get(item_node.cluster, graph).node(f"n{number}", **node(number, item_node))

    def depth(id_: str) -> int:
        steps = 0
        while id_ in parents and steps <= len(parents):
            id_, steps = parents[id_], steps + 1
        return steps

    for id_ in sorted(frames, key=lambda id_: -depth(id_)):
        frames.get(parents[id_], graph).subgraph(frames[id_])


def _layers(diagram: Diagram, positions: Mapping[str, int], width: int) -> list[list[int]]:
    """Layers of at most `width` boxes, each below all that point at it (the idea of Coffman and Graham, "Optimal scheduling
    for two-processor systems", 1972, with the diagram's own order)."""
    above: dict[int, list[int]] = {}
    for edge in diagram.edges:
        upper, lower = sorted((positions[edge.source], positions[edge.target]))
        above.setdefault(lower, []).append(upper)
    layer_of: dict[int, int] = {}
    layers: list[list[int]] = []
    for number, node in enumerate(diagram.nodes):
        if node.external and number not in above:
            continue
        layer = max((layer_of[upper] + 1 for upper in above.get(number, ()) if upper in layer_of), default=0)
        while layer < len(layers) and len(layers[layer]) >= width:
            layer += 1
        while layer >= len(layers):
            layers.append([])
        layer_of[number] = layer
        layers[layer].append(number)
    return [layer for layer in layers if layer]


def _scaffold(diagram: Diagram, positions: Mapping[str, int]) -> list[tuple[int, int]]:
    """Unseen edges that stack boxes without arrows in columns, which Graphviz would set side by side, and keep what is
    outside of the source below the rest."""
    touched = {end for edge in diagram.edges for end in (edge.source, edge.target)}
    loose: dict[str, list[int]] = {}
    for item in diagram.nodes:
        if item.id not in touched:
            loose.setdefault(item.cluster, []).append(positions[item.id])
    scaffold: list[tuple[int, int]] = []
    last = max((positions[id_] for id_ in touched), default=-1)
    for numbers in loose.values():
        columns = max(1, ceil(sqrt(len(numbers) * 0.6)))
        if len(numbers) <= 3:
            columns = len(numbers)
        scaffold += [(numbers[index - columns], numbers[index]) for index in range(columns, len(numbers))]
        if last >= 0 and all(diagram.nodes[number].external for number in numbers):
            scaffold += [(last, number) for number in numbers[:columns]]
    return scaffold
