"""Small values lie together with their neighbours, and each comes back as it was last put."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BrokenIndexError
from indexing.stores.sqlite import drawers, schema
from indexing.stores.sqlite.drawers import EDGES, LINKED, Drawers, DrawerWriter
from indexing.stores.sqlite.rows import Rows

KEYS = st.integers(-200, 200)
STEPS = st.lists(st.tuples(KEYS, st.binary(max_size=3)) | st.none(), max_size=30)


@given(STEPS, st.sampled_from([EDGES, LINKED]))
def test_values_come_back(steps: list[tuple[int, bytes] | None], table: Drawers) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE {table.table} (drawer INTEGER PRIMARY KEY, held BLOB NOT NULL)")
    writer, expected = DrawerWriter(connection, table), dict[int, bytes]()
    for step in steps:
        if step is None:
            writer.flush()
            continue
        writer.put(*step)
        expected[step[0]] = step[1]
        assert writer.of([*expected, 777]) == {**expected, 777: b""}
    writer.flush()
    left = sorted((key, value) for key, value in expected.items() if value)
    assert writer.all() == DrawerWriter(connection, table).all() == left
    assert connection.execute(f"SELECT COUNT(*) FROM {table.table}").fetchone()[0] == len(
        {key // table.width for key, _ in left}
    )


def test_values_that_wait_are_written_when_they_are_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(drawers, "_MOST_WAITING", 10)
    schema.connect(tmp_path, read_only=False).close()
    with sqlite3.connect(tmp_path / schema.DATABASE_NAME, isolation_level=None) as connection:
        writer = DrawerWriter(connection, EDGES)
        writer.put(3, b"12345678901")
        assert DrawerWriter(connection, EDGES).get(3) == b"12345678901"
    connection.close()
    rows = Rows(tmp_path)
    assert EDGES.of(rows, [1, 2, 3, 99]) == {3: b"12345678901"}
    assert EDGES.all(rows) == [(3, b"12345678901")]
    rows.close()


def test_a_damaged_drawer_is_told(tmp_path: Path) -> None:
    schema.connect(tmp_path, read_only=False).close()
    with sqlite3.connect(tmp_path / schema.DATABASE_NAME, isolation_level=None) as connection:
        connection.execute("INSERT INTO linked VALUES (0, x'0102')")
    connection.close()
    rows = Rows(tmp_path)
    with pytest.raises(BrokenIndexError):
        LINKED.of(rows, [5])
    with pytest.raises(BrokenIndexError):
        LINKED.all(rows)
    rows.close()
