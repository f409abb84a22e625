"""The panes: moved, put behind one another, taken out, closed, brought back, reset, and there again at the next start."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTabBar, QWidget

from desktop.qt.history import CodeLocation
from desktop.qt.stillness import Stillness
from desktop.qt.views.panes import Edge, Pane
from tests.qt.conftest import in_front
from tests.qt.walk import check_walk, press

LEFT_BUTTON, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALL = [Pane.INQUIRY, Pane.STAGE, Pane.CODE]


@pytest.fixture
def panes(opened, qtbot):
    """The workspace with all of its panes."""
    opened.workspace.visit(CodeLocation("greeting.py", 1, 1))
    qtbot.waitUntil(lambda: opened.workspace.is_shown(Pane.CODE))
    return opened.workspace


def widths(panes):
    return [panes.docks[pane].width() for pane in ALL]


def from_left(panes):
    """The panes that are to be seen, from left to right."""
    seen = [pane for pane in ALL if panes.is_shown(pane) and not panes.is_floating(pane)]
    return sorted(seen, key=lambda pane: panes.docks[pane].x())


def drag_line(panes, qtbot, by):
    """Take hold of the line right of the first pane."""
    start = QPoint(panes.docks[Pane.INQUIRY].geometry().right() + 3, 300)
    QTest.mousePress(panes, LEFT_BUTTON, PLAIN, start)
    qtbot.wait(20)
    QTest.mouseMove(panes, start + QPoint(by, 0))
    qtbot.wait(20)
    QTest.mouseRelease(panes, LEFT_BUTTON, PLAIN, start + QPoint(by, 0))


# Side by side


def test_they_stand_side_by_side_and_keep_their_shares(panes, opened, qtbot):
    assert from_left(panes) == ALL
    for size in ((1024, 700), (1440, 900), (3840, 2160)):
        opened.resize(*size)
        qtbot.waitUntil(lambda: abs(sum(widths(panes)) - panes.width()) <= 20 and 288 <= widths(panes)[0] <= 445)
        _, stage, code = widths(panes)
        assert stage > code > 270


def test_a_line_between_two_is_dragged_and_stays_where_it_is_put(panes, opened, qtbot):
    before = widths(panes)[0]
    drag_line(panes, qtbot, 60)
    qtbot.waitUntil(lambda: widths(panes)[0] >= before + 50)
    panes.close_pane(Pane.CODE)
    panes.bring(Pane.CODE)
    qtbot.wait(20)
    assert widths(panes)[0] >= before + 20, "nothing gives it its share any more"


def test_the_last_pane_stays(panes, opened):
    for pane in ALL:
        panes.close_pane(pane)
    assert panes.shown == [Pane.CODE]
    assert not opened.commands["pane.close"].enabled()
    opened.commands.run("view.left")
    assert panes.is_shown(Pane.INQUIRY)


def test_a_closed_pane_gives_its_room_and_takes_it_back(panes, opened, qtbot):
    before = widths(panes)
    QTest.mouseClick(panes.docks[Pane.CODE].title.close_button, LEFT_BUTTON)
    qtbot.waitUntil(lambda: widths(panes)[1] > before[1] + 200)
    opened.commands.run("view.right")
    qtbot.waitUntil(lambda: widths(panes) == before)


# Elsewhere


@pytest.mark.parametrize("pane", ALL)
def test_a_pane_moves_to_each_edge(panes, qtbot, pane):
    for edge, place in (
        (Edge.LeftDockWidgetArea, lambda area: area.left() <= 1),
        (Edge.BottomDockWidgetArea, lambda area: area.bottom() >= panes.height() - 2),
        (Edge.TopDockWidgetArea, lambda area: area.top() <= 1),
        (Edge.RightDockWidgetArea, lambda area: area.right() >= panes.width() - 2),
    ):
        panes.move_to(pane, edge)
        qtbot.waitUntil(lambda place=place: place(panes.docks[pane].geometry()))
        assert sorted(panes.shown) == sorted(ALL)
        qtbot.waitUntil(lambda: panes.docks[pane].width() > 280 and panes.docks[pane].height() > 220)


def test_a_pane_that_is_dropped_below_another_gets_a_share_of_the_height(panes, qtbot):
    """Dropped at the lower edge of the diagram, the code had a strip of five lines."""
    code = panes.docks[Pane.CODE]
    panes.splitDockWidget(panes.docks[Pane.STAGE], code, Qt.Orientation.Vertical)
    qtbot.wait(300)  # a split tells of a drop as well, and the height that it asks for comes with the next turn
    panes.resizeDocks([code], [60], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: code.height() < panes.height() * 0.3)
    code.dockLocationChanged.emit(Edge.LeftDockWidgetArea)  # as a drop ends
    qtbot.waitUntil(lambda: code.height() >= panes.height() * 0.3)


def test_two_panes_above_each_other_fit_into_a_small_window(panes, opened, qtbot):
    panes.move_to(Pane.CODE, Edge.BottomDockWidgetArea)
    opened.resize(1024, 700)
    qtbot.wait(50)
    assert (opened.width(), opened.height()) == (1024, 700)
    assert panes.docks[Pane.CODE].geometry().bottom() <= panes.height()


def test_panes_share_a_place_behind_tabs_that_have_a_name(panes, opened, qtbot):
    panes.put_behind(Pane.CODE)
    qtbot.waitUntil(lambda: panes.is_shown(Pane.CODE) and not panes.is_shown(Pane.STAGE))
    qtbot.waitUntil(lambda: any(tabs.accessibleName() for tabs in panes.findChildren(QTabBar) if tabs.isVisible()))
    opened.commands.run("diagram.architecture")
    qtbot.waitUntil(lambda: panes.is_shown(Pane.STAGE) and not panes.is_shown(Pane.CODE))
    panes.visit(CodeLocation("greeting.py", 1, 1))
    qtbot.waitUntil(lambda: panes.is_shown(Pane.CODE))
    opened.commands.run("view.middle")
    assert panes.is_shown(Pane.STAGE), "what is behind another comes to the front"


def test_a_pane_goes_into_a_window_of_its_own_and_back(panes, opened, qtbot):
    in_front(opened, qtbot)
    panes.code.editor.setFocus()
    qtbot.waitUntil(lambda: panes.current == Pane.CODE)
    opened.commands.run("pane.float")
    dock = panes.docks[Pane.CODE]
    assert dock.isFloating()
    assert dock.isVisible()
    assert dock.isWindow()
    panes.visit(CodeLocation("shop/till.py", 1, 1))
    qtbot.waitUntil(lambda: panes.code.location == CodeLocation("shop/till.py", 1, 1))
    assert dock.isFloating()
    QTest.mouseClick(dock.title.float_button, LEFT_BUTTON)
    qtbot.waitUntil(lambda: from_left(panes) == ALL)


def test_a_window_of_a_pane_goes_with_its_project_and_comes_with_the_next(panes, opened, qtbot, project):
    panes.switch_floating(Pane.INQUIRY)
    dock = panes.docks[Pane.INQUIRY]
    assert dock.isVisible()
    opened.commands.run("file.close")
    assert not dock.isVisible()
    opened.open_source(str(project))
    qtbot.waitUntil(dock.isVisible)
    assert dock.isFloating()


def test_the_layout_is_reset(panes, opened, qtbot):
    before = widths(panes)
    panes.move_to(Pane.STAGE, Edge.BottomDockWidgetArea)
    panes.put_behind(Pane.CODE)
    panes.switch_floating(Pane.INQUIRY)
    panes.close_pane(Pane.CODE)
    opened.commands.run("view.reset")
    qtbot.waitUntil(lambda: from_left(panes) == ALL)
    qtbot.waitUntil(lambda: all(abs(now - then) < 8 for now, then in zip(widths(panes), before, strict=True)))


# By keyboard


def test_every_pane_has_its_menu_of_commands(panes, opened, qtbot):
    QTest.mouseClick(panes.docks[Pane.CODE].title.menu_button, LEFT_BUTTON)
    assert panes.current == Pane.CODE
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    titles = [action.text() for action in menu.actions()]
    assert "Move to the left edge" in titles
    menu.actions()[titles.index("Move to the left edge")].trigger()
    menu.close()
    qtbot.waitUntil(lambda: from_left(panes)[0] == Pane.CODE)


def test_the_pane_with_the_keyboard_is_moved_by_its_command(panes, opened, qtbot):
    in_front(opened, qtbot)
    opened.commands.run("ask.ask")
    assert panes.current == Pane.INQUIRY
    opened.commands.run("pane.right")
    qtbot.waitUntil(lambda: from_left(panes)[-1] == Pane.INQUIRY)


def test_every_control_of_the_titles_has_a_name_and_is_reached(panes, opened, qtbot):
    in_front(opened, qtbot)
    panes.docks[Pane.STAGE].title.menu_button.setFocus()
    press(Qt.Key.Key_Tab)
    assert panes.docks[Pane.STAGE].title.float_button.hasFocus()
    check_walk(opened, panes)


# At the next start


def test_the_arrangement_is_there_again(panes, opened, again, qtbot):
    panes.move_to(Pane.CODE, Edge.BottomDockWidgetArea)
    panes.close_pane(Pane.INQUIRY)
    opened.close()
    other = again()
    qtbot.waitUntil(other.is_open)
    restored = other.workspace
    assert not restored.is_shown(Pane.INQUIRY)
    restored.visit(CodeLocation("greeting.py", 1, 1))
    dock = restored.docks[Pane.CODE]
    qtbot.waitUntil(lambda: dock.geometry().bottom() >= restored.height() - 2 and dock.width() >= restored.width() - 2)


def test_a_window_of_a_pane_is_there_again_with_the_project(panes, opened, again, qtbot):
    panes.switch_floating(Pane.CODE)
    panes.docks[Pane.CODE].setGeometry(120, 90, 640, 480)
    opened.close()
    other = again()
    assert not other.workspace.docks[Pane.CODE].isFloating(), "not before there is a project"
    qtbot.waitUntil(other.is_open)
    qtbot.waitUntil(other.workspace.docks[Pane.CODE].isFloating)
    assert other.workspace.docks[Pane.CODE].width() == 640


def test_a_window_that_opened_nothing_forgets_no_arrangement(panes, opened, again, qtbot):
    panes.move_to(Pane.CODE, Edge.TopDockWidgetArea)
    opened.session.close_project()
    opened.close()
    idle = again()
    idle.close()
    assert opened._store.value("workspace/panes") is not None


def test_an_arrangement_of_another_version_is_not_taken(opened, again, qtbot, store):
    opened.close()
    store.setValue("workspace/panes", b"not an arrangement")
    other = again()
    qtbot.waitUntil(other.is_open)
    assert from_left(other.workspace)[0] == Pane.INQUIRY


def test_where_all_have_gone_it_is_said_how_they_come_back(panes, opened, qtbot):
    for pane in ALL:
        panes.switch_floating(pane)
    picture = panes.grab().toImage()
    ground = picture.pixel(QPoint(2, 2))
    middle = range(picture.width() // 4, picture.width() * 3 // 4)
    rows = range(picture.height() // 2 - 12, picture.height() // 2 + 12)
    assert any(picture.pixel(x, y) != ground for x in middle for y in rows)


def test_panes_that_change_together_are_painted_one_a_turn(opened, qtbot):
    """A whole window painted in one go held up its thread for a frame and more."""
    panes = opened.workspace
    qtbot.waitUntil(lambda: all(dock.updatesEnabled() for dock in panes.docks.values()))
    panes.reset_layout()
    assert not any(dock.updatesEnabled() for dock in panes.docks.values())
    seen: list[int] = []
    qtbot.waitUntil(
        lambda: seen.append(sum(dock.updatesEnabled() for dock in panes.docks.values())) or seen[-1] == len(panes.docks)
    )
    panes.reset_layout()
    panes.reset_layout()
    qtbot.waitUntil(lambda: all(dock.updatesEnabled() for dock in panes.docks.values()))


def test_a_pane_that_goes_while_it_is_held_is_forgotten(qtbot):
    kept, gone = QWidget(), QWidget()
    qtbot.addWidget(kept)
    still = Stillness()
    still.hold([kept, gone])
    assert not kept.updatesEnabled()
    shiboken6.delete(gone)
    assert len(list(still.let_go())) == 2
    assert kept.updatesEnabled()
    still.hold([kept])
    still.let_all_go()
    assert kept.updatesEnabled()
