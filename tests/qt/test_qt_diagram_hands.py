"""The diagram under hands and keys: looking inside, zooming, hovering, walking."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
)

from desktop.qt.history import CodeLocation, DiagramLocation
from tests.qt.hands import click


def test_double_click_looks_inside_and_back_leads_out(opened, qtbot):
    workspace, canvas = opened.workspace, opened.workspace.diagram.canvas
    before = workspace.history.current
    where = canvas.item_center("shop")
    click(canvas, where)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    qtbot.waitUntil(lambda: "shop/deep" in canvas.nodes)
    assert workspace.diagram.location == DiagramLocation("architecture", "shop")
    QTest.keyClick(opened, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "greeting.py" in canvas.nodes)
    assert workspace.history.current == before, "the double click is one step"
    QTest.keyClick(opened, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "shop/deep" in canvas.nodes)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: "greeting.py" in canvas.nodes)


def test_zoom_pan_and_fit(opened):
    canvas = opened.workspace.diagram.canvas
    fitted = canvas.zoom
    centre = canvas.viewport().rect().center()
    wheel = QWheelEvent(
        QPointF(centre), QPointF(canvas.mapToGlobal(centre)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), wheel)
    assert canvas.zoom > fitted
    before = canvas.mapToScene(centre)
    QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)
    QTest.mouseMove(canvas.viewport(), centre + QPoint(60, 40))
    QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre + QPoint(60, 40))
    after = canvas.mapToScene(centre)
    assert before.x() - after.x() == pytest.approx(60 / canvas.zoom, abs=3)
    assert opened.workspace.code.location is None, "dragging is no click"
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom == pytest.approx(fitted)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.zoom < fitted


def test_hovering_fades_all_but_the_neighbours(opened, qtbot):
    canvas = opened.workspace.diagram.canvas

    def faded():
        # The picture may still be fitted into its pane, which takes the box away from below the pointer.
        QTest.mouseMove(canvas.viewport(), canvas.item_center("README.md"))
        assert {name: node.opacity() for name, node in canvas.nodes.items()} == {
            "README.md": 1.0, "greeting.py": 1.0, "shop": pytest.approx(0.16),
        }  # fmt: skip

    qtbot.waitUntil(faded)


def test_the_diagram_is_walked_with_the_keyboard(opened, qtbot):
    canvas = opened.workspace.diagram.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert "greeting.py" in canvas.accessibleName()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("greeting.py", 1, 2))


def test_calls_need_a_symbol_and_say_so(opened, qtbot):
    click(opened.workspace.diagram.kinds.button("calls"))
    assert "one function" in opened.workspace.diagram._message.text()
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    qtbot.waitUntil(lambda: opened.workspace.code.symbol is not None and opened.workspace.code.symbol["name"] == "greet")
    opened.commands.run("go.calls")
    assert opened.workspace.diagram.location == DiagramLocation("calls", "greeting.greet")


def test_labels_fit_their_boxes_or_are_told_in_the_tooltip(opened):
    for node in opened.workspace.diagram.canvas.nodes.values():
        assert node.node["label"] in node.toolTip()
