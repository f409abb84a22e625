"""Finding things in the window: search, files, the picker, definitions and callers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.qt.history import CodeLocation
from desktop.qt.views.inquiry import FILES, SEARCH
from tests.qt.hands import click


def test_search_as_one_types_and_enter_goes_to_the_list(opened, qtbot):
    opened.commands.run("ask.search")
    inquiry = opened.workspace.inquiry
    assert inquiry.tab == SEARCH
    QTest.keyClicks(inquiry.composer.input, "welcome")
    qtbot.waitUntil(lambda: bool(inquiry.search.hits))
    QTest.keyClick(inquiry.composer.input, Qt.Key.Key_Return)
    qtbot.waitUntil(inquiry.search.list.hasFocus)
    QTest.keyClick(inquiry.search.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("greeting.py", 10, 10))


def test_enter_and_enter_again_open_the_first_result_without_searching_anew(opened, qtbot):
    opened.commands.run("ask.search")
    inquiry = opened.workspace.inquiry
    QTest.keyClicks(inquiry.composer.input, "welcome")
    qtbot.waitUntil(lambda: bool(inquiry.search.hits))
    QTest.keyClick(inquiry.composer.input, Qt.Key.Key_Return)
    assert inquiry.search.list.hasFocus(), "at once"
    QTest.keyClick(inquiry.search.list, Qt.Key.Key_Return)
    assert opened.workspace.code.location == CodeLocation("greeting.py", 10, 10)


def test_enter_before_the_results_goes_to_them_when_they_come(opened, qtbot):
    opened.commands.run("ask.search")
    inquiry = opened.workspace.inquiry
    QTest.keyClicks(inquiry.composer.input, "welcome")
    QTest.keyClick(inquiry.composer.input, Qt.Key.Key_Return)
    assert not inquiry.search.hits
    qtbot.waitUntil(inquiry.search.list.hasFocus)


def test_files_open_from_the_tree_and_the_filter(opened, qtbot):
    opened.commands.run("ask.files")
    files = opened.workspace.inquiry.files
    assert opened.workspace.inquiry.tab == FILES
    index = files.model.find("shop/till.py")
    files.tree.expand(index.parent())
    files.tree.scrollTo(index)
    click(files.tree, files.tree.visualRect(index).center())
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("shop/till.py"))
    QTest.keyClicks(files.filter, "gree")
    qtbot.waitUntil(files.list.isVisible)
    click(files.list, files.list.visualRect(files.list.model().index(0, 0)).center())
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("greeting.py"))


def test_ctrl_p_finds_symbols_and_files(opened, qtbot):
    opened.commands.run("go.symbol")
    QTest.keyClicks(opened.picker.input, "greet")
    qtbot.waitUntil(lambda: any(item.side == "function" for item in opened.picker.items))
    assert any(item.side == "file" for item in opened.picker.items)
    chosen = next(row for row, item in enumerate(opened.picker.items) if item.title == "greet")
    for _ in range(chosen):
        QTest.keyClick(opened.picker.input, Qt.Key.Key_Down)
    QTest.keyClick(opened.picker.input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("greeting.py", 4, 6))
    assert not opened.picker.isVisible()


def test_ctrl_k_runs_a_command(opened, qtbot):
    opened.commands.run("view.palette")
    QTest.keyClicks(opened.picker.input, "dark theme")
    QTest.keyClick(opened.picker.input, Qt.Key.Key_Return)
    assert opened.themes.theme.dark
    opened.commands.run("view.theme")
    assert not opened.themes.theme.dark


def test_escape_closes_the_picker(opened):
    opened.commands.run("view.palette")
    QTest.keyClick(opened.picker.input, Qt.Key.Key_Escape)
    assert not opened.picker.isVisible()


def test_callers_are_listed(opened, qtbot):
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    qtbot.waitUntil(lambda: opened.workspace.code.symbol is not None and opened.workspace.code.symbol["name"] == "greet")
    opened.commands.run("go.callers")
    qtbot.waitUntil(opened.picker.isVisible)
    assert opened.picker.items[0].side == "calls this"


def test_callers_asked_for_while_another_file_is_on_its_way_are_those_of_that_file(opened, qtbot):
    opened.workspace.visit(CodeLocation("shop/till.py", 4, 5))
    code = opened.workspace.code
    qtbot.waitUntil(lambda: code.symbol is not None and code.symbol["name"] == "pay")
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    assert code.is_coming
    assert code.path == "shop/till.py"
    assert code.symbol is None
    opened.commands.run("go.callers")
    with qtbot.waitSignal(code.neighbours_asked) as asked:
        pass
    assert code.path == "greeting.py"
    assert "greet" in asked.args[0]


def test_what_was_asked_of_a_file_on_its_way_is_dropped_where_another_is_visited(opened, qtbot):
    code, asked = opened.workspace.code, []
    code.neighbours_asked.connect(asked.append)
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    opened.commands.run("go.callers")
    opened.workspace.visit(CodeLocation("shop/till.py", 4, 5))
    qtbot.waitUntil(lambda: code.path == "shop/till.py")
    qtbot.wait(50)
    assert asked == []


def test_definition_of_the_word_at_the_caret(opened, qtbot):
    opened.workspace.visit(CodeLocation("shop/till.py", 5, 5))
    editor = opened.workspace.code.editor
    qtbot.waitUntil(lambda: editor.cited == (5, 5))
    editor.find_text("pay")
    opened.commands.run("go.definition")
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("shop/till.py", 4, 5))


def test_a_question_is_not_written_behind_what_was_searched_for(opened, qtbot):
    inquiry = opened.workspace.inquiry
    opened.commands.run("ask.search")
    QTest.keyClicks(inquiry.composer.input, "greet")
    opened.commands.run("ask.ask")
    QTest.keyClicks(inquiry.composer.input, "how")
    assert inquiry.composer.text == "how"


def test_enter_in_the_clones_that_a_key_led_to_opens_a_class_and_no_search_result(opened, qtbot):
    opened.commands.run("ask.search")
    opened.commands.run("go.clones")
    clones = opened.workspace.stage.clones
    qtbot.waitUntil(lambda: bool(clones.model.records))
    assert opened.focusWidget() is clones.list
    assert clones.list.currentIndex().row() == 0
