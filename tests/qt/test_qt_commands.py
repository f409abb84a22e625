"""One registry: the palette, the menus and the help of shortcuts are made from it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.qt.commands import MENUS, Command, Condition, shortcut_texts


def palette(window, text):
    window.commands.run("view.palette")
    QTest.keyClicks(window.picker.input, text)
    return {item.title: item for item in window.picker.items}


def test_the_palette_lists_every_command_and_says_what_is_missing(window):
    window.commands.run("view.palette")
    items = {item.title: item for item in window.picker.items}
    assert set(items) == {command.title for command in window.commands}
    assert not items["Ask a question"].enabled
    assert items["Ask a question"].detail == "Open a project first"
    assert items["Ask a question"].side == "Ctrl+L"
    enabled = [item.enabled for item in window.picker.items]
    assert enabled == sorted(enabled, reverse=True), "what can be run comes first"


def test_a_command_that_cannot_be_run_leaves_the_palette_open(window):
    assert not palette(window, "find in file")["Find in file or diagram"].enabled
    QTest.keyClick(window.picker.input, Qt.Key.Key_Return)
    assert window.picker.isVisible()


def test_some_letters_and_the_menu_find_a_command(opened):
    assert next(iter(palette(opened, "exd"))) == "Export diagram…"
    opened.picker.close_picker()
    assert "Zoom in" in palette(opened, "diagram zoom")


def test_a_condition_without_words_is_still_told():
    assert Command("a", "A", lambda: None, enabled=lambda: False).missing
    assert Command("a", "A", lambda: None, enabled=Condition(lambda: False, "why")).missing == "why"
    assert not Command("a", "A", lambda: None).missing


def test_the_help_lists_the_registry(window):
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.sheets.current
    assert sheet.accessibleName() == "Keyboard shortcuts"
    listed = dict(sheet.rows)
    for command in window.commands:
        if command.menu in MENUS:
            assert listed[command.title] == " ".join(shortcut_texts(command))
    QTest.keyClicks(sheet.filter, "palette zzz")
    assert sheet.rows == []
    sheet.filter.setText("ctrl+p")
    assert ("Go to symbol or file…", "Ctrl+P") in sheet.rows


@pytest.mark.parametrize("leave", ["escape", "click"])
def test_a_sheet_leads_back_to_what_was_there(opened, leave):
    composer = opened.workspace.inquiry.composer.input
    composer.setFocus()
    opened.commands.run("help.shortcuts")
    sheet = opened.sheets.current
    assert sheet.filter.hasFocus()
    if leave == "escape":
        QTest.keyClick(sheet.filter, Qt.Key.Key_Escape)
    else:
        sheet._close.click()
    assert opened.sheets.current is None
    assert opened.workspace.isVisible()
    assert composer.hasFocus()


def test_a_job_that_ends_does_not_take_a_sheet_away(opened, qtbot):
    opened.commands.run("help.shortcuts")
    opened.session.update()
    qtbot.waitUntil(lambda: not opened.session.indexing, timeout=10_000)
    qtbot.wait(100)
    assert opened.sheets.current is not None
    opened.commands.run("ask.search")
    assert opened.sheets.current is None
    assert opened.workspace.isVisible()
