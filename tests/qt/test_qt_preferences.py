"""Preferences: in force at once, written, checked at the field."""

from __future__ import annotations

import shlex
import tomllib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from core.settings import Settings
from desktop.qt import editors, slices
from desktop.qt.widgets.fields import TextField


@pytest.fixture
def sheet(opened, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)  # a shortcut goes to nobody else
    QTest.keyClick(opened, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.sheets.current.is_whole)
    return opened.sheets.current


def test_a_long_page_takes_its_parts_in_by_slices(opened, monkeypatch, qtbot):
    """Made and looked through for its style at once, the form held up the window for 130 ms."""
    monkeypatch.setattr(slices, "SLICE_SECONDS", 0.0)
    opened.commands.run("file.preferences")
    sheet = opened.sheets.current
    [first] = sheet.fields.values()
    assert first.control.hasFocus(), "what has the keyboard is there at once"
    assert not sheet.is_whole
    qtbot.waitUntil(lambda: sheet.is_whole)
    assert len(sheet.fields) > 8
    assert first.control.hasFocus()


def written(window):
    file = window.files.preferences
    return tomllib.loads(file.read_text()) if file.exists() else {}


def put(field: TextField, text: str) -> None:
    field.set_text(text)
    field.take()


def test_the_theme_and_the_size_of_text_change_at_once(opened, sheet, qtbot):
    before = opened.workspace.code.editor.font().pixelSize()
    sheet.fields["theme"].control.activated.emit(2)
    with qtbot.waitSignal(opened.themes.settled):
        sheet.fields["text_size"].control.activated.emit(5)
    assert opened.themes.theme.dark
    assert opened.workspace.code.editor.font().pixelSize() == round(before * 1.5)
    assert QApplication.font().pixelSize() == round(13 * 1.5)
    assert written(opened) == {"theme": "dark", "text_size": 150}


@pytest.mark.parametrize(
    ("setting", "text", "says"),
    [("retrieval.budget", "many", "whole number"), ("retrieval.budget", "3", "from 500"),
     ("scan.max_file_bytes", "big", "0.5"),
     ("scan.max_file_bytes", "0", "bytes"), ("provider.base_url", "localhost:1", "http://"), ("editor", "vim", "{path}")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_not_kept(opened, sheet, setting, text, says):
    field = sheet.fields[setting]
    put(field, text)
    assert field.problem.isVisibleTo(sheet)
    assert says in field.problem.text()
    assert opened.choices.settings == Settings(theme="light")
    assert written(opened) == {}
    assert field.text == text, "what was typed stays, to be mended"
    put(field, {"retrieval.budget": "4,000"}.get(setting, ""))
    if setting != "scan.max_file_bytes":
        assert not field.problem.isVisibleTo(sheet)


def test_the_budget_and_the_provider_hold_for_the_next_question(opened, sheet, qtbot):
    put(sheet.fields["retrieval.budget"], "4,000")
    provider = sheet.fields["provider.provider"].control
    provider.activated.emit(provider.findData("openai-like"))
    put(sheet.fields["provider.model"], "tiny")
    put(sheet.fields["provider.base_url"], "http://localhost:8000/v1")
    inquiry = opened.workspace.inquiry
    assert inquiry.ask.budget == 4_000
    assert inquiry.who.text() == "tiny"
    assert inquiry.ask.provider.base_url == "http://localhost:8000/v1"
    assert written(opened)["provider"] == {
        "provider": "openai-like", "model": "tiny", "base_url": "http://localhost:8000/v1"
    }  # fmt: skip


def test_every_provider_that_is_known_can_be_chosen(sheet):
    from desktop.adapters.providers import PROVIDERS

    box = sheet.fields["provider.provider"].control
    assert {box.itemData(at) for at in range(box.count())} == {"", *PROVIDERS}


def test_index_rules_are_taken_up_by_the_open_project(opened, sheet, qtbot):
    with qtbot.waitSignal(opened.session.job_ended, timeout=10_000):
        put(sheet.fields["scan.ignore"], "*.min.js\n\n dist/ ")
    assert opened.choices.settings.scan.ignore == ("*.min.js", "dist/")
    assert opened.sheets.current is sheet


def test_following_is_switched_from_the_page_and_from_the_menu(opened, sheet):
    sheet.fields["watch"].control.click()
    assert not opened.follower.enabled
    assert written(opened) == {"watch": False}
    opened.commands.run("file.follow")
    assert opened.follower.enabled
    assert sheet.fields["watch"].control.isChecked()
    assert written(opened) == {}


def test_reset_can_be_undone(opened, sheet):
    put(sheet.fields["editor"], "code --goto {path}:{line}")
    sheet.reset_all()
    assert opened.choices.settings.editor == ""
    opened.banner.steps[0].click()
    assert opened.choices.settings.editor == "code --goto {path}:{line}"


def test_what_the_environment_decides_cannot_be_changed_here(opened, monkeypatch, qtbot):
    monkeypatch.setenv("CODESTRATA_MODEL", "theirs")
    opened.commands.run("file.preferences")
    qtbot.waitUntil(lambda: opened.sheets.current.is_whole)
    field = opened.sheets.current.fields["provider.model"]
    assert not field.control.isEnabled()
    assert "CODESTRATA_MODEL" in field.words.text()


def test_typing_that_rests_is_taken(opened, sheet, qtbot):
    field = sheet.fields["provider.model"]
    field.input.setFocus()
    QTest.keyClicks(field.input, "abc")
    assert opened.choices.settings.provider.model == ""
    qtbot.waitUntil(lambda: opened.choices.settings.provider.model == "abc", timeout=5_000)
    assert field.text == "abc"


def test_a_broken_file_is_told_at_the_field(opened, sheet):
    opened.files.preferences.write_text("not toml")
    put(sheet.fields["provider.model"], "x")
    assert "cannot be read" in sheet.fields["provider.model"].problem.text()
    assert opened.files.preferences.read_text() == "not toml"


# Editors


def test_a_path_is_one_word_whatever_it_holds():
    path = "/a b/c'd$(rm x)/{line}.py"
    assert editors.arguments("code --goto {path}:{line}", path, 7) == ["code", "--goto", f"{path}:7"]
    assert editors.arguments(shlex.join(["my editor", "+{line}", "{path}"]), "f", 3) == ["my editor", "+3", "f"]


def test_installed_editors_are_offered(opened, monkeypatch, qtbot):
    monkeypatch.setattr(editors, "installed", lambda: [("Kate", "kate --line {line} {path}")])
    opened.commands.run("file.preferences")
    sheet = opened.sheets.current
    qtbot.waitUntil(lambda: sheet.is_whole)
    [chip] = (button for button in sheet.findChildren(QAbstractButton) if button.text() == "Kate")
    chip.click()
    assert opened.choices.settings.editor == "kate --line {line} {path}"
    assert sheet.fields["editor"].text == "kate --line {line} {path}"
