"""A store in one SQLite file: a row for each parcel, a row for each event."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from parcels.errors import UnknownParcel
from parcels.models import Address, Event, Parcel, Status
from parcels.store.base import ParcelStore

SCHEMA = """
create table if not exists parcel (
    code text primary key, sender text not null, recipient text not null,
    weight_grams integer not null, size_mm text not null, route text not null
);
create table if not exists event (
    code text not null references parcel, number integer not null,
    at text not null, status text not null, depot text not null, note text not null,
    primary key (code, number)
);
"""


class SqliteStore(ParcelStore):
    """Keeps parcels in a file. Events are only ever added, so a scan writes one row."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(SCHEMA)

    def get(self, code: str) -> Parcel:
        row = self._connection.execute("select * from parcel where code = ?", (code,)).fetchone()
        if row is None:
            raise UnknownParcel(f"no parcel has the code {code}")
        return self._read(row)

    def save(self, parcel: Parcel) -> None:
        with self._connection:
            self._connection.execute(
                "insert or replace into parcel values (?, ?, ?, ?, ?, ?)",
                (
                    parcel.code,
                    json.dumps(asdict(parcel.sender)),
                    json.dumps(asdict(parcel.recipient)),
                    parcel.weight_grams,
                    json.dumps(parcel.size_mm),
                    json.dumps(parcel.route),
                ),
            )
            self._connection.executemany(
                "insert or ignore into event values (?, ?, ?, ?, ?, ?)",
                [
                    (parcel.code, number, event.at.isoformat(), event.status.value, event.depot, event.note)
                    for number, event in enumerate(parcel.events)
                ],
            )

    def all(self) -> Iterator[Parcel]:
        for row in self._connection.execute("select * from parcel order by code").fetchall():
            yield self._read(row)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _read(self, row: tuple) -> Parcel:
        code, sender, recipient, weight_grams, size_mm, route = row
        events = self._connection.execute(
            "select at, status, depot, note from event where code = ? order by number", (code,)
        ).fetchall()
        return Parcel(
            code,
            Address(**json.loads(sender)),
            Address(**json.loads(recipient)),
            weight_grams,
            tuple(json.loads(size_mm)),
            tuple(json.loads(route)),
            tuple(Event(datetime.fromisoformat(at), Status(status), depot, note) for at, status, depot, note in events),
        )
