"""The files of vectors: crashes, damage, merging, other embedders, the engines' agreement, and the way back from a GPU."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import indexing.stores.faiss as store
from core.errors import BrokenIndexError
from indexing.stores import vector_files as files
from indexing.stores import vectors as writing
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.precision import codec_of
from indexing.stores.vectors import MAX_SEGMENTS, VectorWriter
from tests.indexing.stores.damages import DAMAGES

DIMENSION = 32


def matrix(n: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def open_writer(folder: Path, version: str = "1") -> VectorWriter:
    return VectorWriter(folder, DIMENSION, "test", version)


def committed(folder: Path, n: int = 10) -> Path:
    with open_writer(folder) as writer:
        writer.add(np.arange(n), matrix(n))
        writer.commit(1)
    return folder


def test_a_reader_keeps_its_snapshot_while_a_writer_commits(tmp_path: Path) -> None:
    committed(tmp_path)
    reader = VectorReader(tmp_path)
    with open_writer(tmp_path) as writer:
        writer.remove(range(10))
        writer.add(np.array([77]), matrix(1))
        writer.commit(2)
    assert reader.search(matrix(1)[0], 20)[0].tolist() != [77]
    assert reader.count() == 10
    assert VectorReader(tmp_path).search(matrix(1)[0], 20)[0].tolist() == [77]


def test_what_was_not_committed_is_forgotten(tmp_path: Path) -> None:
    committed(tmp_path)
    with open_writer(tmp_path) as writer:
        writer.remove([0, 1, 2])
        writer.add(np.array([50]), matrix(1))
    assert VectorReader(tmp_path).count() == 10


@pytest.mark.parametrize("killed_at", range(7))
def test_a_crash_between_any_two_writes_leaves_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    committed(tmp_path)
    written: list[str] = []
    durably = files.write_durably

    class Killed(BaseException):
        pass

    def write(path: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
        data = b"".join(pieces)
        if killed_at % 2 == 0 and len(written) == killed_at // 2:
            path.with_name(path.name + ".new").write_bytes(data[: len(data) // 2])
            raise Killed
        written.append(path.name)
        done = durably(path, [data])
        if killed_at % 2 == 1 and len(written) > killed_at // 2:
            raise Killed
        return done

    writer = open_writer(tmp_path)
    writer.add(np.array([99]), matrix(1, seed=9))
    writer.remove([3])
    writer.mask(np.array([4]))
    monkeypatch.setattr(files, "write_durably", write)
    monkeypatch.setattr(writing, "write_durably", write)
    with pytest.raises(Killed):
        writer.commit(2)
    monkeypatch.undo()
    assert "manifest.json" not in written
    reader = VectorReader(tmp_path)
    assert (reader.generation, reader.count()) == (1, 10)

    with open_writer(tmp_path) as again:
        assert again.generation == 1
        again.add(np.array([99]), matrix(1, seed=9))
        again.commit(2)
    assert VectorReader(tmp_path).count() == 11
    named = files.read_manifest(tmp_path)
    assert named is not None
    assert {path.name for path in tmp_path.iterdir()} == named.names() | {"manifest.json"}


def test_dead_rows_are_compacted_at_a_tenth(tmp_path: Path) -> None:
    committed(tmp_path, 100)
    with open_writer(tmp_path) as writer:
        writer.remove(range(10))
        writer.commit(2)
    kept = files.read_vector_files(tmp_path)
    assert kept is not None
    assert (len(kept.dead), int(kept.dead.sum())) == (100, 10)
    with open_writer(tmp_path) as writer:
        writer.remove([10])
        writer.commit(3)
    compacted = files.read_vector_files(tmp_path)
    assert compacted is not None
    assert (len(compacted.segments), len(compacted.dead)) == (1, 89)
    assert VectorReader(tmp_path).count() == 89


def test_many_small_commits_are_merged(tmp_path: Path) -> None:
    writer = open_writer(tmp_path)
    for generation in range(1, 30):
        writer.add(np.array([generation]), matrix(1, generation))
        writer.commit(generation)
        read = files.read_vector_files(tmp_path)
        assert read is not None
        assert len(read.segments) <= MAX_SEGMENTS
    reader = VectorReader(tmp_path)
    assert reader.count() == 29
    assert reader.search(matrix(1, 17)[0], 1)[0].tolist() == [17]


def test_a_small_commit_rewrites_no_big_file(tmp_path: Path) -> None:
    """300 rounds of one changed row beside 5,000: what is written stays in the order of the changes."""
    committed(tmp_path, 5_000)
    big = next(tmp_path.glob("vectors-*"))
    writer = open_writer(tmp_path)
    written = 0
    for generation in range(2, 302):
        before = {path.name for path in tmp_path.glob("vectors-*")}
        writer.remove([generation])
        writer.add(np.array([10_000 + generation]), matrix(1, generation))
        writer.commit(generation)
        written += sum(path.stat().st_size for path in tmp_path.glob("vectors-*") if path.name not in before)
    assert big.exists()
    assert written < big.stat().st_size
    reader = VectorReader(tmp_path)
    assert reader.count() == 5_000
    assert reader.search(matrix(1, 50)[0], 1)[0].tolist() == [10_050]


def test_what_a_commit_does_not_change_is_not_written(tmp_path: Path) -> None:
    committed(tmp_path, 100)
    with open_writer(tmp_path) as writer:
        writer.remove([1])
        writer.mask(np.array([2]))
        writer.commit(2)
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.bin")}
        writer.add(np.array([200]), matrix(1))
        writer.mask(np.array([2]))
        writer.commit(3)
    after = {path.name for path in tmp_path.glob("*.bin")}
    assert {name for name in before if name.startswith(("vectors", "masked"))} < after
    assert VectorReader(tmp_path).count() == 99


def test_a_chunk_costs_its_code_alone(tmp_path: Path) -> None:
    committed(tmp_path, 10_000)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert size <= 10_000 * codec_of(Precision.COMPACT, DIMENSION).width + 1_000


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["vectors", "dead", "masked", "manifest"])
def test_damage_is_noticed(tmp_path: Path, kind: str, damage: Any) -> None:
    committed(tmp_path, 100)
    with open_writer(tmp_path) as writer:
        writer.remove([1])
        writer.mask(np.array([2]))
        writer.commit(2)
    damage(next(tmp_path.glob(f"{kind}*")))
    with pytest.raises(BrokenIndexError) as caught:
        VectorReader(tmp_path)
    assert caught.value.next_step
    assert "\n" not in str(caught.value)


def test_a_changed_number_in_the_manifest_is_noticed(tmp_path: Path) -> None:
    committed(tmp_path)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"generation": 1', '"generation": 2'))
    with pytest.raises(BrokenIndexError, match="damaged"):
        VectorReader(tmp_path)


def test_a_folder_without_a_commit_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(BrokenIndexError, match="nothing was committed"):
        VectorReader(tmp_path / "missing")


def test_another_embedder_begins_anew_and_keeps_the_old_until_it_commits(tmp_path: Path) -> None:
    committed(tmp_path)
    with open_writer(tmp_path, version="2") as writer:
        assert (writer.generation, writer.count()) == (0, 0)
        assert VectorReader(tmp_path).embedder_version == "1"
        writer.add(np.array([1]), matrix(1))
        writer.commit(5)
    reader = VectorReader(tmp_path)
    assert (reader.embedder_name, reader.embedder_version, reader.generation, reader.count()) == ("test", "2", 5, 1)


def test_vectors_that_cannot_be_stored_are_refused(tmp_path: Path) -> None:
    writer = open_writer(tmp_path)
    with pytest.raises(ValueError, match="finite"):
        writer.add(np.array([1]), np.full((1, DIMENSION), 1e6, np.float32))
    with pytest.raises(ValueError, match="shape"):
        writer.add(np.array([1, 2]), matrix(1))


def test_nothing_is_pickled(tmp_path: Path) -> None:
    committed(tmp_path)
    assert all(not path.read_bytes().startswith((b"\x80", b"PK")) for path in tmp_path.iterdir())


def test_without_faiss_numpy_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path)
    monkeypatch.setattr(store, "_faiss", lambda: None)
    reader = VectorReader(tmp_path)
    assert reader.engine == "numpy"
    assert reader.search(matrix(10)[4], 1)[0].tolist() == [4]


def gpu_build(**parts: Any) -> SimpleNamespace:
    """The installed faiss, with what only its GPU build has put in by hand."""
    faiss = pytest.importorskip("faiss")
    return SimpleNamespace(
        **{name: getattr(faiss, name) for name in dir(faiss) if not name.startswith("__")}
        | {"StandardGpuResources": object, "get_num_gpus": lambda: 1, "GpuIndexFlatConfig": SimpleNamespace, **parts}
    )


def fail(*_: object) -> None:
    raise RuntimeError("CUDA error 2 out of memory\nat somewhere")


def test_a_gpu_that_cannot_hold_the_vectors_gives_way_to_the_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    committed(tmp_path)
    build = gpu_build(GpuIndexFlatIP=fail)
    monkeypatch.setattr(store, "_faiss", lambda: build)
    with caplog.at_level(logging.WARNING):
        reader = VectorReader(tmp_path)
        assert reader.engine == "faiss"
    assert "out of memory" in caplog.text
    assert reader.search(matrix(10)[4], 1)[0].tolist() == [4]


def test_a_gpu_that_fails_in_a_search_gives_way_to_the_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    committed(tmp_path)

    class Index:
        def __init__(self, *_: object) -> None: ...
        def add(self, rows: np.ndarray) -> None: ...

        search = fail

    build = gpu_build(GpuIndexFlatIP=Index)
    monkeypatch.setattr(store, "_faiss", lambda: build)
    reader = VectorReader(tmp_path)
    assert reader.engine == "faiss-gpu"
    with caplog.at_level(logging.WARNING):
        assert reader.search(matrix(10)[4], 1)[0].tolist() == [4]
    assert reader.engine == "faiss"
    assert "out of memory" in caplog.text


def test_a_gpu_answers_over_what_is_neither_dead_nor_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faiss = pytest.importorskip("faiss")
    committed(tmp_path, 100)
    with open_writer(tmp_path) as writer:
        writer.remove([0])
        writer.mask(np.array([1]))
        writer.commit(2)

    class Flat:
        """Takes the arguments of the GPU's index and answers with the CPU's."""

        def __init__(self, _resources: object, dimension: int, _settings: object) -> None:
            self._index = faiss.IndexFlatIP(dimension)

        def add(self, rows: np.ndarray) -> None:
            self._index.add(rows)

        def search(self, queries: np.ndarray, k: int) -> Any:
            return self._index.search(queries, k)

    build = gpu_build(GpuIndexFlatIP=Flat)
    on_cpu = VectorReader(tmp_path, device="cpu")
    monkeypatch.setattr(store, "_faiss", lambda: build)
    on_gpu = VectorReader(tmp_path)
    query = matrix(1, 5)[0]
    assert on_gpu.engine == "faiss-gpu"
    assert on_gpu.search(query, 200)[0].tolist() == on_cpu.search(query, 200)[0].tolist()
    among = np.array([0, 1, 5, 6])
    assert on_gpu.search(query, 9, among)[0].tolist() == on_cpu.search(query, 9, among)[0].tolist()
    assert VectorReader(tmp_path, device="cpu").engine == "faiss"


@pytest.mark.parametrize("dimension", [256, 100])
def test_faiss_finds_what_numpy_finds(tmp_path: Path, dimension: int) -> None:
    """faiss multiplies integers where the dimension is a multiple of 16, and real numbers elsewhere."""
    pytest.importorskip("faiss")
    random = np.random.default_rng(3)
    rows = random.standard_normal((20_000, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with VectorWriter(tmp_path, dimension, "test", "1") as writer:
        writer.add(np.arange(len(rows)), rows)
        writer.commit(1)
    engines = [VectorReader(tmp_path, device="cpu", use_faiss=use) for use in (True, False)]
    for query in random.standard_normal((20, dimension)).astype(np.float32):
        by_faiss, by_numpy = (reader.search(query, 50) for reader in engines)
        assert by_faiss[0].tolist() == by_numpy[0].tolist()
        np.testing.assert_array_equal(by_faiss[1], engines[0].scores(query, by_faiss[0]))


def test_vectors_in_float16_and_float32_get_the_same_codes(tmp_path: Path) -> None:
    """Workers send float16; what is embedded anew for a lost store comes as float32."""
    rows = matrix(500)
    stored = []
    for name, vectors in (("sent", rows.astype(np.float16).astype(np.float32)), ("anew", rows)):
        with open_writer(tmp_path / name) as writer:
            writer.add(np.arange(500), vectors)
            writer.commit(1)
        stored.append(next((tmp_path / name).glob("vectors*")).read_bytes())
    assert stored[0] == stored[1]


def test_a_vector_of_zeros_scores_zero(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.add(np.array([1, 2]), np.concatenate([matrix(1), np.zeros((1, DIMENSION), np.float32)]))
        writer.commit(1)
    ids, scores = VectorReader(tmp_path).search(matrix(1)[0], 2)
    assert ids.tolist() == [1, 2]
    assert scores[1] == 0.0
