"""The tools of the folding benchmarks: what they count, and what they would miss."""

from __future__ import annotations

import random

import pytest

from tests.benchmarks import fold_sample
from tests.benchmarks.fold_sample import Fold
from tests.benchmarks.folding_mutants.mutants import Mutant
from tests.benchmarks.folding_mutants.planted import Planted
from tests.benchmarks.folding_mutants.similarity import similarity
from tests.benchmarks.folding_mutants.syntax import GRAMMARS, Snippet
from tests.benchmarks.test_against_jscpd import Listed, Range
from tests.benchmarks.test_fold_mutants import Verdict, counted, recalls
from tests.benchmarks.test_fold_negatives import Negative, shows, unique
from tests.benchmarks.test_fold_traps import function, nearly
from tests.benchmarks.test_fold_unrelated import comparable


def test_a_copy_is_listed_where_a_group_holds_both_places() -> None:
    copy = (Range("a", 10, 19), Range("b", 30, 39))
    assert Listed([[Range("a", 1, 19), Range("b", 33, 60)]]).share(copy) == pytest.approx(0.7)
    assert Listed([[Range("a", 1, 19)], [Range("b", 33, 60)]]).share(copy) == 0.0
    assert Listed([[Range("a", 1, 100), Range("b", 50, 60)]]).share(copy) == 0.0
    within = (Range("a", 10, 19), Range("a", 12, 21))
    assert Listed([[Range("a", 1, 100), Range("c", 1, 100)]]).share(within) == 0.0


def test_a_mutant_is_right_as_its_type_alone() -> None:
    def verdict(declared: str, found: int, true: float = 1.0, told: float = 1.0) -> Verdict:
        seed = c(b"int f(void)\n{\n\treturn 1;\n}")
        return Verdict(Mutant(0, seed, seed, "any", declared, true), found, told)

    assert [verdict("1", found).right for found in (0, 1, 2, 3)] == [False, True, False, False]
    assert [verdict("2 arbitrary", found).right for found in (0, 1, 2, 3)] == [False, True, True, False]
    assert [verdict("3", found).right for found in (0, 1, 2, 3)] == [False, False, False, True]
    assert counted(verdict("3", 3, 0.85, 0.79)) == [("3 at 0.8", False), ("3 at 0.7", True)]
    assert recalls({"any": [verdict("1", 1), verdict("1", 0)]}) == {"1": "1 of 2"}
    assert recalls({"any": [verdict("1", 1)]}) == {}


def test_a_changed_line_is_told() -> None:
    original = c(b"int f(int a)\n{\n\tif (a)\n\t\treturn a;\n\treturn 1;\n}")
    changed = original.with_text(original.text.replace(b"(a)", b"(!a)"))
    assert Negative("c 1", "f", "", original, changed).changed_lines() == {2}


def test_unique_words_differ() -> None:
    assert len({unique(language, i, "n") for language in GRAMMARS for i in range(400)}) == 400 * len(GRAMMARS)


def test_a_result_beside_a_function_does_not_show_it() -> None:
    planted = Planted("a.c", 10, 20, "key")
    assert shows([{"path": "a.c", "start_line": 1, "end_line": 10}], planted)
    assert not shows([{"path": "a.c", "start_line": 21, "end_line": 30}], planted)
    assert not shows([{"path": "b.c", "start_line": 10, "end_line": 20}], planted)


def test_only_pairs_of_like_length_are_compared() -> None:
    short, long = c(b"int f(void)\n{\n\treturn 1;\n}"), c(b"int f(void)\n{\n" + b"\tg(1);\n" * 9 + b"\treturn 1;\n}")
    assert comparable([short], [short, long]) == 1
    assert comparable([long, short], [short, long]) == 2


def test_near_copies_are_near_and_not_the_same() -> None:
    chance = random.Random(1)
    common = function("common", chance, lines=20)
    one, other = (nearly(f"f{number}", common, chance) for number in range(2))
    assert one != other
    assert 0.9 < similarity(one.split(), other.split()) < 1.0
    assert c(one.encode()).function is not None


def test_folds_are_drawn_from_every_source_once_a_representative() -> None:
    def fold(source: str, kept: int, copy: int) -> Fold:
        return Fold(source, f"k{kept}", f"c{copy}", ("a", "b"), ("a", "c", "d"), 3, 0.9, "folded")

    found = {
        "one": [fold("one", i, j) for i in range(30) for j in range(3)],
        "other": [fold("other", i, 0) for i in range(4)],
    }
    drawn = fold_sample.draw(found, 20, seed=4)
    assert len(drawn) == len({(one.source, one.kept) for one in drawn}) == 20
    assert sum(one.source == "other" for one in drawn) == 4
    text = "\n".join(fold_sample.written(drawn))
    assert text.count("\nright: ") == 20
    assert [line.split() for line in fold_sample.side_by_side(("a", "b"), ("a", "c", "d"))] == [
        ["a", "a"],
        ["b", "|", "c"],
        ["|", "d"],
    ]


def c(text: bytes) -> Snippet:
    return Snippet(GRAMMARS["c"], text.rstrip())
