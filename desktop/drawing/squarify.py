"""Treemaps, laid out by the squarified algorithm of Bruls, Huizing and van Wijk ("Squarified Treemaps", 2000): rows are
filled along the shorter side for as long as that makes their tiles squarer."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.diagram import Diagram, Drawing, Rectangle
from desktop.drawing.boxes import CLUSTER_LABEL_HEIGHT

WIDTH = 1360.0
HEIGHT = 860.0
_GAP = 2.0
_FRAME = 4.0
_LABEL = CLUSTER_LABEL_HEIGHT - 2


def squarify(weights: Sequence[float], area: Rectangle) -> list[Rectangle]:
    """Rectangles that fill `area`, as large as `weights` (positive, in falling order) tell, in their order."""
    total = sum(weights)
    if not weights or total <= 0 or area.width <= 0 or area.height <= 0:
        return [Rectangle(area.x, area.y, 0.0, 0.0) for _ in weights]
    scale = area.width * area.height / total
    sizes = [weight * scale for weight in weights]
    placed: list[Rectangle] = []
    x, y, width, height = area.x, area.y, area.width, area.height
    start = 0
    while start < len(sizes):
        side = min(width, height)
        end, row = start + 1, sizes[start]
        while end < len(sizes) and side > 0:
            longer = row + sizes[end]
            if _worst(sizes[start], sizes[end], longer, side) > _worst(sizes[start], sizes[end - 1], row, side):
                break
            end, row = end + 1, longer
        thickness = row / side if side > 0 else 0.0
        offset = 0.0
        for size in sizes[start:end]:
            length = size / thickness if thickness > 0 else 0.0
            if width >= height:
                placed.append(Rectangle(x, y + offset, thickness, length))
            else:
                placed.append(Rectangle(x + offset, y, length, thickness))
            offset += length
        if width >= height:
            x, width = x + thickness, max(0.0, width - thickness)
        else:
            y, height = y + thickness, max(0.0, height - thickness)
        start = end
    return placed


def _worst(largest: float, smallest: float, row: float, side: float) -> float:
    """The worst ratio of the sides of a row's tiles, of which the first is the largest and the last the smallest."""
    square = side * side
    return max(square * largest / (row * row), row * row / (square * smallest)) if smallest > 0 else float("inf")


def treemap_drawing(diagram: Diagram) -> Drawing:
    """Tiles and frames of a diagram of the kind `treemap`, by `DiagramNode.weight`."""
    if not diagram.nodes:
        return Drawing(diagram, 0.0, 0.0, {}, {}, ())
    inside: dict[str, list[str]] = {}
    weight: dict[str, float] = {}
    order = {cluster.id: number for number, cluster in enumerate(diagram.clusters)}
    parent = {cluster.id: cluster.parent for cluster in diagram.clusters}
    for node in diagram.nodes:
        inside.setdefault(node.cluster, []).append(node.id)
        weight[node.id] = max(1.0, float(node.weight))
    for cluster in diagram.clusters:
        inside.setdefault(cluster.parent, []).append(cluster.id)
    for node in diagram.nodes:
        frame = node.cluster
        while frame:
            weight[frame] = weight.get(frame, 0.0) + weight[node.id]
            frame = parent.get(frame, "")
    rectangles: dict[str, Rectangle] = {"": Rectangle(0.0, 0.0, WIDTH, HEIGHT)}
    stack = [""]
    while stack:
        frame = stack.pop()
        area = rectangles[frame]
        if frame:
            area = _within(area)
        items = sorted((item for item in inside.get(frame, ()) if item in weight), key=lambda item: (-weight[item], item))
        for item, tile in zip(items, squarify([weight[item] for item in items], area), strict=True):
            rectangles[item] = Rectangle(tile.x, tile.y, max(0.0, tile.width - _GAP), max(0.0, tile.height - _GAP))
            if item in order:
                stack.append(item)
    nodes = {node.id: _rounded(rectangles[node.id]) for node in diagram.nodes}
    clusters = {cluster.id: _rounded(rectangles[cluster.id]) for cluster in diagram.clusters if cluster.id in rectangles}
    return Drawing(diagram, WIDTH, HEIGHT, nodes, clusters, ())


def _within(area: Rectangle) -> Rectangle:
    """What a frame leaves for its content, below its name; next to nothing for a frame that is next to nothing."""
    indent = min(_FRAME, area.width / 4, area.height / 4)
    label = _LABEL if area.height > 3 * _LABEL else 0.0
    # The gap after the last tile is the frame's own.
    gap = min(_GAP, indent)
    return Rectangle(
        area.x + indent,
        area.y + indent + label,
        max(0.0, area.width - 2 * indent + gap),
        max(0.0, area.height - 2 * indent - label + gap),
    )


def _rounded(box: Rectangle) -> Rectangle:
    return Rectangle(round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2))
