"""A read-only editor that opens a file of any length without holding up the window.

Text goes in by slices, a slice a turn of the event loop, until everything is there; the lines a person wants to see come
with the first turns. Colours are put on lines when they come into view. A single line of a megabyte (minified code) is cut,
for laying it out would take seconds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip

from desktop.qt import figures
from desktop.qt.code_replies import BlameReply, FileText
from desktop.qt.slices import SLICE_SECONDS
from desktop.qt.theme import BODY_PIXELS, ThemeManager, code_font
from desktop.qt.widgets.blame_column import BlameColumn
from desktop.qt.widgets.code_colours import CodeColours
from desktop.qt.widgets.code_folding import CodeFolding
from desktop.qt.widgets.code_gutter import CodeMargin, Gutter, copies_words
from desktop.qt.widgets.copy_pills import CopyPills
from desktop.qt.widgets.sticky_scope import StickyScope
from desktop.qt.words import tr

FIRST_SLICE = 400
"""Lines put in first: more than a page on any screen."""
LARGEST_SLICE = 4_000
LONGEST_LINE = 1_200
_NAME = re.compile(r"[^\W\d][\w$]*[!?]?")
OCCURRENCES_MS = 120
MOST_OCCURRENCES = 400


class CodeEditor(QPlainTextEdit):
    """Shows one `FileText`; lines count from 1."""

    line_changed = Signal(int)
    """The line the caret or the view has moved to."""
    word_asked = Signal(str, int)
    """A word somebody wants to see the definition of, and its line."""
    references_asked = Signal(str, int)
    """A word somebody wants to see the uses of, and its line."""
    copies_asked = Signal(int)
    """A line whose copies somebody wants to see."""
    menu_asked = Signal(QPoint)
    """Where on the screen somebody wants a menu; the caret stands at the place."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._file: FileText | None = None
        self._loaded = 0
        self._slice = FIRST_SLICE
        self.colours = CodeColours()
        self._cited: tuple[int, int] = (0, 0)
        self._match = QTextCursor()
        self._wanted: Callable[[], None] | None = None
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        written = self.document().defaultTextOption()
        written.setTextDirection(Qt.LayoutDirection.LeftToRight)  # code is, also where its words are not
        self.document().setDefaultTextOption(written)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setAccessibleName(tr("Code"))
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.document().setDocumentMargin(4)
        self.blame = BlameColumn(self, themes)
        self.gutter = Gutter(self, themes)
        self.gutter.copies_asked.connect(self.copies_asked)
        self.sticky = StickyScope(self, themes)
        self.sticky.chosen.connect(self.go_to_line)
        self._occurrences: list[QTextEdit.ExtraSelection] = []
        self.pills = CopyPills(self, themes)
        self.folding = CodeFolding(self)
        self.folding.changed.connect(self._on_folded)
        self.gutter.fold_asked.connect(self.folding.toggle)
        self._look = QTimer(self, singleShot=True, interval=OCCURRENCES_MS)
        self._look.timeout.connect(self._find_occurrences)
        self._loader = QTimer(self, interval=0)
        self._loader.timeout.connect(self._load_slice)
        self.updateRequest.connect(self._on_update)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._on_scrolled())
        self.cursorPositionChanged.connect(self._on_cursor)
        themes.changed.connect(self._retheme)
        self._retheme()

    # Showing

    def show_file(self, file: FileText | None) -> None:
        """Show another file from its start, or nothing."""
        self._loader.stop()
        self.folding.stop()
        self._file = None
        self._wanted = None
        self._cited = (0, 0)
        self._match = QTextCursor()
        self._loaded = 0
        self._occurrences = []
        self.gutter.margin = CodeMargin()
        self.blame.show_blame(None)
        self.clear()
        self._file = file
        self.colours.begin(file, self._themes.theme)
        if file is not None:
            self._load_slice()
            if self._loaded < len(file.lines):
                self._loader.start()
        self._fit_gutter()
        self._show_selections()

    def show_margin(self, margin: CodeMargin) -> None:
        """Show what stands beside the code of the file that is shown."""
        self.gutter.margin = margin
        self._fit_gutter()
        self.gutter.update()
        self.viewport().update()

    def show_blame(self, blame: BlameReply | None) -> None:
        """Show who changed the lines of the file that is shown, or no more."""
        self.blame.show_blame(blame)
        self._fit_gutter()

    def go_to_line(self, line: int) -> None:
        """Put the caret on a line and show it, without marking it."""
        self._wanted = lambda: self._scroll_to(line, line)
        self._try_wanted()

    def show_lines(self, start: int, end: int) -> None:
        """Mark lines as cited and scroll to them, as soon as they are loaded."""
        self._cited = (start, max(start, end))
        self._wanted = lambda: self._scroll_to(start, max(start, end))
        self._try_wanted()
        self._show_selections()

    def clear_cited(self) -> None:
        self._cited = (0, 0)
        self._show_selections()

    def set_marks(self, marks: Mapping[int, str]) -> None:
        """Lines to mark beside their numbers, each with a note."""
        self.gutter.marks = marks
        self.gutter.update()

    @property
    def cited(self) -> tuple[int, int]:
        """First and last marked line, zeros for none."""
        return self._cited

    @property
    def loading(self) -> bool:
        return self._loader.isActive()

    @property
    def line(self) -> int:
        """The line of the caret."""
        return self.textCursor().blockNumber() + 1

    def chosen_text(self) -> str:
        """The selected text."""
        return self.textCursor().selectedText()

    def find_text(self, text: str, *, backwards: bool = False, from_start: bool = False) -> bool:
        """Select the next place of a text, going round at the end; whether there is one."""
        flags = QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0)
        start = QTextCursor(self.document()) if from_start else self.textCursor()
        if from_start:
            start.setPosition(self.cursorForPosition(QPoint(0, 0)).position())
        found = self.document().find(text, start, flags) if text else QTextCursor()
        if found.isNull() and text:
            edge = QTextCursor(self.document())
            if backwards:
                edge.movePosition(QTextCursor.MoveOperation.End)
            found = self.document().find(text, edge, flags)
        self._match = found
        if not found.isNull():
            self.setTextCursor(found)
        self._show_selections()
        return not found.isNull()

    # Lines in view

    def visible_lines(self, bottom: int) -> Iterator[tuple[int, int, int, QTextBlock]]:
        """(line, top and height in pixels, block) of the lines in view down to `bottom`."""
        if self._file is None:
            return
        block = self.firstVisibleBlock()
        top = round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())
        while block.isValid() and top <= bottom:
            height = round(self.blockBoundingRect(block).height())
            if block.isVisible():
                yield block.blockNumber() + 1, top, height, block
                top += height
            block = block.next()

    def line_at(self, y: int) -> int:
        """The line at a height of the viewport, 0 for none."""
        lines = self.visible_lines(y)
        return next((line for line, top, height, _ in lines if top <= y < top + height), 0)

    def line_layout(self, line: int) -> QTextLayout | None:
        """A line laid out in its colours, once it is loaded."""
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return None
        self.blockBoundingRect(block)  # lays it out
        self.colours.colour(block)
        return block.layout()

    def _on_folded(self) -> None:
        self._on_scrolled()
        self.viewport().update()
        self.gutter.update()

    def _on_scrolled(self) -> None:
        self._colour_visible()
        self._follow_scope()
        if self._occurrences:
            self._look.start()

    def _follow_scope(self) -> None:
        symbols, text = (self._file.symbols, self._file.lines) if self._file is not None else ((), ())
        self.sticky.follow(symbols, self.firstVisibleBlock().blockNumber() + 1, text)

    # Occurrences of the word at the caret

    def word_at(self, cursor: QTextCursor) -> str:
        """The name around a cursor, or what is selected; empty for anything else."""
        cursor = QTextCursor(cursor)
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        text = cursor.selectedText().strip()
        return text if _NAME.fullmatch(text) else ""

    def _is_keyword(self, cursor: QTextCursor) -> bool:
        """Whether the language owns the word at a cursor, which then says nothing about other places."""
        at, line = cursor.selectionStart() - cursor.block().position(), cursor.blockNumber()
        if self._file is None or line >= len(self._file.spans):
            return False
        spans = self._file.spans[line]
        styles = (self._file.styles[spans[i + 2]] for i in range(0, len(spans), 3) if 0 <= at - spans[i] <= spans[i + 1])
        return "keyword" in styles

    def _find_occurrences(self) -> None:
        """Mark the word at the caret wherever it is in view."""
        word = self.word_at(self.textCursor())
        found: list[QTextEdit.ExtraSelection] = []
        if len(word) > 1 and not self._is_keyword(self.textCursor()):
            look = QTextCharFormat()
            look.setBackground(QColor(self._themes.theme.code["selection"]))
            name = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            for _, _, _, block in self.visible_lines(self.viewport().height()):
                for match in name.finditer(block.text()):
                    cursor = QTextCursor(block)
                    cursor.setPosition(block.position() + _units(block.text()[: match.start()]))
                    cursor.movePosition(
                        QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor, _units(word)
                    )
                    selection = QTextEdit.ExtraSelection()
                    selection.cursor, selection.format = cursor, look
                    found.append(selection)
        self._occurrences = found[:MOST_OCCURRENCES] if len(found) > 1 else []
        self._show_selections()

    # Loading

    def _load_slice(self) -> None:
        assert self._file is not None
        began = time.perf_counter()
        lines = self._file.lines[self._loaded : self._loaded + self._slice]
        text = "\n".join(line if len(line) <= LONGEST_LINE else _cut(line) for line in lines)
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(("\n" if self._loaded else "") + text)
        self._loaded += len(lines)
        if self._loaded >= len(self._file.lines):
            self._loader.stop()
        self._try_wanted()
        self._colour_visible()
        taken = max(1e-4, time.perf_counter() - began)
        self._slice = max(FIRST_SLICE // 2, min(LARGEST_SLICE, int(self._slice * SLICE_SECONDS / taken)))

    def _try_wanted(self) -> None:
        """Scroll once the lines, and a page below them, are there."""
        if self._wanted is None or self._file is None:
            return
        if not self.loading or self._loaded > self._cited[1] + 200:
            wanted, self._wanted = self._wanted, None
            wanted()

    def _scroll_to(self, start: int, end: int) -> None:
        block = self.document().findBlockByNumber(max(0, start - 1))
        if not block.isValid():
            return
        self.folding.unfold(start)
        self.setTextCursor(QTextCursor(block))
        page = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))
        above = max(3, (page - (end - start + 1)) // 2)
        self.verticalScrollBar().setValue(max(0, block.firstLineNumber() - min(above, page // 3)))
        self.horizontalScrollBar().setValue(0)
        self._on_scrolled()

    # Colours

    def _retheme(self) -> None:
        theme = self._themes.theme
        self.setFont(code_font(self._themes.pixels(BODY_PIXELS)))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._set_palette()
        self.colours.begin(self._file, theme)
        self._colour_visible()
        self._find_occurrences()
        self._fit_gutter()
        self.gutter.update()

    def _set_palette(self) -> None:
        theme, palette = self._themes.theme, self.palette()
        palette.setColor(palette.ColorRole.Base, QColor(theme.code["background"]))
        palette.setColor(palette.ColorRole.Text, QColor(theme.code["text"]))
        palette.setColor(palette.ColorRole.Highlight, QColor(theme.code["selection"]))
        palette.setColor(palette.ColorRole.HighlightedText, QColor(theme.code["text"]))
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set_palette()  # another stylesheet brings back the palette from before the last one

    def _colour_visible(self) -> None:
        lines = self.viewport().height() // max(1, self.fontMetrics().lineSpacing())
        self.colours.colour_around(self.firstVisibleBlock(), lines)

    def _show_selections(self) -> None:
        theme = self._themes.theme
        selections = list(self._occurrences)
        if not self._match.isNull():
            look = QTextEdit.ExtraSelection()
            look.cursor = self._match
            match = QTextCharFormat()
            match.setBackground(QColor(theme.code["match"]))
            look.format = match
            selections.append(look)
        if selections or self.extraSelections():
            self.setExtraSelections(selections)
        self.viewport().update()
        self.gutter.update()

    # Gutter

    def gutter_width(self) -> int:
        """Of all that stands left of the code."""
        return self.blame.needed_width() + self._own_gutter_width()

    def _own_gutter_width(self) -> int:
        return self.gutter.width_for(len(self._file.lines) if self._file is not None else 1)

    def _fit_gutter(self) -> None:
        if self.viewportMargins().left() != self.gutter_width():  # said again, it has the view look at its size anew
            self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        area, left = self.contentsRect(), self.blame.needed_width()
        self.blame.setGeometry(QRect(area.left(), area.top(), left, area.height()))
        self.gutter.setGeometry(QRect(area.left() + left, area.top(), self._own_gutter_width(), area.height()))

    def _on_update(self, area: QRect, scrolled: int) -> None:
        # Of the column whose words may begin above the view, all is painted anew.
        self.blame.update()
        if scrolled:
            self.gutter.scroll(0, scrolled)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())

    def _on_cursor(self) -> None:
        self.line_changed.emit(self.line)
        self.gutter.update()
        self._look.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_cited(event.rect())
        super().paintEvent(event)
        self.pills.paint(event.rect().bottom())

    def _paint_cited(self, area: QRect) -> None:
        """The ground of the cited lines in view: a selection for each of hundreds of lines would be slow."""
        start, end = self._cited
        if not start:
            return
        painter = QPainter(self.viewport())
        ground = QColor(self._themes.theme.code["cited_line"])
        for line, top, height, _ in self.visible_lines(area.bottom()):
            if start <= line <= end:
                painter.fillRect(area.left(), top, area.width(), height, ground)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()
        self._colour_visible()
        self._follow_scope()
        self.sticky.place()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        point = event.position().toPoint()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.ask_word(self.cursorForPosition(point))
        elif line := self.pills.line_at(point):
            self.copies_asked.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self.pills.line_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.pills.line_at(event.pos())
            span = self.gutter.margin.copies_from(line) if line else None
            QToolTip.showText(event.globalPos(), copies_words(span) if span is not None else "", self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse and not self.textCursor().hasSelection():
            self.setTextCursor(self.cursorForPosition(event.pos()))
        at_caret = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
        self.menu_asked.emit(event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else at_caret)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._cited[0]:
            self.clear_cited()
        else:
            super().keyPressEvent(event)

    def ask_word(self, cursor: QTextCursor | None = None) -> None:
        """Ask for the definition of the word at the caret (or another cursor)."""
        cursor = cursor or self.textCursor()
        if word := self.word_at(cursor):
            self.word_asked.emit(word, cursor.blockNumber() + 1)

    def ask_references(self) -> None:
        """Ask for the uses of the word at the caret."""
        if word := self.word_at(self.textCursor()):
            self.references_asked.emit(word, self.line)


def _units(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(line: str) -> str:
    return f"{line[:LONGEST_LINE]} … ({figures.grouped(len(line) - LONGEST_LINE)} more characters)"
