"""Ids that are kept packed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.stores.sqlite.keys import pack_ids, unpack_all_ids, unpack_ids


@given(st.sets(st.integers(0, 2**62)))
def test_packed_ids_come_back_in_their_order(ids: set[int]) -> None:
    assert unpack_ids(pack_ids(ids)).tolist() == sorted(ids)


@given(st.lists(st.sets(st.integers(0, 2**62) | st.integers(0, 600))))
def test_many_are_unpacked_as_each_would_be(sets: list[set[int]]) -> None:
    ids, counts = unpack_all_ids([pack_ids(held) for held in sets])
    assert counts.tolist() == list(map(len, sets))
    assert ids.tolist() == [number for held in sets for number in sorted(held)]


@pytest.mark.parametrize("data", [b"", b"\0", b"\3\1\1\1", b"\2\1"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not those|multiple"):
        unpack_ids(data)
    with pytest.raises(ValueError, match=r"not those|multiple"):
        unpack_all_ids([pack_ids({1, 70_000}), data])
