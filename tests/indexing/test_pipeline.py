"""The stages together, on real files: incremental, atomic, and the same however the work is spread."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, SourceError
from core.progress import Progress, Stage
from core.settings import IndexSettings, Settings
from indexing.derived import VECTORS_FOLDER, WORDS_FOLDER
from indexing.embedding.static import StaticEmbedder
from indexing.intake import open_source
from indexing.pipeline import Job, build
from indexing.report import Report
from indexing.stores.faiss import VectorReader
from indexing.stores.maintenance import discard
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.tantivy import LexicalReader

SOURCES = {
    "shop/__init__.py": "",
    "shop/basket.py": '''"""Baskets."""

from shop.prices import price_of


class Basket:
    """What a customer has chosen."""

    def __init__(self) -> None:
        self.items = []

    def add(self, item):
        """Put an item in."""
        self.items.append(item)

    def total(self):
        """What it all costs."""
        return sum(price_of(item) for item in self.items)
''',
    "shop/prices.py": '''"""Prices."""

PRICES = {"apple": 3, "pear": 4}


def price_of(item):
    """The price of an item, in cents; unknown items cost nothing."""
    return PRICES.get(item, 0)
''',
    "web/basket.js": """export function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}
""",
    "README.md": "# Shop\n\nA shop that sells fruit.\n",
    "notes.txt": "Remember the milk.\n",
}
LONG_AGO = 1_600_000_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    for path, text in SOURCES.items():
        write(root, path, text)
    return root


def write(root: Path, path: str, text: str, when: int = LONG_AGO) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.utime(file, (when, when))


def index(
    source: Path, folder: Path, *, executor: str = "serial", precision: str = "", token: CancellationToken | None = None
) -> Report:
    settings = Settings(index=IndexSettings(executor=executor, workers=2, precision=precision))
    with open_source(str(source)) as workspace:
        run = build(Job(workspace, folder, settings, StaticEmbedder()), token or CancellationToken())
        while True:
            try:
                step = next(run)
            except StopIteration as done:
                return done.value
            assert isinstance(step, Progress)


def picture(folder: Path) -> tuple[object, ...]:
    """All an index says, without its ids."""
    with open_snapshot(folder) as reader:
        symbols = {symbol.key: symbol.id for symbol in reader.all_symbols()}
        chunks = {
            chunk.id: (chunk.path, chunk.span.start, chunk.span.end, chunk.symbol, str(chunk.kind))
            for f in reader.files()
            for chunk in reader.chunks_of(f.path)
        }
        lexical = LexicalReader(folder / WORDS_FOLDER)
        vectors = VectorReader(folder / VECTORS_FOLDER)
        query = StaticEmbedder().embed_query("what does it cost")
        ids, scores = vectors.search(query, 1_000)  # all: where the best end, equals would be cut by their ids
        words, _ = lexical.search({"price": 1.0, "item": 1.0}, 100)
        return (
            [(file.path, file.content_hash, file.role) for file in reader.files()],
            sorted(chunks.values(), key=repr),
            sorted((symbols[e.source], symbols[e.target], e.kind, e.confidence, e.path, e.line) for e in reader.edges()),
            sorted((chunks[int(i)], round(float(s), 4)) for i, s in zip(ids, scores, strict=True)),
            sorted(chunks[int(i)] for i in words),
            [(c.representative.place, [m.place for m in c.members]) for c in reader.clone_classes()],
        )


def test_an_index_holds_what_the_source_says(source: Path, tmp_path: Path) -> None:
    report = index(source, tmp_path / "index")
    assert report.files.indexed == len(SOURCES) - 1  # the empty file is skipped
    assert [str(file.reason) for file in report.files.skipped] == ["empty"]
    assert set(report.languages) == {"python", "javascript", "markdown", "text"}
    assert report.vectors.count == report.chunks > 0
    assert report.seconds["first_searchable"] <= report.seconds["total"]
    with open_snapshot(tmp_path / "index") as reader:
        for path, text in SOURCES.items():
            if text:
                assert reader.text(path) == text
        [total] = reader.find_symbols("shop.basket.Basket.total")
        [price] = reader.find_symbols("shop.prices.price_of")
        assert price.key in {edge.target for edge in reader.edges_from([total.key])}


def test_processes_and_this_process_make_the_same_index(source: Path, tmp_path: Path) -> None:
    # Enough text that the pool is worth its start.
    told = "".join(f"    # why this is so, for the {n}th time\n" for n in range(60))
    for i in range(4):
        write(source, f"bulk/part{i}.py", "".join(f"def f{i}_{n}(x):\n{told}    return x * {n}\n\n\n" for n in range(180)))
    index(source, tmp_path / "here")
    index(source, tmp_path / "there", executor="local")
    assert picture(tmp_path / "here") == picture(tmp_path / "there")


def test_the_log_is_cleared_when_workers_have_read_the_index(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.executors.IN_PROCESS_BYTES", 0)
    index(source, tmp_path / "index", executor="local")
    log = tmp_path / "index" / "index.sqlite-wal"
    assert not log.exists() or not log.stat().st_size


def test_a_second_run_finds_all_unchanged(source: Path, tmp_path: Path) -> None:
    index(source, tmp_path / "index")
    before = picture(tmp_path / "index")
    report = index(source, tmp_path / "index")
    assert (report.files.indexed, report.files.unchanged, report.files.removed) == (0, len(SOURCES) - 1, 0)
    assert picture(tmp_path / "index") == before


def test_a_run_that_finds_nothing_to_do_writes_no_words_and_no_vectors(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index(source, folder)

    def derived() -> list[tuple[str, int]]:
        files = [*(folder / WORDS_FOLDER).rglob("*"), *(folder / VECTORS_FOLDER).rglob("*")]
        return sorted((file.name, file.stat().st_mtime_ns) for file in files if "lock" not in file.name)

    before = derived()
    with open_snapshot(folder) as reader:
        index(source, folder)
        assert not reader.is_latest()  # when it was up to date is told anew
        generation = reader.generation
    assert derived() == before
    with open_snapshot(folder) as reader:
        assert reader.generation == generation


def test_an_edited_file_indexes_only_itself_and_equals_a_fresh_index(source: Path, tmp_path: Path) -> None:
    index(source, tmp_path / "index")
    write(source, "shop/prices.py", SOURCES["shop/prices.py"].replace("price_of", "cost_of"), LONG_AGO + 10)
    write(source, "shop/new.py", "from shop.prices import cost_of\n\n\ndef twice(x):\n    return 2 * cost_of(x)\n")
    (source / "notes.txt").unlink()
    report = index(source, tmp_path / "index")
    assert (report.files.indexed, report.files.unchanged, report.files.removed) == (2, len(SOURCES) - 3, 1)
    index(source, tmp_path / "fresh")
    assert picture(tmp_path / "index") == picture(tmp_path / "fresh")


def test_a_new_time_stamp_on_the_same_bytes_is_no_change(source: Path, tmp_path: Path) -> None:
    index(source, tmp_path / "index")
    write(source, "shop/prices.py", SOURCES["shop/prices.py"], LONG_AGO + 99)
    report = index(source, tmp_path / "index")
    assert (report.files.indexed, report.files.unchanged) == (0, len(SOURCES) - 1)
    assert "link" not in report.seconds


def test_a_change_within_the_tick_of_a_time_stamp_is_seen(source: Path, tmp_path: Path) -> None:
    import time

    now = int(time.time())
    write(source, "notes.txt", "aaaa\n", now)
    index(source, tmp_path / "index")
    write(source, "notes.txt", "bbbb\n", now)
    report = index(source, tmp_path / "index")
    assert report.files.indexed == 1
    with open_snapshot(tmp_path / "index") as reader:
        assert reader.text("notes.txt") == "bbbb\n"


@pytest.mark.parametrize("lost", [WORDS_FOLDER, VECTORS_FOLDER])
def test_a_lost_derived_store_is_made_anew(source: Path, tmp_path: Path, lost: str) -> None:
    index(source, tmp_path / "index")
    before = picture(tmp_path / "index")
    shutil.rmtree(tmp_path / "index" / lost)
    index(source, tmp_path / "index")
    assert picture(tmp_path / "index") == before


@pytest.mark.parametrize("behind", [WORDS_FOLDER, VECTORS_FOLDER])
def test_a_derived_store_that_is_behind_replays_what_it_missed(source: Path, tmp_path: Path, behind: str) -> None:
    folder = tmp_path / "index"
    index(source, folder)
    shutil.copytree(folder / behind, tmp_path / "old")
    write(source, "shop/prices.py", SOURCES["shop/prices.py"] + "\n\nFREE = price_of(None)\n", LONG_AGO + 10)
    (source / "README.md").unlink()
    index(source, folder)
    after = picture(folder)
    shutil.rmtree(folder / behind)
    shutil.copytree(tmp_path / "old", folder / behind)
    index(source, folder)
    assert picture(folder) == after


def test_cancelling_keeps_what_was_committed_and_the_next_run_goes_on(source: Path, tmp_path: Path) -> None:
    token = CancellationToken()
    settings = Settings(index=IndexSettings(executor="serial", batch_bytes=1))
    folder = tmp_path / "index"
    with open_source(str(source)) as workspace:
        run = build(Job(workspace, folder, settings, StaticEmbedder()), token)
        while (step := next(run)).stage is not Stage.INDEX or step.done < 2:
            pass
        token.cancel()
        with pytest.raises(CancelledError):
            next(run)
    with open_snapshot(folder) as reader:
        assert len(reader.files()) == 2
    report = index(source, folder)
    assert (report.files.indexed, report.files.unchanged) == (len(SOURCES) - 3, 2)
    index(source, tmp_path / "fresh")
    assert picture(folder) == picture(tmp_path / "fresh")


def test_a_bug_in_a_parser_costs_one_file_its_structure_and_nothing_else(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indexing import batches

    real = batches.parse

    def stumbling(file, content, settings):
        if file.path == "shop/prices.py" and file.language == "python":
            raise IndexError("a bug")
        return real(file, content, settings)

    monkeypatch.setattr(batches, "parse", stumbling)
    report = index(source, tmp_path / "index")
    assert [(problem.path, problem.reason) for problem in report.files.degraded] == [
        ("shop/prices.py", "parser failed: IndexError('a bug')")
    ]
    with open_snapshot(tmp_path / "index") as reader:
        assert reader.text("shop/prices.py") == SOURCES["shop/prices.py"]
        assert reader.chunks_of("shop/prices.py")
        assert reader.find_symbols("shop.basket.Basket.total")


def test_an_index_inside_of_its_source_is_not_indexed(source: Path) -> None:
    folder = source / "index"
    first = index(source, folder)
    second = index(source, folder)
    assert second.files.unchanged == first.files.indexed
    assert second.files.indexed == 0


def test_nothing_to_index_is_an_error_that_leaves_the_source_alone(tmp_path: Path) -> None:
    source = tmp_path / "empty"
    source.mkdir()
    with pytest.raises(SourceError, match="nothing"):
        index(source, tmp_path / "index")
    assert list(source.iterdir()) == []


COPIED = "def compute(a, b):\n" + "".join(f"    total{n} = a * {n} + b\n    print(total{n})\n" for n in range(20))


def with_copies(source: Path) -> None:
    for name in ("one", "two", "three"):
        write(source, f"copies/{name}.py", COPIED)


def test_lost_vectors_come_back_without_the_copies(source: Path, tmp_path: Path) -> None:
    """Masks are kept in the truth: vectors made anew after a crash or a loss must leave copies out again."""
    with_copies(source)
    index(source, tmp_path / "index")
    before = picture(tmp_path / "index")
    shutil.rmtree(tmp_path / "index" / VECTORS_FOLDER)
    assert index(source, tmp_path / "index").files.indexed == 0
    assert picture(tmp_path / "index") == before


def test_another_precision_is_made_without_reading_the_source_again_and_stays(source: Path, tmp_path: Path) -> None:
    with_copies(source)
    folder = tmp_path / "index"
    assert index(source, folder).vectors.precision == "compact"
    compact = picture(folder)
    for precision in ("float16", "int8", ""):
        report = index(source, folder, precision=precision)
        assert (report.files.indexed, report.vectors.precision) == (0, precision or "int8")
        vectors = VectorReader(folder / VECTORS_FOLDER)
        assert vectors.precision == report.vectors.precision
        with open_snapshot(folder) as reader:
            assert vectors.count() == reader.count_chunks() - len(reader.masked())
    segment = next((folder / VECTORS_FOLDER).glob("vectors-*"))
    segment.write_bytes(segment.read_bytes()[1:])
    assert index(source, folder).vectors.precision == "int8"
    assert index(source, folder, precision="compact").vectors.precision == "compact"
    assert len(picture(folder)[3]) == len(compact[3])


def test_an_update_leaves_nothing_it_read_to_the_garbage_collector(source: Path, tmp_path: Path) -> None:
    """What linking had read stood in circles: of one update after the other it stayed until the collector looked for it,
    and a process that brought an index up to date 300 times grew by a third."""
    folder = tmp_path / "index"
    index(source, folder)
    write(source, "shop/prices.py", SOURCES["shop/prices.py"] + "\n\ndef other(item):\n    return price_of(item)\n")
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert index(source, folder).files.indexed == 1
        gc.collect()
        modules = [f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.garbage]
        left = Counter(name for name in modules if name.startswith(("core.", "indexing.")))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not left


def test_a_rebuild_keeps_the_precision_that_was_chosen_before(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index(source, folder, precision="int8")
    before = picture(folder)
    discard(folder)
    assert not list((folder / VECTORS_FOLDER).glob("*.bin"))
    assert index(source, folder).vectors.precision == "int8"
    assert picture(folder) == before
    discard(folder)
    discard(folder)  # as after a rebuild that was killed
    assert index(source, folder).vectors.precision == "int8"
    discard(folder)
    assert index(source, folder, precision="compact").vectors.precision == "compact"


def test_a_rebuild_of_an_index_with_a_damaged_manifest_has_the_usual_precision(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index(source, folder, precision="int8")
    (folder / VECTORS_FOLDER / "manifest.json").write_text("{}")
    discard(folder)
    assert index(source, folder).vectors.precision == "compact"


def test_a_run_cancelled_after_a_copy_was_removed_leaves_no_class_without_its_members(source: Path, tmp_path: Path) -> None:
    with_copies(source)
    index(source, tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        [found] = reader.clone_classes()
    (source / found.representative.place.path).unlink()
    token = CancellationToken()
    with open_source(str(source)) as workspace:
        run = build(Job(workspace, tmp_path / "index", Settings(), StaticEmbedder()), token)
        while next(run).stage is not Stage.LINK:
            pass
        token.cancel()
        with pytest.raises(CancelledError):
            next(run)
    with open_snapshot(tmp_path / "index") as reader:
        assert reader.clone_classes() == []
        assert reader.masked().tolist() == []
        assert VectorReader(tmp_path / "index" / VECTORS_FOLDER).count() == reader.count_chunks()
    index(source, tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        [found] = reader.clone_classes()
        assert len(found.members) == 1


def test_an_empty_source_leaves_no_index_behind(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(SourceError):
        index(tmp_path / "source", tmp_path / "index")
    assert not (tmp_path / "index").exists()
