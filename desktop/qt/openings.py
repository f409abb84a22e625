"""The ways into a project: a folder, an archive, a git address, a known index; and what is shown until it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from desktop.qt.dropped_sources import ARCHIVE_FILTER
from desktop.qt.engine_client import EngineError
from desktop.qt.replies import IndexEntry, Preview
from desktop.qt.views.clone_address import CloneSheet
from desktop.qt.views.looking import LookingView
from desktop.qt.views.preview import PreviewView
from desktop.qt.widgets.banner import Step
from desktop.qt.words import tr
from resources import resource_path

if TYPE_CHECKING:
    from desktop.qt.main_window import MainWindow

PATIENCE_MS = 400
"""A source that is looked at for longer is said to be; most are not."""


class Openings:
    """Opens sources in a window."""

    def __init__(self, window: MainWindow, looking: LookingView, preview: PreviewView) -> None:
        self._window = window
        self._looking = looking
        self._preview = preview
        session = window.session
        self._patience = QTimer(window, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_looking)
        session.looking.connect(self._on_looking)
        session.previewed.connect(self._on_previewed)
        session.failed.connect(self._on_failed)
        looking.cancelled.connect(self._stop)
        preview.index_asked.connect(self._start_job)
        preview.cancelled.connect(self.leave)

    def open(self, source: str) -> None:
        """Open a source's index, or show the card of what indexing it would read."""
        self._window.banner.hide()
        self._window.sheets.close()
        self._window.session.open_source(source)

    def open_recent(self, entry: IndexEntry) -> None:
        """Open an index that is there."""
        self._window.banner.hide()
        self._window.session.open_index(entry["index"], entry["source"])

    def open_sample(self) -> None:
        """Open the project that comes along."""
        self.open(str(resource_path("sample")))

    def choose_folder(self) -> None:
        """Have a folder chosen, and open it."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open a folder with source code"))
        if folder:
            self.open(folder)

    def choose_archive(self) -> None:
        """Have an archive or a git bundle chosen, and open it."""
        kinds = f"{tr('Archives and git bundles')} ({ARCHIVE_FILTER});;{tr('All files')} (*)"
        file, _ = QFileDialog.getOpenFileName(self._window, tr("Open an archive with source code"), "", kinds)
        if file:
            self.open(file)

    def make_clone_sheet(self) -> CloneSheet:
        """The page that a git address is given on."""
        sheet = CloneSheet(self._window.themes)
        sheet.asked.connect(self.open)
        return sheet

    def leave(self) -> None:
        """Back to what was there before somebody wanted to open something."""
        window = self._window
        if window.is_open():
            window.show_page(window.workspace)
            window.workspace.inquiry.composer.input.setFocus()
        else:
            window.show_welcome()

    def leave_looking(self) -> None:
        """What was looked at is open, or cannot be opened."""
        self._patience.stop()
        if self._window.sheets.page is self._looking:
            self.leave()

    def _on_looking(self, source: str) -> None:
        self._looking.show_source(source)
        self._patience.start()

    def _show_looking(self) -> None:
        if self._window.session.opening:
            self._window.show_page(self._looking)
            self._looking.take_focus()

    def _stop(self) -> None:
        self._window.session.stop_opening()
        self.leave_looking()

    def _on_previewed(self, preview: Preview) -> None:
        self._patience.stop()
        self._preview.show_preview(preview)
        self._window.show_page(self._preview)
        self._preview.index_button.setFocus()

    def _on_failed(self, error: EngineError, source: str) -> None:
        """Opening did not work: say why, with the way on."""
        window = self._window
        steps: list[Step] = [(tr("Open another folder"), self.choose_folder)]
        if "index" in error.what.lower():
            steps.insert(0, (tr("Rebuild"), lambda: window.session.rebuild(source)))
        window.banner.tell_error(error.what, error.why, error.next_step, steps)
        self.leave_looking()
        if window.sheets.page is window.progress and not window.session.indexing:
            window.show_welcome()

    def _start_job(self) -> None:
        preview = self._window.session.preview
        if preview is not None:
            self._window.session.start_job(preview["source"], preview["index"])
