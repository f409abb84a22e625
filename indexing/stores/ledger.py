"""The ledger of what was sent to language models, in `user.db`: a row a request, written before it leaves."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from core.model.ledger import Fate, LedgerEntry, Sending, SendingOutcome
from indexing.stores.user_database import USER_DATABASE, opened

_TABLE = """
CREATE TABLE IF NOT EXISTS sent (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    "when" REAL NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, host TEXT NOT NULL, question TEXT NOT NULL,
    bytes INTEGER NOT NULL, tokens INTEGER NOT NULL, sha256 TEXT NOT NULL,
    fate TEXT NOT NULL, detail TEXT NOT NULL, seconds REAL NOT NULL,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, reported INTEGER NOT NULL, usd REAL
)
"""
_SENDING = tuple(field.name for field in dataclasses.fields(Sending))
_OUTCOME = tuple(field.name for field in dataclasses.fields(SendingOutcome))


class SqliteLedger:
    """A `core.ports.Ledger` of the index in `folder`; threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, sending: Sending) -> int:
        """Note a request; it is under way from here on. Raises BrokenIndexError where nothing can be noted."""
        values = {**_columns(sending), **_columns(SendingOutcome(Fate.UNDER_WAY))}
        names = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f":{name}" for name in values)
        with opened(self._folder, _TABLE) as connection:
            number = connection.execute(f"INSERT INTO sent ({names}) VALUES ({places})", values).lastrowid
        assert number is not None
        return number

    def finish(self, number: int, outcome: SendingOutcome) -> None:
        """Note how request `number` ended."""
        changes = ", ".join(f"{name} = :{name}" for name in _OUTCOME)
        with opened(self._folder, _TABLE) as connection:
            connection.execute(f"UPDATE sent SET {changes} WHERE number = :number", {**_columns(outcome), "number": number})

    def entries(self, limit: int = 1_000) -> list[LedgerEntry]:
        """The last requests, the latest first."""
        if not (self._folder / USER_DATABASE).exists():
            return []
        names = ", ".join(f'"{name}"' for name in ("number", *_SENDING, *_OUTCOME))
        with opened(self._folder, _TABLE) as connection:
            rows = connection.execute(f"SELECT {names} FROM sent ORDER BY number DESC LIMIT ?", (limit,)).fetchall()
        return [_entry(row) for row in rows]


def _columns(record: Sending | SendingOutcome) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Fate) else value for name, value in dataclasses.asdict(record).items()}


def _entry(row: tuple[object, ...]) -> LedgerEntry:
    number, *rest = row
    sending = dict(zip(_SENDING, rest, strict=False))
    outcome = dict(zip(_OUTCOME, rest[len(_SENDING) :], strict=True))
    outcome |= {"fate": Fate(str(outcome["fate"])), "reported": bool(outcome["reported"])}
    return LedgerEntry(int(str(number)), Sending(**sending), SendingOutcome(**outcome))  # type: ignore[arg-type]
