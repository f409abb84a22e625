"""All indexed files, as a tree, or as a list while a filter is typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from desktop.qt import fuzzy
from desktop.qt.engine_client import EngineError
from desktop.qt.file_tree import FileTreeModel
from desktop.qt.history import CodeLocation
from desktop.qt.session import Session
from desktop.qt.slices import Slices
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

DELAY_MS = 80
MATCHES = 200


class FilesView(QWidget):
    """Filter, tree, matches."""

    opened = Signal(object)
    """A `CodeLocation`."""
    scope_asked = Signal(str)
    """A folder or file to draw."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter files"))
        self.filter.setAccessibleName(tr("Filter files"))
        self.filter.setClearButtonEnabled(True)
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._show_matches)
        self.filter.textChanged.connect(lambda _text: self._delay.start())
        self.model = FileTreeModel(themes, self)
        self._to_reveal = ""
        """The path of a file that was opened while nobody saw the tree."""
        self.tree = QTreeView()
        self.tree.setAccessibleName(tr("Files"))
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(16)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setDragEnabled(True)
        self.tree.setModel(self.model)
        self.tree.clicked.connect(self._on_clicked)
        self.tree.activated.connect(self._on_clicked)
        self._matches = QStringListModel(self)
        self._slices = Slices(self)
        self.list = QListView()
        self.list.setAccessibleName(tr("Files that match"))
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setModel(self._matches)
        self.list.clicked.connect(self._on_match)
        self.list.activated.connect(self._on_match)
        self._nothing = label(tr("No file matches."), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        for page in (self.tree, self.list, self._nothing):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        field = QVBoxLayout()
        field.setContentsMargins(16, 0, 16, 0)
        field.addWidget(self.filter)
        column.addLayout(field)
        column.addWidget(self._stack, 1)
        themes.changed.connect(self.tree.viewport().update)

    def load(self) -> None:
        """Get the files of the open project."""
        self._session.call("tree", {}, self._show, self._fail, channel="tree")

    def clear(self) -> None:
        self.filter.clear()
        self._to_reveal = ""
        self.model.set_files(())

    def reveal(self, path: str) -> None:
        """Select a file in the tree, as soon as the tree is to be seen."""
        self._to_reveal = path
        if self.isVisible():
            self._reveal()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reveal()

    def _reveal(self) -> None:
        path, self._to_reveal = self._to_reveal, ""
        index = self.model.find(path) if path else QModelIndex()
        if index.isValid() and self.tree.currentIndex() != index:
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    def _show(self, files: Any) -> None:
        self.model.set_files(files)
        roots = self.model.rowCount() if self.model.rowCount() else 0
        if not roots:
            self.model.fetchMore(QModelIndex())
        if self.model.rowCount() == 1:
            self.tree.expand(self.model.index(0, 0))
        self._show_matches()

    def _fail(self, _error: EngineError) -> None:
        self.model.set_files(())

    def _show_matches(self) -> None:
        query = self.filter.text().strip()
        self._slices.stop()
        if not query:
            self._stack.setCurrentWidget(self.tree)
            return
        self._slices.run(fuzzy.steps_to_best(query, self.model.paths, str, MATCHES, self._list_matches))

    def _list_matches(self, matches: list[str]) -> None:
        self._matches.setStringList(matches)
        self._stack.setCurrentWidget(self.list if matches else self._nothing)

    def _on_clicked(self, index: QModelIndex) -> None:
        if self.model.is_folder(index):
            self.tree.setExpanded(index, not self.tree.isExpanded(index))
        else:
            self.opened.emit(CodeLocation(self.model.path(index)))

    def _on_match(self, index: QModelIndex) -> None:
        self.opened.emit(CodeLocation(str(index.data())))
