"""Short codes: what they lose, what they keep exactly, and that damage in them is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.stores.codes import Codec, pack_ids, unpack_ids


def unit_rows(n: int, dimension: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("dimension", [1, 4, 5, 100, 256, 384])
def test_products_keep_their_size(dimension: int) -> None:
    """Whatever the dimension, a vector's product with itself is exact but for the scale's float16."""
    codec = Codec(dimension)
    rows = unit_rows(50, dimension) * np.linspace(0.5, 3, 50, dtype=np.float32)[:, None]
    codes = codec.encode(rows)
    assert codes.shape == (50, codec.width)
    products = [float(kept @ codec.turned(row)) for kept, row in zip(codec.decode(codes), rows, strict=True)]
    np.testing.assert_allclose(products, (rows**2).sum(1), rtol=2e-3)


def test_the_best_stay_among_the_best() -> None:
    """Queries near a row, among 20,000 of 256 dimensions: the row itself stays first, and the best ten are among the
    best hundred. Unrelated vectors, all but equally far, are the hardest to keep apart."""
    codec = Codec(256)
    rows = unit_rows(20_000, 256, seed=7)
    kept = codec.decode(codec.encode(rows))
    found = first = 0
    for row in range(50):
        query = rows[row] + unit_rows(1, 256, seed=1000 + row)[0] / 2
        truth = np.argsort(-(rows @ query))
        best = np.argsort(-(kept @ codec.turned(query)))
        found += len({*truth[:10].tolist()} & {*best[:100].tolist()})
        first += int(truth[0] == best[0])
    assert first == 50
    assert found / 500 >= 0.9


def test_vectors_along_an_axis_are_coded_as_well_as_any() -> None:
    """All the weight in one dimension is what a table of Gaussian levels could not hold: the turn spreads it."""
    codec = Codec(256)
    axes = np.eye(256, dtype=np.float32)
    kept = codec.decode(codec.encode(axes))
    turned = np.stack([codec.turned(axis) for axis in axes])
    cosines = np.einsum("ij,ij->i", kept, turned) / np.linalg.norm(kept, axis=1)
    assert cosines.min() > 0.85


def test_integers_are_what_is_decoded_in_other_units() -> None:
    codec = Codec(256)
    codes = codec.encode(unit_rows(100, 256) * np.linspace(0, 2, 100, dtype=np.float32)[:, None])
    largest = float(codec.scales(codes).max())
    kept, integers = codec.decode(codes), codec.integers(codes, largest)
    assert integers.dtype == np.int8
    assert np.abs(kept - integers * (np.abs(kept).max() / 127)).max() <= np.abs(kept).max() / 100
    assert not integers[0].any()


def test_the_format_stands_still() -> None:
    """Stored codes are read by later versions: these bytes change only with the files' format."""
    row = np.linspace(-1, 1, 8, dtype=np.float32)[None]
    assert Codec(8).encode(row).tobytes().hex() == "8702ee38"


@pytest.mark.parametrize("row", [np.nan, np.inf, 1e30], ids=str)
def test_what_has_no_finite_scale_is_refused(row: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Codec(8).encode(np.full((1, 8), row, np.float32))


@given(st.lists(st.integers(-(2**62), 2**62), max_size=60))
def test_ids_come_back(ids: list[int]) -> None:
    assert unpack_ids(pack_ids(np.array(ids, np.int64)), len(ids)).tolist() == ids


def test_ids_in_runs_cost_nothing() -> None:
    assert len(pack_ids(np.arange(7, 100_007))) < 1_000
    scattered = np.sort(np.random.default_rng(0).choice(1_000_000, 50_000, replace=False))
    assert len(pack_ids(scattered)) < 50_000


@pytest.mark.parametrize("count", [9, 11])
def test_another_number_of_ids_is_told(count: int) -> None:
    with pytest.raises(ValueError, match="bytes of ids"):
        unpack_ids(pack_ids(np.arange(10)), count)


def test_ids_that_are_no_ids_are_told() -> None:
    with pytest.raises(ValueError, match="unpacked"):
        unpack_ids(b"nothing of the kind", 3)
