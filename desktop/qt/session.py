"""What the window works on: the engine, the open project, and the indexing job, without any widget.

A *project* is an index that is open. A *job* builds or updates one; at most one runs at a time. A *quiet* job updates the
open project without being asked: of its signals only `job_finished`, `updated` and `job_ended` come. Views call the methods
and listen to the signals; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from desktop.qt import figures
from desktop.qt.engine_client import CANCELLED, Done, Engine, EngineError, Event, Failed, IndexJob, Prepare, Request
from desktop.qt.replies import IndexEntry, IndexReport, Preview, ProgressEvent, Status

FIRST_LOOK_MS = 1_500
"""How often a new index is tried while it is being built, until it can be opened."""


class Session(QObject):
    """The state behind a window."""

    looking = Signal(str)
    """A source that is being looked at, or an index that is being opened; it ends with `previewed`, `opened`, `refreshed` or
    `failed`, or nothing after `stop_opening`."""
    previewed = Signal(object)
    """`Preview` of a source that has no index yet."""
    opened = Signal(object)
    """`Status` of a project that was just opened."""
    refreshed = Signal(object)
    """`Status` of the open project after it changed."""
    counted = Signal(object)
    """`Status` of the open project while it is being indexed."""
    closed = Signal()
    failed = Signal(object, str)
    """`EngineError` of opening a source or an index, and the source (or index) it was about."""

    job_started = Signal(str)
    """The source's name."""
    job_progressed = Signal(object)
    job_finished = Signal(object)
    job_failed = Signal(object)
    job_cancelled = Signal()
    job_ended = Signal()
    """A job is over, however it ended, a quiet one too."""
    updated = Signal(object)
    """`Status` of the open project after a quiet job."""
    engine_crashed = Signal(str)

    def __init__(self, engine_command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(engine_command)
        self.engine = Engine(engine_command, self)
        self.engine.crashed.connect(self.engine_crashed)
        self.status: Status | None = None
        self.preview: Preview | None = None
        self.job: IndexJob | None = None
        self.quiet = False
        """Whether the job is a quiet one."""
        self._job_index = ""
        self._follow_job = False
        self._folding: IndexJob | None = None
        self._opening: Request | None = None
        self._first_look = QTimer(self, singleShot=True, interval=FIRST_LOOK_MS)

    @property
    def index(self) -> str:
        """The folder of the open index, empty when none is open."""
        return self.status["index"] if self.status is not None else ""

    @property
    def indexing(self) -> bool:
        return self.job is not None and self.job.running

    # Asking

    def call(
        self,
        method: str,
        params: dict[str, object],
        done: Done,
        failed: Failed,
        *,
        event: Event | None = None,
        prepare: Prepare | None = None,
        channel: str = "",
    ) -> Request:
        """`Engine.call` on the open project; an answer for a project that has been closed since is dropped."""
        index = self.index
        return self.engine.call(
            method,
            {"index": index, **params},
            lambda result: done(result) if self.index == index else None,
            lambda error: failed(error) if self.index == index else None,
            event=event,
            prepare=prepare,
            channel=channel,
        )

    def recent(self, done: Done) -> None:
        """The indexes on this machine, latest first; none when they cannot be listed."""

        def received(entries: Any) -> None:
            done(cast(list[IndexEntry], entries))

        self.engine.call("indexes", {}, received, lambda _error: done([]), channel="indexes")

    # Opening

    def open_source(self, source: str) -> None:
        """Open a source's index, or show what indexing it would read."""
        self._follow_job = False

        def received(preview: Preview) -> None:
            self.preview = preview
            if preview["indexed"]:
                self.open_index(preview["index"], source)
            else:
                self.previewed.emit(preview)

        self._ask_to_open("preview", {"source": source}, received, source)

    def open_index(self, index: str, source: str = "") -> None:
        """Open an index that is there."""
        self._follow_job = False
        self._ask_to_open("status", {"index": index}, self._set_opened, source or index)

    @property
    def opening(self) -> bool:
        """Whether a source is being looked at."""
        return self._opening is not None

    def stop_opening(self) -> None:
        """Look no longer."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    def _ask_to_open(self, method: str, params: dict[str, object], done: Done, source: str) -> None:
        request: Request | None = None

        def received(result: Any) -> None:
            if self._opening is request:
                self._opening = None
                done(result)

        def failed(error: EngineError) -> None:
            if self._opening is request:
                self._opening = None
                self._fail(error, source)

        request = self._opening = self.engine.call(method, params, received, failed, channel="open")
        self.looking.emit(source)

    def refresh(self) -> None:
        """Ask for the open project's figures again."""
        self._ask_status(self.refreshed)

    def count_again(self) -> None:
        """Ask for the figures alone, while a job goes on."""
        self._ask_status(self.counted)

    def _ask_status(self, signal: SignalInstance) -> None:
        """Have the open project's status told by `signal`."""

        def received(status: Status) -> None:
            self.status = status
            signal.emit(status)

        if self.status is not None:
            self.call("status", {}, received, lambda _error: None, channel="status")

    def close_project(self) -> None:
        """Back to the empty window; a job goes on."""
        self._follow_job = False
        self.status = None
        self.preview = None
        self.closed.emit()

    # Indexing

    def start_job(self, source: str, index: str = "", *, rebuild: bool = False, quiet: bool = False) -> None:
        """Build the index of a source, or bring it up to date; a job that runs goes on, but a quiet one gives way."""
        if self.indexing and not self._give_way(index, rebuild=rebuild, quiet=quiet):
            return
        # Nobody waits for a quiet job, so it may finish what others leave for later.
        params: dict[str, object] = {"source": source, "rebuild": rebuild, "settle": quiet}
        if index:
            params["index"] = index
        job = IndexJob(self._command, params, self)
        job.progressed.connect(self._on_progress)
        job.finished.connect(self._on_job_finished)
        job.failed.connect(self._on_job_failed)
        job.cancelled.connect(self._on_job_cancelled)
        self.job = job
        self._job_index = index
        self.quiet = quiet
        self._follow_job = not quiet
        if not quiet:
            self.job_started.emit(figures.source_name(source))
        job.start()

    def update(self, *, quiet: bool = False) -> None:
        """Bring the open project up to date."""
        if self.status is not None:
            self.start_job(self.status["source"], self.status["index"], quiet=quiet)

    def rebuild(self, source: str, index: str = "") -> None:
        self.start_job(source, index, rebuild=True)

    def cancel_job(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def choose_folding(self, path: str, line: int, choice: str, done: Callable[[], object], failed: Failed) -> None:
        """Choose what shall become of the clone class of a definition (`pin`, `unfold`, or nothing, which forgets what was
        chosen), and have the index folded so; `updated` comes before `done`."""
        if self._folding is not None or self.indexing:
            failed(EngineError("nothing was changed", "the index is being written", "try again when that is done"))
            return
        params = {"index": self.index, "path": path, "line": line, "choice": choice}
        job = self._folding = IndexJob(self._command, params, self, method="fold_choice")

        def end(error: EngineError | None) -> None:
            self._folding = None
            self._ask_status(self.updated)
            if error is None:
                done()
            else:
                failed(error)

        job.finished.connect(lambda _reply: end(None))
        job.failed.connect(end)
        job.cancelled.connect(lambda: end(EngineError("cancelled", exit_code=CANCELLED)))
        job.start()

    def shut_down(self) -> None:
        """End every process; for the end of the window."""
        if self._folding is not None:
            self._folding.dispose()
        if self.job is not None:
            self.job.dispose()  # one that has ended may still have its process
        self.engine.close()

    def _give_way(self, index: str, *, rebuild: bool, quiet: bool) -> bool:
        """Whether another job may start now: a quiet one ends for it, or is from now on what was asked for."""
        job = self.job
        if job is None or quiet or not self.quiet:
            return False
        self.quiet = False
        if index == self._job_index and not rebuild:
            self._follow_job = True
            self.job_started.emit(figures.source_name(job.source))
            return False
        job.dispose()
        return True

    def _fail(self, error: EngineError, source: str) -> None:
        if not error.cancelled:
            self.failed.emit(error, source)

    def _set_opened(self, status: Status) -> None:
        same = self.index == status["index"]
        self.status = status
        if same:
            self.refreshed.emit(status)
        else:
            self.opened.emit(status)

    def _on_progress(self, progress: ProgressEvent) -> None:
        if self.quiet:
            return
        self.job_progressed.emit(progress)
        waiting = self._follow_job and bool(self._job_index) and self.index != self._job_index
        if waiting and progress["searchable"] and not self._first_look.isActive():
            self._first_look.start()
            self.engine.call("status", {"index": self._job_index}, self._on_first_look, lambda _error: None, channel="look")

    def _on_first_look(self, status: Status) -> None:
        if self._follow_job and self.index != status["index"]:
            self._set_opened(status)

    def _on_job_finished(self, report: IndexReport) -> None:
        self.job_finished.emit(report)
        if self.quiet:
            self._ask_status(self.updated)
        elif self.index == report["index"]:
            self._follow_job = False
            self.refresh()
        elif self._follow_job:
            self.open_index(report["index"], report["source"])
        self.job_ended.emit()

    def _on_job_failed(self, error: EngineError) -> None:
        if not self.quiet:
            self.job_failed.emit(error)
        self.refresh()
        self.job_ended.emit()

    def _on_job_cancelled(self) -> None:
        if not self.quiet:
            self.job_cancelled.emit()
        self.refresh()
        self.job_ended.emit()
