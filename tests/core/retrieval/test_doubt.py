"""Whether words alone answer a question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from core.retrieval.diversify import MOST_NEAREST, NEAREST, nearest_places
from core.retrieval.doubt import doubt_of, of_statement


class Counted:
    """How many chunks there are, and how many hold each term."""

    def __init__(self, total: int, holding: Mapping[str, int]) -> None:
        self._total = total
        self._holding = holding

    def doubt(self, terms: Mapping[str, float], best: float) -> float:
        return doubt_of(terms, best, self._total, lambda term: self._holding.get(term, 0))


RARE = Counted(1_000, {"bee": 1, "syrup": 1, "value": 600})
TERMS = {"bee": 1.0, "syrup": 1.0, "value": 1.0}


def test_who_says_the_rare_words_leaves_no_doubt_and_who_says_a_common_one_leaves_all() -> None:
    rare, common = 6.5, 0.5
    assert RARE.doubt(TERMS, 2 * rare) == 0.0
    assert 0.0 < RARE.doubt(TERMS, rare) < 1.0
    assert RARE.doubt(TERMS, common) == 1.0
    assert RARE.doubt(TERMS, 0.0) == 1.0


def test_among_more_chunks_the_same_share_leaves_more_doubt() -> None:
    best = {}
    for total in (1_000, 100_000):
        index = Counted(total, dict.fromkeys(TERMS, total // 100))
        worth = index.doubt(TERMS, 0.0)
        assert worth == 1.0
        best[total] = index.doubt(TERMS, 0.65 * 3 * float(np.log1p(99.5)))
    assert best[1_000] < best[100_000]


@pytest.mark.parametrize("index", [Counted(0, {}), Counted(3, {"bee": 9})], ids=["empty", "more removed than left"])
def test_an_index_without_much_in_it_can_be_asked(index: Counted) -> None:
    assert 0.0 <= index.doubt({"bee": 1.0}, 0.0) <= 1.0
    assert index.doubt({}, 0.0) == 0.0


def test_a_little_doubt_says_nothing_of_a_statement() -> None:
    left = [of_statement(doubt / 10) for doubt in range(11)]
    assert left[:9] == [0.0] * 9
    assert 0.0 < left[9] < left[10] == 1.0


def test_the_more_doubt_the_more_places_a_second_look_brings() -> None:
    places = [nearest_places(doubt / 10) for doubt in range(11)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (NEAREST, MOST_NEAREST)
