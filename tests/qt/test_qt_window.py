"""The window as a person uses it: real drops, clicks and keys, a real engine process behind it."""

from __future__ import annotations

import os
import signal
from typing import ClassVar

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desktop.preferences import load_settings
from desktop.qt.application import make_application, make_window
from desktop.qt.history import CodeLocation
from desktop.qt.user_files import UserFiles
from desktop.qt.views.panes import Pane
from tests.qt.hands import ask, click, drag, drop, mime

# The main job


def test_drop_index_ask_cite_diagram_export(window, qtbot, project, tmp_path, no_dialogs):
    assert window.welcome.isVisible()
    drop(window, mime(project))
    qtbot.waitUntil(window.preview.isVisible)
    assert "4 files" in window.preview.accessibleName()
    assert "1 binary" in window.preview.left_out.text()
    click(window.preview.index_button)
    qtbot.waitUntil(lambda: window.workspace.isVisible() and not window.session.indexing, timeout=15_000)
    qtbot.waitUntil(window.has_drawing)
    assert "4 files" in window.status_line.figures.text()

    turn = ask(window, qtbot, "return greet guests")
    assert turn.evidence.rows
    assert "instead of" in turn.evidence.cost.text()
    anchor = turn.text.document().find("[1]")
    turn.text.setTextCursor(anchor)
    click(turn.text, turn.text.cursorRect(anchor).center() - QPoint(4, 0))
    code = window.workspace.code
    qtbot.waitUntil(lambda: code.location is not None and code.editor.cited[0] > 0)
    assert code.location == CodeLocation("greeting.py", 11, 11)
    assert code.editor.line == 11
    assert code.symbol["id"] == "greeting.welcome"

    canvas = window.workspace.diagram.canvas
    click(canvas, canvas.item_center("shop"))
    qtbot.waitUntil(lambda: code.location.path == "shop/deep/box.py")

    no_dialogs["file"] = (str(tmp_path / "party.svg"), "SVG picture (*.svg)")
    window.commands.run("file.export")
    qtbot.waitUntil(lambda: (tmp_path / "party.svg").exists() and window.banner.isVisible())
    assert "party.svg" in window.banner.what.text()


def test_an_indexed_source_opens_at_once_and_offers_an_update(opened, qtbot, project):
    opened.session.close_project()
    qtbot.waitUntil(opened.welcome.isVisible)
    (project / "greeting.py").write_text("def greet():\n    pass\n")
    drop(opened, mime(project))
    qtbot.waitUntil(opened.workspace.isVisible)
    assert "1 file changed" in opened.status_line.stale.text()
    assert opened.banner.isVisible()
    update = next(button for button in opened.banner.steps if button.text() == "Update")
    click(update)
    qtbot.waitUntil(lambda: opened.session.indexing)
    qtbot.waitUntil(lambda: not opened.session.indexing and not opened.status_line.stale.isVisible(), timeout=10_000)


def test_recent_projects_open_with_the_keyboard(opened, qtbot):
    opened.session.close_project()
    rows = lambda: [row for row in opened.welcome.findChildren(QWidget) if row.property("role") == "recent"]  # noqa: E731
    qtbot.waitUntil(lambda: bool(rows()))
    QTest.keyClick(rows()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(opened.workspace.isVisible)


def test_file_open(window, qtbot, project, no_dialogs):
    no_dialogs["folder"] = str(project)
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.preview.isVisible)
    click(window.preview.cancel_button)
    assert window.welcome.isVisible()


# Dragging


def test_a_folder_lights_up_the_drop_area(window, project):
    drag(window, mime(project))
    assert window.welcome.drop.state == "welcome"
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert window.welcome.drop.state == ""


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda root: mime(root / "greeting.py"), "single file"),
        (lambda root: mime(root / "shop", root / "greeting.py"), "single file"),
        (lambda root: mime("https://example.org/x"), "names no git repository"),
        (lambda root: mime(root / "gone"), "no longer there"),
        (lambda root: text_only(), "not a folder, an archive"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_reason(window, project, make, reason):
    drop(window, make(project))
    assert window.banner.isVisible()
    assert reason in window.banner.why.text()
    assert window.banner.steps
    assert not window.session.index


def text_only():
    data = QMimeData()
    data.setText("hello")
    return data


def test_dragging_over_an_open_project_covers_it(opened, project):
    drag(opened, mime(project))
    assert opened.overlay.isVisible()
    assert "party" in opened.overlay.words.text()
    QApplication.sendEvent(opened, QDragLeaveEvent())
    assert not opened.overlay.isVisible()


# When things go wrong


def test_a_missing_folder_is_one_message_with_a_next_step(window, qtbot):
    window.open_source("/not/there")
    qtbot.waitUntil(window.banner.isVisible)
    assert "/not/there cannot be opened" in window.banner.what.text()
    assert "check the path" in window.banner.why.text().lower()
    assert window.banner.steps


def test_an_empty_folder_is_refused(window, qtbot, tmp_path):
    (tmp_path / "empty").mkdir()
    window.open_source(str(tmp_path / "empty"))
    qtbot.waitUntil(window.banner.isVisible)
    assert "no source text" in window.banner.what.text()


def test_a_broken_index_offers_to_be_rebuilt(opened, qtbot, project, engine_home):
    opened.session.close_project()
    (index,) = engine_home.glob("*/index.json")
    index.write_text("{damaged")
    opened.open_source(str(project))
    qtbot.waitUntil(opened.banner.isVisible)
    assert "damaged" in opened.banner.why.text()
    click(next(button for button in opened.banner.steps if button.text() == "Rebuild"))
    qtbot.waitUntil(lambda: opened.is_open() and not opened.session.indexing, timeout=10_000)
    assert opened.workspace.isVisible()


def test_a_killed_engine_is_told_and_restarted(opened, qtbot):
    os.kill(opened.session.engine.pid, signal.SIGKILL)
    qtbot.waitUntil(opened.banner.isVisible)
    assert "started again" in opened.banner.what.text()
    turn = ask(opened, qtbot, "greet")
    assert turn.evidence.rows


def test_a_question_without_evidence_says_so(opened, qtbot):
    turn = ask(opened, qtbot, "zzzz qqqq")
    assert "nothing was found" in turn.note.text()


def test_cancelling_keeps_what_is_done_and_can_be_continued(window, qtbot, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0.3")
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    click(window.preview.index_button)
    qtbot.waitUntil(window.progress.isVisible)
    click(window.progress.cancel_button)
    assert window.progress.cancel_button.text() == "Stopping…"
    qtbot.waitUntil(lambda: not window.session.indexing, timeout=5_000)
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0")
    qtbot.waitUntil(lambda: bool(window.banner.steps))
    click(window.banner.steps[0])
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=10_000)


def test_one_can_search_while_indexing_goes_on(window, qtbot, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0.8")
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    click(window.preview.index_button)
    qtbot.waitUntil(window.workspace.isVisible, timeout=10_000)
    assert window.session.indexing
    assert window.status_line.progress.isVisible()
    assert ask(window, qtbot, "greet").evidence.rows
    qtbot.waitUntil(lambda: not window.session.indexing, timeout=10_000)
    qtbot.waitUntil(window.has_drawing)
    assert not window.status_line.progress.isVisible()


def test_the_keyboard_stays_in_the_question_when_indexing_ends(window, qtbot, project, monkeypatch):
    """The page of what is looked at took the keyboard when the finished index was asked after, though nobody saw it."""
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0.8")
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    click(window.preview.index_button)
    qtbot.waitUntil(window.workspace.isVisible, timeout=10_000)
    writing = window.workspace.inquiry.composer.input
    assert window.focusWidget() is writing
    with qtbot.waitSignal(window.session.refreshed, timeout=10_000):
        pass
    assert window.focusWidget() is writing
    assert window.workspace.isVisible()


# Asking


def test_stop_ends_an_answer(opened, qtbot):
    composer = opened.workspace.inquiry.composer
    QTest.keyClicks(composer.input, "slow greet")
    QTest.keyClick(composer.input, Qt.Key.Key_Return)
    view = opened.workspace.inquiry.ask
    qtbot.waitUntil(lambda: bool(view.turns[0].evidence.rows))
    assert view.busy
    click(composer.button)
    qtbot.waitUntil(lambda: not view.busy)
    assert view.turns[0].note.text() == "Stopped."


def test_unsupported_sentences_are_counted(opened, qtbot):
    turn = ask(opened, qtbot, "unsupported greet")
    assert turn.doubt.isVisible()
    assert "not backed" in turn.doubt.text()


def test_the_engine_gets_ready_while_the_first_question_is_written(opened, qtbot, monkeypatch):
    called = []
    monkeypatch.setattr(opened.session, "call", lambda method, *_args, **_more: called.append(method))
    for letter in "how":
        QTest.keyClicks(opened.workspace.inquiry.composer.input, letter)
    assert called == ["prepare"]


def test_an_answer_that_breaks_off_says_why(opened, qtbot):
    assert not ask(opened, qtbot, "greet").broken.isVisible()
    turn = ask(opened, qtbot, "broken greet")
    assert turn.text.markdown
    assert turn.broken.isVisible()
    assert turn.broken.text() == "The answer breaks off here: the server dropped the connection"
    assert f"_{turn.broken.text()}_" in turn.as_markdown()


def test_a_host_is_allowed_before_anything_is_sent(opened, qtbot):
    opened.change({"provider.provider": "openai", "provider.model": "m"})
    turn = ask(opened, qtbot, "greet")
    assert turn.evidence.rows
    assert not turn.text.markdown
    assert "models.example" in turn.note.text()
    allow = next(button for button in opened.banner.steps if button.text() == "Allow models.example")
    click(allow)
    view = opened.workspace.inquiry.ask
    qtbot.waitUntil(lambda: len(view.turns) == 2 and not view.busy)
    assert view.turns[0].text.markdown
    assert "models.example" in view.turns[0].note.text()
    assert not opened.banner.isVisible()


def test_a_host_that_is_allowed_late_gets_no_question_about_another_project(opened, qtbot):
    opened.change({"provider.provider": "openai", "provider.model": "m"})
    ask(opened, qtbot, "greet")
    allow = next(button for button in opened.banner.steps if button.text() == "Allow models.example")
    opened.session.close_project()
    click(allow)
    qtbot.wait(100)
    assert len(opened.workspace.inquiry.ask.turns) == 1


def test_an_answer_can_be_copied(opened, qtbot):
    ask(opened, qtbot, "greet")
    opened.commands.run("edit.copy_answer")
    copied = QApplication.clipboard().text()
    assert copied.startswith("## greet")
    assert "[1] `" in copied


# The frame


def test_panes_hide_and_come_back(opened):
    workspace = opened.workspace
    assert workspace.is_shown(Pane.INQUIRY)
    assert not workspace.is_shown(Pane.CODE), "the diagram has the room of the code until there is code"
    opened.commands.run("view.left")
    assert not workspace.is_shown(Pane.INQUIRY)
    opened.commands.run("ask.ask")
    assert workspace.is_shown(Pane.INQUIRY)


def test_sizes_and_theme_are_remembered(opened, qtbot, engine_command, store):
    opened.commands.run("view.theme_dark")
    opened.resize(1000, 707)
    opened.close()
    again = make_window(make_application(), engine_command, load_settings(UserFiles.beside(store).preferences, {}), store)
    assert again.size().height() == 707
    assert again.themes.theme.dark
    again.close()


def test_every_control_has_a_name_and_the_keyboard_reaches_it(opened, qtbot):
    ask(opened, qtbot, "greet")
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    qtbot.waitUntil(opened.workspace.code.editor.isVisible)
    nameless, unreachable = [], []
    for control in opened.findChildren(QWidget):
        if isinstance(control.parent(), QLineEdit) or isinstance(control, QHeaderView):
            continue  # Qt's own button that clears an input, and a header nobody sees
        is_control = isinstance(control, (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView))
        if not is_control or control.objectName().startswith("qt_"):
            continue
        if not (control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())):
            nameless.append(f"{control!r} in {control.parent()!r}")
        if isinstance(control, QAbstractButton) and control.group() is not None:
            continue  # the keyboard reaches the chosen one, and the arrow keys the others
        if control.isVisible() and control.isEnabled() and not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            unreachable.append(control.accessibleName())
    assert "\n".join(nameless) == ""
    assert unreachable in ([], ["Evidence only"])


def test_every_shortcut_and_command_has_a_title(opened):
    for command in opened.commands:
        assert command.title
        assert opened.commands.action(command.id).objectName() == command.id


def test_about_says_the_version_and_the_licences(opened, qtbot):
    opened.commands.run("help.about")
    sheet = opened.sheets.current
    qtbot.waitUntil(lambda: bool(sheet.parts))
    assert sheet.version.text() == "Codestrata 0"
    assert [part["licence"] for part in sheet.parts] == ["Apache-2.0", ""]


def test_no_part_of_a_view_is_ever_a_window_of_its_own(opened, qtbot):
    """The lists of the overview were shown before they had a parent: windows that came, took the keyboard and went."""

    class Watcher(QObject):
        shown: ClassVar[list[str]] = []

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.shown.append(type(watched).__name__)
            return False

    watcher = Watcher()
    application = QApplication.instance()
    application.installEventFilter(watcher)
    try:
        for command in ("go.overview", "go.clones", "go.problems", "diagram.imports"):
            opened.commands.run(command)
            qtbot.wait(150)
        for sheet in ("preferences", "shortcuts", "about", "report", "jobs", "clone", "sending"):
            opened.sheets.open(sheet)
            qtbot.wait(50)
            opened.sheets.close()
        opened.commands.run("go.overview")
        qtbot.waitUntil(lambda: bool(opened.workspace.stage.overview.largest.model.records))
    finally:
        application.removeEventFilter(watcher)
    assert watcher.shown == []
    assert opened.isActiveWindow()
