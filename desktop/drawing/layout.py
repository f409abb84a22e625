"""`GraphvizLayout`: places for the parts of a diagram, found by Graphviz in a process that can be killed.

A diagram that is too much for the time there is gets easier step by step: fewer arrows and less effort, at last a plain
grid, which always succeeds. What had to go is told in the diagram that comes back.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import dist, log

from core.cancellation import CancellationToken
from core.model.diagram import TILED, Diagram, Drawing, Rectangle, Route
from desktop.drawing.blocks import block_drawings
from desktop.drawing.dot import is_reversed, layout_dot, layout_styles
from desktop.drawing.engine import Engine, Graph, Places, default_command
from desktop.drawing.grid import grid_drawing, straight
from desktop.drawing.sequence import sequence_drawing
from desktop.drawing.simplify import MAX_NODES, bundle_nodes, keep_edges
from desktop.drawing.squarify import treemap_drawing

TIME_LIMIT = 10.0
"""Seconds Graphviz gets at first."""
_RETRY_LIMIT = 6.0
_GOOD_ASPECT = 1.6
_EMPTY = (480.0, 96.0)
"""Width and height of a picture of nothing."""
_FRAMED = ("architecture", "clones", "imports", "pack")
"""Kinds whose frames are blocks rather than stretches of layers."""
_MARGIN = 6.0
"""Points around everything, for the width of lines."""


class GraphvizLayout:
    """`core.ports.Layout`, with processes that last for one diagram.

    `seconds` is the time limit of the first attempt; `command` starts the process that `desktop.drawing.worker` describes.
    """

    def __init__(self, seconds: float = TIME_LIMIT, command: list[str] | None = None) -> None:
        self._seconds = seconds
        self._command = command or default_command()

    def lay_out(self, diagram: Diagram, cancellation: CancellationToken) -> Drawing:
        """A drawing of `diagram`, simplified if it must be; `CancelledError` when cancelled, and the process is gone."""
        if diagram.kind in TILED:
            return treemap_drawing(diagram)
        if diagram.kind == "sequence":
            return sequence_drawing(diagram)
        if not diagram.nodes:
            return Drawing(diagram, *_EMPTY, {}, {}, ())
        bundled = bundle_nodes(diagram, MAX_NODES)
        drawings = self._full(bundled, cancellation)
        if not drawings:
            simpler = keep_edges(bundle_nodes(diagram, MAX_NODES // 3), 1.2)
            drawings = self._plain(simpler, True, min(_RETRY_LIMIT, self._seconds), cancellation)
        if not drawings:
            return grid_drawing(keep_edges(bundled, 1.0))
        return min(drawings, key=_unpleasantness)

    def _full(self, diagram: Diagram, cancellation: CancellationToken) -> list[Drawing]:
        if diagram.clusters and diagram.kind in _FRAMED:
            engine = Engine(self._command, self._seconds, cancellation)
            return [_with_margin(drawing) for drawing in block_drawings(diagram, engine)]
        return self._plain(diagram, False, self._seconds, cancellation)

    def _plain(self, diagram: Diagram, quick: bool, seconds: float, cancellation: CancellationToken) -> list[Drawing]:
        """Drawings by `dot` alone, one for each style that came to an end."""
        engine = Engine(self._command, seconds, cancellation)
        graphs = [Graph(layout_dot(diagram, style)) for style in layout_styles(diagram, quick)]
        return [
            _with_margin(_drawing(diagram, places)) for places in engine(graphs) if places and _is_whole(diagram, places)
        ]


def _unpleasantness(drawing: Drawing) -> float:
    """How much ink the arrows need, and how far the shape is from that of a screen."""
    ink = sum(dist(*pair) for route in drawing.routes for pair in pairwise(route.points))
    shape = abs(log(max(drawing.width, 1.0) / max(drawing.height, 1.0) / _GOOD_ASPECT))
    return (ink + drawing.width + drawing.height) * (1.0 + shape)


def _is_whole(diagram: Diagram, places: Places) -> bool:
    return all(f"n{number}" in places.nodes for number in range(len(diagram.nodes)))


def _drawing(diagram: Diagram, places: Places) -> Drawing:
    nodes = {node.id: places.nodes[f"n{number}"] for number, node in enumerate(diagram.nodes)}
    clusters = {
        cluster.id: places.clusters[f"cluster_{number}"]
        for number, cluster in enumerate(diagram.clusters)
        if f"cluster_{number}" in places.clusters
    }
    positions = {node.id: number for number, node in enumerate(diagram.nodes)}
    routes = []
    for number, edge in enumerate(diagram.edges):
        route = places.routes.get(str(number)) or straight(nodes[edge.source], nodes[edge.target])
        backwards = is_reversed(diagram, positions, edge) and str(number) in places.routes
        routes.append(replace(route, points=route.points[::-1]) if backwards else route)
    return Drawing(diagram, places.width, places.height, nodes, clusters, tuple(routes))


def _with_margin(drawing: Drawing) -> Drawing:
    def moved(point: tuple[float, float]) -> tuple[float, float]:
        return (round(point[0] + _MARGIN, 2), round(point[1] + _MARGIN, 2))

    def shifted(box: Rectangle) -> Rectangle:
        return Rectangle(*moved((box.x, box.y)), box.width, box.height)

    return replace(
        drawing,
        width=round(drawing.width + 2 * _MARGIN, 2),
        height=round(drawing.height + 2 * _MARGIN, 2),
        nodes={id_: shifted(box) for id_, box in drawing.nodes.items()},
        clusters={id_: shifted(box) for id_, box in drawing.clusters.items()},
        routes=tuple(Route(tuple(map(moved, route.points)), moved(route.tip)) for route in drawing.routes),
    )
