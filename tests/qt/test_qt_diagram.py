"""What a kind of diagram can be drawn as, and how sequences and warm tiles are painted."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QBoxLayout

from desktop.qt.history import DiagramLocation
from desktop.qt.views.diagram import ALL_KINDS, KINDS, VARIANTS, kind_of
from desktop.qt.views.diagram_arrows import EdgeItem
from desktop.qt.views.diagram_canvas import LEAST_SEQUENCE
from desktop.qt.views.diagram_frames import LifelinesItem


def node(name, **more):
    plain = {"detail": "", "kind": "class", "place": None, "cluster": "", "weight": 1, "scope": "", "external": False}
    return {"id": name, "label": name, **plain, "mark": "", "heat": None, **more}


def drawing(kind, nodes, edges=(), routes=(), bars=()):
    boxes = {each["id"]: [200.0 * number, 0.0, 120.0, 40.0] for number, each in enumerate(nodes)}
    diagram = {"kind": kind, "title": kind, "subtitle": "", "nodes": nodes, "edges": list(edges), "clusters": []}
    layout = {"width": 9_000.0, "height": 9_000.0, "nodes": boxes, "clusters": {}, "routes": list(routes)}
    return {"diagram": {**diagram, "omitted": []}, "layout": {**layout, "bars": list(bars)}}


def test_every_variant_belongs_to_a_kind_that_is_drawn_first():
    assert set(VARIANTS) <= set(dict(KINDS))
    assert all(variants[0][0] == kind for kind, variants in VARIANTS.items())
    assert kind_of("sequence") == "calls"
    assert kind_of("imports") == "imports"
    assert {"clones", "churn", "complexity", "flow", "sequence"} <= ALL_KINDS


def test_a_variant_draws_the_same_part(opened, qtbot):
    diagram = opened.workspace.diagram
    assert diagram.variants["architecture"].isVisible()
    assert not diagram.variants["treemap"].isVisible()
    opened.workspace.visit(DiagramLocation("treemap", "shop"))
    assert diagram.variants["treemap"].current == "treemap"
    diagram.variants["treemap"].button("churn").click()
    assert diagram.location == DiagramLocation("churn", "shop")
    assert diagram.kinds.current == "treemap"
    assert diagram.variants["treemap"].current == "churn"
    qtbot.waitUntil(lambda: diagram.canvas.drawing["diagram"]["kind"] == "churn")


@pytest.mark.parametrize("name", sorted(ALL_KINDS - dict(KINDS).keys() - {"path"}))
def test_a_command_draws_each_variant(opened, name):
    opened.workspace.visit(DiagramLocation("treemap", "shop"))
    opened.commands.run(f"diagram.{name}")
    of_symbol = name in ("flow", "sequence")
    assert opened.workspace.diagram.location == DiagramLocation(name, "" if of_symbol else "shop")


def test_the_variants_go_below_where_there_is_no_room(opened):
    choices = opened.workspace.diagram._choices
    assert choices.direction() == QBoxLayout.Direction.LeftToRight
    opened.workspace.diagram.resize(400, 500)
    assert choices.direction() == QBoxLayout.Direction.TopToBottom


def test_a_sequence_has_lifelines_and_the_names_of_its_calls(opened):
    canvas = opened.workspace.diagram.canvas
    call = {"source": "A", "target": "B", "kind": "calls", "confidence": "exact", "count": 2, "places": [], "depth": 0}
    points = [[64.0, 100.0], [120.0, 100.0], [200.0, 100.0], [256.0, 100.0]]
    route = {"points": points, "tip": points[-1], "label": [160.0, 95.0]}
    edge = {**call, "label": "pay()", "mark": ""}
    canvas.show_drawing(drawing("sequence", [node("A"), node("B")], [edge], [route], [[60.0, 40.0, 9.0, 200.0]]))
    items = canvas.scene().items()
    [lines] = [item for item in items if isinstance(item, LifelinesItem)]
    assert lines.boundingRect().bottom() >= 9_000
    [arrow] = [item for item in items if isinstance(item, EdgeItem)]
    assert arrow._words == "pay() × 2"
    assert arrow.boundingRect().contains(arrow._words_area)
    assert canvas.zoom == pytest.approx(LEAST_SEQUENCE), "nine thousand points would be unreadable as a whole"
    assert not canvas.grab().isNull()


def test_tiles_are_as_warm_as_is_known(opened):
    canvas = opened.workspace.diagram.canvas
    theme = canvas._themes.theme
    canvas.show_drawing(drawing("churn", [node("cold", heat=0.0), node("hot", heat=1.0), node("unknown")]))
    tiles = {name: item._tile for name, item in canvas.nodes.items()}
    assert tiles["hot"] == theme.diagram["heat"][-1]
    assert tiles["cold"] == tiles["unknown"] == theme.diagram["heat"][0]


def test_what_is_shared_has_no_head(opened):
    canvas = opened.workspace.diagram.canvas
    edge = {"source": "A", "target": "B", "kind": "shares", "confidence": "exact", "count": 9_000, "places": [], "depth": 0}
    route = {"points": [[0.0, 0.0], [10.0, 10.0], [20.0, 10.0], [30.0, 0.0]], "tip": [40.0, 0.0], "label": None}
    canvas.show_drawing(drawing("clones", [node("A"), node("B")], [{**edge, "label": "", "mark": "changed"}], [route]))
    [arrow] = [item for item in canvas.scene().items() if isinstance(item, EdgeItem)]
    assert arrow._head.isEmpty()
    assert "of the same logic in both" in arrow.toolTip()
    assert "changed" in arrow.toolTip()
    assert not canvas.grab().isNull()
