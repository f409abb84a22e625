"""Sequences: calls in rows, names above them that lie apart, bars as long as the calls last."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Drawing, Rectangle
from core.model.graph import Confidence, EdgeKind
from desktop.drawing.layout import GraphvizLayout
from desktop.drawing.mermaid import mermaid
from desktop.drawing.sequence import MESSAGE_SIZE, bars, message_of
from desktop.drawing.svg import svg
from desktop.drawing.text import text_width
from tests.desktop.drawing.test_layout import holds, overlap


def sequence(parts: int, calls: list[tuple[int, int, int, str]]) -> Drawing:
    nodes = tuple(DiagramNode(f"p{number}", f"Part{number}", "file.py", "class", None) for number in range(parts))
    edges = tuple(
        DiagramEdge(f"p{source}", f"p{target}", EdgeKind.CALLS, Confidence.EXACT, 1, (), label, depth)
        for source, target, depth, label in calls
    )
    return GraphvizLayout().lay_out(Diagram("sequence", "S", "", nodes, edges, (), ()), CancellationToken())


def labels(drawing: Drawing) -> list[Rectangle]:
    found = []
    for edge, route in zip(drawing.diagram.edges, drawing.routes, strict=True):
        assert route.label is not None
        width = text_width(message_of(edge), MESSAGE_SIZE)
        found.append(Rectangle(route.label[0] - width / 2, route.label[1] - 10, width, 12))
    return found


@st.composite
def sequences(draw: st.DrawFn) -> Drawing:
    """Any calls that may follow each other: a call comes from where the one around it went."""
    parts = draw(st.integers(1, 8))
    calls: list[tuple[int, int, int, str]] = []
    around = [0]
    for _ in range(draw(st.integers(0, 25))):
        depth = draw(st.integers(0, len(around) - 1))
        target = draw(st.integers(0, parts - 1))
        calls.append((around[depth], target, depth, draw(st.text(max_size=60))))
        around = [*around[: depth + 1], target]
    return sequence(parts, calls)


@given(sequences())
@settings(max_examples=60, deadline=None)
def test_names_of_calls_lie_apart_within_the_picture(drawing):
    picture = Rectangle(0, 0, drawing.width, drawing.height)
    boxes = [*labels(drawing), *drawing.nodes.values()]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    assert all(holds(picture, box) for box in [*boxes, *(bar.area for bar in bars(drawing))])
    assert svg(drawing)


def test_calls_come_from_top_to_bottom_and_last_as_long_as_what_is_within_them():
    drawing = sequence(3, [(0, 1, 0, "a"), (1, 2, 1, "b"), (2, 2, 2, "c"), (0, 2, 0, "d")])
    heights = [route.tip[1] for route in drawing.routes]
    assert heights == sorted(heights)
    root, a, b, c, d = (bar.area for bar in bars(drawing))
    assert root.y < a.y < b.y < c.y < d.y
    assert a.y + a.height > c.y
    assert b.y + b.height > c.y
    assert d.y > a.y + a.height
    assert root.y + root.height >= d.y
    assert c.x > b.x, "a call within a call stands beside it"


def test_mermaid_has_sequences_of_its_own():
    text = mermaid(sequence(2, [(0, 1, 0, "a;b<>"), (1, 1, 1, "c")]).diagram)
    assert text.splitlines()[3:] == [
        "sequenceDiagram",
        "  participant n0 as Part0",
        "  participant n1 as Part1",
        "  n0->>n1: a#59;b#60;#62;",
        "  n1->>n1: c",
    ]
