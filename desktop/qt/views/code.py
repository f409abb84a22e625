"""The right pane: one file as it was indexed, with its path, the symbol around the caret, and what can be done with both."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.bookmark_file import Bookmark, about
from desktop.qt.bookmarks import Bookmarks
from desktop.qt.code_outline import DRAWN, foldable, function_lines, symbol_at, symbols_around
from desktop.qt.code_replies import BlameReply, CopiedReply, FileText, MarginReply, file_text
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation, PageLocation
from desktop.qt.replies import SymbolReply
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.clones import CLONES
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.chips import chip
from desktop.qt.widgets.code_editor import CodeEditor
from desktop.qt.widgets.code_gutter import CodeMargin
from desktop.qt.widgets.crumbs import Crumbs
from desktop.qt.widgets.find_bar import FindBar
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.note_bar import NoteBar
from desktop.qt.words import tr

KEPT_FILES = 12
"""Files that open again at once."""


class CodePane(QFrame):
    """Shows a `CodeLocation`."""

    symbol_drawn = Signal(str)
    """The id of a symbol whose calls somebody wants to see."""
    neighbours_asked = Signal(str)
    """The id of a symbol whose callers and callees somebody wants listed."""
    file_drawn = Signal(str)
    shown = Signal(str)
    """The path of the file that has just been shown."""
    moved = Signal(str, int)
    """The file and the line the caret is on; no file where none is open."""
    reveal_asked = Signal(str)
    update_asked = Signal()
    word_asked = Signal(str, int, str)
    """A word of the open file, its line, and what is asked: "definition" or "references"."""
    copies_asked = Signal(object)
    """A `PageLocation` of clones."""
    blame_failed = Signal(object)
    """An `EngineError`: nobody knows who changed the lines."""
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
        self._around: list[SymbolReply] = []
        self._coming = ""
        """The path of a file that has been asked for and is not there yet."""
        self._then: Callable[[SymbolReply], object] | None = None
        """What is done with its symbol once it is there."""
        set_ground(self)
        self.editor = CodeEditor(themes)
        self.editor.line_changed.connect(self._on_line)
        self.editor.word_asked.connect(lambda word, line: self.word_asked.emit(word, line, "definition"))
        self.editor.references_asked.connect(lambda word, line: self.word_asked.emit(word, line, "references"))
        self.editor.copies_asked.connect(self.show_copies)
        self.editor.gutter.callers_asked.connect(self.neighbours_asked)
        self.editor.menu_asked.connect(self._open_menu)
        self._margins: dict[str, CodeMargin] = {}
        self._is_blaming = False
        self.find_bar = FindBar(themes, self.editor, tr("Find in file"))
        self.note_bar = NoteBar(themes)
        self.note_bar.kept.connect(self._keep_note)
        self.note_bar.removed.connect(self._remove_mark)
        self.note_bar.closed.connect(self.editor.setFocus)
        self._noted: Bookmark | None = None
        self._name = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._folder = ElidedLabel("", "small", Qt.TextElideMode.ElideLeft)
        self.crumbs = Crumbs(tr("Definitions around the caret"))
        self.crumbs.chosen.connect(self._go_to_crumb)
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
        """The innermost definition around the caret; none while another file is on its way."""
        return None if self.is_coming else self._symbol

    @property
    def is_coming(self) -> bool:
        """Whether a file has been asked for, until which the one before is shown."""
        return bool(self._coming)

    @property
    def path(self) -> str:
        """The path of the file that is shown; empty for none."""
        return self._file.path if self._file is not None else ""

    def show_location(self, location: CodeLocation) -> None:
        """Open a file at lines; at once if it was open before."""
        self._location = location
        self._coming, self._then = "", None
        kept = self._kept.get(location.path)
        if kept is not None:
            self._show(kept)
            return
        if self._file is None:
            self._say(tr("Opening {path}", path=location.path))
        self._coming = location.path
        self._session.call("file", {"path": location.path}, self._received, self._fail, prepare=file_text, channel="file")

    def clear(self) -> None:
        """Nothing open, nothing kept; for another project or a new state of this one."""
        self._kept.clear()
        self._margins.clear()
        self._location = None
        self._coming, self._then = "", None
        self._file = None
        self._symbol = None
        self.editor.show_file(None)
        self._bar.hide()
        self._stale.hide()
        self.find_bar.hide()
        self.note_bar.hide()
        self.moved.emit("", 0)
        self._say(tr("Code opens here.\n\nClick a citation, a box of the diagram or a file."))

    def reload(self) -> None:
        """Get the open file anew, after the index has changed."""
        self._kept.clear()
        self._margins.clear()
        self._file = None
        if self._location is not None:
            self.show_location(self._location)

    def reload_changed(self) -> None:
        """Get the open file anew, and show it only where it has changed: who reads on is not disturbed."""
        self._kept.clear()
        self._margins.clear()
        shown = self._file
        if self._location is not None and self.is_coming:
            self.show_location(self._location)
            return
        if shown is None:
            return
        self._kept[shown.path] = shown
        self._load_margin(shown)

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

    def show_copies(self, line: int = 0) -> None:
        """Compare the definition around a line (or the caret) with its copies."""
        span = self.copies_at(line or self.editor.line)
        if span is not None and self._file is not None:
            self.copies_asked.emit(PageLocation(CLONES, self._file.path, span["start_line"], span["class"]))

    def copies_at(self, line: int = 0) -> CopiedReply | None:
        """The copies of the definition around a line (or the caret), None where there are none."""
        return self.editor.gutter.margin.copies_at(line or self.editor.line)

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

    @property
    def is_blaming(self) -> bool:
        """Whether it is shown who last changed each line."""
        return self._is_blaming

    def toggle_blame(self) -> None:
        """Show beside the code who last changed each line, or no more."""
        self._is_blaming = not self._is_blaming
        self._load_blame()

    def open_elsewhere(self) -> None:
        """Ask for the open file in an editor."""
        if self._file is not None:
            self.editor_asked.emit(self._file.disk, self.editor.line)

    def copy_place(self) -> None:
        """Put `path:line` on the clipboard."""
        if self.path:
            QGuiApplication.clipboard().setText(f"{self.path}:{self.editor.line}")

    def draw_symbol(self) -> None:
        self.with_symbol(lambda symbol: self.symbol_drawn.emit(symbol["id"]))

    def list_neighbours(self) -> None:
        self.with_symbol(lambda symbol: self.neighbours_asked.emit(symbol["id"]))

    def with_symbol(self, act: Callable[[SymbolReply], object]) -> None:
        """Do something with the symbol around the caret; in a file on its way, once it is there."""
        if self.is_coming:
            self._then = act
        elif self._symbol is not None:
            act(self._symbol)

    def _received(self, file: FileText) -> None:
        self._kept[file.path] = file
        while len(self._kept) > KEPT_FILES:
            self._kept.popitem(last=False)
        if self._location is not None and self._location.path == file.path:
            self._show(file)

    def _show(self, file: FileText) -> None:
        assert self._location is not None
        self._coming = ""
        self._kept.move_to_end(file.path)
        if self._file is not file:
            self._file = file
            self.editor.show_file(file)
            self._load_margin(file)
            self._load_blame()
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
        self._on_line(self._location.start_line or 1)
        self.shown.emit(file.path)
        then, self._then = self._then, None
        if then is not None:
            self.with_symbol(then)

    def _load_margin(self, file: FileText) -> None:
        """Get what stands beside the code: it comes when the text is there already."""
        known = self._margins.get(file.path)
        if known is not None:
            self.editor.show_margin(known)
            return
        drawn = CodeMargin(folds=foldable(file.symbols), functions=function_lines(file.symbols))
        self.editor.show_margin(drawn)

        def received(reply: MarginReply) -> None:
            called = {found["line"]: found for found in reply["called"]}
            margin = self._margins[file.path] = replace(drawn, called=called, copied=reply["copied"])
            if self._file is file:
                self.editor.show_margin(margin)

        self._session.call("margin", {"path": file.path}, received, lambda _error: None, channel="margin")

    def _load_blame(self) -> None:
        """Get who changed the lines of the open file, where that is wanted."""
        file = self._file
        if file is None or not self._is_blaming:
            self.editor.show_blame(None)
            return

        def received(reply: BlameReply) -> None:
            if self._file is file and self._is_blaming:
                self.editor.show_blame(reply)

        def failed(error: EngineError) -> None:
            if not error.cancelled:
                self._is_blaming = False
                self.blame_failed.emit(error)

        self._session.call("blame", {"path": file.path}, received, failed, channel="blame")

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self._coming, self._then = "", None
            self._file = None
            self._bar.hide()
            self._stale.hide()
            self._say(error.message)

    def _say(self, message: str) -> None:
        self._message.setText(message)
        self._stack.setCurrentWidget(self._message)

    def _on_line(self, line: int) -> None:
        self._show_symbol(line)
        self.moved.emit(self.path, line)

    def _show_symbol(self, line: int) -> None:
        self._symbol = symbol_at(self._file.symbols, line) if self._file is not None else None
        symbol = self._symbol
        drawable = symbol is not None and symbol["kind"] in DRAWN
        for button in self._symbol_buttons:
            button.setEnabled(drawable)
        around = symbols_around(self._file.symbols, line) if self._file is not None else []
        if around != self._around:
            self._around = around
            self.crumbs.show_texts([outer["name"] for outer in around])
        self._symbol_row.setVisible(bool(around))

    def _go_to_crumb(self, at: int) -> None:
        outer = self._around[at]
        self.editor.show_lines(outer["start_line"], outer["start_line"])

    def _open_menu(self, where: QPoint) -> None:
        """What can be done with the place of the caret."""
        menu = QMenu(self)
        word = self.editor.word_at(self.editor.textCursor())
        definition = tr("Go to definition of “{word}”", word=word) if word else tr("Go to definition")
        references = tr("References to “{word}”", word=word) if word else tr("References")
        copies = self.copies_at()
        drawable = self._symbol is not None and self._symbol["kind"] in DRAWN
        blame = tr("Hide who changed it") if self._is_blaming else tr("Show who changed it")
        entries: tuple[tuple[str, str, bool, Callable[[], object]] | None, ...] = (
            (definition, "F12", bool(word), self.editor.ask_word),
            (references, "Shift+F12", bool(word), self.editor.ask_references),
            None,
            (tr("Callers and callees"), "Alt+F12", self._symbol is not None, self.list_neighbours),
            (tr("Draw calls around this"), "Ctrl+D", drawable, self.draw_symbol),
            (tr("Compare copies"), "", copies is not None, self.show_copies),
            None,
            (blame, "Ctrl+Alt+B", True, self.toggle_blame),
            (tr("Fold or unfold"), "Ctrl+Shift+[", True, self.editor.folding.toggle_around_caret),
            (tr("Copy"), "Ctrl+C", self.editor.textCursor().hasSelection(), self.editor.copy),
            (tr("Copy path and line"), "", True, self.copy_place),
        )
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            text, shortcut, enabled, act = entry
            action = menu.addAction(f"{text}\t{shortcut}" if shortcut else text)
            action.setEnabled(enabled)
            action.triggered.connect(lambda _checked=False, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

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
        callers = chip(tr("Callers"), tr("List who calls this and what it calls"), self.list_neighbours)
        draw = chip(tr("Draw calls"), tr("Draw the calls around this"), self.draw_symbol)
        self._symbol_buttons: Sequence[QToolButton] = (callers, draw)
        row.addWidget(self.crumbs, 1)
        row.addWidget(callers)
        row.addWidget(draw)
        column = QVBoxLayout(bar)
        column.setContentsMargins(16, 8, 8, 8)
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
            mark = replace(self._noted, note=note)
            if self._file is not None and self._file.path == mark.path:
                mark = about(mark, self._file.lines, *self._definition_around(mark.line))
            self._bookmarks.put(mark)

    def _definition_around(self, line: int) -> tuple[int, int]:
        """The lines of the innermost definition around a line of the open file; the line alone where there is none."""
        symbols = self._file.symbols if self._file is not None else ()
        around = [
            (symbol["start_line"], symbol["end_line"])
            for symbol in symbols
            if symbol["kind"] != "module" and symbol["start_line"] <= line <= symbol["end_line"]
        ]
        return min(around, key=lambda lines: lines[1] - lines[0], default=(line, line))

    def _remove_mark(self) -> None:
        if self._noted is not None:
            self._bookmarks.remove(self._noted)

    def _show_marks(self) -> None:
        self.editor.set_marks({mark.line: mark.note for mark in self._bookmarks.of(self.path)})

    def _draw_file(self) -> None:
        if self.path:
            self.file_drawn.emit(self.path)

    def _reveal(self) -> None:
        if self.path:
            self.reveal_asked.emit(self.path)
