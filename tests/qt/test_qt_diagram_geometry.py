"""Words in a drawn diagram lie apart and within their boxes, at any zoom: told by geometry, not by looking."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from core.cancellation import CancellationToken
from core.model.diagram import Diagram, DiagramCluster, DiagramNode
from desktop.drawing.layout import GraphvizLayout
from desktop.engine import wire
from desktop.qt.views.diagram_boxes import NodeItem
from desktop.qt.views.diagram_frames import ClusterItem, LifelinesItem
from desktop.qt.views.diagram_painting import label_font
from tests.desktop.drawing.samples import hostile, usual

SCALES = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.7, 4.0)


def crowded() -> Diagram:
    """Frames within frames with long names, each with few and small boxes."""
    frames = [DiagramCluster(f"folder:f{number}", f"a rather long name of a folder {number}") for number in range(8)]
    inner = [
        DiagramCluster(f"folder:f{number}/in", f"and of one within it {number}", f"folder:f{number}") for number in range(4)
    ]
    homes = [frame.id for frame in (*frames, *inner)]
    nodes = tuple(
        DiagramNode(f"n{number}", f"n{number}" if number % 3 else "a_much_longer_name_than_that.py", "", "file", None, home)
        for number, home in enumerate(homes * 2)
    )
    edges = tuple(
        replace(edge, source=one.id, target=other.id)
        for edge in usual().edges[:1]
        for one, other in zip(nodes, nodes[5:], strict=False)
    )
    return Diagram("architecture", "Crowded", "", nodes, edges, (*frames, *inner), ())


@pytest.fixture
def canvas(window):
    return window.workspace.diagram.canvas


def show(qtbot, canvas, diagram):
    drawing = GraphvizLayout().lay_out(diagram, CancellationToken())
    with qtbot.waitSignal(canvas.drawn):
        canvas.show_drawing({"diagram": wire.diagram(drawing.diagram), "layout": wire.layout(drawing)})


def written(frame: ClusterItem, scale: float) -> QRectF | None:
    """What the letters of a frame's label cover."""
    area = frame.label_area(scale)
    if area is None:
        return None
    size = frame.label_size(scale)
    width = QFontMetricsF(label_font(size)).horizontalAdvance(frame.cluster["label"])
    return QRectF(area.left(), area.center().y() - size / 2, min(area.width(), width), size)


@pytest.mark.parametrize(
    "diagram", [usual(), usual("imports"), crowded(), hostile()], ids=["usual", "imports", "crowded", "hostile"]
)
def test_labels_lie_apart_at_any_zoom(qtbot, canvas, diagram):
    show(qtbot, canvas, diagram)
    boxes = [item.box for item in canvas.nodes.values()]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    for scale in SCALES:
        labels = [area for frame in canvas.scene().frames if (area := written(frame, scale)) is not None]
        assert not any(label.intersects(box) for label in labels for box in boxes), scale
        assert not any(one.intersects(other) for one, other in combinations(labels, 2)), scale
    assert any(written(frame, 1.0) for frame in canvas.scene().frames)


@pytest.mark.parametrize("kind", ["architecture", "calls", "classes", "treemap"])
def test_words_lie_within_their_boxes(qtbot, canvas, kind):
    diagram = usual(kind)
    show(qtbot, canvas, replace(diagram, edges=()) if kind == "treemap" else diagram)
    for item in canvas.nodes.values():
        for words, size, bold, area in item.lines():
            assert QRectF(0, 0, item.box.width(), item.box.height()).adjusted(-0.5, -0.5, 0.5, 0.5).contains(area), words
            assert size <= area.height()
            assert QFontMetricsF(label_font(size, bold=bold)).height() <= area.height() * 1.25


def test_nothing_else_is_written_in_a_scene(qtbot, canvas):
    """What writes is told here, so that a new sort of item is not forgotten."""
    show(qtbot, canvas, usual())
    writing = {type(item) for item in canvas.scene().items()}
    assert writing <= {NodeItem, ClusterItem, LifelinesItem, *(type(edge) for edge in canvas.scene().edges)}
