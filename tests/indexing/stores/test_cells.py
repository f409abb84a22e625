"""Cells among very many vectors: when there are any, what commits keep of them, damage, and that a search lacks nothing that
it must find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BrokenIndexError
from indexing.stores import vector_files as files
from indexing.stores.cells import CellPolicy, cells_of, find_centres
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.precision import codec_of
from indexing.stores.vectors import MAX_SEGMENTS, VectorWriter
from tests.indexing.stores.damages import DAMAGES

DIMENSION = 32
MANY = 400
"""The limit in these tests."""


def grouped(n: int, seed: int = 0, groups: int = 20) -> np.ndarray:
    """Unit vectors around some directions, as those of code are."""
    middles = np.random.default_rng(1).standard_normal((groups, DIMENSION))
    random = np.random.default_rng(seed)
    rows = middles[random.integers(groups, size=n)] + random.standard_normal((n, DIMENSION)) / 2
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def opened(folder: Path, precision: Precision = Precision.INT8) -> VectorWriter:
    return VectorWriter(folder, DIMENSION, "test", "1", precision, CellPolicy(MANY))


def committed(folder: Path, n: int = MANY, precision: Precision = Precision.INT8) -> None:
    with opened(folder, precision) as writer:
        writer.add(np.arange(n), grouped(n))
        writer.commit(1)


def held(folder: Path) -> files.VectorFiles:
    found = files.read_vector_files(folder)
    assert found is not None
    return found


def check_cells(folder: Path) -> None:
    """Every row lies in the cell whose centre is nearest to what is kept of it, and no file is left over."""
    content = held(folder)
    assert content.cells is not None
    codec = codec_of(content.manifest.precision, DIMENSION)
    assert len(content.cells.numbers) == len(content.segments)
    for segment, numbers in zip(content.segments, content.cells.numbers, strict=True):
        products = codec.decode(segment.codes) @ content.cells.centres.T.astype(np.float32)
        np.testing.assert_allclose(products[np.arange(len(numbers)), numbers], products.max(axis=1), rtol=1e-5)
    assert {path.name for path in folder.iterdir()} == content.manifest.names() | {"manifest.json"}


def test_few_vectors_have_no_cells(tmp_path: Path) -> None:
    pytest.importorskip("faiss")
    committed(tmp_path, MANY - 1)
    assert held(tmp_path).cells is None
    assert VectorReader(tmp_path, device="cpu").engine == "faiss"
    assert {path.suffix for path in tmp_path.glob("c*")} == set()


def test_from_the_limit_on_a_search_looks_into_cells(tmp_path: Path) -> None:
    pytest.importorskip("faiss")
    committed(tmp_path)
    check_cells(tmp_path)
    reader = VectorReader(tmp_path, device="cpu")
    assert reader.engine == "faiss-cells"
    assert reader.search(grouped(MANY)[7], 1)[0].tolist() == [7]


def test_an_edit_keeps_the_centres_and_the_cells_of_what_stays(tmp_path: Path) -> None:
    committed(tmp_path)
    before = held(tmp_path).cells
    with opened(tmp_path) as writer:
        writer.remove([1])
        writer.add(np.array([900]), grouped(1, 5))
        writer.commit(2)
        writer.mask(np.array([2]))
        writer.commit(3)
    after = held(tmp_path).cells
    assert before is not None
    assert after is not None
    assert after.stored.centres == before.stored.centres
    assert after.stored.numbers[:1] == before.stored.numbers
    assert [file.rows for file in after.stored.numbers] == [MANY, 1]
    check_cells(tmp_path)


@pytest.mark.parametrize("precision", Precision)
def test_merges_keep_cells(tmp_path: Path, precision: Precision) -> None:
    committed(tmp_path, precision=precision)
    centres = held(tmp_path).manifest.cells
    assert centres is not None
    with opened(tmp_path, precision) as writer:
        for generation in range(2, 60):
            writer.add(np.array([1_000 + generation]), grouped(1, generation))
            writer.remove([generation])
            writer.commit(generation)
    after = held(tmp_path).manifest
    assert after.cells is not None
    assert after.cells.centres == centres.centres
    assert len(after.segments) <= MAX_SEGMENTS
    check_cells(tmp_path)


def test_all_can_be_merged_without_anything_new(tmp_path: Path) -> None:
    committed(tmp_path)
    with opened(tmp_path) as writer:
        writer.add(np.arange(MANY, MANY + 50), grouped(50, 2))
        writer.commit(2)
        writer.remove(range(100))
        writer.commit(3)
    assert [file.rows for file in held(tmp_path).manifest.segments] == [MANY - 50]
    check_cells(tmp_path)


def test_centres_are_found_by_the_commit_that_ends_a_run(tmp_path: Path) -> None:
    with opened(tmp_path) as writer:
        writer.add(np.arange(MANY), grouped(MANY))
        writer.commit(1, more=True)
        assert held(tmp_path).cells is None
        writer.commit(2)
        check_cells(tmp_path)
        before = held(tmp_path).cells
        writer.add(np.arange(MANY, 2 * MANY), grouped(MANY, 2))
        writer.commit(3, more=True)
        check_cells(tmp_path)
        same = held(tmp_path).cells
        writer.commit(4)
        check_cells(tmp_path)
        after = held(tmp_path).cells
    assert before is not None
    assert same is not None
    assert after is not None
    assert before.stored.centres == same.stored.centres
    assert [cells.stored.divided for cells in (before, same, after)] == [MANY, MANY, 2 * MANY]


def test_centres_are_found_anew_for_a_quarter_more_and_go_with_half(tmp_path: Path) -> None:
    committed(tmp_path)
    with opened(tmp_path) as writer:
        before = held(tmp_path).cells
        more = MANY + MANY // 4
        writer.add(np.arange(MANY, more), grouped(MANY // 4, 2))
        writer.commit(2)
        same = held(tmp_path).cells
        writer.add(np.array([more]), grouped(1, 3))
        writer.commit(3)
        anew = held(tmp_path).cells
        assert before is not None
        assert same is not None
        assert anew is not None
        assert same.stored.centres == before.stored.centres
        assert anew.stored.centres != before.stored.centres
        assert anew.stored.divided == more + 1
        assert len(anew.centres) > len(before.centres) > 1
        check_cells(tmp_path)
        writer.remove(range(MANY // 2, more + 1))
        writer.commit(4)
        check_cells(tmp_path)
        writer.remove([0])
        writer.commit(5)
    assert held(tmp_path).cells is None
    assert not list(tmp_path.glob("ce*"))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["centres", "cells"])
def test_damage_is_noticed(tmp_path: Path, kind: str, damage: Any) -> None:
    committed(tmp_path)
    damage(next(tmp_path.glob(f"{kind}*")))
    with pytest.raises(BrokenIndexError):
        VectorReader(tmp_path)


def test_a_cell_that_there_is_none_of_is_told(tmp_path: Path) -> None:
    committed(tmp_path)
    cells = held(tmp_path).manifest.cells
    assert cells is not None
    wrong = np.full(MANY, len(held(tmp_path).manifest.segments) + 1_000, "<u2").tobytes()
    name = cells.numbers[0].name
    (tmp_path / name).write_bytes(wrong)
    stored = files.StoredFile(name, MANY, len(wrong), files.checksum_of(wrong))
    with pytest.raises(BrokenIndexError, match="cells that there are none of"):
        files.open_cells(tmp_path, files.StoredCells(MANY, cells.centres, (stored,)), DIMENSION)


@pytest.mark.parametrize("writes", range(4))
def test_a_crash_while_cells_are_written_leaves_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    committed(tmp_path, MANY - 1)
    done: list[str] = []
    durably = files.write_durably

    def write(path: Path, pieces: Any) -> tuple[int, str]:
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(path.name)
        return durably(path, pieces)

    monkeypatch.setattr(files, "write_durably", write)
    monkeypatch.setattr("indexing.stores.vectors.write_durably", write)
    writer = opened(tmp_path)
    writer.add(np.array([900]), grouped(1, 5))
    with pytest.raises(KeyboardInterrupt):
        writer.commit(2)
    monkeypatch.undo()
    assert (held(tmp_path).manifest.generation, held(tmp_path).cells) == (1, None)
    with opened(tmp_path) as again:
        again.add(np.array([900]), grouped(1, 5))
        again.commit(2)
    check_cells(tmp_path)


def test_a_coarser_precision_has_cells_too(tmp_path: Path) -> None:
    committed(tmp_path, precision=Precision.FLOAT16)
    with opened(tmp_path, Precision.COMPACT):
        pass
    assert held(tmp_path).manifest.precision is Precision.COMPACT
    check_cells(tmp_path)


def test_without_faiss_every_row_is_looked_at(tmp_path: Path) -> None:
    committed(tmp_path)
    reader, query = VectorReader(tmp_path, use_faiss=False, looked_into=0.0), grouped(1, 8)[0]
    assert reader.engine == "numpy"
    exact = reader.scores(query, np.arange(MANY))
    assert reader.search(query, 50)[0].tolist() == np.lexsort((np.arange(MANY), -exact))[:50].tolist()


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> VectorReader:
    """2,000 vectors, some of them dead and some masked, in 88 cells of which one is looked into."""
    pytest.importorskip("faiss")
    folder = tmp_path_factory.mktemp("vectors")
    with opened(folder) as writer:
        writer.add(np.arange(2_000), grouped(2_000))
        writer.commit(1)
        writer.remove(range(100, 150))
        writer.mask(np.arange(200, 300))
        writer.commit(2)
    reader = VectorReader(folder, device="cpu", looked_into=1e-9)
    assert reader.engine == "faiss-cells"
    return reader


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    k=st.integers(1, 2_500),
    among=st.none() | st.lists(st.integers(0, 2_100), max_size=60, unique=True),
    seed=st.integers(0, 1_000),
)
def test_a_search_gives_as_many_as_there_are_however_few_cells_are_looked_into(
    searched: VectorReader, k: int, among: list[int] | None, seed: int
) -> None:
    query = grouped(1, seed)[0]
    ids, scores = searched.search(query, k, None if among is None else np.array(among, np.int64))
    there = {*range(2_000)} - {*range(100, 150)} - {*range(200, 300)}
    there = there if among is None else there & {*among}
    assert len(ids) == len({*ids.tolist()}) == min(k, len(there))
    assert {*ids.tolist()} <= there
    np.testing.assert_array_equal(scores, searched.scores(query, ids))
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_a_restriction_to_few_is_looked_at_row_by_row(searched: VectorReader) -> None:
    """Their cells need not be near the query."""
    among = np.arange(0, 40)
    for seed in range(20):
        query = grouped(1, seed)[0]
        exact = searched.scores(query, among)
        assert searched.search(query, 10, among)[0].tolist() == np.lexsort((among, -exact))[:10].tolist()


def test_a_quarter_of_the_cells_holds_nearly_all_that_is_near(tmp_path: Path) -> None:
    pytest.importorskip("faiss")
    with opened(tmp_path) as writer:
        writer.add(np.arange(5_000), grouped(5_000))
        writer.commit(1)
    reader, everything = VectorReader(tmp_path, device="cpu", looked_into=1 / 4), np.arange(5_000)
    found = 0
    for query in grouped(50, 77):
        best = np.argsort(-reader.scores(query, everything))[:10]
        found += len({*best.tolist()} & {*reader.search(query, 10)[0].tolist()})
    assert found / 500 > 0.95


def test_centres_are_found_among_copies_and_zeros() -> None:
    rows = np.concatenate([np.zeros((5, 8)), np.ones((90, 8)), -np.ones((5, 8))]).astype(np.float32)
    centres = find_centres(len(rows), lambda some: rows[some])
    assert centres.shape == (20, 8)
    cells = cells_of(rows, centres)
    assert len({*cells[5:95].tolist()}) == len({*cells[95:].tolist()}) == 1
    assert cells[5] != cells[95]
    assert cells.max() < len(centres)


def test_the_same_rows_give_the_same_centres() -> None:
    rows = grouped(1_000)
    one, two = (find_centres(len(rows), lambda some: rows[some]) for _ in range(2))
    np.testing.assert_array_equal(one, two)
