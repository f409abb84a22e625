"""What a person chose about folding: kept in `user.db`, which no rebuild touches, by path and qualified name.

Ids of chunks and classes go with an index; a definition is found again by its name. A choice whose definition is gone does
nothing, and holds again should it come back.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from indexing.stores.user_database import USER_DATABASE, opened

_TABLE = """
CREATE TABLE IF NOT EXISTS fold_choices (
    path TEXT NOT NULL, symbol TEXT NOT NULL, choice TEXT NOT NULL, PRIMARY KEY (path, symbol)
) WITHOUT ROWID
"""


class FoldChoice(StrEnum):
    """What shall become of a definition."""

    PINNED = "pin"
    """It represents its class."""
    UNFOLDED = "unfold"
    """Its class is not folded."""


Chosen = dict[tuple[str, str], FoldChoice]
"""By path and qualified name."""


def fold_choices(folder: Path) -> Chosen:
    """What was chosen for the index in `folder`, in the order of paths."""
    if not (folder / USER_DATABASE).exists():
        return {}
    with opened(folder, _TABLE) as connection:
        rows = connection.execute("SELECT path, symbol, choice FROM fold_choices ORDER BY path, symbol").fetchall()
    return {(path, symbol): FoldChoice(choice) for path, symbol, choice in rows}


def choose(folder: Path, path: str, symbol: str, choice: FoldChoice | None) -> None:
    """Remember a choice in the place of an earlier one; None forgets it."""
    with opened(folder, _TABLE) as connection:
        connection.execute("DELETE FROM fold_choices WHERE path = ? AND symbol = ?", (path, symbol))
        if choice is not None:
            connection.execute("INSERT INTO fold_choices VALUES (?, ?, ?)", (path, symbol, str(choice)))
