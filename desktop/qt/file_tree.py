"""A lazy model of the indexed files: a folder's children are found when it is opened.

The files come sorted by path, so a folder is a range of them, and its children are found by bisection, one step a child,
however many files lie below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.qt import figures
from desktop.qt.dragging import dragged, whole_file
from desktop.qt.replies import TreeFile
from desktop.qt.theme import ThemeManager

_Index = QModelIndex | QPersistentModelIndex
_AFTER_SLASH = chr(ord("/") + 1)


@dataclass(slots=True)
class _Node:
    """A folder (`start`, `end`: its range of files) or a file (`end` is `start + 1`, `folder` False)."""

    name: str
    path: str
    folder: bool
    start: int
    end: int
    parent: int
    row: int
    children: list[int] = field(default_factory=list)
    listed: bool = False


class FileTreeModel(QAbstractItemModel):
    """Folders first, then files, each by name."""

    def __init__(self, themes: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._files: Sequence[TreeFile] = ()
        self._paths: list[str] = []
        self._nodes: list[_Node] = [_Node("", "", True, 0, 0, -1, 0)]

    @property
    def paths(self) -> Sequence[str]:
        """All paths, sorted."""
        return self._paths

    def set_files(self, files: Sequence[TreeFile]) -> None:
        self.beginResetModel()
        self._files = sorted(files, key=lambda file: file["path"])
        self._paths = [file["path"] for file in self._files]
        self._nodes = [_Node("", "", True, 0, len(self._files), -1, 0)]
        self.endResetModel()

    def path(self, index: _Index) -> str:
        """The path of a file or folder."""
        return self._nodes[index.internalId()].path

    def is_folder(self, index: _Index) -> bool:
        return self._nodes[index.internalId()].folder

    def find(self, path: str) -> QModelIndex:
        """Where a path stands, with the folders around it listed; an invalid index for one that is not there."""
        node = 0
        for depth in range(path.count("/") + 1):
            self._list(node)
            wanted = "/".join(path.split("/")[: depth + 1])
            node = next((child for child in self._nodes[node].children if self._nodes[child].path == wanted), -1)
            if node < 0:
                return QModelIndex()
        return self._index_of(node)

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's default
        node = self._nodes[self._number(parent)]
        if column != 0 or not 0 <= row < len(node.children):
            return QModelIndex()
        return self.createIndex(row, column, node.children[row])

    def parent(self, index: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        above = self._nodes[index.internalId()].parent if index.isValid() else 0
        return self._index_of(above) if above > 0 else QModelIndex()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._nodes[self._number(parent)].children)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008
        node = self._nodes[self._number(parent)]
        return node.folder and node.end > node.start

    def canFetchMore(self, parent: _Index) -> bool:
        node = self._nodes[self._number(parent)]
        return node.folder and not node.listed

    def fetchMore(self, parent: _Index) -> None:
        self._list(self._number(parent))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self._nodes[index.internalId()]
        if role == Qt.ItemDataRole.DisplayRole:
            return node.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._themes.icon("folder" if node.folder else "file")
        if role == Qt.ItemDataRole.ToolTipRole:
            if node.folder:
                return f"{node.path}\n{figures.plural(node.end - node.start, 'file')}"
            file = self._files[node.start]
            facts = f"{figures.language(file['language'])}, {figures.plural(file['lines'], 'line')}"
            return f"{node.path}\n{facts}, {figures.size(file['bytes'])}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{'folder' if node.folder else 'file'} {node.name}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        can_be_dragged = index.isValid() and not self.is_folder(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if can_be_dragged else flags

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return dragged(whole_file(self.path(index)) for index in indexes if not self.is_folder(index))

    def _number(self, index: _Index) -> int:
        return index.internalId() if index.isValid() else 0

    def _index_of(self, node: int) -> QModelIndex:
        return self.createIndex(self._nodes[node].row, 0, node)

    def _list(self, number: int) -> None:
        node = self._nodes[number]
        if node.listed:
            return
        found = self._children(node)
        folders_first = sorted(found, key=lambda child: (not child[1], child[0].lower()))
        if folders_first:
            parent = self._index_of(number) if number else QModelIndex()
            self.beginInsertRows(parent, 0, len(folders_first) - 1)
        for row, (name, folder, start, end) in enumerate(folders_first):
            path = f"{node.path}/{name}" if node.path else name
            self._nodes.append(_Node(name, path, folder, start, end, number, row))
            node.children.append(len(self._nodes) - 1)
        node.listed = True
        if folders_first:
            self.endInsertRows()

    def _children(self, node: _Node) -> list[tuple[str, bool, int, int]]:
        """(name, is a folder, start, end) of each child."""
        prefix = f"{node.path}/" if node.path else ""
        found, at = [], node.start
        while at < node.end:
            name, slash, _ = self._paths[at][len(prefix) :].partition("/")
            end = bisect_left(self._paths, f"{prefix}{name}{_AFTER_SLASH}", at, node.end) if slash else at + 1
            found.append((name, bool(slash), at, end))
            at = end
        return found
