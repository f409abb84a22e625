"""The card while a source is looked at, or fetched from its host, before anything is known of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.dropped_sources import git_address
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.card import busy_bar, card_in_the_middle
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.words import tr


class LookingView(QWidget):
    """Says what is waited for, and stops it."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = ElidedLabel("", "title")
        self._source = ElidedLabel("", "small")
        self.cancel_button = push_button(tr("Cancel"), self.cancelled.emit)
        column = card_in_the_middle(self)
        column.addWidget(self._title)
        column.addSpacing(4)
        column.addWidget(self._source)
        column.addSpacing(20)
        column.addWidget(busy_bar(tr("Looking at the source")))
        column.addSpacing(24)
        buttons = QHBoxLayout()
        buttons.addWidget(label(tr("Nothing is indexed before you say so."), "small"), 1)
        buttons.addWidget(self.cancel_button)
        column.addLayout(buttons)

    def show_source(self, source: str) -> None:
        """Name what is looked at: a folder, an archive, or what git fetches."""
        words = tr("Fetching {name}") if git_address(source) else tr("Looking at {name}")
        self._title.setText(words.format(name=figures.source_name(source)))
        self._source.setText(figures.source(source))

    def take_focus(self) -> None:
        """Put the keyboard on the way back; the page is in front."""
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
