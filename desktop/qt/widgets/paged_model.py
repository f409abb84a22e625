"""A list whose rows are fetched by pages while somebody scrolls to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

Record = TypeVar("Record")
_Index = QModelIndex | QPersistentModelIndex


class PagedModel(QAbstractListModel, Generic[Record]):
    """Rows that are there so far of `total`. Subclasses define `data`.

    `fetch(offset)` asks for the page from a row on; the answer goes to `receive`. One page is under way at a time.
    """

    def __init__(self, fetch: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._waiting = False
        self.records: list[Record] = []
        self.total = 0

    def clear(self) -> None:
        """No rows, and none to come."""
        self.beginResetModel()
        self.records, self.total, self._waiting = [], 0, False
        self.endResetModel()

    def restart(self) -> None:
        """Ask for the first page; the rows stay until it is there."""
        self._waiting = True
        self._fetch(0)

    def receive(self, offset: int, records: Sequence[Record], total: int) -> None:
        """Take a page; the first replaces everything, one that does not follow on what is there is dropped."""
        self._waiting = False
        if offset == 0:
            self.beginResetModel()
            self.records, self.total = list(records), total
            self.endResetModel()
        elif offset == len(self.records) and records:
            self.beginInsertRows(QModelIndex(), offset, offset + len(records) - 1)
            self.records += records
            self.total = total
            self.endInsertRows()
        if not records:
            self.total = len(self.records)

    def give_up(self) -> None:
        """The page that was asked for will not come; scrolling on asks again."""
        self._waiting = False

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.records)

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and not self._waiting and len(self.records) < self.total

    def fetchMore(self, parent: _Index) -> None:
        if self.canFetchMore(parent):
            self._waiting = True
            self._fetch(len(self.records))
