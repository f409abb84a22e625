"""Likeness: the longest common subsequence, local names aside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexing.folding.compare import (
    FIRST_CODE,
    LOCAL_CODE,
    ROUGH_CODES,
    Coded,
    Comparison,
    alike_enough,
    renamed_like,
    renamed_similarities,
)

WORDS = st.text("abcdef", max_size=40)


def plain(text: str) -> Coded:
    return Coded(text, text)


def with_locals(text: str, names: str) -> Coded:
    return Coded(text, "".join(LOCAL_CODE if char in names else char for char in text))


def similarity(one: Coded, other: Coded, least: float) -> float:
    [found] = similarities([one, other], np.array([[0, 1]]), least).tolist()
    return float(found)


def similarities(functions: list[Coded], pairs: NDArray[np.int64], least: float) -> NDArray[np.float64]:
    """As an index is folded: what names cannot change first, then what they can."""
    found, is_open = Comparison(functions, 1).similarities(pairs, least)
    found[is_open] = np.maximum(found[is_open], renamed_similarities(functions, pairs[is_open]))
    alike = alike_enough(found, least)
    told = np.zeros(len(pairs))
    told[alike] = found[alike]
    return told


def common(one: str, other: str) -> int:
    """The textbook table."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = row[:]
        for position, right in enumerate(other):
            row[position + 1] = before[position] + 1 if left == right else max(before[position + 1], row[position])
    return row[-1]


@given(WORDS, WORDS)
def test_likeness_is_that_of_the_definition(one: str, other: str) -> None:
    found = similarity(plain(one), plain(other), 0.1)
    total = len(one) + len(other)
    expected = 2 * common(one, other) / total if total else 1.0
    assert found == pytest.approx(expected if expected >= 0.1 else 0.0)


@given(WORDS.filter(bool), st.permutations("abcdef"))
def test_consistent_renaming_costs_nothing(text: str, new: list[str]) -> None:
    renamed = text.translate(str.maketrans("abcdef", "".join(new)))
    found = similarity(with_locals(text, "abcdef"), with_locals(renamed, "abcdef"), 0.5)
    assert found == 1.0


@given(WORDS, WORDS, st.text("abcdef", max_size=6))
def test_likeness_is_the_same_both_ways(one: str, other: str, names: str) -> None:
    """Renamed to the other's names, a function may be more alike than the other renamed to its: files come in any order."""
    first, second = with_locals(one, names), with_locals(other, names)
    both = similarities([first, second], np.array([[0, 1], [1, 0]]), 0.0)
    assert both[0] == both[1]


def test_what_is_not_alike_enough_is_not_alike() -> None:
    assert similarity(plain("abcdef"), plain("abcxyz"), 0.6) == 0.0
    assert similarities([], np.zeros((0, 2), np.int64), 0.6).tolist() == []


def test_tokens_that_share_a_rough_character_are_not_the_same() -> None:
    apart = chr(FIRST_CODE + 7), chr(FIRST_CODE + 7 + ROUGH_CODES)
    assert similarity(plain(apart[0] * 5), plain(apart[1] * 5), 0.1) == 0.0
    assert similarity(plain("ab" + apart[0]), plain("ab" + apart[1]), 0.1) == pytest.approx(2 / 3)


def test_no_two_names_become_one() -> None:
    changed, names = renamed_like(with_locals("xpyp", "xy"), with_locals("zpzp", "z"))
    assert sorted(names.values()) == ["z"]
    assert changed in ("zpyp", "xpzp")


def test_what_is_just_alike_enough_is_not_lost_to_floating_point() -> None:
    found = similarity(plain("a"), plain("a" * 19), 0.1)
    assert found == pytest.approx(0.1)
