"""What this is, and whose work it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.qt.engine_client import EngineError
from desktop.qt.replies import PartReply
from desktop.qt.session import Session
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.fields import heading
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr


class AboutSheet(Sheet):
    """The version at once; the licences once the engine has read them from what is installed."""

    def __init__(self, themes: ThemeManager, session: Session) -> None:
        super().__init__(themes, tr("About Codestrata"))
        self._session = session
        self.version = label("Codestrata", "hero")
        self.column.addWidget(self.version)
        self.column.addWidget(label(tr("Drop a codebase on the window and understand it."), wrap=True))
        words = tr("Apache License 2.0. Nothing leaves this machine unless you choose a model elsewhere; no use is told.")
        self.column.addWidget(label(words, "muted", wrap=True))
        self.column.addWidget(heading(tr("What comes along")))
        self.note = label(tr("Reading what is installed…"), "muted", wrap=True)
        self.column.addWidget(self.note)
        self.parts: Sequence[PartReply] = ()
        self._table = QWidget()
        self.column.addWidget(self._table)
        self.column.addStretch(1)
        session.engine.call("licences", {}, self._show, self._fail)

    def _show(self, parts: Any) -> None:
        self.parts = parts
        own = next((part for part in parts if part["name"].lower() == "codestrata"), None)
        if own is not None:
            self.version.setText(f"Codestrata {own['version']}")
        others = [part for part in parts if part is not own]
        self.note.setText(tr("{count} packages and data, each under its own licence.", count=len(others)))
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column, stretch in enumerate((5, 2, 5)):
            grid.setColumnStretch(column, stretch)
        for row, part in enumerate(others):
            texts = (part["name"], part["version"], part["licence"] or tr("see its package"))
            for column, (text, role) in enumerate(zip(texts, ("", "muted", "muted"), strict=True)):
                grid.addWidget(ElidedLabel(text, role), row, column)

    def _fail(self, error: EngineError) -> None:
        self.note.setText(error.message)
