"""Clearing an index away, for a rebuild."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.errors import UsageError
from indexing.derived import VECTORS_FOLDER, WORDS_FOLDER
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import LOCK_NAME, locked

_OURS = {DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", LOCK_NAME, WORDS_FOLDER, VECTORS_FOLDER}


def discard(folder: Path) -> None:
    """Delete the index in `folder`, whatever its state; a folder that holds anything else is left alone.

    Raises UsageError for such a folder, IndexBusyError while a process writes the index.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or (foreign := sorted({entry.name for entry in folder.iterdir()} - _OURS)):
        why = "it is not a folder" if not folder.is_dir() else f"it also holds {foreign[0]}"
        raise UsageError(f"{folder} is not an index to rebuild", why, "name another folder with --index")
    with locked(folder):
        for name in _OURS - {LOCK_NAME}:
            path = folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
