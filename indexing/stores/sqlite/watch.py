"""Whether anything was committed to a database, told without opening it anew."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from pathlib import Path

from indexing.stores.sqlite import schema

Stamp = tuple[int, int, int, int]
"""The file of a database (its number, size and time of change), and the count of commits that a connection has seen."""


class Watch:
    """One more connection to the database in `folder`, which is asked for nothing but its count of others' commits
    (SQLite's `data_version`): to open one for every question took half a millisecond of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._connection = schema.connect(folder, read_only=True)
        weakref.finalize(self, self._connection.close)

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._connection.close()

    def stamp(self) -> Stamp | None:
        """What is another after every commit, by whatever program, and after the database was made anew; None where it
        cannot be told."""
        try:
            found = (self._folder / schema.DATABASE_NAME).stat()
            with self._lock:
                (commits,) = self._connection.execute("PRAGMA data_version").fetchone()
        except (OSError, sqlite3.Error):
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, commits
