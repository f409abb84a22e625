"""Which folders may hold an index, and clearing one away for a rebuild."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.errors import BrokenIndexError, UsageError
from indexing.derived import VECTORS_FOLDER, WORDS_FOLDER
from indexing.stores.qdrant_connection import POINTER_NAME
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import LOCK_NAME, locked
from indexing.stores.user_database import USER_DATABASE
from indexing.stores.vector_files import empty_vector_files, read_manifest, remove_vector_files

# In the order they go: SQLite throws a log away that has no database, but would play it into a new one of that name.
_DISCARDED = (
    DATABASE_NAME,
    f"{DATABASE_NAME}-journal",
    f"{DATABASE_NAME}-wal",
    f"{DATABASE_NAME}-shm",
    WORDS_FOLDER,
    VECTORS_FOLDER,
)
ANSWERS_FOLDER = "answers"
DOCUMENTS_FOLDER = "documents"
_OURS = {*_DISCARDED, LOCK_NAME, USER_DATABASE, f"{USER_DATABASE}-journal", ANSWERS_FOLDER, DOCUMENTS_FOLDER}
"""What a person chose and asked stays when an index is discarded; documents are named by what they were made of."""


def check_ours(folder: Path) -> None:
    """Raise UsageError for what is neither an index, nor an empty folder, nor nothing yet."""
    if folder.is_dir():
        foreign = sorted({entry.name for entry in folder.iterdir()} - _OURS)
        why = f"it also holds {foreign[0]}" if foreign else ""
    else:
        why = "it is not a folder" if folder.exists() else ""
    if why:
        raise UsageError(f"{folder} cannot hold an index", why, "name another folder with --index")


def check_new(folder: Path) -> None:
    """Raise UsageError where a new index would come to lie among other things, such as the source itself."""
    if not (folder / DATABASE_NAME).exists():
        check_ours(folder)


def discard(folder: Path) -> None:
    """Delete the index in `folder`, whatever its state; a folder that holds anything else is left alone. On which server its
    vectors are, and how exactly files kept them, is remembered: whoever builds it anew does the same.

    Raises UsageError for such a folder, IndexBusyError while a process writes the index.
    """
    check_ours(folder)
    if not folder.exists():
        return
    with locked(folder):
        for name in _DISCARDED:
            path = folder / name
            if name == VECTORS_FOLDER and path.is_dir():
                _discard_vectors(path)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _discard_vectors(folder: Path) -> None:
    try:
        manifest = read_manifest(folder)
    except BrokenIndexError:
        manifest = None
    if manifest is not None:
        empty_vector_files(folder, manifest)
    elif (folder / POINTER_NAME).is_file():
        remove_vector_files(folder)
    else:
        shutil.rmtree(folder)
