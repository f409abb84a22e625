"""Layout of diagrams with frames: every frame a compact block, the blocks in layers, arrows routed last.

Graphviz's `dot` draws frames around layers that run through the whole picture, which gives wide, hollow frames. Here each
frame's content is laid out by itself, innermost first, then the frames as boxes among the other boxes; at each step a few
widths are tried. With all places fixed, the engine `nop` routes the arrows round the boxes and the names of frames. The
price: an arrow inside of a frame is not counted with those outside when its crossings are reduced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, log, sqrt

import graphviz

from core.diagrams.layers import order_by_dependency
from core.model.diagram import Diagram, Drawing, Rectangle, Route
from desktop.drawing.boxes import CLUSTER_LABEL_HEIGHT, CLUSTER_LABEL_SIZE, CLUSTER_MARGIN, box_text
from desktop.drawing.engine import Ask, Graph, Places
from desktop.drawing.grid import straight
from desktop.drawing.text import clean, text_width

_POINTS = 72
_GAP_X = 26.0
_GAP_Y = 34.0
_INNER_ASPECT = 3.0
_ASPECT = 1.6
_INNER_WIDTHS = (0.7, 1.0, 1.4, 2.0)
_OUTER_WIDTHS = (0.75, 0.9, 1.05, 1.25, 1.5)
"""Widths to try, as shares of the width that would give the wanted shape."""
_ROUTED = 3
"""Arrangements that get their arrows routed, the best by shape."""
_LARGE = 400
"""Boxes and arrows above which one width has to do."""
_ROUTABLE = 20_000
"""Boxes times arrows above which arrows lead straight, below the boxes: the routes of 700 round 300 take a quarter of a
minute."""
_LARGE_BLOCK = 250
"""Items and links of one block above which Graphviz makes less of an effort."""
_THOROUGH = {"nslimit": "8", "nslimit1": "8", "mclimit": "4"}
_QUICK = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.2", "remincross": "false"}
_LANE = 4.5
"""Points between two arrows that join the same boxes."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A box or a frame among its siblings."""

    id: str
    width: float
    height: float
    last: bool = False
    """Belongs below everything else."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Siblings in their places, by upper left corner."""

    width: float
    height: float
    corners: Mapping[str, tuple[float, float]]


def block_drawings(diagram: Diagram, ask: Ask) -> list[Drawing]:
    """Drawings to choose from; none where Graphviz gave no answer."""
    home = _homes(diagram)
    frames = {cluster.id for cluster in diagram.clusters}
    sizes = {node.id: (box_text(node).width, box_text(node).height) for node in diagram.nodes}
    external = {node.id: node.external for node in diagram.nodes}
    inside = _ordered(diagram, home)
    blocks: dict[str, _Block] = {}
    large = len(diagram.nodes) + len(diagram.edges) > _LARGE
    inner_widths, outer_widths = ((1.0,), (1.0,)) if large else (_INNER_WIDTHS, _OUTER_WIDTHS)
    for level in _levels(diagram, home):
        candidates = {frame: _arrangements(frame, inside, sizes, external, diagram, home, inner_widths) for frame in level}
        answers = iter(ask([graph for graphs in candidates.values() for _, graph in graphs]))
        for frame, graphs in candidates.items():
            found = [_block(items, places) for (items, _), places in zip(graphs, answers, strict=False)]
            block = min((block for block in found if block), key=lambda block: _shape(block, _INNER_ASPECT), default=None)
            if block is None:
                return []
            blocks[frame] = block
            label = text_width(clean(_label(diagram, frame)), CLUSTER_LABEL_SIZE, bold=True) + 24
            width = max(block.width + 2 * CLUSTER_MARGIN, label)
            sizes[frame] = (width, block.height + 2 * CLUSTER_MARGIN + CLUSTER_LABEL_HEIGHT - 4)
            external[frame] = all(external[id_] for id_ in inside[frame])
    outer = _arrangements("", inside, sizes, external, diagram, home, outer_widths)
    tops = [_block(items, places) for (items, _), places in zip(outer, ask([graph for _, graph in outer]), strict=True)]
    ranked = sorted((block for block in tops if block), key=lambda block: _shape(block, _ASPECT))[:_ROUTED]
    if len(diagram.nodes) * len(diagram.edges) > _ROUTABLE:
        return [_straight(_place(diagram, block, blocks, inside, sizes, frames)) for block in ranked[:1]]
    placed = [_place(diagram, block, blocks, inside, sizes, frames) for block in ranked]
    routed = ask([_routing_graph(drawing) for drawing in placed])
    return [_with_routes(drawing, places) for drawing, places in zip(placed, routed, strict=True) if places]


def _homes(diagram: Diagram) -> dict[str, str]:
    """The frame of every box and frame, empty at the top; frames without content are left out."""
    parents = {cluster.id: cluster.parent for cluster in diagram.clusters}
    home = {node.id: node.cluster if node.cluster in parents else "" for node in diagram.nodes}
    for node in diagram.nodes:
        frame = home[node.id]
        while frame and frame not in home:
            home[frame] = parents[frame] if parents[frame] in parents else ""
            frame = home[frame]
    return home


def _levels(diagram: Diagram, home: Mapping[str, str]) -> list[list[str]]:
    """Frames by depth, the innermost first."""
    depths: dict[int, list[str]] = {}
    for cluster in diagram.clusters:
        if cluster.id in home:
            frame, depth = cluster.id, 0
            while home[frame]:
                frame, depth = home[frame], depth + 1
            depths.setdefault(depth, []).append(cluster.id)
    return [depths[depth] for depth in sorted(depths, reverse=True)]


def _positions(diagram: Diagram, home: Mapping[str, str]) -> dict[str, float]:
    """Where everything stands in the order of layers; a frame where its boxes do on average."""
    total: dict[str, float] = {}
    number: dict[str, int] = {}
    for index, node in enumerate(diagram.nodes):
        item = node.id
        while item:
            total[item] = total.get(item, 0.0) + index
            number[item] = number.get(item, 0) + 1
            item = home[item]
    return {item: total[item] / number[item] for item in total}


def _ordered(diagram: Diagram, home: Mapping[str, str]) -> dict[str, list[str]]:
    """What lies directly within each frame (and at the top, `""`), in layers: of two siblings that arrows join, that stands
    first whose boxes do; else they stand as they do on average."""
    position = _positions(diagram, home)
    # Names that sort as the positions do: where arrows leave a choice, the diagram's order stays.
    keys = {id_: f"{position[id_]:012.3f} {id_}" for id_ in home}
    inside: dict[str, list[str]] = {}
    for id_ in home:
        inside.setdefault(home[id_], []).append(id_)
    ordered: dict[str, list[str]] = {}
    for frame, items in inside.items():
        weights: dict[tuple[str, str], float] = {}
        for edge in diagram.edges:
            upper, lower = sorted((edge.source, edge.target), key=position.__getitem__)
            upper, lower = _sibling(upper, frame, home), _sibling(lower, frame, home)
            if upper and lower and upper != lower:
                pair = (keys[upper], keys[lower])
                weights[pair] = weights.get(pair, 0.0) + sqrt(edge.count)
        named = {keys[id_]: id_ for id_ in items}
        ordered[frame] = [named[key] for key in order_by_dependency(list(named), weights)]
    return ordered


def _label(diagram: Diagram, frame: str) -> str:
    return next(cluster.label for cluster in diagram.clusters if cluster.id == frame)


def _sibling(id_: str, frame: str, home: Mapping[str, str]) -> str:
    """What holds `id_` directly within `frame`; empty if it lies elsewhere."""
    while home[id_] != frame:
        if not home[id_]:
            return ""
        id_ = home[id_]
    return id_


def _arrangements(
    frame: str,
    inside: Mapping[str, Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    external: Mapping[str, bool],
    diagram: Diagram,
    home: Mapping[str, str],
    shares: Iterable[float],
) -> list[tuple[list[_Item], Graph]]:
    """The siblings within `frame` as graphs of several widths."""
    items = [_Item(id_, *sizes[id_], last=external[id_] and not frame) for id_ in inside.get(frame, ())]
    links: dict[tuple[int, int], int] = {}
    index = {item.id: number for number, item in enumerate(items)}
    for edge in diagram.edges:
        ends = [index.get(_sibling(end, frame, home), -1) for end in (edge.source, edge.target)]
        upper, lower = sorted(ends)
        if upper >= 0 and upper != lower:
            links[upper, lower] = links.get((upper, lower), 0) + 1
    area = sum((item.width + _GAP_X) * (item.height + _GAP_Y) for item in items)
    wanted = sqrt(area * (_INNER_ASPECT if frame else _ASPECT))
    widest = max((item.width for item in items), default=0.0)
    layerings = {tuple(map(tuple, _layers(items, links, max(widest, wanted * share)))): None for share in shares}
    return [(items, _graph(items, links, layers)) for layers in layerings]


def _layers(items: Sequence[_Item], links: Mapping[tuple[int, int], int], width: float) -> list[list[int]]:
    """Layers no wider than `width`, each item below those that point at it (Coffman and Graham, "Optimal scheduling for
    two-processor systems", 1972); what nothing points at then sinks towards what it points at."""
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for upper, lower in links:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    layer_of: dict[int, int] = {}
    used: list[float] = []

    def put(number: int, layer: int) -> None:
        while layer >= len(used):
            used.append(-_GAP_X)
        layer_of[number] = layer
        used[layer] += items[number].width + _GAP_X

    def fits(number: int, layer: int) -> bool:
        return layer >= len(used) or used[layer] <= 0 or used[layer] + _GAP_X + items[number].width <= width

    for number, item in enumerate(items):
        if item.last:
            continue
        layer = max((layer_of[upper] + 1 for upper in above.get(number, ()) if upper in layer_of), default=0)
        while not fits(number, layer):
            layer += 1
        put(number, layer)
    for number in reversed(range(len(items))):
        used_at = [layer_of[lower] for lower in below.get(number, ()) if lower in layer_of]
        if number in layer_of and number not in above and used_at:
            deepest = min(used_at) - 1
            better = next((layer for layer in range(deepest, layer_of[number], -1) if fits(number, layer)), None)
            if better is not None:
                used[layer_of[number]] -= items[number].width + _GAP_X
                put(number, better)
    for number, item in enumerate(items):
        if item.last:
            put(number, len(used) - 1 if used and fits(number, len(used) - 1) else len(used))
    layers = [[number for number in layer_of if layer_of[number] == layer] for layer in range(len(used))]
    return [sorted(layer) for layer in layers if layer]


def _graph(items: Sequence[_Item], links: Mapping[tuple[int, int], int], layers: Sequence[Sequence[int]]) -> Graph:
    graph = graphviz.Digraph(
        "block",
        graph_attr={
            "newrank": "true",
            "nodesep": f"{_GAP_X / _POINTS:.3f}",
            "ranksep": f"{_GAP_Y / _POINTS:.3f}",
            "splines": "false",
            **(_QUICK if len(items) + len(links) > _LARGE_BLOCK else _THOROUGH),
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
    )
    for number, item in enumerate(items):
        graph.node(f"n{number}", width=f"{item.width / _POINTS:.4f}", height=f"{item.height / _POINTS:.4f}")
    for (upper, lower), count in sorted(links.items()):
        graph.edge(f"n{upper}", f"n{lower}", weight=str(min(8, count)))
    for layer in layers:
        with graph.subgraph(graph_attr={"rank": "same"}) as same:
            for number in layer:
                same.node(f"n{number}")
    for upper_layer, lower_layer in pairwise(layers):
        graph.edge(f"n{upper_layer[0]}", f"n{lower_layer[0]}", style="invis", weight="0")
    return Graph(str(graph.source))


def _block(items: Sequence[_Item], places: Places | None) -> _Block | None:
    if places is None or any(f"n{number}" not in places.nodes for number in range(len(items))):
        return None
    boxes = [places.nodes[f"n{number}"] for number in range(len(items))]
    return _Block(places.width, places.height, {item.id: (box.x, box.y) for item, box in zip(items, boxes, strict=True)})


def _shape(block: _Block, aspect: float) -> float:
    """Smaller is better: area, and how far the shape is from the one that is wanted."""
    return sqrt(block.width * block.height) * (1.0 + 0.5 * abs(log(block.width / max(block.height, 1.0) / aspect)))


def _place(
    diagram: Diagram,
    top: _Block,
    blocks: Mapping[str, _Block],
    inside: Mapping[str, Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    frames: set[str],
) -> Drawing:
    """Everything where the blocks have it; no routes yet."""
    found: dict[str, Rectangle] = {}
    stack: list[tuple[_Block, float, float]] = [(top, 0.0, 0.0)]
    while stack:
        block, left, upper = stack.pop()
        for id_, (x, y) in block.corners.items():
            width, height = sizes[id_]
            found[id_] = Rectangle(round(left + x, 2), round(upper + y, 2), round(width, 2), round(height, 2))
            if id_ in frames:
                inner = blocks[id_]
                indent = (width - inner.width) / 2
                stack.append((inner, left + x + indent, upper + y + CLUSTER_MARGIN + CLUSTER_LABEL_HEIGHT - 4))
    nodes = {node.id: found[node.id] for node in diagram.nodes}
    clusters = {cluster.id: found[cluster.id] for cluster in diagram.clusters if cluster.id in found}
    return Drawing(diagram, top.width, top.height, nodes, clusters, ())


def _routing_graph(drawing: Drawing) -> Graph:
    """The boxes at their places, the names of frames as boxes in the way, and the arrows."""
    graph = graphviz.Digraph(
        "routes",
        graph_attr={"splines": "true", "esep": "+3"},
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"arrowsize": "0.65"},
    )

    def box(name: str, area: Rectangle) -> None:
        # Graphviz counts y upwards; the picture is turned over on the way there and back.
        centre = f"{area.x + area.width / 2:.2f},{-(area.y + area.height / 2):.2f}"
        graph.node(name, pos=centre, width=f"{area.width / _POINTS:.4f}", height=f"{area.height / _POINTS:.4f}")

    numbers = {}
    for number, node in enumerate(drawing.diagram.nodes):
        numbers[node.id] = f"n{number}"
        box(f"n{number}", drawing.nodes[node.id])
    for number, cluster in enumerate(drawing.diagram.clusters):
        frame = drawing.clusters.get(cluster.id)
        if frame is not None:
            width = text_width(clean(cluster.label), CLUSTER_LABEL_SIZE, bold=True)
            box(
                f"l{number}",
                Rectangle(frame.x + 10, frame.y + 5, min(width + 4, frame.width - 20), CLUSTER_LABEL_HEIGHT - 4),
            )
    for number, edge in enumerate(drawing.diagram.edges):
        graph.edge(numbers[edge.source], numbers[edge.target], id=str(number))
    return Graph(str(graph.source), "nop")


def _straight(drawing: Drawing) -> Drawing:
    boxes = drawing.nodes
    return replace(drawing, routes=tuple(straight(boxes[e.source], boxes[e.target]) for e in drawing.diagram.edges))


def _with_routes(drawing: Drawing, places: Places) -> Drawing:
    """`drawing` with the routes; everything moved so that no arrow leaves the picture."""
    first = drawing.diagram.nodes[0].id
    moved_x = drawing.nodes[first].x - places.nodes["n0"].x
    moved_y = drawing.nodes[first].y - places.nodes["n0"].y
    pairs = {(edge.source, edge.target) for edge in drawing.diagram.edges}
    routes = []
    for number, edge in enumerate(drawing.diagram.edges):
        route = _moved(places.routes[str(number)], moved_x, moved_y)
        mutual = (edge.target, edge.source) in pairs
        routes.append(_in_lane(route) if mutual else route)
    left = min([0.0, *(x for route in routes for x, _ in route.points)])
    top = min([0.0, *(y for route in routes for _, y in route.points)])
    right = max([drawing.width, *(x for route in routes for x, _ in route.points)])
    bottom = max([drawing.height, *(y for route in routes for _, y in route.points)])
    return replace(
        drawing,
        width=round(right - left, 2),
        height=round(bottom - top, 2),
        nodes={id_: _shifted(box, -left, -top) for id_, box in drawing.nodes.items()},
        clusters={id_: _shifted(box, -left, -top) for id_, box in drawing.clusters.items()},
        routes=tuple(_moved(route, -left, -top) for route in routes),
    )


def _shifted(box: Rectangle, dx: float, dy: float) -> Rectangle:
    return Rectangle(round(box.x + dx, 2), round(box.y + dy, 2), box.width, box.height)


def _map(route: Route, change: Callable[[tuple[float, float]], tuple[float, float]]) -> Route:
    return Route(tuple(map(change, route.points)), change(route.tip), change(route.label) if route.label else None)


def _moved(route: Route, dx: float, dy: float) -> Route:
    return _map(route, lambda point: (round(point[0] + dx, 2), round(point[1] + dy, 2)))


def _in_lane(route: Route) -> Route:
    """Two arrows between the same boxes get one route: each keeps to its right."""
    (x1, y1), (x2, y2) = route.points[0], route.tip
    length = sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) or inf
    return _moved(route, -(y2 - y1) / length * _LANE, (x2 - x1) / length * _LANE)
