"""Whether words alone answer a question."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pytest

from core.ports import FloatVector, IdVector, LexicalField
from core.retrieval.diversify import MOST_NEAREST, NEAREST, nearest_places
from core.retrieval.doubt import doubt_of


class Counted:
    """A lexical index of which only the counts are asked."""

    def __init__(self, total: int, holding: Mapping[str, int]) -> None:
        self._total = total
        self._holding = holding

    def search(
        self,
        query: Mapping[str, float],
        k: int,
        fields: Mapping[LexicalField, float] | None = None,
        folders: Collection[str] | None = None,
    ) -> tuple[IdVector, FloatVector]:
        raise NotImplementedError

    def frequency(self, term: str) -> int:
        return self._holding.get(term, 0)

    def count(self) -> int:
        return self._total


RARE = Counted(1_000, {"bee": 1, "syrup": 1, "value": 600})
TERMS = {"bee": 1.0, "syrup": 1.0, "value": 1.0}


def test_who_says_the_rare_words_leaves_no_doubt_and_who_says_a_common_one_leaves_all() -> None:
    rare, common = 6.5, 0.5
    assert doubt_of(TERMS, 2 * rare, RARE) == 0.0
    assert 0.0 < doubt_of(TERMS, rare, RARE) < 1.0
    assert doubt_of(TERMS, common, RARE) == 1.0
    assert doubt_of(TERMS, 0.0, RARE) == 1.0


def test_among_more_chunks_the_same_share_leaves_more_doubt() -> None:
    best = {}
    for total in (1_000, 100_000):
        index = Counted(total, dict.fromkeys(TERMS, total // 100))
        worth = doubt_of(TERMS, 0.0, index)
        assert worth == 1.0
        best[total] = doubt_of(TERMS, 0.65 * 3 * float(np.log1p(99.5)), index)
    assert best[1_000] < best[100_000]


@pytest.mark.parametrize("index", [Counted(0, {}), Counted(3, {"bee": 9})], ids=["empty", "more removed than left"])
def test_an_index_without_much_in_it_can_be_asked(index: Counted) -> None:
    assert 0.0 <= doubt_of({"bee": 1.0}, 0.0, index) <= 1.0
    assert doubt_of({}, 0.0, index) == 0.0


def test_the_more_doubt_the_more_places_a_second_look_brings() -> None:
    places = [nearest_places(doubt / 10) for doubt in range(11)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (NEAREST, MOST_NEAREST)
