"""A list of records for a view; what a row says of its record is told by subclasses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

Record = TypeVar("Record")


class RecordModel(QAbstractListModel, Generic[Record]):
    """Rows that are replaced all at once. Subclasses define `data`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.records: Sequence[Record] = ()

    def replace(self, records: Sequence[Record]) -> None:
        self.beginResetModel()
        self.records = records
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.records)
