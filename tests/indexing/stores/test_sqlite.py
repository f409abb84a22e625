"""The truth: what is put in comes out, in snapshots, with ids that are never used again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BrokenIndexError, IndexBusyError, SourceError
from core.model.clone import CloneClass, CloneMember, CloneType, FoldingSummary, PlainFunnel
from core.model.source import FileRole, Place, SourceFile
from indexing.folding.funnel import Saving
from indexing.packed import PackedFile
from indexing.stores.sqlite import schema, writer
from indexing.stores.sqlite.clones import pack_summary
from indexing.stores.sqlite.compared import NOTHING_COMPARED, PAIRS, Compared
from indexing.stores.sqlite.known import known_files
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import IndexWriter
from tests.indexing.stores.packing import packed_code, packed_lines


def put(folder: Path, *files: PackedFile) -> list[list[int]]:
    with IndexWriter(folder) as writer:
        ids = writer.put(files)
        writer.commit()
    return ids


def test_what_is_put_comes_back_byte_for_byte(tmp_path: Path) -> None:
    text = "one\ntwo\nthrée\n"
    [ids] = put(tmp_path, packed_lines("a.txt", text))
    with open_snapshot(tmp_path) as reader:
        assert reader.content("a.txt") == text.encode()
        assert reader.text("a.txt") == text
        chunks = reader.chunks(list(reversed(ids)))
        assert [chunk.id for chunk in chunks] == list(reversed(ids))
        assert [text.encode()[c.span.start : c.span.end].decode() for c in reader.chunks_of("a.txt")] == [
            "one\ntwo\n",
            "thrée\n",
        ]
        assert [(c.span.start_line, c.span.end_line, c.part) for c in reader.chunks_of("a.txt")] == [(1, 2, 0), (3, 3, 1)]
        table = reader.chunk_table()
        assert table.ids.tolist() == ids
        assert table.representatives.tolist() == ids
        assert (table.start_lines.tolist(), table.end_lines.tolist()) == ([1, 3], [2, 3])
        assert table.sizes.tolist() == [8, 7]
        assert reader.masked().tolist() == []
        assert (reader.count_chunks(), reader.count_symbols()) == (2, 1)


def test_the_chunks_of_several_files_stand_in_one_table(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("b.txt", "1\n2\n3\n"), packed_lines("empty.txt", ""), packed_lines("a.txt", "4\n"))
    put(tmp_path, packed_lines("b.txt", "5\n"))
    with open_snapshot(tmp_path) as reader:
        table, paths = reader.chunk_table(), [file.path for file in reader.files()]
        assert {(paths[i], int(key)) for i, key in zip(table.files, table.ids, strict=True)} == {("a.txt", 3), ("b.txt", 4)}
        assert table.ids.tolist() == sorted(table.ids.tolist())
        assert [chunk.path for chunk in reader.chunks([4, 1, 3])] == ["b.txt", "a.txt"], "chunk 1 is no more"
        assert reader.chunks_of("empty.txt") == reader.chunks_of("nowhere.txt") == []


def test_a_snapshot_does_not_see_what_is_committed_later(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("a.txt", "old\n"))
    with open_snapshot(tmp_path) as reader:
        put(tmp_path, packed_lines("a.txt", "new\n"), packed_lines("b.txt", "more\n"))
        assert reader.text("a.txt") == "old\n"
        assert [file.path for file in reader.files()] == ["a.txt"]
        assert not reader.is_latest()
    with open_snapshot(tmp_path) as reader:
        assert reader.text("a.txt") == "new\n"
        assert reader.is_latest()


def test_a_snapshot_asked_again_and_again_sees_every_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it remembers, and without opening the database anew for each question."""
    put(tmp_path, packed_lines("a.txt", "old\n"))
    with open_snapshot(tmp_path) as reader:
        assert reader.is_latest()
        with monkeypatch.context() as patched:
            patched.setattr(schema, "connect", None)
            assert reader.is_latest()
        put(tmp_path, packed_lines("a.txt", "new\n"))
        assert not reader.is_latest()
        assert not reader.is_latest()


def test_a_snapshot_sees_that_its_index_was_made_anew(tmp_path: Path) -> None:
    """Of the same size and generation, and with a count of commits that begins anew."""
    folder, other = tmp_path / "index", tmp_path / "other"
    put(folder, packed_lines("a.txt", "old\n"))
    put(other, packed_lines("a.txt", "new\n"))
    with open_snapshot(folder) as reader:
        assert reader.is_latest()
        for file in folder.iterdir():
            if file.is_file():
                file.unlink()
        for file in other.iterdir():
            if file.is_file():
                shutil.copy(file, folder)
        assert not reader.is_latest()


def test_what_is_not_committed_is_gone(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("a.txt", "kept\n"))
    with IndexWriter(tmp_path) as writer:
        writer.put([packed_lines("b.txt", "lost\n")])
    with open_snapshot(tmp_path) as reader:
        assert [file.path for file in reader.files()] == ["a.txt"]


def test_a_path_outside_of_the_index_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("a.txt", "x\n"))
    with open_snapshot(tmp_path) as reader, pytest.raises(SourceError, match=r"b\.txt is not in the index"):
        reader.text("b.txt")


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    with IndexWriter(tmp_path), pytest.raises(IndexBusyError, match="another process"):
        IndexWriter(tmp_path)


def test_a_missing_and_a_damaged_index_are_errors_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenIndexError, match="there is no index"):
        open_snapshot(tmp_path)
    (tmp_path / DATABASE_NAME).write_bytes(b"this is not a database, it only looks like a file" * 100)
    with pytest.raises(BrokenIndexError, match="--rebuild") as caught:
        open_snapshot(tmp_path)
    assert "\n" not in str(caught.value)


def test_an_index_that_was_never_committed_is_an_error(tmp_path: Path) -> None:
    IndexWriter(tmp_path).close()
    with pytest.raises(BrokenIndexError, match="never finished"):
        open_snapshot(tmp_path)


@pytest.mark.parametrize(("version", "age"), [(99, "newer"), (1, "older")])
def test_an_index_of_another_format_is_refused(tmp_path: Path, version: int, age: str) -> None:
    put(tmp_path, packed_lines("a.txt", "x\n"))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(BrokenIndexError, match=f"format {version}.*{age}"):
        open_snapshot(tmp_path)
    with pytest.raises(BrokenIndexError, match=f"format {version}.*{age}"):
        IndexWriter(tmp_path)


def test_a_flipped_bit_in_a_stored_text_is_found(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("a.txt", "x\n"), packed_lines("b.txt", "y\n"))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("UPDATE contents SET block = (SELECT MAX(block) FROM contents)")
    with open_snapshot(tmp_path) as reader, pytest.raises(BrokenIndexError, match=r"a\.txt is not what was indexed"):
        reader.text("a.txt")


def test_clone_classes_mask_their_members(tmp_path: Path) -> None:
    [[first], [second]] = put(tmp_path, packed_lines("a.txt", "x\n"), packed_lines("b.txt", "x\n"))
    kept = CloneMember(first, Place("a.txt", 1, 1, "a"), CloneType.LAYOUT, 1.0)
    copy = CloneMember(second, Place("b.txt", 1, 1, "b"), CloneType.LAYOUT, 1.0)
    summary = FoldingSummary(4, 4, 4, 2, 2, 2, 0, 0, 2, 2, PlainFunnel(3, 3, 2, 2, 1))
    with IndexWriter(tmp_path) as writer:
        writer.clones.put_compared(
            Compared(
                np.array([5, 6], np.uint64),
                np.array([first, second]),
                np.zeros(0, PAIRS),
                np.array([7], np.uint64),
                "policy",
            )
        )
        writer.clones.put([CloneClass(1, CloneType.LAYOUT, 1.0, 2, kept, (copy,))], {1: Saving((2, 0, 0), (1, 0, 0))})
        writer.set_meta("folding", pack_summary(summary))
        writer.commit()
        compared = writer.clones.compared()
        assert (compared.functions.tolist(), compared.chunks.tolist()) == ([5, 6], [first, second])
        assert compared.components.tolist() == [7]
        assert compared.policy == "policy"
        assert writer.clones.representatives() == {1: first}
        assert writer.clones.saved() == Saving((2, 0, 0), (1, 0, 0))
        assert writer.masked() == [second]
    with open_snapshot(tmp_path) as reader:
        [found] = reader.clone_classes()
        assert (found.representative, found.members) == (kept, (copy,))
        assert reader.masked().tolist() == [second]
        assert reader.copies([first, second, 99]) == {first: 1, second: 1}
        assert reader.copied([first, second, 99], 5) == {first: (copy,), second: (kept,)}
        assert reader.copied([first, second], 0) == {}
        assert reader.chunk_table().representatives.tolist() == [first, first]
        assert [chunk.representative for chunk in reader.chunks([first, second])] == [first, first]
        assert reader.folding() == summary
    put(tmp_path, packed_lines("b.txt", "z\n"))
    with open_snapshot(tmp_path) as reader:
        assert reader.clone_classes() == [], "a class without one of its members is none"
        assert reader.masked().tolist() == []
    with IndexWriter(tmp_path) as writer:
        assert writer.clones.saved() == Saving()
        writer.clones.put_compared(NOTHING_COMPARED)
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        assert reader.masked().tolist() == []


def test_files_with_the_same_bytes_share_them_until_one_changes(tmp_path: Path) -> None:
    put(tmp_path, packed_code("a.py", "def f(): pass\n"), packed_code("lib/b.py", "def f(): pass\n"))
    with open_snapshot(tmp_path) as reader:
        assert [s.qualified_name for s in reader.all_symbols()] == ["a", "a.f", "lib.b", "lib.b.f"]
    put(tmp_path, packed_code("a.py", "def g(): pass\n"))
    with IndexWriter(tmp_path) as writer:
        writer.links.finish()
        writer.sweep()
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        assert [s.qualified_name for s in reader.all_symbols()] == ["a", "a.g", "lib.b", "lib.b.f"]
        assert reader.text("lib/b.py") == "def f(): pass\n"
        assert reader.chunks_of("lib/b.py")[0].symbol == "lib.b.f"


def test_contents_that_nothing_holds_are_swept(tmp_path: Path) -> None:
    put(tmp_path, packed_code("a.py", "a = 1\n"), packed_code("b.py", "b = 1\n"))
    with IndexWriter(tmp_path) as writer:
        writer.links.finish()
        writer.remove(["b.py", "never.py"])
        writer.put([packed_code("a.py", "a = 2\n")])
        writer.sweep()
        writer.commit()
        assert contents(tmp_path) == 3, "what was last linked is still to be compared"
        writer.links.finish()
        writer.sweep()
        writer.commit()
        assert contents(tmp_path) == 1


def contents(folder: Path) -> int:
    with sqlite3.connect(folder / DATABASE_NAME) as connection:
        [(count,)] = connection.execute("SELECT COUNT(*) FROM contents")
    return int(count)


def test_what_an_older_version_found_in_a_file_stays_until_that_file_is_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files with the same bytes share what is known of them: one of them, parsed anew, must not change the others."""
    same = "def f(): pass\n\n\ndef g(): pass\n"
    put(tmp_path, packed_code("a.py", "def g(): pass\n" + same), packed_code("b.py", same), packed_code("c.py", same))
    put(tmp_path, packed_code("b.py", "x = 1\n" + same))
    put(tmp_path, packed_code("b.py", same))  # slots that do not count from 0
    monkeypatch.setattr(schema, "FEATURE_VERSION", schema.FEATURE_VERSION + 1)
    monkeypatch.setattr(writer.schema, "FEATURE_VERSION", schema.FEATURE_VERSION)
    assert not any(file.current for file in known_files(tmp_path).values())
    # The newer version finds more in the same bytes.
    more = packed_code("b.py", "def f(): pass\n\n\ndef g(): pass\n\n\ndef h(): pass\n")
    more_found = PackedFile(
        **{name: getattr(more, name) for name in PackedFile.__dataclass_fields__}
        | {"content_hash": packed_code("b.py", same).content_hash, "source": packed_code("b.py", same).source}
    )
    put(tmp_path, more_found)
    with open_snapshot(tmp_path) as reader:
        assert [s.name for s in reader.symbols_of("b.py")] == ["b", "f", "g", "h"]
        assert [s.name for s in reader.symbols_of("c.py")] == ["c", "f", "g"]
        assert len({s.key for s in reader.all_symbols()}) == len(reader.all_symbols())
        assert [s.id for s in reader.find_symbols("h")] == ["b.h"]
        assert reader.chunks_of("c.py")
    assert {path for path, file in known_files(tmp_path).items() if file.current} == {"b.py"}


def test_time_stamps_and_roles_are_taken_over(tmp_path: Path) -> None:
    put(tmp_path, packed_lines("a.txt", "x\n"))
    with IndexWriter(tmp_path) as writer:
        writer.touch([SourceFile("a.txt", "text", FileRole.VENDORED, 2, 77)])
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        [file] = reader.files()
        assert (file.role, file.modified_ns) == (FileRole.VENDORED, 77)
    assert known_files(tmp_path)["a.txt"].modified_ns == 77


def test_the_words_of_stored_chunks_are_those_that_the_worker_gave(tmp_path: Path) -> None:
    file = packed_code("pkg/a.py", 'class A:\n    """Holds."""\n\n    def run(self):\n        return "é"\n\n\nA().run()\n')
    [ids] = put(tmp_path, file)
    with IndexWriter(tmp_path) as writer:
        told = list(writer.chunk_texts([*ids, 99]))
        assert writer.chunk_ids(["pkg/a.py", "b.py"]) == ids
    assert [(t.id, t.path) for t in told] == [(key, "pkg/a.py") for key in ids]
    assert [(t.symbol, t.names, t.outline, t.text) for t in told] == [
        (c.symbol, c.names, c.outline, c.text) for c in file.chunks
    ]


TEXTS = st.text(alphabet="ab \n", max_size=12)
STEPS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.none() | TEXTS), max_size=12)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=4))
def test_any_history_of_puts_and_removals_leaves_the_last_state(
    steps: list[list[tuple[str, str | None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("index")
    truth: dict[str, str] = {}
    seen: set[int] = set()
    derived: set[int] = set()  # what a store that follows changes_since knows
    follows = 0
    with IndexWriter(folder) as writer:
        for commit in steps:
            for path, text in commit:
                if text is None:
                    writer.remove([path])
                    truth.pop(path, None)
                else:
                    [ids] = writer.put([packed_lines(path, text)])
                    assert not seen & set(ids)
                    seen.update(ids)
                    truth[path] = text
            generation = writer.commit()
            added, removed = writer.changes_since(follows)
            derived = (derived | set(added)) - set(removed)
            follows = generation
            writer.forget_removed(generation)
        stored = writer.stored_chunks()
        writer.links.finish()
        writer.sweep()
        writer.commit()
    assert {stored.firsts[i] + n for i in range(len(stored.paths)) for n in range(stored.counts[i])} == derived
    assert len(stored.spans) == len(stored.prints) == len(derived)
    with SnapshotReader(folder) as reader:
        assert {file.path: reader.text(file.path) for file in reader.files()} == truth
        assert set(reader.chunk_table().ids.tolist()) == derived
        assert [chunk.id for chunk in reader.chunks(sorted(derived))] == sorted(derived)
    assert contents(folder) == len(set(truth.values()))
