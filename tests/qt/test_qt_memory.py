"""What is there again at the next start: project, place, answers, bookmarks. And one window for one person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.bookmark_file import Bookmark
from desktop.qt import editors, main_window
from desktop.qt.application import absolute
from desktop.qt.bookmarks import Bookmarks, nearest
from desktop.qt.history import CodeLocation
from desktop.qt.single import FirstWindow, hand_over, instance_name
from desktop.qt.views.inquiry import FILES, MARKS


def show(window, qtbot, path="greeting.py", line=5):
    window.workspace.visit(CodeLocation(path, line, line))
    qtbot.waitUntil(lambda: window.workspace.code.editor.cited == (line, line))


def ask(window, qtbot, question):
    window.workspace.inquiry.ask_question(question)
    qtbot.waitUntil(lambda: not window.workspace.inquiry.ask.busy)


def test_the_next_window_shows_what_was_there(opened, qtbot, again):
    ask(opened, qtbot, "greet")
    ask(opened, qtbot, "welcome")
    show(opened, qtbot, "shop/till.py", 4)
    opened.workspace.inquiry.composer.set_text("half a question")
    opened.commands.run("ask.files")
    opened.close()
    window = again()
    qtbot.waitUntil(window.is_open)
    qtbot.waitUntil(lambda: window.workspace.code.editor.cited == (4, 4))
    turns = window.workspace.inquiry.ask.turns
    assert [turn.question.text() for turn in turns] == ["welcome", "greet"]
    assert turns[0].text.markdown
    assert turns[0].evidence.rows
    assert window.workspace.inquiry.tab == FILES
    assert window.workspace.inquiry.composer.text == "half a question"
    assert not window.workspace.inquiry.ask.busy


def test_a_project_that_was_closed_is_not_opened_again_but_remembers(opened, qtbot, again, project):
    ask(opened, qtbot, "greet")
    opened.commands.run("file.close")
    opened.close()
    window = again()
    qtbot.wait(50)
    assert window.welcome.isVisible()
    window.open_source(str(project))
    qtbot.waitUntil(window.is_open)
    assert [turn.question.text() for turn in window.workspace.inquiry.ask.turns] == ["greet"]


def test_answers_outlive_a_crash_of_the_window(opened, qtbot):
    ask(opened, qtbot, "greet")
    file = opened.files.of_project(opened.session.index) / "session.json"
    assert json.loads(file.read_text())["turns"][0]["question"] == "greet"
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "state",
    ["{", "[]", '{"turns": 3, "tab": "gone", "location": {"path": 1}, "draft": null}',
     '{"turns": [{"question": "q", "answer": {}, "seconds": 1}, 7], "location": {"kind": "none", "scope": ""}}'],
)  # fmt: skip
def test_a_memory_of_another_kind_is_passed_over(opened, qtbot, again, state):
    file = opened.files.of_project(opened.session.index) / "session.json"
    opened.close()
    file.write_text(state)
    window = again()
    qtbot.waitUntil(window.has_drawing)
    assert window.workspace.inquiry.ask.turns == []


def test_an_index_that_is_gone_leads_to_the_empty_window(opened, qtbot, again, store):
    opened.close()
    store.setValue("window/index", "/not/there")
    window = again()
    qtbot.wait(50)
    assert window.welcome.isVisible()
    assert not window.banner.isVisible()


# Bookmarks


def test_a_line_is_marked_with_a_note_and_found_again(opened, qtbot, again):
    show(opened, qtbot)
    opened.workspace.code.editor.setFocus()
    QTest.keyClick(opened.workspace.code.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    bar = opened.workspace.code.note_bar
    assert bar.input.hasFocus()
    QTest.keyClicks(bar.input, "says hello")
    QTest.keyClick(bar.input, Qt.Key.Key_Return)
    assert not bar.isVisible()
    assert opened.workspace.code.editor.hasFocus()
    show(opened, qtbot, "shop/till.py", 4)
    opened.commands.run("ask.marks")
    marks = opened.workspace.inquiry.marks
    assert marks.list.hasFocus()
    assert marks.list.currentIndex().data() == "says hello greeting.py:5"
    QTest.keyClick(marks.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("greeting.py", 5, 5))
    opened.close()
    window = again()
    qtbot.waitUntil(window.is_open)
    assert [mark.note for mark in window.workspace.bookmarks.all] == ["says hello"]


def test_a_bookmark_is_removed_and_put_back(opened, qtbot):
    show(opened, qtbot)
    opened.commands.run("edit.mark")
    opened.commands.run("ask.marks")
    assert opened.workspace.inquiry.tab == MARKS
    QTest.keyClick(opened.workspace.inquiry.marks.list, Qt.Key.Key_Delete)
    assert not opened.workspace.bookmarks.all
    opened.banner.steps[0].click()
    assert [(mark.path, mark.line) for mark in opened.workspace.bookmarks.all] == [("greeting.py", 5)]


def test_the_gutter_shows_marks_and_their_notes(opened, qtbot):
    show(opened, qtbot)
    editor = opened.workspace.code.editor
    before = editor.gutter.grab().toImage()
    opened.workspace.bookmarks.put(Bookmark("greeting.py", 4, "def greet(name):", "here"))
    assert editor.gutter.grab().toImage() != before
    block = editor.document().findBlockByNumber(3)
    height = editor.blockBoundingGeometry(block).translated(editor.contentOffset()).center().y()
    assert editor.gutter.marks[editor.line_at(int(height))] == "here"


def test_bookmarks_follow_their_lines(tmp_path):
    marks = Bookmarks()
    marks.open(tmp_path)
    marks.put(Bookmark("a.py", 3, "  x = 1", "one"))
    marks.put(Bookmark("a.py", 9, "y = 2"))
    marks.follow("a.py", ["", "", "", "x = 1", "", "x = 1", "", "gone"])
    assert [(mark.line, mark.note) for mark in marks.all] == [(4, "one"), (9, "")]
    other = Bookmarks()
    other.open(tmp_path)
    assert other.all == marks.all
    assert nearest(["a", "b"], Bookmark("f", 7, "")) == 7


@pytest.mark.parametrize("text", ["{", "3", '[{"path": 1, "line": 2}, {"path": "a", "line": 0}, {"odd": 1}, 5]'])
def test_bookmarks_that_cannot_be_read_are_none(tmp_path, text):
    (tmp_path / "bookmarks.json").write_text(text)
    marks = Bookmarks()
    marks.open(tmp_path)
    assert not marks.all


# Editors


def test_the_open_file_is_opened_in_the_editor_at_its_line(opened, qtbot, monkeypatch, project):
    started = []
    monkeypatch.setattr(main_window, "open_in_editor", lambda *given: not started.append(given))
    opened.change({"editor": "code --goto {path}:{line}"})
    show(opened, qtbot)
    opened.commands.run("go.editor")
    assert started == [("code --goto {path}:{line}", project / "greeting.py", 5)]


def test_an_editor_that_is_not_there_is_told(opened, qtbot):
    opened.change({"editor": "/not/there {path}"})
    show(opened, qtbot)
    opened.commands.run("go.editor")
    assert "could not be started" in opened.banner.what.text()
    opened.banner.steps[0].click()
    assert opened.sheets.current.accessibleName() == "Preferences"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_real_program_gets_path_and_line(qtbot, tmp_path):
    out, script = tmp_path / "out", tmp_path / "edit or"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{out}.new" && mv "{out}.new" "{out}"\n')
    script.chmod(0o700)
    file = tmp_path / "a b$c.py"
    file.write_text("")
    assert editors.open_in_editor(f"'{script}' +{{line}} {{path}}", file, 7)
    qtbot.waitUntil(out.exists, timeout=10_000)
    assert out.read_text() == f"+7|{file}|"


def test_a_file_without_a_place_on_disk_is_told(opened):
    opened.workspace.code.editor_asked.emit("", 1)
    assert "does not lie in a folder" in opened.banner.what.text()


def test_path_and_line_are_copied(opened, qtbot):
    show(opened, qtbot)
    opened.commands.run("edit.copy_place")
    assert QApplication.clipboard().text() == "greeting.py:5"


# One window


def hand_over_elsewhere(name, source):
    """Another process, as a second start is one."""
    script = (
        "import sys; from PySide6.QtCore import QCoreApplication; application = QCoreApplication([]);"
        "from desktop.qt.single import hand_over; print(hand_over(sys.argv[1], sys.argv[2] or None))"
    )
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", script, name, source], stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ}
    )


def test_a_second_start_hands_its_source_to_the_first(window, qtbot, tmp_path, project):
    name = instance_name(tmp_path)
    first = FirstWindow(name, window)
    first.asked.connect(window.come_to_front)
    second = hand_over_elsewhere(name, str(project))
    qtbot.waitUntil(window.preview.isVisible, timeout=20_000)
    assert second.communicate(timeout=20)[0].strip() == "True"
    first.close()
    assert not hand_over(name, None)


RUN_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from core.settings import Settings
from desktop.qt.application import make_application, run_window
from desktop.qt.user_files import UserFiles
application = make_application()
QTimer.singleShot(0, application.quit)
folder = Path(sys.argv[1])
command = [sys.executable, sys.argv[2]]
sys.exit(run_window(None, command, Settings(), UserFiles(folder / "p.toml", folder), another=sys.argv[3] == "another"))
"""


@pytest.mark.parametrize(("how", "is_asked"), [("another", False), ("the same", True)])
def test_another_window_leaves_the_first_alone(qtbot, tmp_path, engine_command, how, is_asked):
    name, asked = instance_name(tmp_path), []
    first = FirstWindow(name)
    first.asked.connect(asked.append)
    command = [sys.executable, "-c", RUN_WINDOW, str(tmp_path), engine_command[1], how]
    second = subprocess.Popen(command, cwd=Path(__file__).parents[2], env={**os.environ})
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.returncode == 0
    assert asked == ([""] if is_asked else [])
    later = hand_over_elsewhere(name, "/somewhere")
    qtbot.waitUntil(lambda: "/somewhere" in asked, timeout=20_000)
    assert later.communicate(timeout=20)[0].strip() == "True"
    first.close()


def test_a_new_window_is_a_program_of_its_own(window, monkeypatch):
    started = []
    monkeypatch.setattr(main_window, "start_detached", lambda command: started.append(command) or False)
    window.commands.run("file.another")
    assert started[0][-2:] == ["window", "--new"]
    assert "cannot be opened" in window.banner.what.text()


def test_what_a_crashed_window_left_behind_does_not_stop_the_next(qtbot, tmp_path):
    name = instance_name(tmp_path)
    one = FirstWindow(name)
    two = FirstWindow(name)  # takes the name over, as after a crash
    assert two.listening
    one.close()
    two.close()


def test_a_listener_that_ends_lets_go_of_who_is_connected(qtbot, tmp_path):
    """A socket that ended along with its listener crashed the program."""
    first = FirstWindow(instance_name(tmp_path))
    socket = QLocalSocket()
    socket.connectToServer(instance_name(tmp_path))
    assert socket.waitForConnected(1_000)
    qtbot.waitUntil(lambda: bool(first._sockets))
    first.close()
    assert not first._sockets
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)


def test_nonsense_on_the_socket_opens_nothing(qtbot, tmp_path):
    first = FirstWindow(instance_name(tmp_path))
    asked = []
    first.asked.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer(instance_name(tmp_path))
    assert socket.waitForConnected(1_000)
    socket.write(b"[1, 2\n")
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert asked == []
    first.close()


def test_folders_of_two_people_or_places_are_two_windows(tmp_path):
    assert instance_name(tmp_path / "a") != instance_name(tmp_path / "b")


def test_a_relative_source_is_made_whole_for_the_other_window(tmp_path, monkeypatch):
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path)
    assert absolute("src") == str(tmp_path / "src")
    assert absolute("https://example.org/a.git") == "https://example.org/a.git"
    assert absolute(None) is None
