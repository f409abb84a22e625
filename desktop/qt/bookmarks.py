"""Places a person has marked, with a note each, kept beside the index of their project and not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.bookmark_file import LONGEST, MOST, NAME, Bookmark, read_bookmarks, write_bookmarks


class Bookmarks(QObject):
    """Those of one project, by path and line."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._marks: dict[tuple[str, int], Bookmark] = {}
        self._stamp: tuple[int, int] | None = None

    def open(self, folder: Path) -> None:
        """Those of the project whose folder this is."""
        self._file = folder / NAME
        self._stamp, self._marks = None, {}
        self._read()
        self.changed.emit()

    def close(self) -> None:
        self._file = None
        self._marks = {}
        self.changed.emit()

    @property
    def all(self) -> Sequence[Bookmark]:
        """In the order of paths and lines."""
        return sorted(self._marks.values(), key=lambda mark: (mark.path, mark.line))

    def at(self, path: str, line: int) -> Bookmark | None:
        return self._marks.get((path, line))

    def of(self, path: str) -> Sequence[Bookmark]:
        """Those of one file."""
        return [mark for mark in self.all if mark.path == path]

    def put(self, mark: Bookmark) -> None:
        """Add a bookmark, or replace the one of its line."""
        self._read()
        if self._file is not None and len(self._marks) < MOST:
            self._marks[mark.path, mark.line] = replace(mark, text=mark.text.strip()[:LONGEST])
            self._save()

    def remove(self, mark: Bookmark) -> None:
        self._read()
        if self._marks.pop((mark.path, mark.line), None) is not None:
            self._save()

    def follow(self, path: str, lines: Sequence[str]) -> None:
        """Move the bookmarks of a file to where their lines now are: the nearest that says the same."""
        moved = {mark: found for mark in self.of(path) if (found := nearest(lines, mark)) != mark.line}
        for mark in moved:
            del self._marks[mark.path, mark.line]
        for mark, line in moved.items():
            self._marks[mark.path, line] = replace(mark, line=line)
        if moved:
            self._save()

    def _read(self) -> None:
        """As the file has them, where it has changed since: a command may have added one."""
        if self._file is not None and (stamp := _stamp(self._file)) != self._stamp:
            self._stamp = stamp
            self._marks = {(mark.path, mark.line): mark for mark in read_bookmarks(self._file)}

    def _save(self) -> None:
        if self._file is not None:
            write_bookmarks(self._file, self.all)
            self._stamp = _stamp(self._file)
        self.changed.emit()


def nearest(lines: Sequence[str], mark: Bookmark) -> int:
    """The line (from 1) nearest to a bookmark's own that says what it said; its own where none does."""
    if not mark.text:
        return mark.line
    same = [number for number, line in enumerate(lines, 1) if line.strip()[:LONGEST] == mark.text]
    return min(same, key=lambda number: abs(number - mark.line), default=mark.line)


def _stamp(file: Path) -> tuple[int, int] | None:
    """By what a change of a file is seen; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
