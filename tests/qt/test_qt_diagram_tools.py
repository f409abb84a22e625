"""What can be done with a drawn diagram: choosing what is seen, finding, copying, ways between symbols, the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from desktop.qt.diagram_filter import DiagramFilter, choices, folders_of
from desktop.qt.history import DiagramLocation
from desktop.qt.views.diagram_menu import entries, symbol_of
from desktop.qt.views.diagram_painting import FADED
from desktop.qt.views.diagram_picture import SVG, painted, picture_data
from tests.qt.test_qt_diagram import drawing, node


def place(path):
    return {"path": path, "start_line": 1, "end_line": 9, "symbol": ""}


def arrow(source, target, kind="calls", confidence="exact"):
    plain = {"count": 2, "places": [place("shop/a.py")], "label": "", "depth": 0, "mark": ""}
    return {"source": source, "target": target, "kind": kind, "confidence": confidence, **plain}


def route(start, end):
    return {"points": [start, start, end, end], "tip": end, "label": None}


def shop():
    """Three boxes of two folders and a library, with arrows of three kinds and every confidence; two are in a frame."""
    nodes = [
        node("folder:shop/web", label="web", place=place("shop/web/page.py"), scope="shop/web/", cluster="frame"),
        node("folder:shop/till", label="till", place=place("shop/till/pay.py"), scope="shop/till/", cluster="frame"),
        node("symbol:shop.util.add", label="add()", kind="function", place=place("shop/util/add.py")),
        node("outside:libraries", label="2 libraries", external=True),
    ]
    edges = [
        arrow("folder:shop/web", "folder:shop/till"),
        arrow("folder:shop/till", "symbol:shop.util.add", "imports", "inferred"),
        arrow("folder:shop/web", "outside:libraries", "references", "name"),
    ]
    routes = [route([0.0, 40.0], [200.0, 0.0]), route([200.0, 40.0], [400.0, 0.0]), route([0.0, 40.0], [600.0, 0.0])]
    drawn = drawing("architecture", nodes, edges, routes)
    drawn["diagram"]["clusters"] = [{"id": "frame", "label": "shop", "parent": ""}]
    drawn["layout"]["clusters"] = {"frame": [-10.0, -10.0, 360.0, 80.0]}
    drawn["layout"] |= {"width": 740.0, "height": 60.0}
    return drawn


@pytest.fixture
def canvas(window, qtbot):
    """The canvas with the shop in it, in a window without a project: nothing else is drawn there meanwhile."""
    pane = window.workspace.diagram
    window.show_page(window.workspace)
    pane._stack.setCurrentWidget(pane.canvas)
    qtbot.waitUntil(lambda: pane.canvas.isVisible() and pane.canvas.updatesEnabled())
    pane.canvas.show_drawing(shop())
    return pane.canvas


def shown(canvas):
    return {name for name, item in canvas.nodes.items() if item.isVisible()}


def arrows(canvas):
    return {item.edge["kind"] for item in canvas.scene().edges if item.isVisible()}


def test_what_can_be_chosen_is_counted():
    diagram = shop()["diagram"]
    assert choices(diagram) == {
        "kinds": [("calls", 1), ("imports", 1), ("references", 1)],
        "confidences": [("exact", 1), ("inferred", 1), ("name", 1)],
        "folders": [("", 1), ("shop/till", 1), ("shop/util", 1), ("shop/web", 1)],
    }
    assert folders_of(diagram)["outside:libraries"] == ""


def test_one_choice_is_none():
    diagram = drawing("calls", [node("symbol:a", place=place("a.py")), node("symbol:b", place=place("b.py"))])["diagram"]
    assert choices(diagram) == {"kinds": [], "confidences": [], "folders": []}


def test_a_box_hidden_takes_its_arrows_along_and_comes_back(window, canvas):
    pane = window.workspace.diagram
    pane.hide_box("folder:shop/till")
    assert "folder:shop/till" not in shown(canvas)
    assert arrows(canvas) == {"references"}
    assert pane._unhide.isVisible()
    assert "1 box" in pane._unhide.text()
    assert pane.filter_button.isChecked()
    pane._unhide.click()
    assert len(shown(canvas)) == 4
    assert arrows(canvas) == {"calls", "imports", "references"}
    assert not pane._unhide.isVisible()


def test_a_frame_goes_with_its_last_box(canvas):
    [frame] = canvas.scene().frames
    canvas.filter.folders = {"shop/web"}
    canvas.apply_filter()
    assert frame.isVisible()
    canvas.filter.folders.add("shop/till")
    canvas.apply_filter()
    assert not frame.isVisible()
    assert shown(canvas) == {"symbol:shop.util.add", "outside:libraries"}


def test_kinds_and_confidences_hide_arrows_alone(canvas):
    canvas.filter.kinds = {"calls"}
    canvas.filter.confidences = {"name"}
    canvas.apply_filter()
    assert arrows(canvas) == {"imports"}
    assert len(shown(canvas)) == 4


def test_the_panel_hides_and_shows(window, canvas):
    pane = window.workspace.diagram
    pane.open_filter()
    box = pane.panel.boxes["kinds", "calls"]
    assert box.isChecked()
    box.click()
    assert arrows(canvas) == {"imports", "references"}
    pane.panel.boxes["folders", "shop/web"].click()
    assert "folder:shop/web" not in shown(canvas)
    box.click()
    assert arrows(canvas) == {"imports"}
    pane.panel.close()


def test_what_is_hidden_stays_so_when_the_same_is_drawn_again(window, canvas, qtbot):
    canvas.filter.boxes = {"folder:shop/till"}
    canvas.show_drawing(shop(), keep_view=True)
    assert "folder:shop/till" not in shown(canvas)
    canvas.show_drawing(shop())
    assert len(shown(canvas)) == 4


def test_keys_hide_a_box_and_pass_over_it(window, canvas):
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.current == "folder:shop/web"
    QTest.keyClick(canvas, Qt.Key.Key_H)
    assert "folder:shop/web" not in shown(canvas)
    assert canvas.current == ""
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.current == "folder:shop/till"


def test_only_the_neighbours_stay(window, canvas):
    window.workspace.diagram.show_only("symbol:shop.util.add")
    assert shown(canvas) == {"symbol:shop.util.add", "folder:shop/till"}


def test_finding_goes_from_box_to_box_and_fades_the_others(window, canvas):
    pane = window.workspace.diagram
    canvas.setFocus()
    QTest.keyClicks(canvas, "/")
    assert pane.find_bar.isVisible()
    QTest.keyClicks(pane.find_bar.input, "shop/")
    assert canvas.current == "folder:shop/web"
    QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Return)
    assert canvas.current == "folder:shop/till"
    QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.current == "folder:shop/web"
    assert canvas.nodes["outside:libraries"].opacity() == pytest.approx(FADED)
    pane.find_bar.input.setText("nothing is called so")
    assert "Not found" in pane.find_bar.note.text()
    QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Escape)
    assert all(item.opacity() == 1.0 for item in canvas.nodes.values())


def test_what_is_found_is_large_enough_to_read(canvas):
    canvas.show_drawing({**shop(), "layout": shop()["layout"] | {"width": 9_000.0, "height": 9_000.0}})
    assert canvas.zoom < 0.3
    assert canvas.find_text("till")
    assert canvas.zoom >= 0.69
    assert canvas.viewport().rect().contains(canvas.item_center("folder:shop/till"))


def test_control_f_finds_where_the_keyboard_is(window, canvas):
    canvas.setFocus()
    window.find_here()
    assert window.workspace.diagram.find_bar.isVisible()


def test_the_minimap_is_there_when_not_all_is_seen_and_moves_the_view(canvas, qtbot):
    canvas.fit()
    assert not canvas.minimap.isVisible()
    for _ in range(8):
        canvas.zoom_in()
    qtbot.waitUntil(canvas.minimap.isVisible)
    before = canvas.mapToScene(canvas.viewport().rect().center())
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    after = canvas.mapToScene(canvas.viewport().rect().center())
    assert after.x() < before.x()
    assert not canvas.minimap.grab().isNull()
    canvas.fit()
    assert not canvas.minimap.isVisible()


def test_the_picture_that_is_copied_leaves_out_what_is_hidden(window, canvas, qtbot):
    QGuiApplication.clipboard().setText("before")
    window.workspace.diagram.hide_box("folder:shop/till")
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().mimeData().hasFormat(SVG))
    data = QGuiApplication.clipboard().mimeData()
    assert b"without folder:shop/till" in bytes(data.data(SVG))
    image = data.imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (80, 60)


def test_a_picture_of_any_size_can_be_pasted():
    huge = b"<svg xmlns='http://www.w3.org/2000/svg' width='30000' height='300' viewBox='0 0 30000 300'/>"
    assert painted(huge).width() == 5000
    data = picture_data("<svg/>", painted(huge), Path("/tmp/picture.svg"))
    assert data.hasImage()
    assert data.urls()[0].fileName() == "picture.svg"
    assert bytes(data.data(SVG)) == b"<svg/>"


def test_the_export_button_is_also_a_handle(window, canvas, qtbot, monkeypatch):
    dragged = []
    monkeypatch.setattr("desktop.qt.views.diagram.drag_out", lambda _source, svg, name: dragged.append((svg, name)))
    button = window.workspace.diagram.export_button
    asked = []
    window.workspace.diagram.export_asked.connect(lambda: asked.append(1))
    window.workspace.diagram.export_asked.disconnect(window.export_diagram)
    QTest.mousePress(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    QTest.mouseMove(button, QPoint(60, 60))
    qtbot.waitUntil(lambda: len(dragged) == 1)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 60))
    assert "<svg" in dragged[0][0]
    assert asked == []
    button.click()
    assert asked == [1]


def titles(pane, what):
    return [entry[0] for entry in entries(pane, what) if entry is not None]


def run(pane, what, title):
    next(entry[2] for entry in entries(pane, what) if entry is not None and entry[0] == title)()


def test_a_menu_says_what_can_be_done(window, canvas):
    pane = window.workspace.diagram
    folder, symbol = canvas.nodes["folder:shop/web"].node, canvas.nodes["symbol:shop.util.add"].node
    assert {"Open the code", "Look inside", "Hide"} <= set(titles(pane, folder))
    assert "Draw calls around it" not in titles(pane, folder)
    assert {"Draw calls around it", "Way from here to…"} <= set(titles(pane, symbol))
    assert "Open the code" not in titles(pane, canvas.nodes["outside:libraries"].node)
    assert titles(pane, shop()["diagram"]["edges"][0]) == ["calls × 2, seen in", "shop/a.py:1"]
    assert "Show everything" not in titles(pane, None)
    run(pane, symbol, "Hide")
    assert "Show everything" in titles(pane, None)
    run(pane, None, "Show everything")
    assert len(shown(canvas)) == 4


def test_a_menu_opens_where_the_keyboard_is(window, canvas):
    asked = []
    canvas.menu_asked.connect(lambda what, _where: asked.append(what and what["id"]))
    canvas.menu_asked.disconnect(window.workspace.diagram.open_menu)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    from PySide6.QtGui import QContextMenuEvent

    canvas.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0)))
    assert asked == ["folder:shop/web"]


def test_a_symbol_is_what_ways_lead_between(canvas):
    found = {name: symbol_of(item.node) for name, item in canvas.nodes.items()}
    assert [name for name in found.values() if name] == ["shop.util.add"]


def test_a_way_is_drawn_from_box_to_box(window, canvas):
    pane = window.workspace.diagram
    moved = []
    pane.moved.disconnect(window.workspace.visit)
    pane.moved.connect(moved.append)
    symbol = canvas.nodes["symbol:shop.util.add"].node
    run(pane, {**symbol, "id": "symbol:shop.start"}, "Let a way begin here")
    run(pane, symbol, "Draw the way to here")
    assert moved == [DiagramLocation("path", "shop.start -> shop.util.add")]


def test_a_way_is_drawn_between_two_symbols_that_are_named(opened, qtbot):
    picker = opened.picker
    opened.commands.run("diagram.path")
    for name in ("welcome", "greet"):
        qtbot.waitUntil(picker.isVisible)
        QTest.keyClicks(picker.input, name)
        qtbot.waitUntil(lambda name=name: any(item.title == name for item in picker.items))
        QTest.keyClick(picker.input, Qt.Key.Key_Return)
    location = opened.workspace.diagram.location
    assert location.kind == "path"
    start, _, end = location.scope.partition(" -> ")
    assert start.endswith("welcome")
    assert end.endswith("greet")
    assert opened.workspace.diagram.kinds.current == "calls"
    assert opened.workspace.diagram.variants["calls"].current == "path"


def test_the_variant_of_a_way_asks_where_it_leads(opened, qtbot):
    pane = opened.workspace.diagram
    opened.workspace.visit(DiagramLocation("calls", "greeting.greet"))
    pane.variants["calls"].button("path").click()
    assert opened.picker.isVisible()
    assert pane.location.kind == "calls"
    assert pane.variants["calls"].current == "calls"
    opened.picker.close_picker()
    opened.workspace.visit(DiagramLocation("path", "greeting.Party.welcome -> greeting.greet"))
    pane.variants["calls"].button("flow").click()
    assert pane.location == DiagramLocation("flow", "greeting.Party.welcome")


def test_a_way_without_its_ends_asks_for_them(opened):
    opened.workspace.visit(DiagramLocation("path"))
    pane = opened.workspace.diagram
    assert pane._ends.isVisible()
    pane._ends.click()
    assert opened.picker.isVisible()


def test_the_evidence_of_an_answer_is_drawn(opened, qtbot):
    opened.workspace.inquiry.ask_question("greet")
    qtbot.waitUntil(lambda: not opened.workspace.inquiry.ask.busy)
    turn = opened.workspace.inquiry.ask.turns[0]
    turn.evidence.draw_button.click()
    pane = opened.workspace.diagram
    assert (pane.location.kind, pane.location.scope) == ("pack", "greet")
    sent = pane._params()["pack"]
    assert [each["n"] for each in sent["excerpts"]] == [row["n"] for row in turn.evidence.rows]
    assert "text" not in sent["excerpts"][0]
    assert pane.kinds.current == ""
    assert not pane.up_button.isEnabled()
    qtbot.waitUntil(lambda: pane.canvas.drawing["diagram"]["kind"] == "pack")


def test_a_filter_tells_the_engine_what_it_hides():
    diagram = shop()["diagram"]
    hidden = DiagramFilter(kinds={"calls"}, folders={"shop/web"}, boxes={"symbol:shop.util.add", "gone"})
    assert hidden.params(diagram) == {
        "boxes": ["folder:shop/web", "symbol:shop.util.add"],
        "kinds": ["calls"],
        "confidences": [],
    }
    hidden.clear()
    assert not hidden.is_active


def many_arrows() -> dict:
    drawn = shop()
    drawn["diagram"]["edges"] *= 400
    drawn["layout"]["routes"] *= 400
    return drawn


def test_a_large_drawing_is_made_and_painted_by_slices(canvas, qtbot):
    """Made and painted at once it held up the window for 70 ms."""
    with qtbot.waitSignal(canvas.drawn):
        canvas.show_drawing(many_arrows())
        assert canvas.drawing is None or len(canvas.drawing["diagram"]["edges"]) < 400, (
            "what was there stays until it is made"
        )
    before = canvas.grab()
    qtbot.waitUntil(lambda: not canvas._rendering.is_coming)
    assert canvas.grab().toImage() != before.toImage(), "a picture comes when it is whole"
    canvas.zoom_in()
    zoomed = canvas.grab()
    assert canvas._rendering.is_coming, "meanwhile the last picture is shown larger"
    qtbot.waitUntil(lambda: not canvas._rendering.is_coming)
    assert canvas.grab().toImage() != zoomed.toImage()


def test_what_is_given_up_while_it_is_made_is_never_shown(canvas, qtbot):
    canvas.show_drawing(many_arrows())
    canvas.show_drawing(shop())
    qtbot.wait(100)
    assert len(canvas.drawing["diagram"]["edges"]) == len(shop()["diagram"]["edges"])
    assert len(canvas.scene().edges) == len(canvas.drawing["diagram"]["edges"])


def test_a_picture_is_given_up_with_its_scene(canvas, qtbot):
    """It went on with items that were there no more, failed, and no other picture came."""
    with qtbot.waitSignal(canvas.drawn):
        canvas.show_drawing(many_arrows())
    canvas.grab()
    assert canvas._rendering.is_coming
    canvas.show_drawing(shop())
    qtbot.wait(50)
    canvas.grab()
    qtbot.waitUntil(lambda: not canvas._rendering.is_coming)
    assert canvas._rendering._shown.seen.scene is canvas.scene()


def test_the_box_that_holds_the_open_code_is_marked(canvas, qtbot):
    """The diagram told nothing of where the code lay that had just been opened."""
    opened = lambda: [name for name, item in canvas.nodes.items() if item._open]  # noqa: E731
    nodes = {name: item.node for name, item in canvas.nodes.items()}
    name, node = next((name, node) for name, node in nodes.items() if node["place"] is not None)
    canvas.show_open(node["place"]["path"], node["place"]["start_line"])
    assert opened() == [name]
    canvas.show_drawing(shop())
    qtbot.waitUntil(lambda: opened() == [name])
    folder, scope = next((name, node["scope"]) for name, node in nodes.items() if node["scope"].endswith("/"))
    canvas.show_open(f"{scope}deep/within/some.py", 3)
    assert opened() == [folder]
    canvas.show_open("", 0)
    assert opened() == []


def test_a_box_that_is_pointed_at_is_painted_so(canvas, qtbot):
    canvas.show_drawing(shop())
    qtbot.waitUntil(lambda: not canvas._rendering.is_coming)
    before = canvas.grab().toImage()
    canvas.scene().highlight("folder:shop/web")
    canvas.grab()
    qtbot.waitUntil(lambda: not canvas._rendering.is_coming)
    assert canvas.grab().toImage() != before
