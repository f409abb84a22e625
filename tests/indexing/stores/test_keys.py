"""Ids that are kept packed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.stores.sqlite.keys import pack_ids, unpack_ids


@given(st.sets(st.integers(0, 2**62)))
def test_packed_ids_come_back_in_their_order(ids: set[int]) -> None:
    assert unpack_ids(pack_ids(ids)).tolist() == sorted(ids)


@pytest.mark.parametrize("data", [b"", b"\0", b"\3\1\1\1", b"\2\1"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not those|multiple"):
        unpack_ids(data)
