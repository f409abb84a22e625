"""What this is, and whose work it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from desktop.qt.engine_client import EngineError
from desktop.qt.replies import PartReply
from desktop.qt.session import Session
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.fields import heading
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

HEIGHT = 420
SHARES = (42, 16, 42)
"""How wide name, version and licence are, in percent."""


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
        self._model = QStandardItemModel(0, 3, self)
        self.table = QTreeView()
        self.table.setAccessibleName(tr("Packages and data with their licences"))
        self.table.setHeaderHidden(True)
        self.table.setRootIsDecorated(False)
        self.table.setIndentation(0)
        self.table.setUniformRowHeights(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setMinimumHeight(HEIGHT)
        self.table.setModel(self._model)
        self.column.addWidget(self.table, 1)
        session.engine.call("licences", {}, self._show, self._fail)

    def refresh(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, parts: Any) -> None:
        self.parts = parts
        own = next((part for part in parts if part["name"].lower() == "codestrata"), None)
        if own is not None:
            self.version.setText(f"Codestrata {own['version']}")
        others = [part for part in parts if part is not own]
        self.note.setText(tr("{count} packages and data, each under its own licence.", count=len(others)))
        for part in others:
            texts = (part["name"], part["version"], part["licence"] or tr("see its package"))
            self._model.appendRow([QStandardItem(text) for text in texts])
        self.table.setCurrentIndex(self._model.index(0, 0))
        for column, share in enumerate(SHARES):
            self.table.setColumnWidth(column, self.table.viewport().width() * share // 100)

    def _fail(self, error: EngineError) -> None:
        self.note.setText(error.message)
