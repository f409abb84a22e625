"""The layout of last resort: boxes in rows, in their order, arrows straight. It needs no library and always succeeds."""

from __future__ import annotations

from math import ceil, sqrt

from core.model.diagram import Diagram, Drawing, Rectangle, Route
from desktop.drawing.boxes import box_text

_GAP_X = 36.0
_GAP_Y = 56.0
_MARGIN = 6.0


def grid_drawing(diagram: Diagram) -> Drawing:
    """Boxes in the order of their layers, row by row; frames are left out."""
    if not diagram.nodes:
        return Drawing(diagram, 0.0, 0.0, {}, {}, ())
    columns = max(1, ceil(sqrt(len(diagram.nodes) * 0.7)))
    boxes = {node.id: box_text(node) for node in diagram.nodes}
    width = max(box.width for box in boxes.values())
    height = max(box.height for box in boxes.values())
    nodes: dict[str, Rectangle] = {}
    for number, node in enumerate(diagram.nodes):
        row, column = divmod(number, columns)
        box = boxes[node.id]
        left = _MARGIN + column * (width + _GAP_X) + (width - box.width) / 2
        nodes[node.id] = Rectangle(
            left, _MARGIN + row * (height + _GAP_Y) + (height - box.height) / 2, box.width, box.height
        )
    rows = ceil(len(diagram.nodes) / columns)
    routes = tuple(straight(nodes[edge.source], nodes[edge.target]) for edge in diagram.edges)
    return Drawing(
        diagram,
        2 * _MARGIN + columns * (width + _GAP_X) - _GAP_X,
        2 * _MARGIN + rows * (height + _GAP_Y) - _GAP_Y,
        nodes,
        {},
        routes,
    )


def straight(source: Rectangle, target: Rectangle) -> Route:
    """A straight line from the edge of one box to the edge of another."""
    start, end = _border(source, target), _border(target, source)
    third = ((end[0] - start[0]) / 3, (end[1] - start[1]) / 3)
    controls = ((start[0] + third[0], start[1] + third[1]), (end[0] - third[0], end[1] - third[1]))
    return Route((start, *controls, end), end)


def _border(box: Rectangle, other: Rectangle) -> tuple[float, float]:
    """Where the line between the centres of two boxes leaves the first."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    dx, dy = other.x + other.width / 2 - x, other.y + other.height / 2 - y
    if dx == 0 and dy == 0:
        return (x, y)
    scale = min(box.width / 2 / abs(dx) if dx else float("inf"), box.height / 2 / abs(dy) if dy else float("inf"))
    return (round(x + dx * scale, 2), round(y + dy * scale, 2))
