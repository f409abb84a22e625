"""Definitions folded away and shown again in a `CodeEditor`, a slice a turn of the event loop."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

from desktop.qt.slices import SLICE_SECONDS

if TYPE_CHECKING:
    from desktop.qt.widgets.code_editor import CodeEditor


class CodeFolding(QObject):
    """What is folded; a definition is named by its first line, and lines count from 1."""

    changed = Signal()
    """Lines have been hidden or shown."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._to_fold: list[tuple[int, int, bool]] = []
        """First line, last line, and whether to show them; the last comes first."""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._slice)

    def stop(self) -> None:
        """Leave what is not folded yet as it is: the file goes."""
        self._timer.stop()
        self._to_fold = []

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
            self._fold([(start, end) for start, end in around if self._is_folded(start)], visible=True)

    def _is_folded(self, line: int) -> bool:
        return not self._editor.document().findBlockByNumber(line).isVisible()

    def _fold(self, ranges: Sequence[tuple[int, int]], *, visible: bool) -> None:
        """Show or hide the lines after the first of each range up to its last."""
        self._to_fold = [(line, end, visible) for line, end in reversed(ranges)]
        self._slice()

    def _slice(self) -> None:
        began = time.perf_counter()
        while self._to_fold and time.perf_counter() - began < SLICE_SECONDS:
            self._set_visible(*self._to_fold.pop())
        layout = self._editor.document().documentLayout()
        layout.documentSizeChanged.emit(layout.documentSize())
        self.changed.emit()
        if self._to_fold:
            self._timer.start()

    def _set_visible(self, line: int, end: int, visible: bool) -> None:
        """Show or hide the lines after `line` up to `end`."""
        document = self._editor.document()
        block = document.findBlockByNumber(line)
        start = block.position()
        while block.isValid() and block.blockNumber() < end:
            block.setVisible(visible)
            block.setLineCount(1 if visible else 0)
            block = block.next()
        last = block.position() if block.isValid() else document.characterCount()
        document.markContentsDirty(start, last - start)
        if not visible and line < self._editor.line <= end:
            self._editor.setTextCursor(QTextCursor(document.findBlockByNumber(line - 1)))
