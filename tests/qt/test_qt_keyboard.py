"""The five main tasks without a mouse, and a walk over every control: each has a name, and Tab reaches it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.qt.history import CodeLocation
from tests.qt.walk import MOST_TABS, check_walk, controls, named, press

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def write(text):
    QTest.keyClicks(QApplication.focusWidget(), text)


@pytest.fixture
def active(opened, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return opened


# The five main tasks


def test_a_folder_is_opened(window, qtbot, project, no_dialogs):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    no_dialogs["folder"] = str(project)
    press(Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(window.preview.isVisible)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=15_000)
    qtbot.waitUntil(window.workspace.inquiry.composer.input.hasFocus)


def test_a_question_is_asked_and_its_citation_opened(active, qtbot):
    press(Qt.Key.Key_L, CONTROL)
    write("greet")
    press(Qt.Key.Key_Return)
    view = active.workspace.inquiry.ask
    qtbot.waitUntil(lambda: bool(view.turns) and not view.busy)
    evidence = view.turns[0].evidence.list
    for _ in range(MOST_TABS):
        if evidence.hasFocus():
            break
        press(Qt.Key.Key_Tab)
    assert evidence.hasFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active.workspace.code.location is not None)
    chosen = view.turns[0].evidence.rows[evidence.currentIndex().row()]
    assert active.workspace.code.location.path == chosen["path"]


def test_a_symbol_is_found(active, qtbot):
    press(Qt.Key.Key_P, CONTROL)
    write("welcome")
    qtbot.waitUntil(lambda: any(item.title == "welcome" for item in active.picker.items))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active.workspace.code.location == CodeLocation("greeting.py", 10, 11))


def test_a_diagram_is_exported(active, qtbot, tmp_path, no_dialogs):
    file = tmp_path / "map.svg"
    no_dialogs["file"] = (str(file), "SVG picture (*.svg)")
    press(Qt.Key.Key_1, CONTROL)
    press(Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(file.exists, timeout=10_000)
    qtbot.waitUntil(active.banner.isVisible)


def test_the_code_is_searched(active, qtbot):
    press(Qt.Key.Key_F, CONTROL | SHIFT)
    write("greet")
    search = active.workspace.inquiry.search
    qtbot.waitUntil(lambda: bool(search.hits))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(search.list.hasFocus)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active.workspace.code.location is not None)


# The walk


def test_the_walk_over_the_open_project(active, qtbot):
    active.workspace.inquiry.ask_question("greet")
    qtbot.waitUntil(lambda: not active.workspace.inquiry.ask.busy)
    active.workspace.visit(CodeLocation("greeting.py", 5, 5))
    qtbot.waitUntil(active.workspace.code.editor.isVisible)
    active.commands.run("edit.find")
    active.commands.run("edit.mark")
    active.workspace.inquiry.composer.input.setFocus()
    check_walk(active, active)


@pytest.mark.parametrize("tab", ["ask.search", "ask.files", "ask.marks"])
def test_the_walk_over_the_other_tabs(active, qtbot, tab):
    active.commands.run(tab)
    qtbot.wait(20)
    check_walk(active, active.workspace.inquiry)


@pytest.mark.parametrize("command", ["go.overview", "go.clones", "go.problems"])
def test_the_walk_over_the_pages(active, qtbot, command):
    active.commands.run(command)
    stage = active.workspace.stage
    lists = {"go.overview": stage.overview.largest.list, "go.clones": stage.clones.list, "go.problems": stage.problems.list}
    qtbot.waitUntil(lists[command].isVisible)
    tab = stage.tabs.button(stage.page)
    active.activateWindow()
    tab.setFocus()
    qtbot.waitUntil(tab.hasFocus)
    check_walk(active, stage)


SHEETS = ["help.shortcuts", "file.preferences", "help.about", "help.report", "file.clone", "file.jobs"]


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_walk_over_the_sheets(active, qtbot, sheet):
    active.commands.run(sheet)
    qtbot.waitUntil(lambda: active.sheets.current.is_whole)
    qtbot.wait(20)
    check_walk(active, active.sheets.current)


def test_the_walk_over_the_empty_window(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    check_walk(window, window)


def test_the_walk_over_the_cards(window, qtbot, project, monkeypatch):
    """What is looked at, the card before work starts, and the one while it goes on."""
    window.activateWindow()
    window.looking.show_source(str(project))
    window.show_page(window.looking)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.looking.cancel_button)
    assert named(window.looking.cancel_button) == "Cancel"
    window.show_welcome()
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "1")
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    check_walk(window, window.preview)
    window.preview.index_button.click()
    qtbot.waitUntil(window.progress.isVisible)
    assert [named(control) for control in controls(window.progress)] == ["Cancel"]
    assert QApplication.focusWidget() is window.progress.cancel_button
    window.job_display.cancel()


@pytest.mark.parametrize("command", ["go.symbol", "view.palette", "ask.earlier"])
def test_the_walk_over_the_picker(active, qtbot, command):
    active.commands.run(command)
    qtbot.waitUntil(active.picker.isVisible)
    assert QApplication.focusWidget() is active.picker.input
    assert [control for control in controls(active.picker) if not named(control)] == []


@pytest.mark.parametrize("kind", ["architecture", "calls"])
def test_the_walk_over_the_diagram(active, qtbot, kind):
    active.commands.run(f"diagram.{kind}")
    active.commands.run("diagram.filter")
    qtbot.wait(20)
    active.workspace.stage.tabs.button("diagram").setFocus()
    check_walk(active, active.workspace.stage)


def test_what_is_wrong_is_told_in_words_and_pictures_too(active, qtbot):
    active.banner.tell("error", "what")
    assert not active.banner._icon.pixmap().isNull()
    active.commands.run("file.preferences")
    qtbot.waitUntil(lambda: active.sheets.current.is_whole)
    field = active.sheets.current.fields["retrieval.budget"]
    field.set_text("x")
    field.take()
    assert field.problem.isVisible()
    assert field.problem.text()
