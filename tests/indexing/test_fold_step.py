"""Folding an index: what folds, what is kept apart, and that a change touches only its classes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.model.clone import CloneClass, CloneType, Verdict
from core.model.ranking import Filter
from core.retrieval.retriever import Retriever
from core.settings import IndexSettings, Settings
from indexing import fold_compare, fold_differences, fold_step, pipeline
from indexing.derived import VECTORS_FOLDER, WORDS_FOLDER
from indexing.embedding.static import StaticEmbedder
from indexing.folding.blocks import repeated_blocks
from indexing.folding.explain import ExplainTask
from indexing.intake import open_source
from indexing.pipeline import Job, build
from indexing.refold import refold
from indexing.stores.choices import FoldChoice, choose
from indexing.stores.faiss import VectorReader
from indexing.stores.maintenance import discard
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from indexing.stores.sqlite.writer import IndexWriter
from indexing.stores.tantivy import LexicalReader

SETTINGS = Settings(index=IndexSettings(executor="serial"))
FUNCTION = """def collect(records, limit):
    found = []
    for record in records:
        if record.active and record.age > limit:
            found.append(record.name.strip().lower())
    found.sort(key=len)
    write_log("collected", len(found))
    for name in found:
        publish(name, limit, retries=3)
    send_report(found, limit)
    return found
"""


def make(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.py").write_text(text)
    return folder


def index(source: Path, folder: Path) -> None:
    with open_source(str(source)) as workspace:
        for _ in build(Job(workspace, folder, SETTINGS, StaticEmbedder()), CancellationToken()):
            pass


def classes(folder: Path) -> list[CloneClass]:
    with open_snapshot(folder) as reader:
        return reader.clone_classes()


def told(folder: Path) -> list[tuple[str, list[tuple[str, int, float, Verdict]]]]:
    return [
        (c.representative.place.path, [(m.place.path, int(m.type), m.similarity, m.verdict) for m in c.members])
        for c in classes(folder)
    ]


def masked(reader: SnapshotReader) -> set[str]:
    return {chunk.path for chunk in reader.chunks(reader.masked().tolist())}


def test_a_statement_more_folds_with_its_difference(tmp_path: Path) -> None:
    more = FUNCTION.replace("    return", "    forget_cookies()\n    return")
    index(make(tmp_path / "source", a=FUNCTION, b=more), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    [member] = found.members
    assert (member.type, member.verdict, member.threshold) == (CloneType.EDITED, Verdict.FOLDED, 0.9)
    assert 0.9 <= member.similarity < 1.0
    assert any("forget_cookies" in change.removed + change.added for change in member.difference.changes)
    with open_snapshot(tmp_path / "index") as reader:
        assert len(masked(reader)) == 1


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("retries=3", "retries=4", CloneType.RENAMED),
        ("age > limit", "age >= limit", CloneType.EDITED),
        ("record.active and ", "", CloneType.EDITED),
        ("send_report", "drop_report", CloneType.EDITED),
    ],
)
def test_what_may_be_a_bug_fix_is_kept_apart(tmp_path: Path, old: str, new: str, kind: CloneType) -> None:
    index(make(tmp_path / "source", a=FUNCTION, b=FUNCTION.replace(old, new)), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    [member] = found.members
    assert (member.type, member.verdict, found.bytes_saved) == (kind, Verdict.APART, 0)
    with open_snapshot(tmp_path / "index") as reader:
        assert masked(reader) == set()
        assert reader.copies([found.representative.chunk, member.chunk]) == {}


@pytest.mark.parametrize(
    ("old", "new"), [("retries=3", "retries=4"), ("age > limit", "age >= limit"), ("send_report", "drop_report")]
)
def test_a_statement_more_does_not_hide_what_may_be_a_bug_fix(tmp_path: Path, old: str, new: str) -> None:
    """A driver's `base - value`, which its copy had mended to `value - base`, was masked since a declaration had moved."""
    fixed = FUNCTION.replace(old, new).replace("    return", "    forget_cookies()\n    return")
    index(make(tmp_path / "source", a=FUNCTION, b=fixed), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    [member] = found.members
    assert member.similarity >= 0.9
    assert member.verdict is Verdict.APART
    assert member.difference.changes
    with open_snapshot(tmp_path / "index") as reader:
        assert masked(reader) == set()


def test_renamed_and_edited_is_found_with_its_names(tmp_path: Path) -> None:
    renamed = FUNCTION.replace("found", "kept").replace("record", "entry").replace("    return", "    done()\n    return")
    index(make(tmp_path / "source", a=FUNCTION, b=renamed), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    [member] = found.members
    assert member.similarity > 0.9
    pairs = {frozenset(pair) for pair in member.difference.renamed}
    assert {frozenset(("found", "kept")), frozenset(("record", "entry"))} <= pairs


def test_the_copy_with_a_token_of_its_own_is_shown_for_it(tmp_path: Path) -> None:
    more = FUNCTION.replace("    return", "    forget_cookies()\n    return")
    folder = tmp_path / "index"
    index(make(tmp_path / "source", a=more, b=FUNCTION, c=FUNCTION + "\n\nCOLLECTED = collect([], 1)\n"), folder)
    with open_snapshot(folder) as reader:
        words, vectors = LexicalReader(folder / WORDS_FOLDER), VectorReader(folder / VECTORS_FOLDER)
        retriever = Retriever(reader, words, vectors, StaticEmbedder())
        [owner] = {place.path for c in reader.clone_classes() for place in _with(c, "forget_cookies")}
        assert owner == "a.py"
        assert owner in {hit.path for hit in retriever.rank("forget_cookies", 5, Filter()).hits}
        [other] = [hit for hit in retriever.rank("collect active records", 5, Filter()).hits if hit.copies]
        assert other.copies == len(other.copied) == 2


def test_the_first_copies_are_those_of_the_whole_class(tmp_path: Path) -> None:
    texts = {name: FUNCTION.replace("found", f"found_in_{name.replace('/', '_')}") for name in ("d", "a", "c", "b/a")}
    index(make(tmp_path / "source", **texts), tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        [found] = reader.clone_classes()
        together = [found.representative, *(member for member in found.members if member.verdict.is_masked)]
        assert len(together) == 4
        assert {len(member.difference.renamed) for member in together[1:]} == {1}
        for member in together:
            others = tuple(other for other in together if other is not member)
            assert reader.copied([member.chunk], 5) == {member.chunk: others}
            assert reader.copied([member.chunk], 2) == {member.chunk: others[:2]}


def test_an_unchanged_source_is_folded_anew_where_rules_or_settings_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = make(tmp_path / "source", a=FUNCTION, b=FUNCTION), tmp_path / "index"
    index(source, folder)
    formed: list[str] = []

    def noted(*arguments: Any) -> float:
        formed.append("formed")
        return fold_step.fold_index(*arguments)

    monkeypatch.setattr(pipeline, "fold_index", noted)
    index(source, folder)
    assert formed == []
    monkeypatch.setattr(fold_step, "RULES", fold_step.RULES + 1)
    index(source, folder)
    index(source, folder)
    assert formed == ["formed"]


def test_pairs_that_are_compared_a_few_at_a_time_are_as_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(8)
    make(tmp_path / "source", **{f"part{place}": _variant(chance) for place in range(40)})
    index(tmp_path / "source", tmp_path / "index")
    compared = []
    monkeypatch.setattr(fold_compare, "_COMPARED_AT_ONCE", 7)
    monkeypatch.setattr(fold_compare, "_RENAMED_AT_ONCE", 2)

    def counting(self: fold_compare.Comparison, pairs: Any, least: float) -> Any:
        compared.append(len(pairs))
        return similarities(self, pairs, least)

    similarities = fold_compare.Comparison.similarities
    monkeypatch.setattr(fold_compare.Comparison, "similarities", counting)
    index(tmp_path / "source", tmp_path / "again")
    assert len(compared) > 3
    assert max(compared) == 7
    assert told(tmp_path / "index") == told(tmp_path / "again")
    assert told(tmp_path / "index")


def test_an_edit_may_leave_no_function_to_compare(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index(make(tmp_path / "source", a=FUNCTION, b=FUNCTION.replace("found", "kept")), folder)
    assert told(folder)
    index(make(tmp_path / "source", a="LIMIT = 1\n", b="LIMIT = 2\n"), folder)
    assert told(folder) == []


def _with(found: CloneClass, word: str) -> list:  # type: ignore[type-arg]
    places = [m.place for m in found.members if any(word in c.added for c in m.difference.changes)]
    removed = any(word in c.removed for m in found.members for c in m.difference.changes)
    return [*places, *([found.representative.place] if removed else [])]


def test_a_long_function_is_one_place(tmp_path: Path) -> None:
    lines = [f"    value = combine(value, source[{n}], part_{n}, {n * 7})" for n in range(120)]
    text = "\n".join(["def build(source):", "    value = None", *lines, "    return value", ""])
    edited = text.replace("    return value", "    close(source)\n    return value")
    index(make(tmp_path / "source", a=text, b=text.replace("value", "result"), c=edited), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    assert found.representative.parts > 1
    assert {(m.parts > 1, m.place.start_line, m.place.end_line >= 123) for m in found.members} == {(True, 1, True)}
    with open_snapshot(tmp_path / "index") as reader:
        assert len(masked(reader)) == 2
        assert reader.copies([found.representative.chunk + 1]) == {found.representative.chunk + 1: 2}


def test_an_update_gives_what_a_rebuild_gives_and_compares_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    source = make(tmp_path / "source", **{f"f{n}": _variant(chance) for n in range(12)})
    make(source, **{f"g{n}": _other_variant(chance) for n in range(12)})
    index(source, tmp_path / "index")
    assert sum(len(c.members) for c in classes(tmp_path / "index")) > 5
    compared: list[int] = []
    verified = fold_compare._verified

    def counting(pairs: object, *rest: object) -> object:
        compared.append(len(pairs))  # type: ignore[arg-type]
        return verified(pairs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fold_compare, "_verified", counting)
    make(source, f5=_variant(chance), f7="x = 1\n")
    index(source, tmp_path / "index")
    index(source, tmp_path / "again")
    assert told(tmp_path / "index") == told(tmp_path / "again")
    updated, rebuilt = compared
    assert updated < rebuilt
    (source / "f3.py").unlink()
    index(source, tmp_path / "index")
    index(source, tmp_path / "third")
    assert told(tmp_path / "index") == told(tmp_path / "third")


def test_a_function_that_stands_as_it_was_in_a_changed_file_is_not_compared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    functions = [_variant(chance), _other_variant(chance)]
    source = make(tmp_path / "source", both="\n\n".join(functions), **{f"f{n}": _variant(chance) for n in range(6)})
    make(source, **{f"g{n}": _other_variant(chance) for n in range(6)})
    index(source, tmp_path / "index")
    compared: list[int] = []
    verified = fold_compare._verified

    def counting(pairs: object, *rest: object) -> object:
        compared.append(len(pairs))  # type: ignore[arg-type]
        return verified(pairs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fold_compare, "_verified", counting)
    make(source, both="\n\n".join(["import os\n", *functions]), moved=_variant(random.Random(7)))
    index(source, tmp_path / "index")
    assert compared == [0]
    with open_snapshot(tmp_path / "index") as reader:
        paths = {place.path for pair in reader.clone_pairs() for place in (pair.one, pair.other)}
    index(source, tmp_path / "again")
    assert told(tmp_path / "index") == told(tmp_path / "again")
    assert paths <= {"both.py", "moved.py", *(f"{kind}{n}.py" for kind in "fg" for n in range(6))}


def test_what_has_not_changed_is_neither_formed_nor_explained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(6)
    source = make(tmp_path / "source", **{f"f{n}": _variant(chance) for n in range(6)})
    make(source, **{f"g{n}": _other_variant(chance) for n in range(6)})
    index(source, tmp_path / "index")
    before = {found.id: found for found in classes(tmp_path / "index")}
    explained: list[str] = []
    run_tasks = fold_differences.run_tasks

    def noting(job: object, tasks: list[ExplainTask], *rest: object) -> object:
        explained.extend(member.path for task in tasks for member in (task.kept, *task.members))
        return run_tasks(job, tasks, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fold_differences, "run_tasks", noting)
    make(source, more="def more(x):\n    return x\n")
    index(source, tmp_path / "index")
    assert {found.id: found for found in classes(tmp_path / "index")} == before
    assert explained == []
    make(source, f2=_variant(chance))
    index(source, tmp_path / "index")
    assert explained
    assert all(path.startswith("f") for path in explained)
    index(source, tmp_path / "again")
    assert told(tmp_path / "index") == told(tmp_path / "again")


def test_how_copies_that_are_kept_apart_differ_is_not_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of an edited file were, though few said something else: their chunks have other ids."""
    texts = {"a": FUNCTION, "b": FUNCTION.replace("retries=3", "retries=4"), "c": FUNCTION.replace("age > ", "age < ")}
    source = make(tmp_path / "source", **texts)
    index(source, tmp_path / "index")
    before = classes(tmp_path / "index")
    explained: list[str] = []
    run_tasks = fold_differences.run_tasks

    def noting(job: object, tasks: list[ExplainTask], *rest: object) -> object:
        explained.extend(member.path for task in tasks for member in task.members)
        return run_tasks(job, tasks, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fold_differences, "run_tasks", noting)
    for name in "ab":
        make(source, **{name: f"{texts[name]}\n\nTURN = 1\n"})
        index(source, tmp_path / "index")
    assert explained == []
    after = classes(tmp_path / "index")
    assert [_differences(found) for found in after] == [_differences(found) for found in before]
    assert all(changes for found in after for changes in _differences(found).values())


def _differences(found: CloneClass) -> dict[str, object]:
    return {member.place.path: member.difference.changes for member in found.members}


@pytest.mark.parametrize("seed", range(4))
def test_a_row_of_updates_gives_what_a_rebuild_gives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    source = make(tmp_path / "source", **{f"f{n}": _near_or_far(chance) for n in range(14)})
    index(source, tmp_path / "index")
    verdicts = set[Verdict]()
    for turn in range(4):
        for _ in range(2):
            file = source / f"f{chance.randrange(14)}.py"
            match chance.randrange(4):
                case 0:
                    file.unlink(missing_ok=True)
                case 1 if file.exists():
                    # What it says moves on, and gets another id.
                    file.write_text("import os\n\n\n" + file.read_text())
                case _:
                    file.write_text(_near_or_far(chance))
        index(source, tmp_path / "index")
        index(source, tmp_path / f"again{turn}")
        assert told(tmp_path / "index") == told(tmp_path / f"again{turn}")
        verdicts |= {member.verdict for found in classes(tmp_path / "index") for member in found.members}
    assert verdicts & {Verdict.FOLDED, Verdict.INDEXED}
    assert verdicts & {Verdict.APART, Verdict.SUGGESTED}


def _near_or_far(chance: random.Random) -> str:
    """A variant of one function, at times so far from it that it is only told beside, or kept apart."""
    lines = _variant(chance).splitlines(keepends=True)
    for _ in range(chance.choice((0, 0, 1, 3, 5))):
        lines.insert(chance.randrange(2, len(lines) - 1), f"    note_{chance.randrange(9)}(found, limit, retries=2)\n")
    text = "".join(lines)
    return text.replace(">", chance.choice((">", ">", "<")))


def _other_variant(chance: random.Random) -> str:
    lines = [f"    part_{n} = weigh(items, scale[{n}], {n})\n" for n in range(9)]
    lines.insert(chance.randrange(9), f"    step_{chance.randrange(99)}(items)\n")
    return "".join(["def measure(items, scale):\n", *lines, "    return part_0 + part_8\n"])


def _variant(chance: random.Random) -> str:
    lines = FUNCTION.splitlines(keepends=True)
    for _ in range(chance.randrange(3)):
        lines.insert(chance.randrange(2, len(lines) - 1), f"    step_{chance.randrange(99)}(limit)\n")
    return "".join(lines).replace("limit", f"limit{chance.randrange(2)}")


@pytest.mark.parametrize("moved", ["a", "b", "c"])
def test_functions_of_a_file_that_moved_behind_those_that_they_are_like_stay_what_they_were(
    tmp_path: Path, moved: str
) -> None:
    """What is read again comes last among the chunks, so the functions of a pair may change places."""
    texts = {
        "a": FUNCTION,
        "b": FUNCTION.replace("retries=3", "retries=4"),
        "c": FUNCTION.replace("    return", "    forget_cookies()\n    return"),
    }
    source, folder, fresh = make(tmp_path / "source", **texts), tmp_path / "index", tmp_path / "fresh"
    index(source, folder)
    for turn in range(2):
        make(source, **{moved: f"{texts[moved]}\n\nTURN = {turn}\n"})
        index(source, folder)
    index(source, fresh)
    assert told(folder) == told(fresh)
    with IndexWriter(folder) as writer:
        kept = writer.clones.compared().pairs
        assert (kept["one"] <= kept["other"]).all()
    with open_snapshot(folder) as old, open_snapshot(fresh) as new:
        pairs = [{(frozenset((p.one, p.other)), p.similarity, p.apart) for p in r.clone_pairs()} for r in (old, new)]
    assert pairs[0] == pairs[1]
    assert pairs[0]


def test_a_person_pins_and_unfolds_and_a_rebuild_keeps_it(tmp_path: Path) -> None:
    source, folder = make(tmp_path / "source", a=FUNCTION, b=FUNCTION, c=FUNCTION), tmp_path / "index"
    index(source, folder)
    assert classes(folder)[0].representative.place.path == "a.py"
    choose(folder, "c.py", "c.collect", FoldChoice.PINNED)
    refold(folder, SETTINGS, StaticEmbedder(), CancellationToken())
    assert classes(folder)[0].representative.place.path == "c.py"
    discard(folder)
    index(source, folder)
    assert classes(folder)[0].representative.place.path == "c.py"
    choose(folder, "a.py", "a.collect", FoldChoice.UNFOLDED)
    index(source, folder)
    [found] = classes(folder)
    assert {member.verdict for member in found.members} == {Verdict.UNFOLDED}
    assert found.bytes_saved == 0
    with open_snapshot(folder) as reader:
        assert masked(reader) == set()
        assert VectorReader(folder / VECTORS_FOLDER).count() == reader.count_chunks()
    choose(folder, "a.py", "a.collect", None)
    index(source, folder)
    with open_snapshot(folder) as reader:
        assert masked(reader) == {"a.py", "b.py"}


def test_what_was_unfolded_when_it_was_told_is_judged_once_it_may_fold(tmp_path: Path) -> None:
    """It was masked without being looked at, and folded in the index alone."""
    more = FUNCTION.replace("    return", "    forget_cookies()\n    return")
    fixed = more.replace("retries=3", "retries=4")
    source, folder = make(tmp_path / "source", a=FUNCTION, b=more, c=fixed), tmp_path / "index"
    folder.mkdir()
    choose(folder, "a.py", "a.collect", FoldChoice.UNFOLDED)
    index(source, folder)
    assert {member.verdict for found in classes(folder) for member in found.members} >= {Verdict.UNFOLDED}
    choose(folder, "a.py", "a.collect", None)
    index(source, folder)
    index(source, tmp_path / "fresh")
    assert told(folder) == told(tmp_path / "fresh")


def test_blocks_within_functions_are_found(tmp_path: Path) -> None:
    block = "".join(f"    total_{n} = weigh(items[{n}], scale, {n})\n" for n in range(8))
    one = f"def first(items, scale):\n    begin(items)\n{block}    return total_0\n"
    spaced = block.replace("weigh(", "weigh( ")
    other = f"def second(items, scale, more):\n    # a note\n    if more:\n        stop()\n{spaced}    leave()\n"
    index(make(tmp_path / "source", a=one, b=other), tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        [found] = repeated_blocks(reader, 50, CancellationToken())
        assert [(place.path, place.start_line, place.end_line) for place in found.places] == [
            ("a.py", 3, 10),
            ("b.py", 5, 12),
        ]
        assert [place.symbol for place in found.places] == ["a.first", "b.second"]
        assert repeated_blocks(reader, found.tokens + 1, CancellationToken()) == []


def test_a_copy_of_which_every_statement_has_its_counterpart_is_never_masked(tmp_path: Path) -> None:
    """Several callees and operators differ: its skeleton is another, and it is 0.8 alike."""
    other = FUNCTION.replace("collect", "discard").replace("> limit", "<= limit + 1").replace("publish(", "withdraw(")
    index(make(tmp_path / "source", a=FUNCTION, b=other), tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        assert masked(reader) == set()
        [found] = reader.clone_classes()
    assert [member.verdict for member in found.members] == [Verdict.APART]
    assert 0.8 <= found.similarity < 1.0
    assert found.bytes_saved == 0


def test_the_head_of_a_long_function_folds_only_with_the_whole(tmp_path: Path) -> None:
    """Its first chunk says the same in a changed copy, which a search for its name would then not show."""
    inner = [
        f"    def part_{n}(items):\n" + "".join(f"        put(items[{n}], {k}, 'a{n}_{k}', limit)\n" for k in range(60))
        for n in range(12)
    ]
    text = "def build(source, limit):\n    begin(source)\n" + "".join(inner) + "    return part_0(source)\n"
    changed = text.replace("put(items[9], 7,", "put(items[9], 8,")
    assert changed != text
    source = make(tmp_path / "source", a=text, b=changed)
    index(source, tmp_path / "index")
    assert _heads(tmp_path / "index") == [False, False]
    make(source, b=text.replace("begin(source)", "begin( source )"))
    index(source, tmp_path / "index")
    assert sorted(_heads(tmp_path / "index")) == [False, True]


def test_a_long_function_with_another_layout_is_the_same(tmp_path: Path) -> None:
    """It was taken for the functions and the class in it once it filled more chunks."""
    inner = [f"    def part_{n}(items):\n        put(items[{n}], 'a{n}', limit)\n        return items\n" for n in range(9)]
    inner.append("    class Kept:\n        def get(self, limit):\n            return take(self, limit, 'kept')\n")
    text = "def build(source, limit):\n    begin(source)\n" + "".join(inner) + "    return part_0(source)\n"
    wide = text.replace("        put(", "        # " + "the same, told at length " * 20 + "\n        put(")
    assert len(text) < 3_000 < len(wide)
    index(make(tmp_path / "source", a=text, b=wide), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    assert [(m.type, m.similarity, m.verdict) for m in found.members] == [(CloneType.LAYOUT, 1.0, Verdict.FOLDED)]


def test_a_long_function_whose_chunks_begin_within_strings_is_as_long_as_it_is(tmp_path: Path) -> None:
    """Its tokens were counted chunk by chunk, and copies of which one was cut in a string were of too different lengths."""
    queries = [f'    run("""\n{"select a, b from c " * 180}\n""", {n})\n' for n in range(4)]
    text = "def build(source, limit):\n    begin(source)\n" + "".join(queries) + "    return source\n"
    index(make(tmp_path / "source", a=text, b=text.replace("    begin(source)\n", "")), tmp_path / "index")
    [found] = classes(tmp_path / "index")
    assert found.members[0].similarity > 0.9


def _heads(folder: Path) -> list[bool]:
    """Of the first chunk of each file, whether another stands for it."""
    with open_snapshot(folder) as reader:
        masked_chunks = set(reader.masked().tolist())
        assert masked_chunks
        chunks = reader.chunks(reader.chunk_table().ids.tolist())
        return [chunk.id in masked_chunks for chunk in chunks if chunk.span.start_line == 1]
