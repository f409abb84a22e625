"""Pairs of functions as they are kept between two runs."""

from __future__ import annotations

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.folding.policy import DIGITS
from indexing.stores.sqlite.compared import PAIRS, Compared, pack_compared, unpack_compared

NUMBER = st.integers(0, 2**64 - 1)


@st.composite
def compared(draw: st.DrawFn) -> Compared:
    functions = draw(st.lists(NUMBER, max_size=12))
    size = len(functions)
    chunks = sorted(draw(st.lists(st.integers(1, 2**31), min_size=size, max_size=size, unique=True)))
    places = st.integers(0, len(functions) - 1)
    ends = sorted(draw(st.sets(st.tuples(places, places).map(sorted).map(tuple), max_size=20))) if functions else []
    pairs = np.zeros(len(ends), PAIRS)
    for pair, (one, other) in zip(pairs, ends, strict=True):
        pair["one"], pair["other"] = one, other
        pair["similarity"] = round(draw(st.floats(0.0, 1.0)), DIGITS)
        pair["type"], pair["apart"], pair["part"] = draw(st.tuples(st.integers(1, 4), st.integers(0, 1), st.integers(0, 4)))
    components = np.array(sorted(draw(st.sets(NUMBER, max_size=5))), np.uint64)
    return Compared(np.array(functions, np.uint64), np.array(chunks, np.int64), pairs, components, draw(st.text(max_size=9)))


@settings(deadline=None)
@given(compared())
def test_what_was_compared_comes_back(before: Compared) -> None:
    after = unpack_compared(pack_compared(before))
    assert after.policy == before.policy
    for name in ("functions", "chunks", "pairs", "components"):
        assert np.array_equal(getattr(after, name), getattr(before, name)), name


def test_damage_is_noticed() -> None:
    numbers = np.arange(1, 9, dtype=np.uint64)
    blob = bytearray(pack_compared(Compared(numbers, np.arange(8), np.zeros(0, PAIRS), numbers, "policy")))
    blob[len(blob) // 2] ^= 1
    with pytest.raises((zstandard.ZstdError, ValueError)):
        unpack_compared(bytes(blob))
