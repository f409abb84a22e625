"""Sets of whole numbers, held against Python's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.number_sets import are_among, counted, distinct

few = st.lists(st.integers(0, 9) | st.integers(2**64 - 9, 2**64 - 1), max_size=30)


@given(few)
def test_each_number_is_there_once(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.uint64)).tolist() == sorted(set(numbers))


@given(few, few)
def test_what_is_among_others_is_found(numbers: list[int], among: list[int]) -> None:
    found = are_among(np.array(numbers, np.uint64).reshape(-1, 1), np.array(among, np.uint64))
    assert found.tolist() == [[number in among] for number in numbers]


@given(few, few)
def test_a_few_are_found_among_many(numbers: list[int], among: list[int]) -> None:
    many = np.tile(np.array(among, np.uint64), 64 * max(len(numbers), 1))
    assert are_among(np.array(numbers, np.uint64), many).tolist() == [number in among for number in numbers]


@given(st.lists(st.integers(0, 5), max_size=20))
def test_numbers_are_counted_group_by_group(sizes: list[int]) -> None:
    assert counted(np.array(sizes, np.int64)).tolist() == [number for size in sizes for number in range(size)]
