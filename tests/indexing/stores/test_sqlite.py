"""The truth: what is put in comes out, in snapshots, with ids that are never used again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BrokenIndexError, IndexBusyError, SourceError
from core.model.chunk import ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType, Fingerprint, FoldingSummary
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole, Place, SourceFile, Span
from core.model.symbol import Definition, Facts, Symbol, SymbolKind
from indexing.packed import PackedChunk, PackedFile, pack_content, pack_facts
from indexing.parsed import ChunkDraft
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import IndexWriter

NO_PRINT = Fingerprint("", "", "", 0)


def packed(path: str, text: str, lines_a_chunk: int = 2) -> PackedFile:
    """A file cut into chunks of a few lines."""
    content = text.encode()
    lines = text.splitlines(keepends=True)
    chunks, start = [], 0
    for first in range(0, len(lines), lines_a_chunk):
        piece = "".join(lines[first : first + lines_a_chunk])
        stop = start + len(piece.encode())
        span = Span(start, stop, first + 1, min(first + lines_a_chunk, len(lines)))
        draft = ChunkDraft(span, ChunkKind.TEXT, 0, len(chunks), "", NO_PRINT)
        chunks.append(PackedChunk(draft, path, "", piece))
        start = stop
    module = Definition("m", "", SymbolKind.MODULE, Span(0, len(content), 1, max(1, len(lines))), 1, -1, "", "")
    return PackedFile(
        SourceFile(path, "text", FileRole.SOURCE, len(content), 1),
        xxhash.xxh3_128_digest(content),
        "utf-8",
        len(lines),
        False,
        pack_content(content),
        pack_facts(Facts((module,), (), (), ())),
        tuple(chunks),
        np.empty((0, 0), np.float16),
    )


def put(folder: Path, *files: PackedFile) -> list[list[int]]:
    with IndexWriter(folder) as writer:
        ids = writer.put(files)
        writer.commit()
    return ids


def symbol(key: int, qualified: str, kind: SymbolKind = SymbolKind.FUNCTION, path: str = "a.txt") -> Symbol:
    name = qualified.rpartition(".")[2]
    return Symbol(key, qualified, name, qualified, kind, "python", path, 1, 2, f"def {name}()", "", -1)


def test_what_is_put_comes_back_byte_for_byte(tmp_path: Path) -> None:
    text = "one\ntwo\nthrée\n"
    [ids] = put(tmp_path, packed("a.txt", text))
    with open_snapshot(tmp_path) as reader:
        assert reader.content("a.txt") == text.encode()
        assert reader.text("a.txt") == text
        chunks = reader.chunks(list(reversed(ids)))
        assert [chunk.id for chunk in chunks] == list(reversed(ids))
        assert [text.encode()[c.span.start : c.span.end].decode() for c in reader.chunks_of("a.txt")] == [
            "one\ntwo\n",
            "thrée\n",
        ]
        table = reader.chunk_table()
        assert table.ids.tolist() == ids
        assert table.representatives.tolist() == ids
        assert reader.masked().tolist() == []


def test_a_snapshot_does_not_see_what_is_committed_later(tmp_path: Path) -> None:
    put(tmp_path, packed("a.txt", "old\n"))
    with open_snapshot(tmp_path) as reader:
        put(tmp_path, packed("a.txt", "new\n"), packed("b.txt", "more\n"))
        assert reader.text("a.txt") == "old\n"
        assert [file.path for file in reader.files()] == ["a.txt"]
        assert not reader.is_latest()
    with open_snapshot(tmp_path) as reader:
        assert reader.text("a.txt") == "new\n"


def test_what_is_not_committed_is_gone(tmp_path: Path) -> None:
    put(tmp_path, packed("a.txt", "kept\n"))
    with IndexWriter(tmp_path) as writer:
        writer.put([packed("b.txt", "lost\n")])
    with open_snapshot(tmp_path) as reader:
        assert [file.path for file in reader.files()] == ["a.txt"]


def test_a_path_outside_of_the_index_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, packed("a.txt", "x\n"))
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


def test_an_index_of_another_format_is_refused(tmp_path: Path) -> None:
    put(tmp_path, packed("a.txt", "x\n"))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(BrokenIndexError, match="format 99"):
        open_snapshot(tmp_path)


def test_a_flipped_bit_in_a_stored_text_is_found(tmp_path: Path) -> None:
    put(tmp_path, packed("a.txt", "x\n"), packed("b.txt", "y\n"))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("UPDATE contents SET raw = (SELECT raw FROM contents ORDER BY id DESC LIMIT 1)")
    with open_snapshot(tmp_path) as reader, pytest.raises(BrokenIndexError, match=r"a\.txt is not what was indexed"):
        reader.text("a.txt")


def test_symbols_are_found_by_name_suffix_and_case(tmp_path: Path) -> None:
    names = ["pkg.mod.Client.get", "pkg.mod.get", "other.GET", "pkg.mod.forget"]
    with IndexWriter(tmp_path) as writer:
        writer.put([packed("a.txt", "x\n")])
        found = [symbol(i, name) for i, name in enumerate(names)]
        outside = symbol(4, "requests.get", SymbolKind.EXTERNAL, "")
        writer.replace_graph([*found, outside], [Edge(0, 4, EdgeKind.CALLS, Confidence.EXACT, "a.txt", 1)])
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        assert [s.id for s in reader.find_symbols("get")] == [
            "pkg.mod.get",
            "pkg.mod.Client.get",
            "requests.get",
            "other.GET",
        ]
        assert [s.id for s in reader.find_symbols("Client.get")] == ["pkg.mod.Client.get"]
        assert reader.find_symbols("nothing") == []
        [edge] = reader.edges_from([0])
        assert (edge.target, edge.path, edge.line) == (4, "a.txt", 1)
        assert reader.edges_to([4], [EdgeKind.IMPORTS]) == []
        assert reader.edge_counts() == {"calls": {"exact": 1}}
        with pytest.raises(KeyError):
            reader.symbols([99])


def test_clone_classes_mask_their_members(tmp_path: Path) -> None:
    [[first], [second]] = put(tmp_path, packed("a.txt", "x\n"), packed("b.txt", "x\n"))
    place = Place("a.txt", 1, 1, "a.txt")
    kept = CloneMember(first, place, CloneType.LAYOUT, 1.0)
    copy = CloneMember(second, Place("b.txt", 1, 1, "b.txt"), CloneType.LAYOUT, 1.0)
    summary = FoldingSummary(4, 4, 4, 2, 2, 2, 0, 0, 2, 2)
    with IndexWriter(tmp_path) as writer:
        writer.replace_clones([CloneClass(1, CloneType.LAYOUT, 1.0, 2, kept, (copy,))], summary, {second: first})
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        [found] = reader.clone_classes()
        assert (found.representative, found.members) == (kept, (copy,))
        assert reader.masked().tolist() == [second]
        assert reader.copies([first, second, 99]) == {first: 1, second: 1}
        assert reader.folding() == summary
    with IndexWriter(tmp_path) as writer:
        writer.replace_clones([], summary, {})
        writer.commit()
    with open_snapshot(tmp_path) as reader:
        assert reader.masked().tolist() == []


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
                    [ids] = writer.put([packed(path, text)])
                    assert not seen & set(ids)
                    seen.update(ids)
                    truth[path] = text
            generation = writer.commit()
            added, removed = writer.changes_since(follows)
            derived = (derived | set(added)) - set(removed)
            follows = generation
            writer.forget_removed(generation)
        writer.sweep()
        writer.commit()
    with SnapshotReader(folder) as reader:
        assert {file.path: reader.text(file.path) for file in reader.files()} == truth
        assert set(reader.chunk_table().ids.tolist()) == derived
        assert reader.count("files") == len(truth)
