"""Clones, problems, the overview and the code pane, on the real engine and a small index."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window
from desktop.qt.history import CodeLocation, DiagramLocation, PageLocation
from desktop.qt.views.clones import CLONES, funnel_steps
from desktop.qt.views.inquiry import ASK
from desktop.qt.views.overview import OVERVIEW
from desktop.qt.views.panes import Pane
from desktop.qt.views.problems import PROBLEMS
from desktop.qt.views.search import excerpt
from desktop.qt.widgets.diff_list import SIDE_BY_SIDE
from tests.indexing.trees import index_tree, write_tree
from tests.qt.walk import check_walk

SECONDS = 30_000
COLLECT = """def {name}(records, limit):
    {found} = []
    for record in records:
        if record.active and record.age > limit:
            {found}.append(record.name.strip().lower())
    {found}.sort(key=len)
    write_log("collected", len({found}))
    for name in {found}:
        publish(name, limit, retries=3)
    return {found}
"""
SHOP = """from app.first import collect


class Shop:
    def open(self):
        return collect([], 1)

    def close(self):
        collected = collect([], 2)
        return collected


def main():
    Shop().open()
"""
SOURCE = {
    "app/first.py": COLLECT.format(name="collect", found="found"),
    "app/second.py": COLLECT.format(name="gather", found="names"),
    "lib/third.py": COLLECT.format(name="pick", found="picked").replace("age > limit", "age >= limit"),
    "app/shop.py": SHOP,
    "tests/test_first.py": "from app.first import collect\n\n\ndef test_collect():\n    assert collect([], 1) == []\n",
    "empty.py": "",
    "art/picture.bin": "\x00\x01\x02",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("shop")
    write_tree(root / "shop", SOURCE)
    index_tree(root / "shop", root / "index")
    return root


@pytest.fixture(scope="module")
def shared(project, tmp_path_factory, qapp):
    """One window on one engine for all tests of this module: what starts them takes longer than what is tested."""
    store = QSettings(str(tmp_path_factory.mktemp("store") / "window.ini"), QSettings.Format.IniFormat)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODESTRATA_DATA_DIR", str(project / "data"))
        patch.setenv("CODESTRATA_CONFIG_DIR", str(project / "config"))
        settings = Settings(theme="light", watch=False)
        made = make_window(make_application(), assembly.engine_command(), settings, store)
        made.resize(1600, 900)
        made.show()
        yield made
        themes = made.themes
        made.close()
        made.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        themes.deleteLater()


@pytest.fixture
def window(shared, qtbot, project):
    shared.session.close_project()
    shared.session.open_index(str(project / "index"))
    qtbot.waitUntil(lambda: shared.is_open() and shared.has_drawing(), timeout=SECONDS)
    return shared


def click(view, row):
    where = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


def clones_of(window, qtbot):
    window.commands.run("go.clones")
    clones = window.workspace.stage.clones
    qtbot.waitUntil(lambda: bool(clones.model.records) and clones.isVisible(), timeout=SECONDS)
    return clones


def folded_class(window, qtbot):
    """The page of the class that `collect` and `gather` are in, its comparison shown."""
    window.workspace.visit(PageLocation(CLONES, "app/second.py", 3))
    page = window.workspace.stage.clones.shown_class
    qtbot.waitUntil(lambda: page.diff.diff is not None and page.diff.isVisible(), timeout=SECONDS)
    return page


def open_code(window, qtbot, path, line=0):
    window.workspace.visit(CodeLocation(path, line, line))
    code = window.workspace.code
    shown = lambda: code.editor._file is not None and code.editor._file.path == path  # noqa: E731
    qtbot.waitUntil(lambda: shown() and path in code._margins and not code.editor.loading, timeout=SECONDS)
    return code


# Clones


def test_the_list_shows_the_funnel_and_narrows(window, qtbot):
    clones = clones_of(window, qtbot)
    lefts = [step.left for step in clones.funnel.steps]
    assert lefts[1:] == sorted(lefts[1:], reverse=True)
    assert lefts[-1] < lefts[2]
    assert "class" in clones.note.text()
    clones.path.setText("docs/**")
    qtbot.waitUntil(clones.message.isVisible, timeout=SECONDS)
    assert "Widen the filters" in clones.message.text()
    clones.path.clear()
    qtbot.waitUntil(lambda: bool(clones.model.records), timeout=SECONDS)
    clones.treatment.menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: all(found["folded"] for found in clones.model.records), timeout=SECONDS)
    assert clones.treatment.isChecked()
    assert clones.model.records


def test_a_class_is_opened_with_the_keyboard_and_left_again(window, qtbot):
    clones = clones_of(window, qtbot)
    clones.list.setFocus()
    clones.list.setCurrentIndex(clones.model.index(0, 0))
    QTest.keyClick(clones.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: clones.shown_class.diff.diff is not None, timeout=SECONDS)
    assert window.workspace.history.current.page == CLONES
    assert window.workspace.history.current.path
    assert not clones.shown_class.wants_keyboard, "the members have it"
    window.workspace.back()
    assert clones.list.isVisible()


def test_a_copy_stands_beside_its_representative_and_says_why(window, qtbot):
    page = folded_class(window, qtbot)
    diff = page.diff
    assert page.why.text().startswith("Folded")
    assert "Type 2" in page.why.text()
    assert "found → names" in page.renamed.text() or "names → found" in page.renamed.text()
    assert diff.diff.counts["changed"] == 0
    signs = [diff.list.model().index(row, 0).data() for row in range(diff.list.model().rowCount())]
    assert sum(sign.startswith("the same under other names") for sign in signs) == diff.diff.counts["renamed"] > 3
    assert not diff.stacked
    assert not any(button.isEnabled() for button in page._steps)


def test_the_walk_over_a_class(window, qtbot):
    page = folded_class(window, qtbot)
    window.activateWindow()
    tab = window.workspace.stage.tabs.button(CLONES)
    tab.setFocus()
    qtbot.waitUntil(tab.hasFocus, timeout=SECONDS)
    assert page.diff.isVisible()
    check_walk(window, window.workspace.stage)


def test_real_differences_are_stepped_through_and_open_the_code(window, qtbot):
    page = folded_class(window, qtbot)
    third = next(row for row, member in enumerate(page.model.records) if member["path"] == "lib/third.py")
    click(page.members, third)
    qtbot.waitUntil(lambda: page.diff.diff.right.place["path"] == "lib/third.py", timeout=SECONDS)
    assert page.why.text().startswith("Kept apart")
    assert page.diff.step(1)
    row = page.diff.diff.rows[page.diff.list.currentIndex().row()]
    assert row.kind == "changed"
    assert not page.diff.step(1)
    assert page.diff.copied_text().splitlines()[0].startswith("-")
    QTest.keyClick(page.diff.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workspace.code.location == CodeLocation("lib/third.py", 4, 4), timeout=SECONDS)


def test_in_a_narrow_pane_the_sides_stand_one_below_the_other(window, qtbot):
    page = folded_class(window, qtbot)
    window.workspace.visit(CodeLocation("app/first.py", 1, 1))
    docks = window.workspace.docks
    window.workspace.resizeDocks(
        [docks[Pane.INQUIRY], docks[Pane.STAGE], docks[Pane.CODE]], [400, 400, 700], Qt.Orientation.Horizontal
    )
    qtbot.waitUntil(lambda: page.diff.width() < SIDE_BY_SIDE)
    assert page.diff.stacked
    window.workspace.visit(PageLocation(CLONES, "app/first.py", 3))
    assert not window.workspace.is_shown(Pane.CODE), "two columns of code take the room of the third"


def test_a_place_that_is_like_no_other_says_so(window, qtbot):
    window.workspace.visit(PageLocation(CLONES, "app/shop.py", 4))
    page = window.workspace.stage.clones.shown_class
    qtbot.waitUntil(lambda: "nothing is like" in page.message.text(), timeout=SECONDS)


def test_the_funnel_tells_every_step():
    after = {"identical_files": 50, "type1": 40, "type2": 30, "type3": 20}
    folding = {"raw_bytes": 100, "code_bytes": 80, "plain": {"bytes": 60, "after": after}}
    assert [step.left for step in funnel_steps(folding)] == [100, 80, 60, 50, 40, 30, 20]


# Problems


def test_problems_are_found_from_the_badge_narrowed_and_copied(window, qtbot, monkeypatch, project):
    badge = window.status_line.problems
    assert badge.isVisible()
    assert "2 files left out" in badge.text()
    badge.click()
    problems = window.workspace.stage.problems
    qtbot.waitUntil(lambda: len(problems.model.records) == 2, timeout=SECONDS)
    assert problems.title.text() == "2 left out"
    binary = next(row for row, reason in enumerate(problems.reason_model.records) if reason["reason"] == "binary")
    click(problems.reasons, binary)
    qtbot.waitUntil(lambda: len(problems.model.records) == 1, timeout=SECONDS)
    click(problems.list, 0)
    problems.copy_button.click()
    assert QApplication.clipboard().text() == "art/picture.bin"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    problems.folder_button.click()
    assert opened == [str(project / "shop" / "art")]
    click(problems.reasons, binary)
    qtbot.waitUntil(lambda: len(problems.model.records) == 2, timeout=SECONDS)
    problems.copy_all_button.click()
    assert "empty.py\tLeft out: empty" in QApplication.clipboard().text()
    problems.filter.setText("nowhere")
    qtbot.waitUntil(problems.message.isVisible, timeout=SECONDS)
    problems.filter.clear()


# Overview


def test_the_overview_leads_to_code_and_to_diagrams(window, qtbot):
    window.commands.run("go.overview")
    overview = window.workspace.stage.overview
    qtbot.waitUntil(lambda: bool(overview.tests.model.records) and overview.map.drawing is not None, timeout=SECONDS)
    assert "4 source files and 1 test file" in overview.facts.text()
    assert overview.called.model.records[0].row.title == "first.collect"
    assert overview.called.model.records[0].row.figure == "3 calls"
    click(overview.entries.list, 0)
    qtbot.waitUntil(lambda: window.workspace.code.location == CodeLocation("app/shop.py", 13, 13), timeout=SECONDS)
    overview.tests.list.setFocus()
    overview.tests.list.setCurrentIndex(overview.tests.model.index(0, 0))
    QTest.keyClick(overview.tests.list, Qt.Key.Key_Return)
    assert window.workspace.history.current == DiagramLocation("treemap", "tests")
    window.workspace.back()
    window.workspace.back()
    assert window.workspace.history.current == PageLocation(OVERVIEW)
    assert overview.isVisible()


# Code


def test_the_margin_tells_callers_and_copies(window, qtbot):
    code = open_code(window, qtbot, "app/first.py", 1)
    gutter = code.editor.gutter
    assert gutter.margin.called[1]["callers"] == 3
    words, act = gutter._action_at(QPoint(20, 6))
    assert words == "collect has 3 callers, in 3 places"
    act()
    qtbot.waitUntil(window.picker.isVisible, timeout=SECONDS)
    assert {item.title for item in window.picker.items} >= {"open", "close", "test_collect"}
    window.picker.close_picker()
    assert gutter.margin.copies_from(1)["copies"] >= 1
    [(_, top, height, block)] = [row for row in code.editor.visible_lines(400) if row[0] == 1]
    box, text = code.editor.pills.pill(gutter.margin.copies_from(1), block, top, height)
    assert text.startswith("+")
    QTest.mouseClick(code.editor.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center())
    page = window.workspace.stage.clones.shown_class
    qtbot.waitUntil(lambda: page.diff.diff is not None and page.isVisible(), timeout=SECONDS)
    assert "app/first.py" in (page.diff.diff.left.place["path"], page.diff.diff.right.place["path"])


def test_definition_and_references_of_a_word(window, qtbot):
    code = open_code(window, qtbot, "app/shop.py", 9)
    code.editor.find_text("collect(")
    cursor = code.editor.textCursor()
    cursor.setPosition(cursor.selectionStart())
    code.editor.setTextCursor(cursor)
    window.commands.run("go.references")
    qtbot.waitUntil(window.picker.isVisible, timeout=SECONDS)
    assert any(item.detail == "tests/test_first.py:5" and item.side.startswith("calls") for item in window.picker.items)
    assert "to collect" in window.picker.input.placeholderText()
    window.picker.close_picker()
    window.commands.run("go.definition")
    qtbot.waitUntil(lambda: window.workspace.code.location.path == "app/first.py", timeout=SECONDS)


def test_breadcrumbs_follow_the_caret_and_lead_outwards(window, qtbot):
    code = open_code(window, qtbot, "app/shop.py", 9)
    assert list(code.crumbs.texts) == ["Shop", "close"]
    code.crumbs._buttons[0].click()
    assert code.editor.line == 4
    assert list(code.crumbs.texts) == ["Shop"]


def test_the_word_at_the_caret_is_marked_where_it_stands(window, qtbot):
    code = open_code(window, qtbot, "app/shop.py", 9)
    code.editor.find_text("collected")
    qtbot.waitUntil(lambda: len(code.editor._occurrences) == 2)
    assert {mark.cursor.selectedText() for mark in code.editor._occurrences} == {"collected"}
    assert code.editor.word_at(QTextCursor(code.editor.document().findBlockByNumber(1))) == ""


def test_functions_fold_and_unfold_for_what_is_to_be_shown(window, qtbot):
    code = open_code(window, qtbot, "app/shop.py", 5)
    editor = code.editor
    visible = lambda: [line for line, *_ in editor.visible_lines(10_000)]  # noqa: E731
    everything = visible()
    window.commands.run("view.fold")
    assert 6 not in visible()
    assert 5 in visible()
    window.commands.run("view.fold")
    assert visible() == everything
    window.commands.run("view.fold_all")
    assert {6, 9, 14}.isdisjoint(visible())
    assert {4, 5, 8, 13} <= set(visible())
    editor.show_lines(9, 9)
    assert 9 in visible()
    window.commands.run("view.fold_all")
    assert visible() == everything


def test_heads_stay_at_the_top_while_their_bodies_scroll_by(window, qtbot):
    code = open_code(window, qtbot, "app/shop.py", 1)
    symbols = code.editor._file.symbols
    code.editor.sticky.follow(symbols, 8, ())
    assert list(code.editor.sticky.lines) == [4, 8]
    code.editor.sticky.follow(symbols, 1, ())
    assert not code.editor.sticky.isVisible()


def test_the_menu_offers_what_can_be_done_at_the_caret(window, qtbot):
    code = open_code(window, qtbot, "app/first.py", 1)
    code.editor.find_text("collect")
    code._open_menu(QPoint(10, 10))
    [menu] = [menu for menu in code.findChildren(QMenu) if menu.isVisible()]
    offered = {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}
    assert offered["Go to definition of “collect”"].isEnabled()
    assert offered["Compare copies"].isEnabled()
    offered["Compare copies"].trigger()
    menu.close()
    assert window.workspace.history.current.page == CLONES


# Search


def test_results_quote_what_matched(window, qtbot):
    window.commands.run("ask.search")
    search = window.workspace.inquiry.search
    search.search("collected", at_once=True)
    qtbot.waitUntil(lambda: bool(search.hits), timeout=SECONDS)
    quoted = [excerpt(hit, search._delegate.words) for hit in search.hits]
    assert any("collected" in lines[0] for lines in quoted)
    assert all(1 <= len(lines) <= 2 for lines in quoted)


def test_words_that_stand_nowhere_are_told_above_what_is_near_in_meaning(window, qtbot):
    window.commands.run("ask.search")
    search = window.workspace.inquiry.search
    search.search("zzzzqqqq", at_once=True)
    qtbot.waitUntil(lambda: "zzzzqqqq" in search.message.text(), timeout=SECONDS)
    assert search.message.isVisible()
    search.search("collected", at_once=True)
    qtbot.waitUntil(lambda: not search.message.isVisible(), timeout=SECONDS)
    search.search("collected zzzzqqqq", at_once=True)
    qtbot.waitUntil(search.message.isVisible, timeout=SECONDS)
    assert search.message.text() == "“zzzzqqqq” stands nowhere in this source."
    search.clear()


def test_pages_come_back_after_the_index_has_changed(window, qtbot):
    window.commands.run("go.problems")
    problems = window.workspace.stage.problems
    qtbot.waitUntil(lambda: bool(problems.model.records), timeout=SECONDS)
    assert window.workspace.stage.page == PROBLEMS
    window.session.refresh()
    qtbot.waitUntil(lambda: not problems._stale, timeout=SECONDS)
    assert problems.model.records


# Last, for it changes what the others look at


def test_a_copy_is_pinned_and_its_class_unfolded(window, qtbot):
    page = folded_class(window, qtbot)
    shown = lambda: page.shown["representative"] if page.shown is not None else {"path": ""}  # noqa: E731
    other = next(member["path"] for member in page.model.records if member.get("verdict") == "folded")
    click(page.members, next(row for row, member in enumerate(page.model.records) if member["path"] == other))
    assert not page.forget_button.isVisible()
    page.pin_button.click()
    qtbot.waitUntil(lambda: shown()["path"] == other and page.forget_button.isVisible(), timeout=SECONDS)
    assert shown()["choice"] == "pin"
    assert "pinned by you" in page.model.index(0, 0).data()
    page.unfold_button.click()
    unfolded = lambda: any(member.get("verdict") == "unfolded" for member in page.model.records)  # noqa: E731
    qtbot.waitUntil(lambda: unfolded() and page.forget_button.isVisible(), timeout=SECONDS)
    assert not page.unfold_button.isEnabled()


def test_the_arrow_keys_compare_one_member_after_the_other(window, qtbot):
    page = folded_class(window, qtbot)
    window.activateWindow()
    page.members.setFocus()
    qtbot.waitUntil(page.members.hasFocus, timeout=SECONDS)
    asked = []
    page._compare = asked.append
    QTest.keyClick(page.members, Qt.Key.Key_Home)
    QTest.keyClick(page.members, Qt.Key.Key_Down)
    assert asked == [1], "the representative is compared with nothing"


def test_a_file_is_chosen_in_the_tree_once_the_tree_is_seen(window, qtbot):
    """Opened code found its place in a tree nobody saw, which took as long as showing the code."""
    files = window.workspace.inquiry.files
    window.workspace.inquiry.show_tab(ASK)
    qtbot.waitUntil(lambda: bool(files.model.paths), timeout=SECONDS)
    path = files.model.paths[0]
    with qtbot.waitSignal(window.workspace.code.shown, timeout=SECONDS):
        window.workspace.visit(CodeLocation(path, 1, 1))
    assert not files.tree.currentIndex().isValid()
    window.commands.run("ask.files")
    assert files.model.path(files.tree.currentIndex()) == path
