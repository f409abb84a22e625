"""The page of jobs: what was indexed in this window, what is being indexed, and what can go on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout

from desktop.qt import figures
from desktop.qt.jobs import CANCELLED, DONE, FAILED, RUNNING, Job, Jobs
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.widgets.rows import RowDelegate, RowList, RowText
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

LEAST_HEIGHT = 320
_STATES = {RUNNING: "running", DONE: "done", CANCELLED: "cancelled", FAILED: "failed"}
_ICONS = {
    RUNNING: ("half", "accent"),
    DONE: ("check", "success"),
    CANCELLED: ("info", "text_muted"),
    FAILED: ("alert", "error"),
}

_Index = QModelIndex | QPersistentModelIndex


class _Model(RecordModel[Job]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        job = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_of(job).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return job.told
        return job if role == Qt.ItemDataRole.UserRole else None


def row_of(job: Job) -> RowText:
    """A job in two lines."""
    icon, color = _ICONS[job.state]
    when = job.began.strftime("%H:%M")
    told = job.told or figures.source(job.source)
    return RowText(job.name, f"{tr(_STATES[job.state])}  ·  {when}", told, "", icon, color)


class JobsSheet(Sheet):
    """A list, and what can be done with the job that is chosen in it."""

    def __init__(self, themes: ThemeManager, jobs: Jobs, cancel: Callable[[], object]) -> None:
        """`cancel` ends the job that runs."""
        super().__init__(themes, tr("Jobs"))
        self._jobs = jobs
        words = tr("What was indexed in this window, the latest first. A job that was cancelled goes on where it was.")
        self.column.addWidget(label(words, "muted", wrap=True))
        self._model = _Model(self)
        self.list = RowList(tr("Jobs"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(RowDelegate(themes, row_of, self.list))
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.list.selectionModel().currentChanged.connect(self._show_steps)
        self._nothing = label(tr("Nothing has been indexed in this window yet."), "muted")
        self.go_on_button = push_button(tr("Continue"), self._go_on, "primary")
        self.cancel_button = push_button(tr("Cancel indexing"), cancel)
        self.column.addWidget(self._nothing)
        self.column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addWidget(self.go_on_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self.column.addLayout(row)
        jobs.changed.connect(self._fill)
        self._fill()

    def refresh(self) -> None:
        self._fill()
        if self._jobs.jobs:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().refresh()

    def _fill(self) -> None:
        """Show the jobs as they now are, with the same one chosen."""
        chosen = max(0, self.list.currentIndex().row())
        began = self._model.records[chosen].began if self._model.records else None
        self._model.replace(tuple(self._jobs.jobs))
        row = next((at for at, job in enumerate(self._jobs.jobs) if job.began == began), 0)
        self.list.setVisible(bool(self._jobs.jobs))
        self._nothing.setVisible(not self._jobs.jobs)
        self.list.setCurrentIndex(self._model.index(row, 0))
        self._show_steps()

    def _chosen(self) -> Job | None:
        row = self.list.currentIndex().row()
        return self._model.records[row] if 0 <= row < len(self._model.records) else None

    def _show_steps(self, *_: object) -> None:
        job = self._chosen()
        busy = any(other.state == RUNNING for other in self._jobs.jobs)
        self.go_on_button.setEnabled(job is not None and job.can_go_on and not busy)
        self.cancel_button.setEnabled(job is not None and job.state == RUNNING)

    def _go_on(self) -> None:
        job = self._chosen()
        if job is not None:
            self._jobs.go_on(job)
