"""A needle grid: the worst rank of each place, and how many needles are found."""

from __future__ import annotations

from core.model.needle import NeedleFinding, NeedleGrid, NeedleRow, Wording


def finding(shared: int | None, paraphrase: int | None) -> NeedleFinding:
    return NeedleFinding("chess", "function", "elo_gain", "a.py", 3, 9, 0.5, shared, paraphrase)


def grid(*cells: tuple[NeedleFinding, ...]) -> NeedleGrid:
    return NeedleGrid((0.0, 1.0)[: len(cells)], (NeedleRow(1.0, 999_000, 7, cells),), 50)


def test_a_place_has_the_worst_rank_of_its_needles_and_none_where_one_is_lost() -> None:
    two = grid((finding(1, 2), finding(3, 11)), (finding(1, None), finding(1, 1)))
    assert two.found_at(Wording.SHARED) == [[3, 1]]
    assert two.found_at(Wording.PARAPHRASE) == [[11, None]]


def test_recall_counts_needles_within_the_first_ten() -> None:
    four = grid((finding(10, 10), finding(11, 11)), (finding(1, None), finding(2, 3)))
    assert four.recall(Wording.SHARED) == 0.75
    assert four.recall(Wording.PARAPHRASE) == 0.5
    assert four.recall(Wording.SHARED, within=11) == 1.0


def test_a_place_without_needles_was_not_found() -> None:
    assert grid(()).found_at(Wording.SHARED) == [[None]]
    assert grid(()).recall(Wording.SHARED) == 0.0
