"""The window as a person uses it: real drops, clicks and keys, a real engine process behind it."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QWheelEvent
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
from desktop.qt.history import CodeLocation, DiagramLocation
from desktop.qt.user_files import UserFiles
from desktop.qt.views.inquiry import FILES, SEARCH
from desktop.qt.views.workspace import LEFT, RIGHT


def mime(*urls):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(url)) if not str(url).startswith("http") else QUrl(url) for url in urls])
    return data


def drag(window, data):
    event = QDragEnterEvent(
        QPoint(50, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    return event


def drop(window, data):
    drag(window, data)
    event = QDropEvent(
        QPointF(50, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)


def click(widget, point=None):
    target = widget.viewport() if hasattr(widget, "viewport") else widget
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point or target.rect().center())


def ask(window, qtbot, question):
    composer = window.workspace.inquiry.composer
    QTest.keyClicks(composer.input, question)
    QTest.keyClick(composer.input, Qt.Key.Key_Return)
    turn = window.workspace.inquiry.ask.turns[0]
    qtbot.waitUntil(lambda: not window.workspace.inquiry.ask.busy, timeout=10_000)
    return turn


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


# Asking and searching


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


# The picker


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


def test_definition_of_the_word_at_the_caret(opened, qtbot):
    opened.workspace.visit(CodeLocation("shop/till.py", 5, 5))
    editor = opened.workspace.code.editor
    qtbot.waitUntil(lambda: editor.cited == (5, 5))
    editor.find_text("pay")
    opened.commands.run("go.definition")
    qtbot.waitUntil(lambda: opened.workspace.code.location == CodeLocation("shop/till.py", 4, 5))


# Diagram and history


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


# The frame


def test_panes_hide_and_come_back(opened):
    workspace = opened.workspace
    assert workspace.is_shown(LEFT)
    assert not workspace.is_shown(RIGHT), "the diagram has the room of the code until there is code"
    opened.commands.run("view.left")
    assert not workspace.is_shown(LEFT)
    opened.commands.run("ask.ask")
    assert workspace.is_shown(LEFT)


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
