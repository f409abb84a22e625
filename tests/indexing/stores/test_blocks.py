"""Blocks of an index through edits: nothing is lost, and what lies idle is bounded."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BrokenIndexError
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import IndexWriter
from tests.indexing.stores.packing import packed_lines

EDITS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(0, 40), max_size=4), max_size=8)


def text_of(name: str, number: int) -> str:
    return "".join(f"{name} {number} {line * 7919}\n" for line in range(number * 40))


def held_and_stored(folder: Path) -> tuple[int, int, int]:
    """Bytes of texts that files need, bytes of texts in blocks, and the number of blocks."""
    with sqlite3.connect(folder / DATABASE_NAME) as connection:
        held = connection.execute("SELECT TOTAL(size) FROM contents").fetchone()[0]
        return int(held), *map(int, connection.execute("SELECT TOTAL(size), COUNT(*) FROM blocks").fetchone())


@settings(max_examples=30, deadline=None)
@given(EDITS)
def test_edits_lose_nothing_and_leave_little(
    tmp_path_factory: pytest.TempPathFactory, edits: list[dict[str, int | None]]
) -> None:
    folder, there = tmp_path_factory.mktemp("index"), dict[str, str]()
    with IndexWriter(folder) as writer:
        for edit in edits:
            writer.remove([name for name, number in edit.items() if number is None])
            there = {name: text for name, text in there.items() if edit.get(name, 0) is not None}
            changed = {name: text_of(name, number) for name, number in edit.items() if number is not None}
            there |= changed
            writer.put([packed_lines(name, text, 100) for name, text in changed.items()])
            writer.links.finish()
            writer.sweep()
            writer.commit()
    if not edits:
        return
    with open_snapshot(folder) as reader:
        assert {file.path: reader.text(file.path) for file in reader.files()} == there
        for name in there:
            assert [symbol.kind for symbol in reader.symbols_of(name)] == ["module"]
    held, stored, _ = held_and_stored(folder)
    assert stored <= 2 * held


def test_small_blocks_are_put_together(tmp_path: Path) -> None:
    with IndexWriter(tmp_path) as writer:
        for number in range(200):
            writer.put([packed_lines(f"{number % 150}.txt", f"{number}\n" * 50)])
            writer.links.finish()
            writer.sweep()
            writer.commit()
    held, stored, blocks = held_and_stored(tmp_path)
    assert blocks <= 40
    assert held <= stored <= 2 * held
    with open_snapshot(tmp_path) as reader:
        assert reader.text("149.txt") == "149\n" * 50
        assert reader.text("49.txt") == "199\n" * 50
        assert len(reader.files()) == 150


def test_a_block_that_is_gone_is_a_broken_index(tmp_path: Path) -> None:
    with IndexWriter(tmp_path) as writer:
        writer.put([packed_lines("a.txt", "a\n")])
        writer.commit()
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("DELETE FROM blocks")
    with open_snapshot(tmp_path) as reader, pytest.raises(BrokenIndexError, match="block 1 is missing"):
        reader.text("a.txt")
