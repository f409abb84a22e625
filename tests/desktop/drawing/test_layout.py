"""Places: found in a process that can be killed, whole, apart from each other, and always the same."""

import os
import sys
import time
from dataclasses import replace
from itertools import combinations

import psutil
import pytest
from hypothesis import given, settings

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Drawing, Rectangle
from core.model.graph import Confidence, EdgeKind
from desktop.drawing.boxes import box_text
from desktop.drawing.grid import grid_drawing
from desktop.drawing.layout import GraphvizLayout
from desktop.drawing.simplify import MAX_NODES, bundle_nodes, keep_edges
from desktop.drawing.squarify import squarify
from tests.desktop.drawing.samples import diagrams, usual

SLACK = 0.6
"""Points lost to rounding."""


def lay_out(diagram: Diagram) -> Drawing:
    return GraphvizLayout().lay_out(diagram, CancellationToken())


def overlap(one: Rectangle, other: Rectangle) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > SLACK and down > SLACK


def holds(outer: Rectangle, inner: Rectangle) -> bool:
    return (
        inner.x >= outer.x - SLACK
        and inner.y >= outer.y - SLACK
        and inner.x + inner.width <= outer.x + outer.width + SLACK
        and inner.y + inner.height <= outer.y + outer.height + SLACK
    )


def touches(box: Rectangle, point: tuple[float, float]) -> bool:
    return holds(Rectangle(box.x - 8, box.y - 8, box.width + 16, box.height + 16), Rectangle(*point, 0, 0))


def assert_good(drawing: Drawing) -> None:
    diagram = drawing.diagram
    picture = Rectangle(0, 0, drawing.width, drawing.height)
    assert set(drawing.nodes) == {node.id for node in diagram.nodes}
    assert len(drawing.routes) == len(diagram.edges)
    assert not any(overlap(one, other) for one, other in combinations(drawing.nodes.values(), 2))
    assert all(holds(picture, box) for box in [*drawing.nodes.values(), *drawing.clusters.values()])
    for node in diagram.nodes:
        if node.cluster in drawing.clusters:
            assert holds(drawing.clusters[node.cluster], drawing.nodes[node.id])
    for edge, route in zip(diagram.edges, drawing.routes, strict=True):
        assert len(route.points) % 3 == 1
        assert touches(drawing.nodes[edge.source], route.points[0])
        assert touches(drawing.nodes[edge.target], route.tip)


@pytest.mark.parametrize("kind", ["architecture", "imports", "classes", "calls"])
def test_usual_diagram(kind):
    drawing = lay_out(usual(kind))
    assert_good(drawing)
    assert drawing.diagram == usual(kind)
    for node in drawing.diagram.nodes:
        words = box_text(node)
        box = drawing.nodes[node.id]
        assert (box.width, box.height) == (pytest.approx(words.width, abs=0.1), pytest.approx(words.height, abs=0.1))


def test_layers_go_down_and_libraries_lie_below():
    drawing = lay_out(usual())
    assert drawing.nodes["web"].y < drawing.nodes["orm"].y < drawing.nodes["util"].y < drawing.nodes["lib"].y + 1
    calls = lay_out(usual("calls"))
    assert calls.nodes["web"].x < calls.nodes["orm"].x


@given(diagrams())
@settings(max_examples=25, deadline=None)
def test_any_diagram_is_laid_out_whole(diagram):
    assert_good(lay_out(diagram))


@given(diagrams())
@settings(max_examples=8, deadline=None)
def test_the_same_diagram_is_laid_out_the_same(diagram):
    assert lay_out(diagram) == lay_out(diagram)


def test_no_program_on_the_path_is_needed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert lay_out(usual()).clusters


def test_a_hostile_working_directory_is_not_imported(tmp_path, monkeypatch):
    for name in ("json.py", "pygraphviz.py", "sitecustomize.py", "desktop/__init__.py", "core/__init__.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nraise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert lay_out(usual()).clusters
    assert not (tmp_path / "ran").exists()


def hung(tmp_path) -> list[str]:
    note = tmp_path / "pid"
    script = f"import os, time; open({str(note)!r}, 'a').write(f'{{os.getpid()}} '); time.sleep(600)"
    return [sys.executable, "-c", script]


def test_a_hung_worker_is_killed_and_a_grid_is_drawn(tmp_path):
    started = time.monotonic()
    drawing = GraphvizLayout(seconds=1.0, command=hung(tmp_path)).lay_out(usual(), CancellationToken())
    assert time.monotonic() - started < 20
    assert_good(drawing)
    pids = [int(pid) for pid in (tmp_path / "pid").read_text().split()]
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_cancelling_kills_the_worker(tmp_path):
    import threading

    token = CancellationToken()
    threading.Timer(0.7, token.cancel).start()
    with pytest.raises(CancelledError):
        GraphvizLayout(seconds=60, command=hung(tmp_path)).lay_out(usual(), token)
    assert not any(psutil.pid_exists(int(pid)) for pid in (tmp_path / "pid").read_text().split())


@pytest.mark.parametrize("script", ["print('no json')", "import os; os._exit(9)", 'print(\'{"error": "x"}\')', "print('{')"])
def test_a_worker_that_fails_leaves_a_grid(script):
    drawing = GraphvizLayout(command=[sys.executable, "-c", script]).lay_out(usual(), CancellationToken())
    assert_good(drawing)


def large(nodes: int, edges: int) -> Diagram:
    boxes = tuple(DiagramNode(f"n{number}", f"name{number}", "", "file", None, weight=number) for number in range(nodes))
    arrows = tuple(
        DiagramEdge(
            f"n{number % nodes}", f"n{(number * 7 + 1 + number // nodes) % nodes}", EdgeKind.CALLS, Confidence.EXACT, 1
        )
        for number in range(edges)
        if number % nodes != (number * 7 + 1 + number // nodes) % nodes
    )
    return Diagram("architecture", "Large", "", boxes, arrows, (), ())


def test_large_diagrams_are_bundled_and_nothing_is_lost():
    whole = large(700, 900)
    small = bundle_nodes(whole, MAX_NODES)
    assert len(small.nodes) == MAX_NODES
    assert sum(node.weight for node in small.nodes) == sum(node.weight for node in whole.nodes)
    assert any(node.label == f"+{700 - MAX_NODES + 1} more" for node in small.nodes)


def test_a_dense_diagram_is_simplified_in_time():
    started = time.monotonic()
    drawing = GraphvizLayout(seconds=2.0).lay_out(large(290, 6000), CancellationToken())
    assert time.monotonic() - started < 30
    assert_good(drawing)
    kept = sum(edge.count for edge in drawing.diagram.edges)
    assert kept + sum(item.count for item in drawing.diagram.omitted if "too many" in item.what) <= 6000


@given(diagrams())
@settings(max_examples=40, deadline=None)
def test_a_grid_holds_any_diagram(diagram):
    assert_good(grid_drawing(diagram))


@given(diagrams())
def test_fewer_arrows_are_counted(diagram):
    fewer = keep_edges(diagram, 0.5)
    told = sum(item.count for item in fewer.omitted) - sum(item.count for item in diagram.omitted)
    assert sum(edge.count for edge in fewer.edges) + told == sum(edge.count for edge in diagram.edges)


def test_squarify_fills_the_area_in_proportion():
    weights = [60.0, 60.0, 40.0, 30.0, 20.0, 10.0]  # the paper's own example, but for its last two equal weights
    tiles = squarify(weights, Rectangle(0, 0, 600, 400))
    assert sum(tile.width * tile.height for tile in tiles) == pytest.approx(240_000)
    for weight, tile in zip(weights, tiles, strict=True):
        assert tile.width * tile.height == pytest.approx(weight / 220 * 240_000)
    assert max(max(tile.width / tile.height, tile.height / tile.width) for tile in tiles) < 2.5
    assert not any(overlap(one, other) for one, other in combinations(tiles, 2))


@given(diagrams(kinds=("treemap",)))
@settings(max_examples=40, deadline=None)
def test_tiles_of_any_treemap_lie_apart_within_their_frames(diagram):
    drawing = lay_out(replace(diagram, edges=()))
    assert not any(overlap(one, other) for one, other in combinations(drawing.nodes.values(), 2))
    for node in diagram.nodes:
        if node.cluster:
            assert holds(drawing.clusters[node.cluster], drawing.nodes[node.id])


def test_no_child_process_stays(tmp_path):
    before = {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    lay_out(usual())
    after = {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    assert after <= before
