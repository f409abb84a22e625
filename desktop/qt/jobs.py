"""The indexing jobs of this window, from the first to the one that is running: what became of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desktop.qt import figures
from desktop.qt.engine_client import EngineError
from desktop.qt.replies import IndexReport, ProgressEvent
from desktop.qt.session import Session
from desktop.qt.views.progress import Rate, describe
from desktop.qt.words import tr

RUNNING, DONE, CANCELLED, FAILED = "running", "done", "cancelled", "failed"
KEPT = 50


@dataclass(frozen=True, slots=True)
class Job:
    """One job; `told` is how far it is, what it made, or why it ended."""

    name: str
    source: str
    began: datetime
    state: str = RUNNING
    told: str = ""

    @property
    def can_go_on(self) -> bool:
        """Whether something is left that starting it again would do."""
        return self.state in (CANCELLED, FAILED)


class Jobs(QObject):
    """Listens to a session; `jobs` has the latest first. Who shows the job that runs listens here: its rate is worked out
    once."""

    changed = Signal()
    progressed = Signal(object, float)
    """A `ProgressEvent` of the job that runs, and its rate in bytes a second, 0.0 while it is not known."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._rate = Rate()
        self.jobs: list[Job] = []
        session.job_started.connect(self._on_started)
        session.job_progressed.connect(self._on_progressed)
        session.job_finished.connect(self._on_finished)
        session.job_failed.connect(self._on_failed)
        session.job_cancelled.connect(lambda: self._end(CANCELLED, tr("What was finished is kept.")))

    def go_on(self, job: Job) -> None:
        """Start a job again that has not come to its end."""
        self._session.start_job(job.source)

    def _on_started(self, name: str) -> None:
        running = self._session.job
        self._rate = Rate()
        self.jobs.insert(0, Job(name, running.source if running is not None else "", datetime.now().astimezone()))
        del self.jobs[KEPT:]
        self.changed.emit()

    def _on_progressed(self, progress: ProgressEvent) -> None:
        rate = self._rate.add(progress["seconds"], progress["bytes_done"])
        self._change(RUNNING, "  ·  ".join(part for part in describe(progress, rate) if part))
        self.progressed.emit(progress, rate)

    def _on_finished(self, report: IndexReport) -> None:
        files = report["files"]
        read = figures.plural(files["indexed"] + files.get("unchanged", 0), "file")
        self._end(DONE, tr("{files}, {size}", files=read, size=figures.size(report["bytes"])))

    def _on_failed(self, error: EngineError) -> None:
        self._end(FAILED, error.message)

    def _end(self, state: str, told: str) -> None:
        """The job that runs is over; one that nobody was told of began and ended unseen."""
        if self.jobs and self.jobs[0].state == RUNNING:
            seconds = (datetime.now().astimezone() - self.jobs[0].began).total_seconds()
            self._change(state, f"{told}  ·  {figures.duration(seconds)}")

    def _change(self, state: str, told: str) -> None:
        if self.jobs and self.jobs[0].state == RUNNING:
            self.jobs[0] = replace(self.jobs[0], state=state, told=told)
            self.changed.emit()
