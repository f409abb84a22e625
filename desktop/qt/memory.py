"""What was on the screen, so that it is there again: by project the place, the tab and the last answers; and which project.

Written when a project is left, when the window closes, and after every answer, so that a crash loses little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSettings

from desktop.private_json import read_json, write_json
from desktop.qt.history import CodeLocation, DiagramLocation, Location
from desktop.qt.replies import Status
from desktop.qt.user_files import UserFiles
from desktop.qt.views.diagram import ALL_KINDS
from desktop.qt.views.workspace import Workspace

_INDEX, _SOURCE = "window/index", "window/source"


class Memory:
    """The memory of one window."""

    def __init__(self, files: UserFiles, store: QSettings, workspace: Workspace) -> None:
        self._files = files
        self._store = store
        self._workspace = workspace
        self._file: Path | None = None
        self.bookmarks = workspace.bookmarks
        workspace.inquiry.ask.busy_changed.connect(lambda busy: None if busy else self.save())

    @property
    def last_project(self) -> tuple[str, str]:
        """The index and the source that were open when a window was last closed; empty where none was."""
        return str(self._store.value(_INDEX, "")), str(self._store.value(_SOURCE, ""))

    def enter(self, status: Status) -> None:
        """A project has just been opened: bring back what was on the screen."""
        folder = self._files.of_project(status["index"])
        self._store.setValue(_INDEX, status["index"])
        self._store.setValue(_SOURCE, status["source"])
        self.bookmarks.open(folder)
        self._file = folder / "session.json"
        state = read_json(self._file)
        if isinstance(state, dict):
            self._restore(state)

    def leave(self, *, closing: bool) -> None:
        """The project is no longer on the screen; `closing` the window keeps it as the last one."""
        self.save()
        self._file = None
        if not closing:
            self.bookmarks.close()
            self._store.remove(_INDEX)
            self._store.remove(_SOURCE)

    def save(self) -> None:
        if self._file is not None:
            inquiry = self._workspace.inquiry
            write_json(
                self._file,
                {
                    "location": _written(self._workspace.history.current),
                    "tab": inquiry.tab,
                    "draft": inquiry.composer.text,
                    "turns": inquiry.ask.remembered(),
                },
            )

    def _restore(self, state: Mapping[str, object]) -> None:
        inquiry = self._workspace.inquiry
        turns = state.get("turns")
        if isinstance(turns, list):
            inquiry.ask.restore(turns)
        if isinstance(tab := state.get("tab"), str):
            inquiry.show_tab(tab)
        if isinstance(draft := state.get("draft"), str):
            inquiry.composer.set_text(draft)
        if (location := _read(state.get("location"))) is not None:
            self._workspace.visit(location)


def _written(location: Location | None) -> object:
    match location:
        case CodeLocation(path, start, end):
            return {"path": path, "start_line": start, "end_line": end}
        case DiagramLocation(kind, scope):
            return {"kind": kind, "scope": scope}
    return None


def _read(written: object) -> Location | None:
    """A location as it was written; None for anything else."""
    match written:
        case {"path": str(path), "start_line": int(start), "end_line": int(end)}:
            return CodeLocation(path, start, end)
        case {"kind": str(kind), "scope": str(scope)} if kind in ALL_KINDS:
            return DiagramLocation(kind, scope)
    return None


Open = Callable[[str, str], None]


def open_last(memory: Memory, open_index: Open) -> bool:
    """Open the project that was open last, if its index is still there; whether it is."""
    index, source = memory.last_project
    if not index or not Path(index).is_dir():
        return False
    open_index(index, source)
    return True
