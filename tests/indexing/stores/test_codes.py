"""Short codes: what they lose, what they keep exactly, and that damage in them is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexing.stores.codes import Codec, Precision, pack_ids, unpack_ids
from indexing.stores.compact_codes import CompactCodec
from indexing.stores.plain_codes import Float16Codec, Int8Codec
from indexing.stores.precision import codec_of, is_finer


def unit_rows(n: int, dimension: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("dimension", [1, 4, 5, 100, 256, 384])
def test_products_keep_their_size(dimension: int) -> None:
    """Whatever the dimension, a vector's product with itself is exact but for the scale's float16."""
    codec = CompactCodec(dimension)
    rows = unit_rows(50, dimension) * np.linspace(0.5, 3, 50, dtype=np.float32)[:, None]
    codes = codec.encode(rows)
    assert codes.shape == (50, codec.width)
    products = [float(kept @ codec.turned(row)) for kept, row in zip(codec.decode(codes), rows, strict=True)]
    np.testing.assert_allclose(products, (rows**2).sum(1), rtol=2e-3)


def test_the_best_stay_among_the_best() -> None:
    """Queries near a row, among 20,000 of 256 dimensions: the row itself stays first, and the best ten are among the
    best hundred. Unrelated vectors, all but equally far, are the hardest to keep apart."""
    codec = CompactCodec(256)
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
    codec = CompactCodec(256)
    axes = np.eye(256, dtype=np.float32)
    kept = codec.decode(codec.encode(axes))
    turned = np.stack([codec.turned(axis) for axis in axes])
    cosines = np.einsum("ij,ij->i", kept, turned) / np.linalg.norm(kept, axis=1)
    assert cosines.min() > 0.85


every_codec = pytest.mark.parametrize("precision", Precision)


@every_codec
def test_what_is_opened_is_what_is_decoded_in_other_units(precision: Precision) -> None:
    codec = codec_of(precision, 256)
    codes = codec.encode(unit_rows(100, 256) * np.linspace(0, 2, 100, dtype=np.float32)[:, None])
    kept, opened = codec.decode(codes), codec.opener([codes[:30], codes[30:]])(codes)
    assert opened.dtype == codec.multiplied
    unit = np.abs(kept).max() / np.abs(opened).max()
    assert np.abs(kept - opened.astype(np.float32) * unit).max() <= np.abs(kept).max() / 100
    assert not opened[0].any()


@pytest.mark.parametrize(("precision", "code"), [("compact", "8702ee38"), ("int8", "c6c6813add3ac6987b20"), ("float16", "")])
def test_the_format_stands_still(precision: str, code: str) -> None:
    """Stored codes are read by later versions: these bytes change only with the files' format."""
    row = np.linspace(-1, 1, 8, dtype=np.float32)[None]
    assert codec_of(Precision(precision), 8).encode(row).tobytes().hex() == (code or row.astype("<f2").tobytes().hex())


@every_codec
@pytest.mark.parametrize("row", [np.nan, np.inf, 1e30], ids=str)
def test_what_has_no_finite_scale_is_refused(precision: Precision, row: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        codec_of(precision, 8).encode(np.full((1, 8), row, np.float32))


finite = st.floats(-100, 100, width=16)


@every_codec
@given(arrays(np.float32, st.tuples(st.integers(0, 4), st.sampled_from([1, 3, 8, 24])), elements=finite))
def test_vectors_of_any_length_come_back_as_near_as_their_code_is_fine(precision: Precision, rows: np.ndarray) -> None:
    codec: Codec = codec_of(precision, rows.shape[1])
    codes = codec.encode(rows)
    assert codes.shape == (len(rows), codec.width)
    assert codes.dtype == np.uint8
    back = codec.turned_back(codec.decode(codes))
    share = {Precision.COMPACT: 1.5, Precision.INT8: 0.02, Precision.FLOAT16: 0.0}[precision]
    lengths = np.linalg.norm(rows, axis=1)
    # What is smaller than the least scale is lost.
    assert (np.linalg.norm(back - rows, axis=1) <= lengths * share + 1e-4 * (share > 0)).all()


@every_codec
def test_equal_vectors_have_equal_codes_wherever_they_stand(precision: Precision) -> None:
    codec, rows = codec_of(precision, 100), unit_rows(3_000, 100)
    again = codec.encode(rows[::-1])[::-1]
    np.testing.assert_array_equal(codec.encode(rows), again)


def test_eight_bits_hold_products_to_a_thousandth() -> None:
    codec, rows, queries = Int8Codec(256), unit_rows(500, 256), unit_rows(50, 256, seed=9)
    kept = codec.decode(codec.encode(rows))
    products = np.stack([kept @ codec.turned(query) for query in queries])
    assert np.abs(products - queries @ rows.T).max() < 2.5e-3
    assert (products - queries @ rows.T).std() < 6e-4


def test_float16_holds_what_workers_send() -> None:
    sent = unit_rows(100, 384).astype(np.float16)
    codec = Float16Codec(384)
    np.testing.assert_array_equal(codec.decode(codec.encode(sent.astype(np.float32))), sent.astype(np.float32))


def test_each_precision_is_finer_than_the_one_before() -> None:
    assert [codec_of(precision, 256).width for precision in Precision] == [54, 258, 512]
    assert [is_finer(one, Precision.INT8) for one in Precision] == [False, False, True]


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
