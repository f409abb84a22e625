"""Definitions folded away and shown again in a `CodeEditor`, a slice a turn of the event loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor

from desktop.qt.slices import Slices

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor

LINES_A_STEP = 200
"""Hidden or shown before the clock is looked at."""


class CodeFolding(QObject):
    """What is folded; a definition is named by its first line, and lines count from 1."""

    changed = Signal()
    """Lines have been hidden or shown."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._slices = Slices(self)
        self._slices.sliced.connect(self._tell)

    def stop(self) -> None:
        """Leave what is not folded yet as it is: the file goes."""
        self._slices.stop()

    def toggle(self, line: int) -> None:
        """Hide the body of the definition that begins on a line, or show it again; only once all is loaded."""
        end = self._editor.gutter.margin.folds.get(line)
        if end is not None and not self._editor.loading:
            self._fold([(line, end)], visible=self._is_folded(line))

    def toggle_around_caret(self) -> None:
        """Fold or unfold the innermost definition around the caret."""
        caret = self._editor.line
        around = [start for start, end in self._editor.gutter.margin.folds.items() if start <= caret <= end]
        if around:
            self.toggle(max(around))

    def toggle_all(self) -> None:
        """Fold every function, those within others with these; or unfold all, where any is folded."""
        if self._editor.loading:
            return
        margin = self._editor.gutter.margin
        folded = [(line, end) for line, end in margin.folds.items() if self._is_folded(line)]
        if folded:
            self._fold(folded, visible=True)
            return
        outer: list[tuple[int, int]] = []
        for line in sorted(margin.functions):
            if not outer or line > outer[-1][1]:
                outer.append((line, margin.folds[line]))
        self._fold(outer, visible=False)

    def unfold(self, line: int) -> None:
        """Show a line that is folded away."""
        if not self._editor.document().findBlockByNumber(line - 1).isVisible():
            around = [(start, end) for start, end in self._editor.gutter.margin.folds.items() if start < line <= end]
            self._fold([(start, end) for start, end in around if self._is_folded(start)], visible=True, at_once=True)

    def _is_folded(self, line: int) -> bool:
        return not self._editor.document().findBlockByNumber(line).isVisible()

    def _fold(self, ranges: Sequence[tuple[int, int]], *, visible: bool, at_once: bool = False) -> None:
        """Show or hide the lines after the first of each range up to its last; at once where the caller goes there."""
        steps = (step for line, end in ranges for step in self._set_visible(line, end, visible))
        self._slices.run(steps, first=float("inf") if at_once else None)

    def _tell(self) -> None:
        layout = self._editor.document().documentLayout()
        layout.documentSizeChanged.emit(layout.documentSize())
        self.changed.emit()

    def _set_visible(self, line: int, end: int, visible: bool) -> Iterator[None]:
        """Show or hide the lines after `line` up to `end`."""
        document = self._editor.document()
        if not visible and line < self._editor.line <= end:
            self._editor.setTextCursor(QTextCursor(document.findBlockByNumber(line - 1)))
        for first in range(line, end, LINES_A_STEP):
            block = document.findBlockByNumber(first)
            start = block.position()
            while block.isValid() and block.blockNumber() < min(end, first + LINES_A_STEP):
                block.setVisible(visible)
                block.setLineCount(1 if visible else 0)
                block = block.next()
            last = block.position() if block.isValid() else document.characterCount()
            document.markContentsDirty(start, last - start)
            yield
