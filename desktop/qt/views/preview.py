"""The card before work starts: what will be indexed, what is left out and why, how long it may take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.replies import Preview
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.card import card_in_the_middle
from desktop.qt.widgets.labels import ElidedLabel, label, rule
from desktop.qt.widgets.language_bar import LanguageBar
from desktop.qt.words import tr


class PreviewView(QWidget):
    """A card in the middle of the window."""

    index_asked = Signal()
    cancelled = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._name = ElidedLabel("", "title")
        self._source = ElidedLabel("", "small")
        self._files, self._size, self._time = (label("", "figure") for _ in range(3))
        self._languages = LanguageBar(themes)
        self.left_out = label("", "small", wrap=True)
        self.index_button = push_button(tr("Index"), self.index_asked.emit, "primary")
        self.cancel_button = push_button(tr("Cancel"), self.cancelled.emit)
        self._fill(card_in_the_middle(self))

    def show_preview(self, preview: Preview) -> None:
        self._name.setText(preview["name"])
        self._source.setText(figures.source(preview["source"]))
        self._files.setText(figures.grouped(preview["files"]))
        self._size.setText(figures.size(preview["bytes"]))
        estimate = preview.get("seconds_estimate")
        self._time.setText("–" if estimate is None else f"~{figures.duration(max(1.0, estimate))}")
        self._languages.show_languages(preview["languages"])
        self.left_out.setText(_left_out(preview["skipped"]))
        self.index_button.setEnabled(preview["files"] > 0)
        self.index_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleName(
            tr(
                "{name}: {files} files, {bytes}",
                name=preview["name"],
                files=preview["files"],
                bytes=figures.size(preview["bytes"]),
            )
        )

    def _fill(self, column: QVBoxLayout) -> None:
        column.addWidget(self._name)
        column.addSpacing(4)
        column.addWidget(self._source)
        column.addSpacing(24)
        row = QHBoxLayout()
        for figure, words in (
            (self._files, tr("Files")),
            (self._size, tr("Source text")),
            (self._time, tr("Estimated time")),
        ):
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(label(words, "label"))
            cell.addWidget(figure)
            row.addLayout(cell, 1)
        column.addLayout(row)
        column.addSpacing(24)
        column.addWidget(label(tr("Languages"), "label"))
        column.addSpacing(8)
        column.addWidget(self._languages)
        column.addSpacing(16)
        column.addWidget(rule())
        column.addSpacing(16)
        column.addWidget(self.left_out)
        column.addSpacing(24)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        note = label(tr("Only read, never changed."), "small")
        buttons.addWidget(note)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.index_button)
        column.addLayout(buttons)


def _left_out(skipped: dict[str, int]) -> str:
    total = sum(skipped.values())
    if not total:
        return tr("Nothing is left out.")
    reasons = sorted(((number, reason) for reason, number in skipped.items() if number), reverse=True)
    listed = ", ".join(f"{figures.grouped(number)} {figures.skip_reason(reason)}" for number, reason in reasons)
    return tr("Left out: {listed}.", listed=listed)
