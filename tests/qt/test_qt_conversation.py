"""Conversations in the window: follow-ups, earlier questions, accepted answers, deep questions, pins."""

from __future__ import annotations

import itertools
import json

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from desktop.qt.dragging import PLACES, WHOLE_FILE, dragged, dropped, whole_file
from desktop.qt.history import CodeLocation
from desktop.qt.views.inquiry import SEARCH
from tests.qt.walk import check_walk


def ask(window, qtbot, question):
    """Ask, and wait for the whole answer."""
    view = window.workspace.inquiry.ask
    window.workspace.inquiry.ask_question(question)
    qtbot.waitUntil(lambda: not view.busy)
    return view.turns[0]


def asked_with(turn):
    return turn.record["answer"]["asked_with"]


def picks(window, qtbot, count):
    qtbot.waitUntil(lambda: len(window.picker.items) == count)
    return [item.title for item in window.picker.items]


def test_a_follow_up_goes_on_with_the_conversation_and_says_how_it_was_understood(opened, qtbot):
    first = ask(opened, qtbot, "greet")
    assert asked_with(first)["conversation"] == 0
    assert not first.understood.isVisible()
    second = ask(opened, qtbot, "and welcome")
    assert asked_with(second)["conversation"] == 1
    qtbot.waitUntil(second.understood.isVisible)
    assert second.understood.text() == "Understood as: welcome (as before)"
    opened.commands.run("ask.new")
    view = opened.workspace.inquiry.ask
    assert view.turns == []
    assert asked_with(ask(opened, qtbot, "and welcome"))["conversation"] == 0
    assert view.conversation == 3


def test_earlier_questions_are_found_and_opened_again(opened, qtbot):
    ask(opened, qtbot, "greet")
    ask(opened, qtbot, "and welcome")
    opened.commands.run("ask.new")
    ask(opened, qtbot, "pay")
    opened.commands.run("ask.earlier")
    assert picks(opened, qtbot, 3) == ["pay", "and welcome", "greet"]
    QTest.keyClicks(opened.picker.input, "welc")
    assert picks(opened, qtbot, 1) == ["and welcome"]
    QTest.keyClick(opened.picker.input, Qt.Key.Key_Return)
    view = opened.workspace.inquiry.ask
    qtbot.waitUntil(lambda: [turn.question.text() for turn in view.turns] == ["and welcome", "pay"])
    assert view.turns[0].text.markdown
    assert view.turns[0].evidence.rows
    assert view.conversation == 1
    opened.conversations.open_again(3)
    qtbot.waitUntil(lambda: view.turns[0].question.text() == "pay")
    assert [turn.question.text() for turn in view.turns] == ["pay", "and welcome"]
    assert view.conversation == 3


def test_a_conversation_goes_on_after_the_next_start(opened, qtbot, again):
    ask(opened, qtbot, "greet")
    opened.close()
    window = again()
    qtbot.waitUntil(window.is_open)
    view = window.workspace.inquiry.ask
    qtbot.waitUntil(lambda: bool(view.turns))
    assert view.conversation == 1
    assert asked_with(ask(window, qtbot, "and welcome"))["conversation"] == 1


def test_an_answer_is_accepted_and_that_taken_back(opened, qtbot, engine_home):
    def kept():
        (file,) = engine_home.glob("*/answers.json")
        return json.loads(file.read_text())[0]["accepted"]

    turn = ask(opened, qtbot, "greet")
    assert turn.accept_button.isEnabled()
    turn.accept_button.click()
    qtbot.waitUntil(kept)
    assert turn.accept_button.isChecked()
    assert "Accepted" in turn.accept_button.accessibleName()
    opened.commands.run("ask.accept")
    qtbot.waitUntil(lambda: not kept())
    assert not turn.accept_button.isChecked()


def test_a_deep_question_shows_its_steps(opened, qtbot):
    assert not asked_with(ask(opened, qtbot, "greet"))["deep"]
    opened.workspace.inquiry.deep.click()
    turn = ask(opened, qtbot, "welcome")
    assert asked_with(turn)["deep"]
    assert turn.steps.text().split("\n") == ["✓  Plan: 1 question", "✓  1/1  welcome: 2 statements"]
    opened.commands.run("ask.deep")
    assert not opened.workspace.inquiry.deep.isChecked()


def test_the_conversation_is_exported(opened, qtbot, tmp_path, no_dialogs):
    ask(opened, qtbot, "greet")
    ask(opened, qtbot, "and welcome")
    no_dialogs["file"] = (str(tmp_path / "talk"), "")
    opened.commands.run("ask.export")
    file = tmp_path / "talk.md"
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(opened.banner.isVisible)
    assert file.read_text() == "greet\nand welcome"


def test_an_excerpt_is_pinned_or_left_out_until_its_chip_is_clicked(opened, qtbot):
    turn = ask(opened, qtbot, "greet")
    chips = opened.workspace.inquiry.ask.chips
    assert not chips.isVisible()
    _open, pin, leave_out = turn.evidence.menu_at(0).actions()
    place = {name: turn.evidence.rows[0][name] for name in ("path", "start_line", "end_line")}
    pin.trigger()
    assert (chips.pinned, chips.removed) == ([place], [])
    qtbot.waitUntil(chips.isVisible)
    assert asked_with(ask(opened, qtbot, "welcome"))["pinned"] == [place]
    leave_out.trigger()
    assert (chips.pinned, chips.removed) == ([], [place])
    assert asked_with(ask(opened, qtbot, "welcome"))["removed"] == [place]
    opened.workspace.inquiry.show_tab(SEARCH)
    assert not chips.isVisible()
    opened.commands.run("ask.ask")
    (only,) = chips.chips
    only.click()
    assert chips.removed == []
    assert not chips.isVisible()


def test_the_definition_at_the_caret_is_pinned(opened, qtbot):
    opened.workspace.visit(CodeLocation("greeting.py", 4, 6))
    qtbot.waitUntil(lambda: opened.workspace.code.symbol is not None)
    opened.commands.run("ask.pin")
    assert opened.workspace.inquiry.ask.chips.pinned == [{"path": "greeting.py", "start_line": 4, "end_line": 6}]


def drop(pane, data):
    """Drop onto the middle of a pane; whether it was taken."""
    at = pane.rect().center()
    actions, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(at), actions, data, button, keys)
    pane.dragEnterEvent(enter)
    if enter.isAccepted():
        pane.dropEvent(QDropEvent(QPointF(at), actions, data, button, keys, QEvent.Type.Drop))
    return enter.isAccepted()


def test_files_and_places_are_pinned_by_dragging_them(opened, qtbot, project, tmp_path):
    pane = opened.workspace.inquiry
    files = pane.files.model
    greeting = files.find("greeting.py")
    assert files.flags(greeting) & Qt.ItemFlag.ItemIsDragEnabled
    assert not files.flags(files.find("shop")) & Qt.ItemFlag.ItemIsDragEnabled
    assert drop(pane, files.mimeData([greeting]))
    assert pane.ask.chips.pinned == [whole_file("greeting.py")]
    assert [chip.text() for chip in pane.ask.chips.chips] == ["greeting.py"]
    turn = ask(opened, qtbot, "greet")
    rows = turn.evidence.list.model()
    assert drop(pane, rows.mimeData([rows.index(0, 0)]))
    assert len(pane.ask.chips.pinned) == 2
    outside = tmp_path / "other.py"
    outside.write_text("x = 1\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project / "shop" / "till.py"))])
    assert drop(pane, data)
    assert pane.ask.chips.pinned[-1] == whole_file("shop/till.py")
    for url in (outside, project):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(url))])
        assert not drop(pane, data)


@pytest.mark.parametrize(
    "stored", [b"", b"{", b"[1]", b'[{"path": 1}]', b'{"path": "a"}', b'[{"path": "a", "start_line": "x"}]']
)
def test_what_is_no_place_is_not_dropped(stored):
    data = QMimeData()
    data.setData(PLACES, stored)
    assert dropped(data, "/source") == []


def test_what_is_dragged_is_what_is_dropped():
    place = {"path": "a/b.py", "start_line": 3, "end_line": 9}
    assert dropped(dragged([place, {**whole_file("c.py"), "symbol": "x"}]), "") == [
        place,
        {"path": "c.py", "start_line": 1, "end_line": WHOLE_FILE},
    ]


def test_a_note_is_about_the_definition_around_its_line(opened, qtbot):
    opened.workspace.visit(CodeLocation("greeting.py", 5, 5))
    code = opened.workspace.code
    qtbot.waitUntil(lambda: code.symbol is not None)
    opened.commands.run("edit.mark")
    qtbot.waitUntil(code.note_bar.isVisible)
    QTest.keyClicks(code.note_bar.input, "greets one")
    QTest.keyClick(code.note_bar.input, Qt.Key.Key_Return)
    (mark,) = opened.workspace.bookmarks.all
    assert (mark.note, mark.start, mark.end) == ("greets one", 4, 6)
    assert mark.digest


def test_what_is_asked_with_has_room_in_a_narrow_pane(opened, qtbot):
    """At 1024 pixels the names of the buttons were cut off; a long one is shortened, and told whole by its tooltip."""
    inquiry = opened.workspace.inquiry
    model = "a-model-with-a-very-long-name-20260101"
    opened.change({"provider.provider": "openai", "provider.model": model})
    for width in (700, 288):
        inquiry.resize(width, 600)
        qtbot.wait(10)
        row = inquiry._mode_row
        buttons = [button for button in row.findChildren(QToolButton) if not button.isHidden()]
        edges = sorted((button.mapTo(row, button.rect().topLeft()).x(), button.width()) for button in buttons)
        assert all(left + wide <= after for (left, wide), (after, _) in itertools.pairwise(edges)), "side by side"
        assert edges[-1][0] + edges[-1][1] <= row.width()
        assert all(button.width() >= button.sizeHint().width() for button in buttons if button is not inquiry.who)
    assert model in inquiry.who.toolTip()
    assert model in inquiry.who.accessibleName()


def test_what_would_be_sent_is_shown_before_it_is(opened, qtbot):
    assert opened.commands["ask.sent"].missing == "Write a question first"
    opened.workspace.inquiry.composer.set_text("greet whom")
    opened.commands.run("ask.sent")
    sheet = opened.sheets.current
    qtbot.waitUntil(lambda: bool(sheet.text.toPlainText()))
    assert "greet whom" in sheet.text.toPlainText()
    assert "greeting.py" in sheet.text.toPlainText()
    check_walk(opened, sheet)
    assert sheet.whom.text().startswith("Nothing is sent")
    assert opened.workspace.inquiry.composer.text == "greet whom", "nothing was asked"
    assert not opened.workspace.inquiry.ask.turns
    opened.change({"provider.provider": "openai"})
    sheet.refresh()
    qtbot.waitUntil(lambda: "models.example would get this" in sheet.whom.text())
