"""A picture without what a person has hidden: the rest stays in its place, and what went is told."""

from core.cancellation import CancellationToken
from core.model.diagram import Drawing
from desktop.drawing.hiding import Hidden, without
from desktop.drawing.layout import GraphvizLayout
from desktop.drawing.svg import svg
from tests.desktop.drawing.samples import usual


def drawn() -> Drawing:
    return GraphvizLayout().lay_out(usual(), CancellationToken())


def test_nothing_hidden_changes_nothing():
    drawing = drawn()
    assert without(drawing, Hidden()) is drawing
    assert without(drawing, Hidden({"no such box"}, {"inherits"})) is drawing


def test_a_hidden_box_takes_its_arrows_along():
    drawing = drawn()
    smaller = without(drawing, Hidden({"orm"}))
    assert [(edge.source, edge.target) for edge in smaller.diagram.edges] == [("web", "cache"), ("cache", "util")]
    assert len(smaller.routes) == 2
    assert smaller.routes[0] == drawing.routes[3]
    assert smaller.nodes == {id_: box for id_, box in drawing.nodes.items() if id_ != "orm"}
    assert [(left.count, left.what) for left in smaller.diagram.omitted[1:]] == [
        (1, "box hidden by hand"),
        (3, "arrows hidden by hand"),
    ]
    assert "1 box hidden by hand" in svg(smaller)
    assert ">orm<" not in svg(smaller)


def test_a_frame_goes_with_its_last_box():
    smaller = without(drawn(), Hidden({"orm", "cache"}))
    assert [cluster.id for cluster in smaller.diagram.clusters] == ["front", "outside"]
    assert set(smaller.clusters) == {"front", "outside"}


def test_arrows_go_by_kind_and_confidence():
    assert without(drawn(), Hidden(kinds={"calls"})).diagram.edges == ()
    smaller = without(drawn(), Hidden(confidences={"name", "inferred"}))
    assert len(smaller.diagram.edges) == 3
    assert len(smaller.diagram.nodes) == 6
