"""Sequence diagrams, laid out without Graphviz: parts side by side, calls from top to bottom in the order they come.

The boxes of a diagram of this kind are heads of lifelines, its arrows calls with a name and a depth. A call lasts for as
long as those that are deeper follow it; that is the bar on the lifeline of its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.model.diagram import Diagram, DiagramEdge, Drawing, Rectangle, Route
from desktop.drawing.boxes import box_text
from desktop.drawing.text import clean, text_width

MESSAGE_SIZE = 11.5
"""Points of the name above a call."""
BAR = 9.0
"""Width of the bar of a call that lasts."""
HEAD_GAP = 26.0
ROW = 34.0
_OWN_ROW = 46.0
"""A call within one part is drawn as a loop, and needs more room."""
_LOOP = 30.0
_LABEL_ROOM = 22.0
_BETWEEN = 28.0
_MARGIN = 6.0
_INDENT = 5.0
"""How far the bar of a call within a call is moved to the right."""
_END = 14.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A call that lasts: the bar on the lifeline of the box `node`."""

    node: str
    area: Rectangle


def message(label: str, count: int) -> str:
    """What is written above an arrow that is called so, or stands for calls of that kind."""
    return clean(label) + (f" × {count}" if count > 1 else "")


def message_of(edge: DiagramEdge) -> str:
    """What is written above an arrow."""
    return message(edge.label or edge.kind.value, edge.count)


def sequence_drawing(diagram: Diagram) -> Drawing:
    """Heads in a row, calls in rows below; the place of each call's name is the `label` of its route, its middle."""
    if not diagram.nodes:
        return Drawing(diagram, 480.0, 96.0, {}, {}, ())
    boxes = [box_text(node) for node in diagram.nodes]
    column = {node.id: number for number, node in enumerate(diagram.nodes)}
    centres, width = _centres([box.width for box in boxes], diagram.edges, column)
    head = max(box.height for box in boxes)
    nodes = {
        node.id: Rectangle(
            round(centre - box.width / 2, 2), round(_MARGIN + head - box.height, 2), float(box.width), float(box.height)
        )
        for node, box, centre in zip(diagram.nodes, boxes, centres, strict=True)
    }
    rows, bottom = _rows(diagram.edges, _MARGIN + head + HEAD_GAP)
    levels = _levels(diagram)
    routes = []
    for edge, y, (source_level, target_level) in zip(diagram.edges, rows, levels, strict=True):
        start, end = centres[column[edge.source]], centres[column[edge.target]]
        routes.append(_route(edge, start + source_level * _INDENT, end + target_level * _INDENT, y))
    return Drawing(diagram, round(width, 2), round(bottom, 2), nodes, {}, tuple(routes))


def bars(drawing: Drawing) -> list[Bar]:
    """The bars of a drawing of this kind, outer ones first, so that the inner lie over them."""
    diagram = drawing.diagram
    if not diagram.nodes:
        return []
    ends = [_last(diagram.edges, number) for number in range(len(diagram.edges))]
    tops = [route.tip[1] for route in drawing.routes]
    centres = {id_: box.x + box.width / 2 for id_, box in drawing.nodes.items()}
    first = diagram.nodes[0].id
    found = []
    if tops:
        start = drawing.nodes[first].y + drawing.nodes[first].height
        found.append(Bar(first, Rectangle(centres[first] - BAR / 2, start, BAR, tops[-1] - start + _END)))
    for number, (edge, (_, level)) in enumerate(zip(diagram.edges, _levels(diagram), strict=True)):
        x = centres[edge.target] + level * _INDENT - BAR / 2
        height = tops[ends[number]] - tops[number] + _END - 2 * (edge.depth % 3)
        found.append(Bar(edge.target, Rectangle(round(x, 2), tops[number], BAR, round(height, 2))))
    return found


def _last(edges: Sequence[DiagramEdge], number: int) -> int:
    """The last of the calls that happen within one."""
    last = number
    while last + 1 < len(edges) and edges[last + 1].depth > edges[number].depth:
        last += 1
    return last


def _levels(diagram: Diagram) -> list[tuple[int, int]]:
    """For each call, how many bars already stand on the lifelines of its source and its target, from 0 for one alone."""
    open_: list[str] = [diagram.nodes[0].id]
    levels = []
    for edge in diagram.edges:
        del open_[edge.depth + 1 :]
        source = max(0, open_.count(edge.source) - 1)
        target = open_.count(edge.target)
        open_.append(edge.target)
        levels.append((source, target))
    return levels


def _centres(widths: Sequence[float], edges: Sequence[DiagramEdge], column: dict[str, int]) -> tuple[list[float], float]:
    """The middle of each lifeline, such that heads lie apart and every name fits above its arrow; and the width of all."""
    gaps = [(one + other) / 2 + _BETWEEN for one, other in pairwise(widths)] + [0.0]
    last = widths[-1] / 2
    needs = []
    for edge in edges:
        room = text_width(message_of(edge), MESSAGE_SIZE) + _LABEL_ROOM
        left, right = sorted((column[edge.source], column[edge.target]))
        if left == right:
            right, room = left + 1, room + _LOOP
        needs.append((right - left, left, right, room))
    for span, left, right, room in sorted(needs):
        if right >= len(widths):
            last = max(last, room)
            continue
        missing = room - sum(gaps[left:right])
        for number in range(left, right) if missing > 0 else ():
            gaps[number] += missing / span
    centres = [_MARGIN + widths[0] / 2]
    for gap in gaps[:-1]:
        centres.append(round(centres[-1] + gap, 2))
    return centres, centres[-1] + last + _MARGIN


def _rows(edges: Sequence[DiagramEdge], top: float) -> tuple[list[float], float]:
    """The height of each arrow, and the end of the lifelines."""
    rows = []
    y = top
    for edge in edges:
        y += ROW if edge.source != edge.target else _OWN_ROW - 14.0
        rows.append(y)
        if edge.source == edge.target:
            y += 14.0
    return rows, y + _END + 14.0


def _route(edge: DiagramEdge, start: float, end: float, y: float) -> Route:
    """An arrow from bar to bar; a loop to the right for a call within one part."""
    if edge.source == edge.target:
        side, bar = max(start, end) + BAR / 2, end + BAR / 2
        reach = side + _LOOP
        points = ((start + BAR / 2, y - 12), (reach, y - 12), (reach, y), (bar + 1, y))
        width = text_width(message_of(edge), MESSAGE_SIZE)
        return Route(points, (bar, y), (round(reach + 2 + width / 2, 2), y - 4))
    half = BAR / 2 if end > start else -BAR / 2
    x1, x2 = start + half, end - half
    third = (x2 - x1) / 3
    points = ((x1, y), (round(x1 + third, 2), y), (round(x2 - third, 2), y), (x2, y))
    return Route(points, (x2, y), (round((x1 + x2) / 2, 2), y - 5))
