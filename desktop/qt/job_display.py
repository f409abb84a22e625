"""What the window shows of its indexing job: its progress, on a page of its own or in the status line, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.qt.engine_client import EngineError
from desktop.qt.replies import IndexReport, ProgressEvent
from desktop.qt.widgets.banner import Step
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.main_window import MainWindow


class JobDisplay:
    """Follows the jobs of one window's session; quiet ones are not shown."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._stage = ""
        self._page, self._strip = window.progress, window.status_line.progress
        session = window.session
        session.job_started.connect(self._on_started)
        window.jobs.progressed.connect(self._on_progressed)
        session.job_finished.connect(self._on_finished)
        session.job_failed.connect(self._on_failed)
        session.job_cancelled.connect(self._on_cancelled)
        for shown in (self._page, self._strip):
            shown.cancelled.connect(self.cancel)

    def cancel(self) -> None:
        """End the job that runs, and say at once that it is being ended."""
        for shown in (self._page, self._strip):
            shown.show_cancelling()
        self._window.session.cancel_job()

    def place_strip(self) -> None:
        """Show the progress in the status line while the project is in front, or a sheet over it."""
        window, session = self._window, self._window.session
        seen = session.indexing and not session.quiet and window.sheets.page is window.workspace
        self._strip.setVisible(seen)

    def _on_started(self, name: str) -> None:
        window = self._window
        window.banner.hide()
        for shown in (self._page, self._strip):
            shown.start(name)
        window.status_line.stale.hide()
        if not window.is_open() or window.sheets.page is not window.workspace:
            window.show_page(self._page)
        self.place_strip()

    def _on_progressed(self, progress: ProgressEvent, rate: float) -> None:
        for shown in (self._page, self._strip):
            shown.show_progress(progress, rate)
        self.place_strip()
        if progress["stage"] != self._stage:
            self._stage = progress["stage"]
            self._window.session.count_again()

    def _on_finished(self, _report: IndexReport) -> None:
        self._strip.hide()

    def _on_failed(self, error: EngineError) -> None:
        self._window.banner.tell_error(error.what, error.why, error.next_step, self._again(tr("Try again")))
        self._leave()

    def _on_cancelled(self) -> None:
        told = tr("Indexing was cancelled."), tr("What was finished is kept.")
        self._window.banner.tell("info", *told, self._again(tr("Continue")))
        self._leave()

    def _again(self, words: str) -> list[Step]:
        """A step that starts the job anew, which goes on where it was."""
        session, job = self._window.session, self._window.session.job
        return [(words, lambda: session.start_job(job.source))] if job is not None else []

    def _leave(self) -> None:
        self._strip.hide()
        if self._window.is_open():
            self._window.show_page(self._window.workspace)
        else:
            self._window.show_welcome()
