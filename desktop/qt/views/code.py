"""The right pane: one file as it was indexed, with its path, the symbol around the caret, and what can be done with both."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.qt.bookmarks import Bookmark, Bookmarks
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation
from desktop.qt.replies import FileText, SymbolReply, file_text
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.code_editor import CodeEditor
from desktop.qt.widgets.find_bar import FindBar
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.note_bar import NoteBar
from desktop.qt.words import tr

KEPT_FILES = 12
"""Files that open again at once."""
_DRAWN = ("function", "method", "constructor", "class", "interface", "struct")


class CodePane(QFrame):
    """Shows a `CodeLocation`."""

    symbol_drawn = Signal(str)
    """The id of a symbol whose calls somebody wants to see."""
    neighbours_asked = Signal(str)
    """The id of a symbol whose callers and callees somebody wants listed."""
    file_drawn = Signal(str)
    shown = Signal(str)
    """The path of the file that has just been shown."""
    reveal_asked = Signal(str)
    update_asked = Signal()
    word_asked = Signal(str)
    editor_asked = Signal(str, int)
    """Where a file lies (empty: nowhere) and the line to open there."""

    def __init__(self, session: Session, themes: ThemeManager, bookmarks: Bookmarks) -> None:
        super().__init__()
        self._session = session
        self._bookmarks = bookmarks
        bookmarks.changed.connect(self._show_marks)
        self._kept: OrderedDict[str, FileText] = OrderedDict()
        self._location: CodeLocation | None = None
        self._file: FileText | None = None
        self._symbol: SymbolReply | None = None
        set_role(self, "pane")
        self.editor = CodeEditor(themes)
        self.editor.line_changed.connect(self._show_symbol)
        self.editor.word_asked.connect(self.word_asked)
        self.find_bar = FindBar(themes, self.editor)
        self.note_bar = NoteBar(themes)
        self.note_bar.kept.connect(self._keep_note)
        self.note_bar.removed.connect(self._remove_mark)
        self.note_bar.closed.connect(self.editor.setFocus)
        self._noted: Bookmark | None = None
        self._name = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._folder = ElidedLabel("", "small", Qt.TextElideMode.ElideLeft)
        self._symbol_name = ElidedLabel("", "small", Qt.TextElideMode.ElideLeft)
        self._message = label("", "muted", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setContentsMargins(32, 32, 32, 32)
        self._stale = self._make_stale_note()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = self._make_bar(themes)
        column.addWidget(self._bar)
        column.addWidget(self._stale)
        column.addWidget(self.find_bar)
        column.addWidget(self.note_bar)
        column.addWidget(self._stack, 1)
        self.setMinimumWidth(272)
        self.clear()

    @property
    def location(self) -> CodeLocation | None:
        return self._location

    @property
    def symbol(self) -> SymbolReply | None:
        """The innermost definition around the caret."""
        return self._symbol

    def show_location(self, location: CodeLocation) -> None:
        """Open a file at lines; at once if it was open before."""
        self._location = location
        kept = self._kept.get(location.path)
        if kept is not None:
            self._show(kept)
            return
        if self._file is None:
            self._say(tr("Opening {path}", path=location.path))
        self._session.call("file", {"path": location.path}, self._received, self._fail, prepare=file_text, channel="file")

    def clear(self) -> None:
        """Nothing open, nothing kept; for another project or a new state of this one."""
        self._kept.clear()
        self._location = None
        self._file = None
        self._symbol = None
        self.editor.show_file(None)
        self._bar.hide()
        self._stale.hide()
        self.find_bar.hide()
        self.note_bar.hide()
        self._say(tr("Code opens here.\n\nClick a citation, a box of the diagram or a file."))

    def reload(self) -> None:
        """Get the open file anew, after the index has changed."""
        self._kept.clear()
        self._file = None
        if self._location is not None:
            self.show_location(self._location)

    def reload_changed(self) -> None:
        """Get the open file anew, and show it only where it has changed: who reads on is not disturbed."""
        self._kept.clear()
        shown = self._file
        if shown is None:
            return
        self._kept[shown.path] = shown

        def received(file: FileText) -> None:
            if self._file is shown and file.lines != shown.lines:
                self._received(file)
            elif self._file is shown:
                self._stale.setVisible(file.stale)

        self._session.call("file", {"path": shown.path}, received, self._fail, prepare=file_text, channel="file")

    def open_find(self) -> None:
        """Find text in the open file."""
        if self._file is not None:
            self.find_bar.open()

    def mark_line(self) -> None:
        """Mark the line of the caret and ask for a note; where it is marked already, for another note."""
        if self._file is None:
            return
        line = self.editor.line
        mark = self._bookmarks.at(self._file.path, line)
        if mark is None:
            mark = Bookmark(self._file.path, line, self._file.lines[line - 1])
            self._bookmarks.put(mark)
        self._noted = mark
        self.note_bar.open(line, mark.note)

    def open_elsewhere(self) -> None:
        """Ask for the open file in an editor."""
        if self._file is not None:
            self.editor_asked.emit(self._file.disk, self.editor.line)

    def copy_place(self) -> None:
        """Put `path:line` on the clipboard."""
        if self._location is not None:
            QGuiApplication.clipboard().setText(f"{self._location.path}:{self.editor.line}")

    def draw_symbol(self) -> None:
        if self._symbol is not None:
            self.symbol_drawn.emit(self._symbol["id"])

    def list_neighbours(self) -> None:
        if self._symbol is not None:
            self.neighbours_asked.emit(self._symbol["id"])

    def _received(self, file: FileText) -> None:
        self._kept[file.path] = file
        while len(self._kept) > KEPT_FILES:
            self._kept.popitem(last=False)
        if self._location is not None and self._location.path == file.path:
            self._show(file)

    def _show(self, file: FileText) -> None:
        assert self._location is not None
        self._kept.move_to_end(file.path)
        if self._file is not file:
            self._file = file
            self.editor.show_file(file)
            self.note_bar.hide()
            self._bookmarks.follow(file.path, file.lines)
            self._show_marks()
        folder, _, name = file.path.rpartition("/")
        self._name.setText(name)
        self._folder.setText(folder or tr("at the top"))
        self._stale.setVisible(file.stale)
        self._bar.show()
        self._stack.setCurrentWidget(self.editor)
        if self._location.start_line:
            self.editor.show_lines(self._location.start_line, self._location.end_line)
        else:
            self.editor.clear_cited()
        self._show_symbol(self._location.start_line or 1)
        self.shown.emit(file.path)

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self._file = None
            self._bar.hide()
            self._stale.hide()
            self._say(error.message)

    def _say(self, message: str) -> None:
        self._message.setText(message)
        self._stack.setCurrentWidget(self._message)

    def _show_symbol(self, line: int) -> None:
        self._symbol = symbol_at(self._file.symbols, line) if self._file is not None else None
        symbol = self._symbol
        drawable = symbol is not None and symbol["kind"] in _DRAWN
        for button in self._symbol_buttons:
            button.setEnabled(drawable)
        self._symbol_name.setText(_inside(symbol) if symbol is not None else "")
        self._symbol_row.setVisible(symbol is not None and symbol["kind"] != "module")

    def _make_bar(self, themes: ThemeManager) -> QFrame:
        bar = QFrame()
        set_role(bar, "bar")
        top, below = QHBoxLayout(), QHBoxLayout()
        for row in (top, below):
            row.setSpacing(2)
        top.addWidget(self._name, 1)
        top.addWidget(tool_button(themes, "external", tr("Open in editor"), self.open_elsewhere, "Ctrl+Shift+O"))
        top.addWidget(tool_button(themes, "bookmark", tr("Bookmark this line"), self.mark_line, "Ctrl+B"))
        top.addWidget(tool_button(themes, "search", tr("Find in file"), self.open_find, "Ctrl+F"))
        below.addWidget(self._folder, 1)
        below.addWidget(tool_button(themes, "target", tr("Show in Files"), self._reveal))
        below.addWidget(tool_button(themes, "copy", tr("Copy path and line"), self.copy_place, "Ctrl+Alt+C"))
        below.addWidget(tool_button(themes, "diagram", tr("Draw this file"), self._draw_file))
        self._symbol_row = QWidget()
        row = QHBoxLayout(self._symbol_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        callers = _chip(tr("Callers"), tr("List who calls this and what it calls"), self.list_neighbours)
        draw = _chip(tr("Draw calls"), tr("Draw the calls around this"), self.draw_symbol)
        self._symbol_buttons: Sequence[QToolButton] = (callers, draw)
        row.addWidget(self._symbol_name, 1)
        row.addWidget(callers)
        row.addWidget(draw)
        column = QVBoxLayout(bar)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(4)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self._symbol_row)
        return bar

    def _make_stale_note(self) -> QFrame:
        note = QFrame()
        set_role(note, "banner")
        note.setProperty("kind", "warning")
        row = QHBoxLayout(note)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(label(tr("Changed since it was indexed; this is the indexed text."), "small", wrap=True), 1)
        row.addWidget(push_button(tr("Update"), self.update_asked.emit, "link"))
        return note

    def _keep_note(self, note: str) -> None:
        if self._noted is not None:
            self._bookmarks.put(replace(self._noted, note=note))

    def _remove_mark(self) -> None:
        if self._noted is not None:
            self._bookmarks.remove(self._noted)

    def _show_marks(self) -> None:
        shown = self._file.path if self._file is not None else ""
        self.editor.set_marks({mark.line: mark.note for mark in self._bookmarks.of(shown)})

    def _draw_file(self) -> None:
        if self._location is not None:
            self.file_drawn.emit(self._location.path)

    def _reveal(self) -> None:
        if self._location is not None:
            self.reveal_asked.emit(self._location.path)


def symbol_at(symbols: Sequence[SymbolReply], line: int) -> SymbolReply | None:
    """The innermost symbol that holds a line; `symbols` are sorted by their first line, outer before inner."""
    found = None
    for symbol in symbols:
        if symbol["start_line"] > line:
            break
        if symbol["end_line"] >= line:
            found = symbol
    return found


def _inside(symbol: SymbolReply) -> str:
    """The name without its module."""
    module = symbol["path"].rsplit(".", 1)[0].replace("/", ".")
    name = symbol["qualified_name"]
    return name[len(module) + 1 :] if name.startswith(f"{module}.") else name


def _chip(text: str, tip: str, clicked: Callable[[], None]) -> QToolButton:
    chip = QToolButton()
    chip.setText(text)
    chip.setToolTip(tip)
    chip.setAccessibleName(tip)
    chip.clicked.connect(lambda _checked=False: clicked())
    set_role(chip, "chip")
    return chip
