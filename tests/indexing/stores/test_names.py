"""The files that define a name are found by its hash, whatever was written before in whatever order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.stores.sqlite import schema
from indexing.stores.sqlite.names import NameTable, NameWriter, pack_holders, sorted_holders, unpack_holders
from indexing.stores.sqlite.rows import Rows

HASHES = st.integers(0, 2**32 - 1) | st.sampled_from([5, 6, 2**24, 2**24 + 1, 2**32 - 1])
ROWS = st.lists(st.tuples(HASHES, st.booleans(), st.integers(1, 2**38)), max_size=30)
# A file, what it defines now, and what of that others may use; nothing for a file that goes.
STEPS = st.lists(st.tuples(st.integers(1, 4), st.dictionaries(HASHES, st.booleans(), max_size=4), st.booleans()), max_size=9)


@given(ROWS)
def test_holders_come_back(rows: list[tuple[int, bool, int]]) -> None:
    hashes, visible, files = (np.array([row[i] for row in rows], kind) for i, kind in enumerate((np.int64, bool, np.int64)))
    back = unpack_holders(pack_holders(sorted_holders(hashes, visible, files)))
    assert list(zip(back.hashes.tolist(), back.visible.tolist(), back.files.tolist(), strict=True)) == sorted(rows)


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_files_are_found_by_what_they_defined_last(steps: list[tuple[int, dict[int, bool], bool]]) -> None:
    connection = sqlite3.connect(":memory:")
    schema.create(connection)
    writer, held = NameWriter(connection), dict[int, dict[int, bool]]()
    for file, names, flushes in steps:
        writer.forget(file, np.array(sorted(held.get(file, {})), np.uint32))
        told = np.array(sorted(names), np.uint32)
        writer.put(file, told, told[[names[name] for name in told.tolist()]])
        held[file] = names
        if flushes:
            writer.flush()
    writer.flush()
    stored = set[tuple[int, bool, int]]()
    for (blob,) in connection.execute("SELECT holders FROM names"):
        back = unpack_holders(blob)
        stored.update(zip(back.hashes.tolist(), back.visible.tolist(), back.files.tolist(), strict=True))
    assert stored == {(name, flag, file) for file, names in held.items() for name, flag in names.items()}
    assert all(blob for (blob,) in connection.execute("SELECT holders FROM names"))


def test_names_that_stay_write_nothing(tmp_path: Path) -> None:
    connection = schema.connect(tmp_path, read_only=False)
    writer, names = NameWriter(connection), np.array([1, 2, 2**30], np.uint32)
    writer.put(7, names, names[:1])
    writer.flush()
    before = connection.total_changes
    writer.forget(7, names)
    writer.put(7, names, names[:1])
    writer.flush()
    assert connection.total_changes == before
    table = NameTable(Rows(tmp_path))
    assert (table.files(1, visible=True), table.files(2, visible=True)) == ([7], [])
    assert (table.files(2, visible=False), table.files(3, visible=False)) == ([7], [])
