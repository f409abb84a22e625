"""The database of what people chose and did: beside an index, and touched by no rebuild."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BrokenIndexError

USER_DATABASE = "user.db"


@contextmanager
def opened(folder: Path, table: str) -> Iterator[sqlite3.Connection]:
    """One transaction on the database of the index in `folder`, with the table that `table` creates where it is missing.

    Raises BrokenIndexError where the file cannot be used.
    """
    file = folder / USER_DATABASE
    try:
        connection = sqlite3.connect(file)
        try:
            with connection:
                connection.execute(table)
                yield connection
        finally:
            connection.close()
    except (sqlite3.Error, ValueError) as error:
        raise BrokenIndexError(f"{file} cannot be used", str(error), "move it away; it holds only what is yours") from error
