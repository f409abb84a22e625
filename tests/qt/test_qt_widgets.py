"""Widgets by themselves."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QColor, QFontDatabase, QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.qt import icons, stylesheet, theme
from desktop.qt.application import make_application
from desktop.qt.code_replies import FileText
from desktop.qt.commands import Command, CommandRegistry
from desktop.qt.file_tree import FileTreeModel
from desktop.qt.theme import ThemeChoice, ThemeManager, load_theme
from desktop.qt.views.answer import AnswerText
from desktop.qt.widgets.buttons import Segments, push_button
from desktop.qt.widgets.code_editor import LONGEST_LINE, CodeEditor
from desktop.qt.widgets.flow_layout import FlowLayout
from resources import resource_path

LINES = 50_000


@pytest.fixture
def themes(qtbot):
    return ThemeManager(make_application(), "light")


def long_file(lines=LINES):
    text = tuple(f"    def function_{n}(self, argument): return self.call({n})" for n in range(lines))
    return FileText("long.py", "python", text, False, ("keyword", "function"), ((4, 3, 0, 8, 8, 1),) * lines, ())


# Themes


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_theme_has_every_colour_the_stylesheet_needs(name, themes):
    sheet = stylesheet.stylesheet(load_theme(name).colors, icons.IconMaker())
    assert "$" not in sheet
    assert not re.search(r":\s*;", sheet)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read_on_its_surface(name):
    colors = load_theme(name).colors
    pairs = [
        ("text", "surface"),
        ("text", "window"),
        ("text_muted", "surface"),
        ("text_muted", "window"),
        ("on_accent", "accent"),
    ]
    pairs += [
        ("link", "surface"),
        ("error", "surface"),
        ("text", "error_soft"),
        ("text", "accent_soft"),
        ("on_selection", "selection"),
    ]
    for ink, paper in pairs:
        assert contrast(colors[ink], colors[paper]) >= 4.5, (ink, paper)


def test_choosing_a_theme_changes_the_application_at_once(themes, qtbot):
    with qtbot.waitSignal(themes.changed):
        themes.choose(ThemeChoice.DARK)
    assert make_application().palette().window().color() == QColor(load_theme("dark").colors["window"])
    themes.choose(ThemeChoice.LIGHT)


def test_a_theme_is_put_on_part_by_part_and_nothing_is_painted_half_changed(themes, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    parts = [QWidget() for _ in range(4)]
    for part in parts:
        QVBoxLayout(part).addWidget(push_button("Open", lambda: None, "primary"))
        column.addWidget(part)
    parts[3].hide()
    themes.dress(*parts)
    with qtbot.waitExposed(window):
        window.show()
    looks = []
    themes.changed.connect(lambda: looks.append([part.updatesEnabled() for part in (window, *parts)]))
    with qtbot.waitSignal(themes.settled):
        themes.choose(ThemeChoice.DARK)
        themes.choose(ThemeChoice.LIGHT)  # before the other is on
        themes.choose(ThemeChoice.DARK)
    assert looks == [[False, False, False, False, False]]
    assert all(part.updatesEnabled() for part in (window, *parts))
    accent = QColor(load_theme("dark").colors["accent"])
    for part in parts:
        image = part.grab().toImage()
        assert any(image.pixelColor(x, image.height() // 2) == accent for x in range(image.width()))
    assert not themes.changing


def test_a_window_that_is_resized_while_the_theme_changes_is_painted_at_once(themes, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    part = QWidget(window)
    themes.dress(part)
    with qtbot.waitExposed(window):
        window.show()
    themes.choose(ThemeChoice.DARK if not themes.theme.dark else ThemeChoice.LIGHT)
    assert not window.updatesEnabled()
    window.resize(window.width() + 50, window.height())
    assert window.updatesEnabled()
    assert part.updatesEnabled()
    qtbot.waitUntil(lambda: not themes.changing)


def test_code_that_is_dressed_has_the_colours_of_the_theme(themes, qtbot):
    """Plain text was left dark on dark: the stylesheet that came after brought back the palette of the theme before."""
    holder = QWidget()
    qtbot.addWidget(holder)
    editor = CodeEditor(themes)
    QVBoxLayout(holder).addWidget(editor)
    themes.dress(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT, ThemeChoice.DARK):
        if themes.choice == choice:
            continue
        with qtbot.waitSignal(themes.settled):
            themes.choose(choice)
        code = load_theme(str(choice)).code
        assert editor.palette().text().color() == QColor(code["text"])
        assert editor.palette().base().color() == QColor(code["background"])


def test_a_part_that_is_gone_is_not_dressed_again(themes, qtbot):
    part = QWidget()
    themes.dress(part)
    part.deleteLater()
    qtbot.waitSignal(part.destroyed).wait()
    with qtbot.waitSignal(themes.settled):
        themes.choose(ThemeChoice.DARK if not themes.theme.dark else ThemeChoice.LIGHT)


def test_every_icon_is_drawn_in_the_colour_asked_for(qtbot):
    names = sorted(path.stem for path in resource_path("icons").glob("*.svg"))
    assert names
    for name in names:
        image = icons.icon_pixmap(name, "#ff0000", 32).toImage()
        inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 128]
        assert inked, name
        assert all(color.red() > 200 and color.green() < 60 for color in inked), name


def luminance(color):
    channels = (QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF())
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink, paper):
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# Commands


def test_a_shortcut_belongs_to_one_command(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    registry = CommandRegistry(widget)
    registry.add([Command("a", "A", lambda: None, ("Ctrl+A",))])
    with pytest.raises(ValueError, match="Ctrl\\+A"):
        registry.add([Command("b", "B", lambda: None, ("Ctrl+A",))])
    with pytest.raises(ValueError, match="two commands"):
        registry.add([Command("a", "A again", lambda: None)])


def test_a_command_that_is_not_enabled_does_not_run(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    ran = []
    registry = CommandRegistry(widget)
    registry.add(
        [Command("a", "A", lambda: ran.append("a"), enabled=lambda: False), Command("b", "B", lambda: ran.append("b"))]
    )
    registry.run("a")
    registry.action("b").trigger()
    assert ran == ["b"]


# Files

NAMES = st.sampled_from(["a", "b", "a.py", "ab", "a-b", "z.c", "Ä"])
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), unique=True, max_size=30)


def without_files_as_folders(paths):
    return [path for path in paths if not any(other.startswith(f"{path}/") for other in paths)]


@settings(deadline=None)
@given(PATHS)
def test_the_tree_holds_every_file_once(paths):
    kept = without_files_as_folders(paths)
    model = FileTreeModel(None)
    model.set_files([{"path": path, "language": "c", "role": "source", "bytes": 1, "lines": 1} for path in kept])
    found, open_ = [], [QModelIndex()]
    while open_:
        parent = open_.pop()
        if model.canFetchMore(parent):
            model.fetchMore(parent)
        names = [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
        assert all(model.parent(index) == parent for index in names)
        found += [model.path(index) for index in names if not model.is_folder(index)]
        open_ += [index for index in names if model.is_folder(index)]
    assert sorted(found) == sorted(kept)
    for path in kept:
        assert model.path(model.find(path)) == path


def test_a_large_tree_lists_its_root_at_once():
    files = [
        {"path": f"d{n % 50:02}/e{n % 7}/f{n}.py", "language": "c", "role": "source", "bytes": 1, "lines": 1}
        for n in range(100_000)
    ]
    model = FileTreeModel(None)
    model.set_files(sorted(files, key=lambda file: file["path"]))
    began = time.thread_time()
    model.fetchMore(QModelIndex())
    assert model.rowCount() == 50
    assert time.thread_time() - began < 0.05


# Code


def test_a_long_file_opens_without_holding_up_the_window(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.resize(800, 900)
    editor.show()
    gaps, last = [], [time.thread_time()]

    def tick():
        """What this thread has worked between two turns of the loop, whatever else the machine does."""
        gaps.append(time.thread_time() - last[0])
        last[0] = time.thread_time()

    probe = QTimer(interval=1)
    probe.timeout.connect(tick)
    probe.start()
    qtbot.wait(30)
    file = long_file()
    qtbot.wait(30)
    gaps.clear()
    editor.show_file(file)
    editor.show_lines(49_000, 49_010)
    qtbot.waitUntil(lambda: not editor.loading, timeout=20_000)
    probe.stop()
    assert editor.blockCount() == LINES
    assert sorted(gaps)[int(len(gaps) * 0.9)] <= 0.05, "the loop stays responsive"
    first = editor.firstVisibleBlock().blockNumber() + 1
    assert first <= 49_000 <= first + 60
    assert editor.cited == (49_000, 49_010)


def test_only_lines_that_were_seen_are_coloured(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.resize(800, 600)
    editor.show()
    editor.show_file(long_file(5_000))
    qtbot.waitUntil(lambda: not editor.loading)
    document = editor.document()
    assert len(document.findBlockByNumber(0).layout().formats()) == 2
    assert not document.findBlockByNumber(4_000).layout().formats()
    editor.show_lines(4_001, 4_001)
    formats = document.findBlockByNumber(4_000).layout().formats()
    assert [(piece.start, piece.length) for piece in formats] == [(4, 3), (8, 8)]
    assert formats[0].format.foreground().color() == QColor(themes.theme.code["styles"]["keyword"]["color"])
    assert len(editor.colours.coloured) < 500


def test_a_line_of_a_megabyte_is_cut(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.show_file(FileText("min.js", "javascript", ("x" * 1_000_000,), False, (), ((),), ()))
    assert len(editor.toPlainText()) < LONGEST_LINE + 100
    assert "more characters" in editor.toPlainText()


def test_another_file_replaces_one_that_is_still_being_loaded(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.show_file(long_file())
    editor.show_file(long_file(10))
    qtbot.wait(50)
    assert editor.blockCount() == 10


def test_find_goes_round(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.show_file(FileText("a", "text", ("one", "two", "one"), False, (), ((), (), ()), ()))
    assert editor.find_text("one")
    assert editor.line == 1
    assert editor.find_text("one")
    assert editor.line == 3
    assert editor.find_text("one")
    assert editor.line == 1
    assert editor.find_text("one", backwards=True)
    assert editor.line == 3
    assert not editor.find_text("three")


# Answers


def excerpt(n):
    return {
        "n": n,
        "path": f"f{n}.py",
        "start_line": n,
        "end_line": n + 1,
        "role": "hit",
        "tokens": 10,
        "why": "",
        "text": "x = 1",
    }


def anchors(text):
    found, block = [], text.document().begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            if fragment.charFormat().isAnchor():
                found.append((fragment.text(), fragment.charFormat().anchorHref()))
            iterator += 1
        block = block.next()
    return found


def test_citations_become_links_and_code_stays_code(themes, qtbot):
    text = AnswerText(themes)
    qtbot.addWidget(text)
    text.set_excerpts([excerpt(1), excerpt(2)])
    markdown = "😀 It starts here [1] and [1, 2], not [9].\n\n```python\nvalues[1]\n```\n"
    text.finish(markdown, [])
    assert anchors(text) == [("[1]", "cite:1"), ("1", "cite:1"), ("2", "cite:2")]


def test_what_nothing_supports_is_underlined(themes, qtbot):
    text = AnswerText(themes)
    qtbot.addWidget(text)
    text.finish(
        "It is `fast`. It is true [1].",
        [
            {"text": "It is `fast`.", "citations": [], "supported": False},
            {"text": "It is true [1].", "citations": [1], "supported": True},
        ],
    )
    cursor = text.document().find("fast")
    assert cursor.charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.WaveUnderline
    assert text.document().find("true").charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.NoUnderline


def test_an_answer_fetches_nothing_and_shows_no_markup_of_the_repository(themes, qtbot):
    text = AnswerText(themes)
    qtbot.addWidget(text)
    text.finish("![x](file:///etc/passwd) <b>bold</b> <script>alert(1)</script>", [])
    assert "<script>" in text.toPlainText()
    assert text.loadResource(2, "file:///etc/passwd") is None


def test_fonts_exist(qtbot):
    make_application()
    assert theme.code_font().families()
    assert theme.ui_font().pixelSize() == 13


def test_no_font_is_asked_for_that_is_not_there(qapp):
    """The system's own may be called "Sans Serif", under which nothing is installed: Qt looks long and warns."""
    if not QFontDatabase.families():
        pytest.skip("this machine has no fonts")
    for font in (theme.ui_font(), theme.code_font()):
        assert [family for family in font.families() if not QFontDatabase.hasFamily(family)] == []


# Chips


@settings(deadline=None)
@given(st.lists(st.integers(20, 300), max_size=12), st.integers(10, 600))
def test_a_flow_sets_every_widget_apart_and_within_its_width(widths, width):
    make_application()
    holder = QWidget()
    flow = FlowLayout(holder)
    for wide in widths:
        part = QWidget(holder)
        part.setFixedSize(wide, 20)
        flow.addWidget(part)
    places = flow._places(width)
    assert len(places) == len(widths)
    assert flow.heightForWidth(width) == max((place.bottom() + 1 for place in places), default=0)
    for one, place in enumerate(places):
        assert place.left() >= 0
        assert place.right() < max(width, 1)
        assert not any(place.intersects(other) for other in places[one + 1 :])


# The word at the caret


def test_occurrences_take_the_colours_of_another_theme_and_leave_keywords_alone(themes, qtbot):
    editor = CodeEditor(themes)
    qtbot.addWidget(editor)
    editor.resize(800, 600)
    editor.show()
    editor.show_file(long_file(50))
    qtbot.waitUntil(lambda: not editor.loading)
    first = editor.document().findBlockByNumber(0)
    cursor = QTextCursor(first)
    cursor.setPosition(first.position() + first.text().index("def"))
    editor.setTextCursor(cursor)
    editor._find_occurrences()
    assert editor._occurrences == []
    cursor.setPosition(first.position() + first.text().index("argument"))
    editor.setTextCursor(cursor)
    editor._find_occurrences()
    assert editor._occurrences
    with qtbot.waitSignal(themes.settled):
        themes.choose(ThemeChoice.DARK)
    wanted = QColor(themes.theme.code["selection"])
    assert all(mark.format.background().color() == wanted for mark in editor._occurrences)
    themes.choose(ThemeChoice.LIGHT)


def test_the_keyboard_goes_with_what_is_chosen_in_a_row_of_choices(qtbot):
    """A shortcut drew the calls, and the frame of the keyboard stayed around Architecture."""
    row = Segments([("one", "One"), ("two", "Two")], "Choices")
    qtbot.addWidget(row)
    with qtbot.waitActive(row):
        row.show()
    row.choose("one")
    row.button("one").setFocus()
    row.choose("two")
    assert row.button("two").hasFocus()
    row.button("two").clearFocus()
    row.choose("one")
    assert not row.button("one").hasFocus(), "it takes the keyboard from nobody"
