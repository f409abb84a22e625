"""Who changed each line, beside the code."""

from __future__ import annotations

import pytest

from desktop.qt.history import CodeLocation

PATH = "shop/deep/box.py"


@pytest.fixture
def code(opened, qtbot):
    opened.workspace.visit(CodeLocation(PATH, 1, 1))
    code = opened.workspace.code
    qtbot.waitUntil(lambda: code.location is not None and code._file is not None and code._file.path == PATH)
    qtbot.waitUntil(lambda: PATH in code._margins)
    return code


def test_it_is_shown_on_demand_and_takes_no_room_before(code, opened, qtbot):
    column = code.editor.blame
    before = code.editor.gutter_width()
    assert column.isHidden()
    opened.commands.run("view.blame")
    qtbot.waitUntil(lambda: column.blame is not None)
    assert column.isVisible()
    assert code.editor.gutter_width() > before
    assert column.geometry().right() < code.editor.gutter.geometry().left()
    assert not code.editor.grab().isNull()
    opened.commands.run("view.blame")
    assert column.isHidden()
    assert code.editor.gutter_width() == before


def test_each_run_of_lines_says_once_who_changed_it(code, qtbot):
    code.toggle_blame()
    column = code.editor.blame
    qtbot.waitUntil(lambda: column.blame is not None)
    last = len(column.blame["lines"])
    assert column.words_at(1) == "1 y  Ada"
    assert column.words_at(2) == "3 d  Bea"
    assert column.words_at(3) == ""
    assert column.words_at(column._start_above(last - 1)) == "3 d  Bea"
    assert column.words_at(last) == "not committed"
    assert column.commit_at(last) is None
    assert column.words_at(last + 1) == column.words_at(0) == ""
    assert column.commit_at(1)["summary"] == "Begin <it>"


def test_what_began_above_is_told_below_the_heads_of_what_is_scrolled_away(code, qtbot):
    """A file of one commit showed an empty column: its words lay under the heads."""
    code.toggle_blame()
    editor, column = code.editor, code.editor.blame
    qtbot.waitUntil(lambda: column.blame is not None)
    editor.verticalScrollBar().setValue(30)
    qtbot.wait(20)
    for heads in (0, 2):
        editor.sticky.setVisible(bool(heads))
        editor.sticky.resize(200, heads * 18 + 1)
        (top, _, words, begins), *_ = column.told(column.height())
        assert words == "3 d  Bea"
        assert not begins
        assert top >= heads * 18


def test_a_narrow_editor_keeps_its_room_for_code(code, qtbot):
    code.toggle_blame()
    editor, column = code.editor, code.editor.blame
    qtbot.waitUntil(lambda: column.blame is not None)
    editor.resize(900, 400)
    wide = column.needed_width()
    editor.resize(300, 400)
    assert column.needed_width() < wide * 0.6


def test_the_next_file_has_its_own(code, opened, qtbot):
    code.toggle_blame()
    column = code.editor.blame
    qtbot.waitUntil(lambda: column.blame is not None)
    many = len(column.blame["lines"])
    opened.workspace.visit(CodeLocation("greeting.py", 1, 1))
    qtbot.waitUntil(lambda: column.blame is not None and len(column.blame["lines"]) < many)


def test_what_has_no_history_is_told_and_not_asked_again(code, opened, qtbot):
    code.toggle_blame()
    qtbot.waitUntil(lambda: code.editor.blame.blame is not None)
    opened.workspace.visit(CodeLocation("README.md", 1, 1))
    qtbot.waitUntil(opened.banner.isVisible)
    assert not code.is_blaming
    assert code.editor.blame.isHidden()
