"""Fusing scores, lending to the best of a file, and choosing what is shown."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.retrieval.diversify import diversified, with_firsts
from core.retrieval.fusion import FILE_DECAY, fuse, lifted_by_files, normalised

scores = hnp.arrays(np.float32, st.integers(0, 30), elements=st.floats(0, 50, width=32))


def test_scores_of_different_scales_are_brought_together() -> None:
    fused = fuse(np.array([20.0, 10.0, 0.0], np.float32), np.array([0.1, 0.2, 0.4], np.float32), 0.3)
    np.testing.assert_allclose(fused, [0.7 + 0.3 / 4, 0.35 + 0.15, 0.3], rtol=1e-6)
    np.testing.assert_allclose(fuse(np.array([20.0, 10.0], np.float32), None, 0.3), [1.0, 0.5])


def test_cosines_below_the_floor_count_as_nothing() -> None:
    fused = fuse(np.zeros(5, np.float32), np.array([0.1, 0.2, 0.3, 0.4, 0.5], np.float32), 0.5, 0.5)
    np.testing.assert_allclose(fused, [0.0, 0.0, 0.0, 0.25, 0.5], atol=1e-6)
    assert fuse(np.zeros(0, np.float32), np.zeros(0, np.float32), 0.5, 0.5).shape == (0,)


@given(scores)
def test_normalised_scores_lie_between_nothing_and_one(values: np.ndarray) -> None:
    result = normalised(values)
    assert result.dtype == np.float32
    assert ((result >= 0) & (result <= 1)).all()
    assert (np.argsort(-result, kind="stable") == np.argsort(-values, kind="stable")).all() or len(np.unique(result)) < len(
        values
    )


def test_a_file_is_lifted_as_its_best_is_by_the_others() -> None:
    lifted = lifted_by_files(np.array([1.0, 0.9, 0.5, 0.5], np.float32), np.array([0, 1, 1, 1], np.int32), 0.2)
    assert lifted[1] > lifted[0]
    best = 0.9 + 0.2 * (0.5 + 0.5 * FILE_DECAY)
    np.testing.assert_allclose(lifted, [1.0, best, 0.5 * best / 0.9, 0.5 * best / 0.9], rtol=1e-6)


@given(scores, st.integers(0, 10_000))
def test_lifting_takes_nothing_away_and_keeps_the_order_within_a_file(values: np.ndarray, seed: int) -> None:
    files = np.random.default_rng(seed).integers(0, 5, len(values)).astype(np.int32)
    lifted = lifted_by_files(values, files, 0.2)
    assert (lifted >= values).all()
    for file in set(files.tolist()):
        order = np.argsort(-values[files == file], kind="stable")
        assert (np.diff(lifted[files == file][order]) <= 0).all()


def test_no_file_crowds_out_the_others() -> None:
    shown = diversified(np.array([1.0, 0.95, 0.9, 0.8], np.float32), np.array([0, 0, 0, 1], np.int32), 4, 0.65)
    assert [place for place, _ in shown] == [0, 3, 1, 2]
    np.testing.assert_allclose([worth for _, worth in shown], [1.0, 0.8, 0.95 * 0.65, 0.9 * 0.65**2], rtol=1e-6)


def test_answers_do_not_count_for_their_file() -> None:
    answers = np.array([True, True, False, False])
    shown = diversified(np.array([2.0, 1.9, 0.9, 1.0], np.float32), np.array([0, 0, 0, 1], np.int32), 4, 0.65, answers)
    assert [place for place, _ in shown] == [0, 1, 3, 2]
    np.testing.assert_allclose([worth for _, worth in shown], [2.0, 1.9, 1.0, 0.9], rtol=1e-6)


@given(scores, st.integers(0, 10_000), st.integers(0, 40))
def test_what_is_shown_is_ordered_and_nothing_comes_twice(values: np.ndarray, seed: int, k: int) -> None:
    files = np.random.default_rng(seed).integers(0, 5, len(values)).astype(np.int32)
    shown = diversified(values, files, k, 0.65)
    places = [place for place, _ in shown]
    worths = [worth for _, worth in shown]
    assert len(places) == len(set(places)) == min(k, len(values))
    assert worths == sorted(worths, reverse=True)
    if places:
        assert worths[0] == values.max()


@given(st.integers(0, 30), st.lists(st.integers(0, 40), max_size=4, unique=True))
def test_what_is_nearest_is_among_the_first_ten_behind_what_was_there(count: int, nearest: list[int]) -> None:
    shown = [(place, 1.0 - place / 100) for place in range(count)]
    found = with_firsts(shown, nearest)
    places = [place for place, _ in found]
    assert len(found) == len(shown) == len(set(places))
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    if count < 10:
        assert found == shown
        return
    missing = [place for place in nearest if place >= 10]
    others = [place for place in range(10) if place not in nearest]
    gone = others[len(others) - len(missing) :]
    assert places[:10] == [*(place for place in range(10) if place not in gone), *missing]
