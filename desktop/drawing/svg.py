"""Drawing → SVG: one self-contained file that looks the same in browsers, editors and print.

Only the plain parts of SVG 1.1 are used (paths, rectangles, text), so that every viewer shows the same. Arrow heads are
paths of their own: markers are where viewers differ. Nothing is fetched, nothing runs, and nothing links but boxes to their
code where that is asked for; tooltips are `<title>`s.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot
from xml.sax.saxutils import quoteattr

from core.model.diagram import TILED, Diagram, DiagramCluster, DiagramEdge, DiagramNode, Drawing, Mark, Rectangle, Route, Tie
from core.model.graph import Confidence
from desktop.drawing.badges import BADGE_LETTERS, BADGE_PATHS, MARK_NAMES, MARK_PATHS
from desktop.drawing.boxes import (
    BADGE,
    BADGE_GAP,
    CLUSTER_LABEL_SIZE,
    DETAIL_LINE,
    DETAIL_SIZE,
    LABEL_LINE,
    LABEL_SIZE,
    PADDING,
    RADIUS,
    box_text,
)
from desktop.drawing.captions import HEAT_WIDTH, Captions, Sample, captions
from desktop.drawing.links import LinkPattern
from desktop.drawing.palette import Palette, palette, tile_fills
from desktop.drawing.sequence import MESSAGE_SIZE, bars, message_of
from desktop.drawing.strokes import is_directed, width_of
from desktop.drawing.text import clean, elide, text_width
from desktop.drawing.writing import escaped, opening, text_line
from desktop.drawing.writing import number as _n

DASHES = {Confidence.EXACT: "", Confidence.INFERRED: "6 4", Confidence.NAME: "1.5 3.5"}
"""How arrows tell their confidence, as `stroke-dasharray`."""
ARROW_LENGTH = 7.0
ARROW_WIDTH = 6.0

_MARGIN = 28.0


def svg(drawing: Drawing, theme: str = "light", links: LinkPattern | None = None) -> str:
    """The picture with its title, legend and what was left out, as the text of an SVG file; with `links` every box and tile
    leads to its code."""
    colors = palette(theme)
    words = captions(drawing)
    width = max(drawing.width, words.width) + 2 * _MARGIN
    top = _MARGIN + words.header_height
    height = top + drawing.height + words.footer_height + _MARGIN
    left = (width - drawing.width) / 2
    diagram = drawing.diagram
    parts = [
        *opening(width, height, diagram.title, words.description, colors.background),
        *_header(words, colors, width),
        f'<g transform="translate({_n(left)} {_n(top)})">',
        *_body(drawing, colors, links),
        "</g>",
        *_footer(words, colors, width, top + drawing.height),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def edge_color(diagram: Diagram, positions: dict[str, int], edge: DiagramEdge, colors: Palette) -> str:
    """By its mark, else by kind; in a diagram of imports an arrow to an earlier box closes a cycle and is marked."""
    if edge.mark:
        return colors.marks[edge.mark]
    if diagram.kind == "imports" and positions[edge.source] > positions[edge.target]:
        return colors.edges["cycle"]
    return colors.edges[edge.kind.value]


def _body(drawing: Drawing, colors: Palette, links: LinkPattern | None) -> Iterable[str]:
    diagram = drawing.diagram
    if not diagram.nodes:
        yield text_line("Nothing to draw", drawing.width / 2, drawing.height / 2, 14, colors.subtitle, anchor="middle")
        return
    centre = _centre(diagram)
    tiles = _tile_colors(diagram, colors) if diagram.kind in TILED else {}
    for cluster in diagram.clusters:
        if cluster.id in drawing.clusters:
            yield from _frame(cluster, drawing.clusters[cluster.id], colors)
    if diagram.kind == "sequence":
        yield from _lifelines(drawing, colors)
    positions = {node.id: position for position, node in enumerate(diagram.nodes)}
    labels = {node.id: node.label for node in diagram.nodes}
    # The heaviest arrows are drawn last, over the others.
    pairs = sorted(zip(diagram.edges, drawing.routes, strict=True), key=lambda pair: pair[0].count)
    for edge, route in pairs:
        yield _arrow(edge, route, edge_color(diagram, positions, edge, colors), labels)
        if diagram.kind == "sequence" and route.label is not None:
            yield from _message(edge, route.label, colors)
    for edge, route in pairs:
        if edge.mark and route.points:
            yield from mark_sign(edge.mark, *_middle(route), colors)
    for node in diagram.nodes:
        if diagram.kind in TILED:
            drawn = _tile(node, drawing.nodes[node.id], tiles[node.id], colors)
        else:
            drawn = _box(node, drawing.nodes[node.id], colors, node.id == centre)
        yield from _linked(node, drawn, links)


def _linked(node: DiagramNode, drawn: Iterable[str], links: LinkPattern | None) -> Iterable[str]:
    if links is None or node.place is None:
        yield from drawn
        return
    yield f"<a xlink:href={quoteattr(clean(links.address(node.place)))}>"
    yield from drawn
    yield "</a>"


def _frame(cluster: DiagramCluster, area: Rectangle, colors: Palette) -> Iterable[str]:
    cycle = cluster.id.startswith("cycle:")
    border = colors.edges["cycle"] if cycle else colors.cluster_border
    dash = ' stroke-dasharray="5 4"' if cycle else ""
    yield (
        f'<rect x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}" rx="10" '
        f'fill="{colors.cluster_fill}" stroke="{border}"{dash}/>'
    )
    label = elide(clean(cluster.label), area.width - 16, CLUSTER_LABEL_SIZE, bold=True)
    if area.height > 20 and area.width > 30:
        yield text_line(label, area.x + 12, area.y + 19, CLUSTER_LABEL_SIZE, colors.cluster_label, weight=600)


def _box(node: DiagramNode, area: Rectangle, colors: Palette, is_centre: bool) -> Iterable[str]:
    words = box_text(node)
    paint = colors.box("external" if node.external else node.kind)
    quiet = node.external or node.kind in ("bundle", "context")
    dash = ' stroke-dasharray="4 3"' if quiet else ""
    if node.mark:
        stroke = f'stroke="{colors.marks[node.mark]}" stroke-width="2"'
        dash = ' stroke-dasharray="4 3"' if node.mark == Mark.REMOVED else dash
    else:
        stroke = f'stroke="{paint.badge}" stroke-width="2"' if is_centre else f'stroke="{paint.border}"'
    yield f"<g><title>{escaped(_node_tooltip(node))}</title>"
    yield (
        f'<rect x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}" rx="{_n(RADIUS)}" '
        f'fill="{paint.fill}" {stroke}{dash}/>'
    )
    badge_y = area.y + (area.height - BADGE) / 2
    yield from badge(node.kind if not node.external else "external", area.x + PADDING, badge_y, paint.badge)
    x = area.x + PADDING + BADGE + BADGE_GAP
    y = area.y + (area.height - words.text_height) / 2
    yield text_line(words.label, x, y + LABEL_LINE - 4, LABEL_SIZE, colors.label, weight=600)
    for row, line in enumerate(words.details):
        yield text_line(line, x, y + LABEL_LINE + (row + 1) * DETAIL_LINE - 3.5, DETAIL_SIZE, colors.detail)
    if node.mark:
        yield from mark_sign(node.mark, area.x + area.width - 3, area.y + 3, colors)
    yield "</g>"


def mark_sign(mark: Mark, x: float, y: float, colors: Palette) -> Iterable[str]:
    """The sign of a mark in a disc around `x`, `y`."""
    color = colors.marks[mark]
    yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="7" fill="{colors.background}" stroke="{color}" stroke-width="1.4"/>'
    yield (
        f'<path transform="translate({_n(x)} {_n(y)})" d="{MARK_PATHS[mark]}" fill="none" stroke="{color}" '
        f'stroke-width="1.6" stroke-linecap="round"/>'
    )


def _middle(route: Route) -> tuple[float, float]:
    """The point of a route that lies halfway along its curves."""
    curves = (len(route.points) - 1) // 3
    if curves == 0:
        return route.points[0]
    first = 3 * (curves // 2)
    if curves % 2 == 0:
        return route.points[first]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = route.points[first : first + 4]
    return ((x0 + 3 * x1 + 3 * x2 + x3) / 8, (y0 + 3 * y1 + 3 * y2 + y3) / 8)


def _lifelines(drawing: Drawing, colors: Palette) -> Iterable[str]:
    """What stands below the heads of a sequence: a line each, and bars for calls that last."""
    for node in drawing.diagram.nodes:
        box = drawing.nodes[node.id]
        yield (
            f'<path d="M{_n(box.x + box.width / 2)} {_n(box.y + box.height)}V{_n(drawing.height)}" fill="none" '
            f'stroke="{colors.cluster_border}" stroke-dasharray="3 4"/>'
        )
    for bar in bars(drawing):
        color = colors.box("function").border
        yield (
            f'<rect x="{_n(bar.area.x)}" y="{_n(bar.area.y)}" width="{_n(bar.area.width)}" height="{_n(bar.area.height)}" '
            f'rx="2" fill="{colors.cluster_fill}" stroke="{color}"/>'
        )


def badge(kind: str, x: float, y: float, color: str) -> Iterable[str]:
    """The sign of a kind with its upper left corner at `x`, `y`."""
    yield f'<rect x="{_n(x)}" y="{_n(y)}" width="20" height="20" rx="5" fill="{color}" fill-opacity="0.13"/>'
    letter = BADGE_LETTERS.get(kind)
    if letter is not None:
        yield text_line(letter, x + 10, y + 14.4, 12, color, weight=700, anchor="middle")
    else:
        path = BADGE_PATHS.get(kind, BADGE_PATHS["file"])
        yield (
            f'<path transform="translate({_n(x)} {_n(y)})" d="{path}" fill="none" stroke="{color}" stroke-width="1.3" '
            f'stroke-linejoin="round" stroke-linecap="round"/>'
        )


def _centre(diagram: Diagram) -> str:
    """The box a diagram is drawn around: the one whose own diagram this is."""
    own = [node.id for node in diagram.nodes if not node.scope and not node.external and node.kind != "bundle"]
    return own[0] if diagram.kind in ("calls", "classes", "flow", "path") and len(own) == 1 else ""


def _tile_colors(diagram: Diagram, colors: Palette) -> dict[str, str]:
    tiles = ((node.id, node.cluster, node.heat) for node in diagram.nodes)
    return tile_fills(tiles, {cluster.id: cluster.parent for cluster in diagram.clusters}, colors.heat, colors.tiles)


def _tile(node: DiagramNode, area: Rectangle, fill: str, colors: Palette) -> Iterable[str]:
    yield f"<g><title>{escaped(_node_tooltip(node))}</title>"
    yield (
        f'<rect x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}" rx="3" fill="{fill}" '
        f'stroke="{colors.background}" stroke-width="0.5"/>'
    )
    room = area.width - 10
    label = clean(node.label)
    if area.height >= 19 and room >= min(44.0, text_width(label, 11.5, bold=True)):
        yield text_line(elide(label, room, 11.5, bold=True), area.x + 6, area.y + 14, 11.5, colors.label, weight=600)
        if area.height >= 34 and room >= 50:
            yield text_line(elide(clean(node.detail), room, 10.5), area.x + 6, area.y + 27, 10.5, colors.detail)
    yield "</g>"


def _message(edge: DiagramEdge, middle: tuple[float, float], colors: Palette) -> Iterable[str]:
    """The name of a call, on the background where lifelines cross it."""
    words = message_of(edge)
    width = text_width(words, MESSAGE_SIZE)
    x, y = middle
    yield (
        f'<rect x="{_n(x - width / 2 - 2)}" y="{_n(y - 11)}" width="{_n(width + 4)}" height="13.5" '
        f'fill="{colors.background}" fill-opacity="0.85"/>'
    )
    yield text_line(words, x, y, MESSAGE_SIZE, colors.label, anchor="middle")


def _arrow(edge: DiagramEdge, route: Route, color: str, labels: dict[str, str]) -> str:
    start, *rest = route.points
    end, tip = rest[-1] if rest else start, route.tip
    direction = hypot(tip[0] - end[0], tip[1] - end[1])
    if direction < 1.0:
        # The route runs into its target: the head takes the last piece of it.
        before = next((point for point in reversed(route.points) if hypot(tip[0] - point[0], tip[1] - point[1]) > 1.0), None)
        if before is None:
            before = (tip[0], tip[1] - 1.0)
        length = hypot(tip[0] - before[0], tip[1] - before[1])
        end = (tip[0] - (tip[0] - before[0]) / length * ARROW_LENGTH, tip[1] - (tip[1] - before[1]) / length * ARROW_LENGTH)
        rest = [*rest[:-1], end]
    if not is_directed(edge.kind):
        rest = [*rest[:-1], tip]
    curve = " ".join(f"{_n(x)} {_n(y)}" for x, y in rest)
    thickness = width_of(edge.kind, edge.count)
    dash = f' stroke-dasharray="{DASHES[edge.confidence]}"' if DASHES[edge.confidence] else ""
    return (
        f"<g><title>{escaped(_edge_tooltip(edge, labels))}</title>"
        f'<path d="M{_n(start[0])} {_n(start[1])}C{curve}" fill="none" stroke="{color}" stroke-width="{_n(thickness)}" '
        f'stroke-opacity="0.82" stroke-linecap="round"{dash}/>'
        + (f'<path d="{_arrow_head(end, tip, thickness)}" fill="{color}"/></g>' if is_directed(edge.kind) else "</g>")
    )


def _arrow_head(end: tuple[float, float], tip: tuple[float, float], thickness: float) -> str:
    dx, dy = tip[0] - end[0], tip[1] - end[1]
    length = hypot(dx, dy) or 1.0
    dx, dy = dx / length, dy / length
    half = ARROW_WIDTH / 2 + thickness / 3
    base = (tip[0] - dx * (ARROW_LENGTH + thickness / 3), tip[1] - dy * (ARROW_LENGTH + thickness / 3))
    left = (base[0] - dy * half, base[1] + dx * half)
    right = (base[0] + dy * half, base[1] - dx * half)
    return f"M{_n(tip[0])} {_n(tip[1])}L{_n(left[0])} {_n(left[1])}L{_n(right[0])} {_n(right[1])}Z"


def _header(words: Captions, colors: Palette, width: float) -> Iterable[str]:
    y = _MARGIN + 18
    yield text_line(words.title, _MARGIN, y, 20, colors.title, weight=600)
    for row, line in enumerate(words.subtitle):
        yield text_line(line, _MARGIN, y + 21 + row * 17, 12.5, colors.subtitle)
    rule = _MARGIN + words.header_height - 22
    yield f'<path d="M{_n(_MARGIN)} {_n(rule)}H{_n(width - _MARGIN)}" stroke="{colors.rule}" fill="none"/>'


def _footer(words: Captions, colors: Palette, width: float, top: float) -> Iterable[str]:
    if not words.rows and not words.notes:
        return
    y = top + 22
    yield f'<path d="M{_n(_MARGIN)} {_n(y)}H{_n(width - _MARGIN)}" stroke="{colors.rule}" fill="none"/>'
    y += 10
    for row in words.rows:
        x = _MARGIN
        for sample in row:
            yield from _sample(sample, x, y, colors)
            x += sample.width
        y += 26
    for line in words.notes:
        yield text_line(line, _MARGIN, y + 14, 11.5, colors.note)
        y += 18


def _sample(sample: Sample, x: float, y: float, colors: Palette) -> Iterable[str]:
    if sample.badge:
        yield from badge(sample.badge, x, y + 2, colors.box(sample.badge).badge)
        offset = 27.0
    elif sample.mark:
        yield from mark_sign(Mark(sample.mark), x + 8, y + 12, colors)
        offset = 24.0
    elif sample.heat:
        step = HEAT_WIDTH / len(colors.heat)
        for number, fill in enumerate(colors.heat):
            yield (
                f'<rect x="{_n(x + number * step)}" y="{_n(y + 4)}" width="{_n(step)}" height="16" fill="{fill}" '
                f'stroke="{colors.rule}" stroke-width="0.5"/>'
            )
        offset = HEAT_WIDTH + 8
    else:
        color = colors.edges[sample.edge]
        dash = f' stroke-dasharray="{DASHES[sample.confidence]}"' if DASHES[sample.confidence] else ""
        yield f'<path d="M{_n(x)} {_n(y + 12)}h26" stroke="{color}" stroke-width="1.8" fill="none"{dash}/>'
        if is_directed(sample.edge):
            yield f'<path d="{_arrow_head((x + 26, y + 12), (x + 33, y + 12), 1.8)}" fill="{color}"/>'
        offset = 40.0
    yield text_line(sample.label, x + offset, y + 16, 11.5, colors.note)


def _node_tooltip(node: DiagramNode) -> str:
    lines = [node.label, node.detail]
    if node.weight:
        lines.append(f"{node.weight:,} lines")
    if node.mark:
        lines.append(MARK_NAMES[node.mark])
    if node.place:
        lines.append(f"{node.place.path}:{node.place.start_line}")
    return " — ".join(dict.fromkeys(filter(None, lines)))


def _edge_tooltip(edge: DiagramEdge, labels: dict[str, str]) -> str:
    places = ", ".join(f"{place.path}:{place.start_line}" for place in edge.places[:3])
    if edge.kind == Tie.SHARES:
        told = f"{labels[edge.source]} and {labels[edge.target]} share {edge.count:,} bytes of logic"
    else:
        named = f" {edge.label}" if edge.label else ""
        told = f"{labels[edge.source]} → {labels[edge.target]}{named}: {edge.kind} × {edge.count:,} ({edge.confidence})"
    if edge.mark:
        told += f", {MARK_NAMES[edge.mark]}"
    return f"{told}; {places}" if places else told
