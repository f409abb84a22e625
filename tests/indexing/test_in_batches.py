"""How items are shared out among batches. Apart from the tests of executors, whose workers load what those load."""

from __future__ import annotations

from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from indexing.executors import in_batches


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 100))
def test_batches_hold_every_item_in_order_and_grow_smaller_towards_the_end(sizes: list[int], size: int) -> None:
    items = list(enumerate(sizes))
    batches = list(in_batches(items, size, itemgetter(1)))
    assert [item for batch in batches for item in batch] == items
    weights = [sum(weight for _, weight in batch) for batch in batches]
    for place, weight in enumerate(weights[:-1]):
        left = sum(weights[place:])
        assert 8 * weight >= min(max(left, size), 8 * size)
        # The last item of a batch is the one that fills it.
        assert 8 * (weight - batches[place][-1][1]) < min(max(left, size), 8 * size)
