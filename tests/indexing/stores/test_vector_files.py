"""Where each id of a vector store stands, dense and scattered ids alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.stores.vector_files import RowsById


@given(st.lists(st.integers(0, 40) | st.integers(1, 1 << 40), max_size=30), st.randoms(use_true_random=False))
def test_every_living_id_is_found_in_its_row_and_no_other(ids: list[int], random: object) -> None:
    """An id that was replaced stands in several rows, one of which lives at most."""
    dead = np.array([id_ in ids[row + 1 :] or id_ % 7 == 3 for row, id_ in enumerate(ids)], bool)
    living = {id_: row for row, id_ in enumerate(ids) if not dead[row]}
    asked = [*ids, *(id_ + 1 for id_ in ids), 0, -1, 1 << 41]
    random.shuffle(asked)  # type: ignore[attr-defined]
    rows, known = RowsById(np.array(ids, np.int64), dead).find(np.array(asked, np.int64))
    assert rows.dtype == np.int64
    assert known.tolist() == [id_ in living for id_ in asked]
    assert rows[known].tolist() == [living[id_] for id_ in asked if id_ in living]


@pytest.mark.parametrize("step", [1, 7, 9, 1000])
def test_ids_are_found_whatever_room_edits_left_between_them(step: int) -> None:
    ids = np.arange(5, 5 + 1000 * step, step, dtype=np.int64)
    rows, known = RowsById(ids, np.zeros(len(ids), bool)).find(ids[::-1])
    assert known.all()
    assert rows.tolist() == list(range(999, -1, -1))
