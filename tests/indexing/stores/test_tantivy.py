"""The lexical index: generations, snapshots, locks, crashes and damage."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BrokenIndexError, IndexBusyError
from indexing.stores.tantivy import LexicalDocument, LexicalReader, LexicalWriter


def documents(*ids: int) -> list[LexicalDocument]:
    return [LexicalDocument(id_, f"folder/file{id_}.py", "", "", f"def word{id_}(): return shared") for id_ in ids]


def committed(folder: Path, *ids: int, generation: int = 1) -> Path:
    with LexicalWriter(folder) as writer:
        writer.add(documents(*ids))
        writer.commit(generation)
    return folder


def shared(reader: LexicalReader) -> list[int]:
    return sorted(reader.search({"share": 1.0}, 100)[0].tolist())


def test_a_commit_carries_its_generation(tmp_path: Path) -> None:
    with LexicalWriter(tmp_path) as writer:
        assert writer.generation == 0
        writer.commit(41)
        writer.add(documents(1))
        writer.commit(42)
        assert writer.generation == 42
    assert LexicalReader(tmp_path).generation == 42
    with LexicalWriter(tmp_path) as writer:
        assert writer.generation == 42
        writer.clear()
        assert writer.generation == 0
        writer.commit(43)
    assert LexicalReader(tmp_path).count() == 0


def test_a_reader_keeps_its_snapshot_while_a_writer_commits(tmp_path: Path) -> None:
    committed(tmp_path, 1, 2, 3)
    reader = LexicalReader(tmp_path)
    with LexicalWriter(tmp_path) as writer:
        writer.remove([1, 2, 3])
        writer.add(documents(*range(10, 60)))
        writer.commit(2)
    assert shared(reader) == [1, 2, 3]
    assert reader.generation == 1
    assert shared(LexicalReader(tmp_path)) == list(range(10, 60))


def test_what_was_not_committed_is_forgotten(tmp_path: Path) -> None:
    committed(tmp_path, 1)
    with LexicalWriter(tmp_path) as writer:
        writer.remove([1])
        writer.add(documents(2))
    assert shared(LexicalReader(tmp_path)) == [1]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 300)), st.lists(st.integers(0, 320)), st.sets(st.integers(250, 300)))
def test_exactly_what_is_removed_is_gone(held: set[int], removed: list[int], again: set[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = committed(Path(name), *held)
        with LexicalWriter(folder) as writer:
            writer.remove(iter(removed))
            writer.add(documents(*again - (held - set(removed))))
            writer.commit(2)
        reader = LexicalReader(folder)
        left = sorted(held - set(removed) | again)
        assert sorted(reader.search({"share": 1.0}, 400)[0].tolist()) == left
        assert (reader.count(), reader.generation) == (len(left), 2)


def test_there_is_one_writer(tmp_path: Path) -> None:
    with LexicalWriter(tmp_path), pytest.raises(IndexBusyError):
        LexicalWriter(tmp_path)
    LexicalWriter(tmp_path).close()


def test_a_killed_writer_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    committed(tmp_path, 1)
    script = (
        "import os, sys; from pathlib import Path; from indexing.stores.tantivy import LexicalDocument, LexicalWriter\n"
        "writer = LexicalWriter(Path(sys.argv[1])); writer.remove([1])\n"
        "writer.add(LexicalDocument(i, 'p', '', '', 'shared ' + 'filler%d ' % i * 400) for i in range(100, 3000))\n"
        "os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=Path.cwd())
    assert ended.returncode == 9
    assert shared(LexicalReader(tmp_path)) == [1]
    with LexicalWriter(tmp_path) as writer:
        writer.add(documents(2))
        writer.commit(2)
    assert shared(LexicalReader(tmp_path)) == [1, 2]


@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.idx", "*.fast"])
@pytest.mark.parametrize("how", ["cut", "empty", "gone", "flipped"])
def test_damage_is_a_broken_index(tmp_path: Path, pattern: str, how: str) -> None:
    committed(tmp_path, *range(200))
    path = next(iter(tmp_path.glob(pattern)))
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
        path.write_bytes({"cut": content[: middle + 1], "empty": b"", "flipped": flipped}[how])
    with pytest.raises(BrokenIndexError) as caught:
        LexicalReader(tmp_path)
    assert "\n" not in str(caught.value)
    assert caught.value.next_step


def test_nothing_there_is_a_broken_index(tmp_path: Path) -> None:
    with pytest.raises(BrokenIndexError):
        LexicalReader(tmp_path)
    with pytest.raises(BrokenIndexError):
        LexicalReader(tmp_path / "missing")
    LexicalWriter(tmp_path).close()
    with pytest.raises(BrokenIndexError, match="nothing was committed"):
        LexicalReader(tmp_path)


def test_names_are_looked_for_where_none_are_given(tmp_path: Path) -> None:
    from core.ports import LexicalField

    with LexicalWriter(tmp_path) as writer:
        writer.add([LexicalDocument(1, "a.rs", "", "", "pub fn parse_header(input: &str) {\n    other()\n}")])
        writer.commit(1)
    reader = LexicalReader(tmp_path)
    assert reader.search({"parseheader": 1.0}, 5, {LexicalField.NAMES: 1.0})[0].tolist() == [1]
    assert reader.search({"other": 1.0}, 5, {LexicalField.NAMES: 1.0})[0].tolist() == []


def test_documents_of_one_score_come_by_id_wherever_commits_fell(tmp_path: Path) -> None:
    """An index made on a slower machine has other commits, and must give the same answers."""
    found = []
    for every in (60, 7, 13):
        with LexicalWriter(tmp_path / str(every)) as writer:
            for generation, first in enumerate(range(1, 61, every), 1):
                writer.add(documents(*range(first, min(first + every, 61))))
                writer.commit(generation)
        found.append(LexicalReader(tmp_path / str(every)).search({"share": 1.0}, 40)[0].tolist())
    assert found == [list(range(1, 41))] * 3
