"""A read-only editor that opens a file of any length without holding up the window.

Text goes in by slices, a slice a turn of the event loop, until everything is there; the lines a person wants to see come
with the first turns. Colours are put on lines when they come into view. A single line of a megabyte (minified code) is cut,
for laying it out would take seconds.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygon,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from desktop.qt import figures
from desktop.qt.replies import FileText
from desktop.qt.theme import BODY_PIXELS, ThemeManager, code_font
from desktop.qt.words import tr

FIRST_SLICE = 400
"""Lines put in first: more than a page on any screen."""
LARGEST_SLICE = 4_000
SLICE_SECONDS = 0.008
"""How long a slice may take; the next one is made to fit."""
LONGEST_LINE = 1_200
MARGIN_LINES = 30
"""Lines coloured above and below what is visible, so that scrolling shows no plain text."""


class CodeEditor(QPlainTextEdit):
    """Shows one `FileText`; lines count from 1."""

    line_changed = Signal(int)
    """The line the caret or the view has moved to."""
    word_asked = Signal(str)
    """A word somebody wants to see the definition of."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._file: FileText | None = None
        self._loaded = 0
        self._slice = FIRST_SLICE
        self._coloured: set[int] = set()
        self._formats: list[QTextCharFormat] = []
        self._cited: tuple[int, int] = (0, 0)
        self._match = QTextCursor()
        self._marks: Mapping[int, str] = {}
        self._wanted: Callable[[], None] | None = None
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setAccessibleName(tr("Code"))
        self.document().setDocumentMargin(4)
        self.gutter = _Gutter(self)
        self._loader = QTimer(self, interval=0)
        self._loader.timeout.connect(self._load_slice)
        self.updateRequest.connect(self._on_update)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._colour_visible())
        self.cursorPositionChanged.connect(self._on_cursor)
        themes.changed.connect(self._retheme)
        self._retheme()

    # Showing

    def show_file(self, file: FileText | None) -> None:
        """Show another file from its start, or nothing."""
        self._loader.stop()
        self._file = None
        self._wanted = None
        self._cited = (0, 0)
        self._match = QTextCursor()
        self._coloured.clear()
        self._loaded = 0
        self.clear()
        self._file = file
        if file is not None:
            self._make_formats()
            self._load_slice()
            if self._loaded < len(file.lines):
                self._loader.start()
        self._fit_gutter()
        self._show_selections()

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
        self._marks = marks
        self.gutter.update()

    def mark_at(self, height: int) -> str | None:
        """The note of the marked line at a height of the gutter; None where no marked line is."""
        block = self.cursorForPosition(QPoint(0, height)).blockNumber() + 1
        return self._marks.get(block)

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
        self.setTextCursor(QTextCursor(block))
        page = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))
        above = max(3, (page - (end - start + 1)) // 2)
        self.verticalScrollBar().setValue(max(0, start - 1 - min(above, page // 3)))
        self.horizontalScrollBar().setValue(0)
        self._colour_visible()

    # Colours

    def _make_formats(self) -> None:
        styles = self._file.styles if self._file is not None else ()
        self._formats = [self._themes.theme.code_format(style) for style in styles]

    def _retheme(self) -> None:
        theme = self._themes.theme
        self.setFont(code_font(self._themes.pixels(BODY_PIXELS)))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, QColor(theme.code["background"]))
        palette.setColor(palette.ColorRole.Text, QColor(theme.code["text"]))
        palette.setColor(palette.ColorRole.Highlight, QColor(theme.code["selection"]))
        palette.setColor(palette.ColorRole.HighlightedText, QColor(theme.code["text"]))
        self.setPalette(palette)
        self._make_formats()
        self._coloured.clear()
        self._colour_visible()
        self._show_selections()
        self._fit_gutter()
        self.gutter.update()

    def _colour_visible(self) -> None:
        if self._file is None:
            return
        block = self.firstVisibleBlock()
        height = max(1, self.fontMetrics().lineSpacing())
        count = self.viewport().height() // height + 2 * MARGIN_LINES
        first = max(0, block.blockNumber() - MARGIN_LINES)
        block = self.document().findBlockByNumber(first)
        for _ in range(count):
            if not block.isValid():
                break
            if block.blockNumber() not in self._coloured:
                self._colour(block)
            block = block.next()

    def _colour(self, block: QTextBlock) -> None:
        assert self._file is not None
        number = block.blockNumber()
        self._coloured.add(number)
        if number >= len(self._file.spans) or not self._file.spans[number]:
            return
        spans, limit, ranges = self._file.spans[number], block.length() - 1, []
        for at in range(0, len(spans), 3):
            start, length, style = spans[at : at + 3]
            if start >= limit:
                break
            piece = QTextLayout.FormatRange()
            piece.start = start
            piece.length = min(length, limit - start)
            piece.format = self._formats[style]
            ranges.append(piece)
        block.layout().setFormats(ranges)
        self.document().markContentsDirty(block.position(), block.length())

    def _show_selections(self) -> None:
        theme = self._themes.theme
        selections = []
        start, end = self._cited
        if start:
            cursor = QTextCursor(self.document().findBlockByNumber(start - 1))
            last = self.document().findBlockByNumber(end - 1)
            position = last.position() + last.length() - 1 if last.isValid() else self.document().characterCount() - 1
            cursor.setPosition(max(0, position), QTextCursor.MoveMode.KeepAnchor)
            selections += [_full_lines(line, theme.code["cited_line"]) for line in _lines_of(cursor)]
        if not self._match.isNull():
            look = QTextEdit.ExtraSelection()
            look.cursor = self._match
            match = QTextCharFormat()
            match.setBackground(QColor(theme.code["match"]))
            look.format = match
            selections.append(look)
        self.setExtraSelections(selections)
        self.gutter.update()

    # Gutter

    def gutter_width(self) -> int:
        digits = max(3, len(str(len(self._file.lines)))) if self._file is not None else 3
        return 24 + self.fontMetrics().horizontalAdvance("9") * digits

    def _fit_gutter(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        area = self.contentsRect()
        self.gutter.setGeometry(QRect(area.left(), area.top(), self.gutter_width(), area.height()))

    def _on_update(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self.gutter.scroll(0, scrolled)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())

    def _on_cursor(self) -> None:
        self.line_changed.emit(self.line)
        self.gutter.update()

    def paint_gutter(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self.gutter)
        painter.fillRect(event.rect(), QColor(theme.code["background"]))
        painter.setFont(self.font())
        if self._file is None:
            return
        block = self.firstVisibleBlock()
        top = round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())
        caret = self.textCursor().blockNumber()
        while block.isValid() and top <= event.rect().bottom():
            height = round(self.blockBoundingRect(block).height())
            number = block.blockNumber() + 1
            if self._cited[0] <= number <= self._cited[1]:
                painter.fillRect(0, top, self.gutter.width(), height, QColor(theme.code["cited_line"]))
                painter.fillRect(0, top, 3, height, QColor(theme.code["cited_bar"]))
            if number in self._marks:
                _paint_mark(painter, 5, top, height, theme.color("accent"))
            painter.setPen(QColor(theme.code["text" if number == caret + 1 else "line_number"]))
            painter.drawText(0, top, self.gutter.width() - 12, height, Qt.AlignmentFlag.AlignRight, str(number))
            top += height
            block = block.next()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()
        self._colour_visible()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not self.textCursor().hasSelection():
            self.ask_word(self.cursorForPosition(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._cited[0]:
            self.clear_cited()
        else:
            super().keyPressEvent(event)

    def ask_word(self, cursor: QTextCursor | None = None) -> None:
        """Ask for the definition of the word at the caret (or another cursor)."""
        cursor = QTextCursor(cursor or self.textCursor())
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        if word := cursor.selectedText().strip():
            self.word_asked.emit(word)


class _Gutter(QWidget):
    """Line numbers beside the text."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.gutter_width(), 0)

    def event(self, event: QEvent) -> bool:
        """A marked line says its note."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            note = self._editor.mark_at(event.pos().y())
            QToolTip.showText(event.globalPos(), html.escape(note or tr("Bookmark")) if note is not None else "")
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_gutter(event)


def _paint_mark(painter: QPainter, left: int, top: int, height: int, color: QColor) -> None:
    """A small ribbon."""
    middle = top + height // 2
    ribbon = [(0, -5), (6, -5), (6, 5), (3, 2), (0, 5)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygon([QPoint(left + x, middle + y) for x, y in ribbon]))
    painter.restore()


def _cut(line: str) -> str:
    return f"{line[:LONGEST_LINE]} … ({figures.grouped(len(line) - LONGEST_LINE)} more characters)"


def _lines_of(selection: QTextCursor) -> list[QTextCursor]:
    """A cursor in each line of a selection; at most a few hundred are marked."""
    document = selection.document()
    block = document.findBlock(selection.selectionStart())
    cursors: list[QTextCursor] = []
    while block.isValid() and block.position() <= selection.selectionEnd() and len(cursors) < 800:
        cursors.append(QTextCursor(block))
        block = block.next()
    return cursors


def _full_lines(cursor: QTextCursor, color: str) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    look = QTextCharFormat()
    look.setBackground(QColor(color))
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    selection.format = look
    selection.cursor = cursor
    return selection
