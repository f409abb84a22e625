"""Every text of the window can be said in another language: seen by translating all of them into marks."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from desktop.qt.application import make_application
from desktop.qt.history import CodeLocation
from desktop.qt.words import tr

MARK = "¿"
OF_THE_SOURCE = re.compile(
    r"https://.*|/.*|[\w/]+\.(py|md)|party|greet|Architecture of party|Python|Markdown|Codestrata.*\Z", re.DOTALL
)
"""What the project, the engine or the name of the program says: not ours to translate."""
SHEETS = ["help.shortcuts", "file.preferences", "help.about", "help.report", "file.clone", "file.jobs"]
NO_WORDS = re.compile(
    r"[\W\d_]*((?:Ctrl|Alt|Shift|Esc|Tab|F\d+|Enter|Left|Right|[A-Z]|Codestrata|MB|KB|B|k|s|ms|of)[\W\d_]*)*\Z"
)


class Marks(QTranslator):
    """Puts a mark before every text."""

    def translate(self, context, text, disambiguation=None, n=-1):
        return f"{MARK}{text}" if context == "window" else None

    def isEmpty(self):
        return False


@pytest.fixture(autouse=True)
def translated(qtbot):
    application = make_application()
    marks = Marks()
    application.installTranslator(marks)
    yield
    application.removeTranslator(marks)


def texts(window):
    for widget in window.findChildren(QWidget):
        for text in (widget.accessibleName(), widget.toolTip(), widget.accessibleDescription()):
            yield widget, text
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget, widget.text()
        if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
            yield widget, widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from ((widget, widget.itemText(at)) for at in range(widget.count()))
    for action in window.findChildren(QAction):
        yield action, action.text()


def untranslated(window):
    """Texts of ours without the mark; paths, names of languages and projects, and figures are not ours."""
    found = set()
    for widget, text in texts(window):
        internal = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QLineEdit)
        if not internal and MARK not in text and not NO_WORDS.match(text) and not OF_THE_SOURCE.fullmatch(text):
            found.add(f"{type(widget).__name__}: {text}")
    return sorted(found)


def test_a_text_is_filled_in_after_it_was_translated():
    assert tr("{count} of {{all}}", count=3) == f"{MARK}3 of {{all}}"


def test_every_text_of_the_empty_window_is_translated(window):
    assert "\n".join(untranslated(window)) == ""


def test_every_text_of_the_open_project_is_translated(opened, qtbot):
    opened.workspace.inquiry.ask_question("greet")
    qtbot.waitUntil(lambda: not opened.workspace.inquiry.ask.busy)
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    qtbot.waitUntil(opened.workspace.code.editor.isVisible)
    opened.commands.run("edit.mark")
    opened.commands.run("edit.find")
    opened.commands.run("view.palette")
    assert all(MARK in item.title for item in opened.picker.items)
    QTest.keyClicks(opened.picker.input, "zzzz")
    assert "\n".join(untranslated(opened)) == ""


@pytest.mark.parametrize("command", ["go.overview", "go.clones", "go.problems"])
def test_every_text_of_the_pages_is_translated(opened, qtbot, command):
    opened.commands.run(command)
    stage = opened.workspace.stage
    lists = {"go.overview": stage.overview.largest.list, "go.clones": stage.clones.list, "go.problems": stage.problems.list}
    rows = lists[command].model()
    qtbot.waitUntil(lambda: rows.rowCount() > 0)
    assert "\n".join(untranslated(stage)) == ""
    assert MARK in rows.index(0, 0).data()


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_text_of_the_sheets_is_translated(window, sheet):
    window.commands.run(sheet)
    assert "\n".join(untranslated(window.sheets.current)) == ""
