"""Folding is a partition that loses nothing, the same in any order, with the right copy kept."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.clone import CloneType, FoldingSummary, Verdict
from core.model.source import FileRole, Place
from indexing.folding.classes import ROLE_RANK, FoldCandidate, FoldFile, Folding, fold, settled
from indexing.folding.funnel import Saving, redundant_files, summarise
from indexing.folding.normalise import MIN_TOKENS

Files = dict[str, FoldFile]


def candidate(key: int, path: str, line: int = 1, **changes: object) -> FoldCandidate:
    plain = FoldCandidate(
        id=key,
        place=Place(path, line, line + 5, f"{path}.f{line}"),
        position=line,
        kind=ChunkKind.FUNCTION,
        role=FileRole.SOURCE,
        language="python",
        content_hash=path.encode(),
        size=100,
        plain=80,
        exact=b"e%d" % key,
        layout=b"l%d" % key,
        renamed=b"r%d" % key,
        tokens=50,
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


def files_of(candidates: list[FoldCandidate]) -> Files:
    sizes: Counter[str] = Counter()
    for chunk in candidates:
        sizes[chunk.place.path] += chunk.size
    return {
        chunk.place.path: FoldFile(sizes[chunk.place.path], chunk.content_hash, chunk.role, chunk.language)
        for chunk in candidates
    }


def folded(*candidates: FoldCandidate) -> Folding:
    return fold(candidates, files_of(list(candidates)))


def savings_of(folding: Folding, redundant: set[str]) -> dict[int, Saving]:
    return {found.id: settled(found, folding.groups.get(found.id, ()), redundant)[1] for found in folding.classes}


def summary_of(folding: Folding, files: Files) -> FoldingSummary:
    savings = savings_of(folding, redundant_files(files, ROLE_RANK)).values()
    written, plain = ([sum(each) for each in zip((0, 0, 0), *steps, strict=True)] for steps in (
        [saving.written for saving in savings], [saving.plain for saving in savings]
    ))  # fmt: skip
    return summarise(files, redundant_files(files, ROLE_RANK), Saving((*written,), (*plain,)))  # type: ignore[arg-type]


def groups(folding: Folding) -> list[list[int]]:
    """Ids of each class, the representative first."""
    return [[clones.representative.chunk, *(member.chunk for member in clones.members)] for clones in folding.classes]


@st.composite
def sources(draw: st.DrawFn) -> tuple[list[FoldCandidate], Files]:
    """Files of a few chunks each, some files the same, some chunks alike. Stricter prints imply the looser ones."""
    chunks: list[FoldCandidate] = []
    files: Files = {}
    for number in range(draw(st.integers(1, 8))):
        path = f"d{draw(st.integers(0, 1))}/f{number}.py"
        language = draw(st.sampled_from(["python", "c"]))
        role = draw(st.sampled_from(list(FileRole)))
        content = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=4))
        digest = repr((content,)).encode()
        files[path] = FoldFile(100 * len(content), digest, role, language)
        for line, (renamed, layout, exact) in enumerate(content):
            tiny, foldable = renamed == 3, renamed != 2
            chunks.append(
                candidate(
                    len(chunks) + 1,
                    path,
                    10 * line + 1,
                    role=role,
                    language=language,
                    content_hash=digest,
                    kind=ChunkKind.FUNCTION if foldable else ChunkKind.MODULE,
                    tokens=5 if tiny else 50,
                    exact=b"e%d%d%d" % (renamed, layout, exact),
                    layout=b"l%d%d" % (renamed, layout) if foldable and not tiny else b"",
                    renamed=b"r%d" % renamed if foldable and not tiny else b"",
                    size=100,
                    plain=80,
                    centrality=float(draw(st.integers(0, 2))),
                )
            )
    return chunks, files


@settings(deadline=None)
@given(sources())
def test_folding_is_a_partition(source: tuple[list[FoldCandidate], Files]) -> None:
    chunks, files = source
    found = fold(chunks, files)
    ids = [key for group in groups(found) for key in group]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {chunk.id for chunk in chunks}
    assert all(len(group) > 1 for group in groups(found))
    assert len({clones.id for clones in found.classes}) == len(found.classes)


@settings(deadline=None)
@given(sources(), st.randoms(use_true_random=False))
def test_order_does_not_matter(source: tuple[list[FoldCandidate], Files], chance: object) -> None:
    chunks, files = source
    shuffled = list(chunks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = fold(shuffled, dict(sorted(files.items(), reverse=True)))
    assert again == fold(chunks, files)


@settings(deadline=None)
@given(sources())
def test_members_say_what_their_representative_says(source: tuple[list[FoldCandidate], Files]) -> None:
    chunks, files = source
    by_id = {chunk.id: chunk for chunk in chunks}
    for clones in fold(chunks, files).classes:
        best = by_id[clones.representative.chunk]
        for member in clones.members:
            chunk = by_id[member.chunk]
            assert chunk.language == best.language
            assert chunk.place == member.place
            if chunk.tokens < MIN_TOKENS:
                assert chunk.content_hash == best.content_hash
            assert chunk.exact == best.exact or (chunk.renamed and chunk.renamed == best.renamed)
            alike = chunk.exact == best.exact or chunk.layout == best.layout != b""
            assert member.type is (CloneType.LAYOUT if alike else CloneType.RENAMED)
        assert clones.type == max(member.type for member in clones.members)
        assert clones.bytes_saved == sum(by_id[member.chunk].plain for member in clones.members)


@settings(deadline=None)
@given(sources())
def test_what_is_alike_is_together(source: tuple[list[FoldCandidate], Files]) -> None:
    """No two classes, and nothing left outside of them, could be folded together."""
    chunks, files = source
    home = {key: number for number, group in enumerate(groups(fold(chunks, files))) for key in group}
    for one in chunks:
        for other in chunks:
            if one.id < other.id and one.language == other.language and one.renamed and one.renamed == other.renamed:
                assert home[one.id] == home[other.id]


@settings(deadline=None)
@given(sources())
def test_the_funnel_narrows(source: tuple[list[FoldCandidate], Files]) -> None:
    chunks, files = source
    summary = summary_of(fold(chunks, files), files)
    steps = [summary.raw_bytes, summary.after_identical_files, summary.after_type1, summary.after_type2, summary.after_type3]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] >= 0
    assert summary.raw_bytes == sum(file.size for file in files.values())
    assert summary.files == len(files) >= summary.files_after_identical
    assert summary.code_bytes + summary.generated_bytes + summary.vendored_bytes <= summary.raw_bytes


def test_type_1_and_2_fold_and_nothing_else() -> None:
    one = candidate(1, "a.py")
    moved = candidate(2, "b.py", layout=one.layout, renamed=one.renamed)
    renamed = candidate(3, "c.py", renamed=one.renamed)
    found = folded(one, moved, renamed, candidate(4, "d.py"), candidate(5, "e.py", language="c", renamed=one.renamed))
    [clones] = found.classes
    assert groups(found) == [[1, 2, 3]]
    assert [member.type for member in clones.members] == [CloneType.LAYOUT, CloneType.RENAMED]
    assert clones.type is CloneType.RENAMED
    assert savings_of(found, set())[clones.id] == Saving((100, 100, 0), (80, 80, 0))


def test_what_turned_out_not_to_fold_saves_nothing() -> None:
    """A class all of whose members were set apart told of bytes it saved."""
    one = candidate(1, "a.py")
    other = candidate(2, "b.py", layout=one.layout, renamed=one.renamed)
    found = folded(one, other)
    [clones] = found.classes
    apart = replace(clones, members=tuple(replace(member, verdict=Verdict.APART) for member in clones.members))
    done, saving = settled(apart, found.groups[clones.id], set())
    assert (clones.bytes_saved, done.bytes_saved, saving) == (80, 0, Saving())


def test_the_best_copy_is_kept() -> None:
    same = {"exact": b"e", "layout": b"l", "renamed": b"r"}
    test = candidate(1, "a.py", role=FileRole.TEST, centrality=9.0, size=900, **same)
    vendored = candidate(2, "a2.py", role=FileRole.VENDORED, centrality=9.0, **same)
    generated = candidate(3, "a3.py", role=FileRole.GENERATED, centrality=9.0, **same)
    plain = candidate(4, "z.py", **same)
    documented = candidate(5, "y.py", size=200, **same)
    central = candidate(6, "x.py", centrality=0.5, **same)
    assert groups(folded(test, vendored, generated, plain, documented, central))[0][0] == 6
    assert groups(folded(test, vendored, generated, plain, documented))[0][0] == 5
    assert groups(folded(test, vendored, generated, plain))[0][0] == 4
    assert groups(folded(test, vendored, generated))[0][0] == 1
    assert groups(folded(vendored, generated))[0][0] == 3
    assert groups(folded(plain, plain._replace(id=7, place=Place("b.py", 1, 6))))[0][0] == 7


def test_tiny_chunks_fold_only_with_their_file() -> None:
    tiny = {"position": 0, "tokens": MIN_TOKENS - 1, "layout": b"", "renamed": b"", "exact": b"same"}
    assert folded(candidate(1, "a.py", **tiny), candidate(2, "b.py", **tiny)).classes == ()
    twins = [candidate(1, "a.py", **tiny, content_hash=b"h"), candidate(2, "b.py", **tiny, content_hash=b"h")]
    found = folded(*twins)
    assert groups(found) == [[1, 2]]
    summary = summary_of(found, files_of(twins))
    assert summary.after_identical_files == summary.after_type1 == 100
    assert summary.files_after_identical == 1


def test_chunks_outside_of_definitions_fold_by_their_bytes() -> None:
    text = {"kind": ChunkKind.TEXT, "layout": b"", "renamed": b"", "exact": b"same"}
    assert groups(folded(candidate(1, "a.txt", **text), candidate(2, "b.txt", **text))) == [[1, 2]]


def test_ids_depend_on_what_is_said_alone() -> None:
    same = {"exact": b"e", "layout": b"l", "renamed": b"r"}
    before = folded(candidate(1, "a.py", **same), candidate(2, "b.py", **same)).classes[0].id
    after = folded(candidate(7, "x/y.py", 99, **same), candidate(9, "b.py", **same), candidate(3, "c.py")).classes[0].id
    assert before == after
    assert 0 <= before < 2**53


def test_ten_thousand_identical_files_and_five_thousand_near_identical_functions() -> None:
    same = {"content_hash": b"h", "exact": b"e", "layout": b"l", "renamed": b"r"}
    many = [candidate(key, f"d/{key}.py", **same) for key in range(10_000)]
    near = [candidate(20_000 + key, f"n/{key}.py", renamed=b"n") for key in range(5_000)]
    start = time.process_time()
    found = folded(*many, *near)
    assert time.process_time() - start < 5
    assert sorted(len(group) for group in groups(found)) == [5_000, 10_000]
    assert summary_of(found, files_of([*many, *near])).after_type2 == 200


def test_parts_that_say_what_a_whole_unit_says_have_a_class_of_their_own() -> None:
    """Two classes must not get one id: the index could not be written."""
    same = {"exact": b"e", "layout": b"l", "renamed": b"r"}
    found = folded(
        candidate(1, "a.py", **same),
        candidate(2, "b.py", **same),
        candidate(3, "c.py", 20, within=30, **same),
        candidate(4, "d.py", 20, within=40, **same),
    )
    assert sorted(map(sorted, groups(found))) == [[1, 2], [3, 4]]
    assert len({clones.id for clones in found.classes}) == 2
