"""The folded source: one copy kept, the others named in their place, and nothing written outside of the folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError, UsageError
from core.model.chunk import Chunk, ChunkKind
from core.model.clone import CloneType
from core.model.source import FileRole, IndexedFile, Place, Span
from core.settings import IndexSettings, Settings
from indexing.embedding.static import StaticEmbedder
from indexing.folding import folded_source
from indexing.folding.folded_source import write_folded
from indexing.folding.folded_text import Copy, comment, fold_text
from indexing.intake import open_source
from indexing.pipeline import Job, build
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot

AVERAGE = '''    def average(self, values):
        """The mean of the values, or nothing."""
        total = 0
        for value in values:
            total += value.amount * value.weight
        return total / len(values) if values else None
'''
RENAMED = (
    AVERAGE.replace("total", "summed").replace("value", "entry").replace("The mean of the entrys, or nothing", "A mean")
)
SPREAD = """// Ä note
export function spread(list) {
  const out = [];
  for (const one of list) {
    out.push(one.name, one.size);
  }
  return out;
}
"""
ORDERS = f"""from app.stock import Stock


class Orders:
    kind = 'orders'

{AVERAGE}

    def ship(self):
        return Stock().send(self.kind, 1, 2, 3)
"""
STOCK = f"""class Stock:
    kind = 'stock'

{RENAMED}

    def send(self, kind, one, two, three):
        return [kind, one, two, three]
"""
SOURCES = {
    "app/main.py": ORDERS,
    "app/stock.py": STOCK,
    "app/copy/util.js": SPREAD,
    "other/util.js": SPREAD,
    "latin.py": "NAMES = ['Größe', 'Länge', 'Breite', 'Höhe']\n\n\n"
    + AVERAGE.replace("    def", "def").replace("\n    ", "\n"),
    "notes.txt": "nothing to fold here\n",
}


class WordCounter:
    """Counts words and signs, so that a joined text counts as much as its parts."""

    name = "words"

    def count(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnapshotReader]:
    root, index = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("index")
    for name, text in SOURCES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode("latin-1" if name == "latin.py" else "utf-8"))
    with open_source(str(root)) as workspace:
        job = Job(workspace, index, Settings(index=IndexSettings(executor="serial")), StaticEmbedder())
        for _ in build(job, CancellationToken()):
            pass
    with open_snapshot(index) as snapshot:
        yield snapshot


def fold(reader: SnapshotReader, target: Path, budget: int | None = None) -> folded_source.FoldedSource:
    return write_folded(reader, target, WordCounter(), CancellationToken(), budget)


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        folded_source._MANIFEST,
        folded_source._RECORDS,
    }


def test_every_file_is_there_and_copies_are_named(reader: SnapshotReader, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = fold(reader, out)
    assert files_in(out) == set(SOURCES)
    assert done.files == len(SOURCES)
    assert done.bytes == sum((out / name).stat().st_size for name in SOURCES) < sum(len(text) for text in SOURCES.values())
    assert 0 < done.tokens < sum(WordCounter().count(text) for text in SOURCES.values())
    assert done.folding == reader.folding()
    assert (out / "notes.txt").read_text() == SOURCES["notes.txt"]
    kept = (out / "app/stock.py").read_text()
    assert kept == SOURCES["app/stock.py"], "what others use is kept"
    folded = (out / "app/main.py").read_text()
    assert "total" not in folded
    assert re.search(
        r"^    # folded: the same but for local names as app/stock\.py:4-9 \(app\.stock\.Stock\.average\)$", folded, re.M
    )
    assert "def ship" in folded


def test_a_copied_file_becomes_a_line(reader: SnapshotReader, tmp_path: Path) -> None:
    fold(reader, tmp_path / "out")
    assert (tmp_path / "out/app/copy/util.js").read_text() == SOURCES["app/copy/util.js"]
    [line] = (tmp_path / "out/other/util.js").read_text().strip().splitlines()[-1:]
    assert line.startswith("// folded: the same as app/copy/util.js")


def test_a_folded_file_keeps_its_encoding(reader: SnapshotReader, tmp_path: Path) -> None:
    fold(reader, tmp_path / "out")
    content = (tmp_path / "out/latin.py").read_bytes()
    assert "['Größe'".encode("cp1252") in content
    assert b"# folded: the same but for local names as app/stock.py" in content


def test_what_was_left_out_can_be_put_back(reader: SnapshotReader, tmp_path: Path) -> None:
    """What is written holds the whole source, byte for byte."""
    fold(reader, tmp_path / "out")
    assert folded_source.expand_folded(tmp_path / "out", tmp_path / "again", CancellationToken()) == len(SOURCES)
    for file in reader.files():
        assert (tmp_path / "again" / file.path).read_bytes() == reader.content(file.path)


def test_a_folded_tree_that_was_changed_is_not_expanded(reader: SnapshotReader, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folded source"):
        folded_source.expand_folded(tmp_path, tmp_path / "again", CancellationToken())
    fold(reader, tmp_path / "out")
    (tmp_path / "out" / folded_source._RECORDS).write_bytes(b"something else")
    with pytest.raises(UsageError, match="cannot be expanded"):
        folded_source.expand_folded(tmp_path / "out", tmp_path / "again", CancellationToken())


def test_writing_again_replaces_what_was_written_and_nothing_else(reader: SnapshotReader, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    first = fold(reader, out)
    (out / "app/main.py").write_text("changed")
    assert fold(reader, out) == first
    assert files_in(out) == set(SOURCES)
    (out / "mine.txt").write_text("precious")
    with pytest.raises(UsageError, match="did not write"):
        fold(reader, out)
    assert (out / "mine.txt").read_text() == "precious"


@pytest.mark.parametrize("kind", ["full", "file", "link-to-full"])
def test_other_folders_are_left_alone(kind: str, reader: SnapshotReader, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("precious")
    (tmp_path / "file").write_text("precious")
    (tmp_path / "link-to-full").symlink_to(full)
    with pytest.raises(UsageError) as caught:
        fold(reader, tmp_path / kind)
    assert caught.value.next_step
    assert [path.read_text() for path in (full / "mine.txt", tmp_path / "file")] == ["precious"] * 2
    assert [entry.name for entry in full.iterdir()] == ["mine.txt"]


def test_a_forged_manifest_deletes_nothing_outside(reader: SnapshotReader, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "link").symlink_to(tmp_path)
    names = f'["../outside.txt", "{outside}", "link/outside.txt", "a/../../outside.txt", 7, ""]'
    (out / folded_source._MANIFEST).write_text(names)
    with pytest.raises(UsageError):
        fold(reader, out)
    assert outside.read_text() == "precious"


@pytest.mark.parametrize(
    "path", ["../evil.py", "/evil.py", "a/../../evil.py", "a//b.py", "./evil.py", "\\x2e\\x2e/evil.py", ""]
)
def test_paths_cannot_leave_the_folder(path: str, reader: SnapshotReader, tmp_path: Path) -> None:
    class Hostile(SnapshotReader):
        def __init__(self) -> None:
            pass

        def files(self) -> list[IndexedFile]:
            return [IndexedFile(path, "python", FileRole.SOURCE, 1, 0, "", "utf-8", 1)]

        def content(self, path: str) -> bytes:
            return b"x = 1\n"

        def clone_classes(self) -> list:
            return []

        def chunks_of(self, path: str) -> list:
            return []

    with pytest.raises(BrokenIndexError, match="outside"):
        fold(Hostile(), tmp_path / "out")
    assert not list(tmp_path.rglob("evil*"))


def test_one_document_within_a_budget(reader: SnapshotReader, tmp_path: Path) -> None:
    done = fold(reader, tmp_path / "all", 10_000)
    text = (tmp_path / "all" / "folded.md").read_text()
    assert done.tokens == WordCounter().count(text) <= 10_000
    assert done.files == len(SOURCES)
    assert text.index("## app/stock.py") < text.index("## app/main.py") < text.index("## notes.txt")
    assert "did not fit" not in text
    for budget in range(60, 400, 20):
        target = tmp_path / f"{budget}.md"
        done = fold(reader, target, budget)
        assert done.tokens == WordCounter().count(target.read_text()) <= budget
        assert done.bytes == target.stat().st_size
    assert "did not fit" in (tmp_path / "60.md").read_text()
    with pytest.raises(UsageError, match="holds no file"):
        fold(reader, tmp_path / "none", 30)
    assert not (tmp_path / "none").exists()


def chunk(key: int, start: int, end: int) -> Chunk:
    return Chunk(key, "a.py", Span(start, end, 1, 1), ChunkKind.FUNCTION, "a.f", "python", FileRole.SOURCE, 0, "", key)


def test_code_after_a_copy_stays_code() -> None:
    text = b"def f(): pass\nx = 1\n"
    copy = Copy(Place("b.py", 3, 4, "b.f"), CloneType.LAYOUT)
    found = fold_text(text, "python", [chunk(1, 0, 13), chunk(2, 14, 20)], {1: copy}).text
    assert found == b"# folded: the same as b.py:3-4 (b.f)\nx = 1\n"
    joined = fold_text(b"f(); g();", "python", [chunk(1, 0, 4), chunk(2, 4, 9)], {1: copy}).text
    assert joined.splitlines()[1] == b" g();"
    whole_lines = fold_text(text, "python", [chunk(1, 0, 14), chunk(2, 14, 20)], {1: copy}).text
    assert whole_lines.splitlines()[1] == b"x = 1"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "a", "# a"),
        ("css", "a*/b", "/* a* /b */"),
        ("html", "a-->b", "<!-- a- ->b -->"),
        ("json", "a", "[a]"),
        ("sql", "a", "-- a"),
    ],
)
def test_comments_cannot_be_broken_out_of(language: str, text: str, expected: str) -> None:
    assert comment(language, text) == expected


def test_links_in_the_folder_are_not_written_through(reader: SnapshotReader, tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    fold(reader, out)
    (out / "other" / "util.js").unlink()
    (out / "other").rmdir()
    (out / "other").symlink_to(outside)
    with pytest.raises((UsageError, BrokenIndexError)):
        fold(reader, out)
    assert os.listdir(outside) == []  # noqa: PTH208 - names are enough
