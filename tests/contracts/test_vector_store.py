"""What every `VectorStore` promises, checked against brute force: over float32 within what it rounds away, and exactly over
what it keeps. Files are searched with faiss, with cells (all of which are looked into) and without, and with numpy; a Qdrant
server is stood in for by its client's own engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexing.stores.cells import CellPolicy
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.precision import codec_of
from indexing.stores.vector_choice import StoreReader
from indexing.stores.vectors import VectorWriter

DIMENSION = 64


def unit(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


class Kind(Protocol):
    """A store in a folder: its writer, its reader, the exact product of a query with what it keeps of a vector, and which
    masks the next writer knows."""

    def writer(self, folder: Path) -> Any: ...
    def reader(self, folder: Path) -> StoreReader: ...
    def remembered(self, masked: set[int], stored: set[int]) -> set[int]: ...
    def product(self, vector: np.ndarray, query: np.ndarray) -> float: ...


class Files:
    def __init__(self, engine: str, precision: Precision) -> None:
        if engine != "numpy":
            pytest.importorskip("faiss")
        self._engine = engine
        self._codec = codec_of(precision, DIMENSION)
        self._policy = CellPolicy(many=10) if engine == "faiss-cells" else None

    def writer(self, folder: Path) -> VectorWriter:
        return VectorWriter(folder, DIMENSION, "test", "1", self._codec.precision, self._policy)

    def reader(self, folder: Path) -> VectorReader:
        reader = VectorReader(folder, device="cpu", use_faiss=self._engine != "numpy", looked_into=1.0)
        assert reader.engine == self._engine or (reader.engine, self._engine) == ("faiss", "faiss-cells")
        return reader

    def remembered(self, masked: set[int], stored: set[int]) -> set[int]:
        return masked

    def product(self, vector: np.ndarray, query: np.ndarray) -> float:
        sent = vector.astype(np.float16).astype(np.float32)
        return float(self._codec.decode(self._codec.encode(sent[None]))[0] @ self._codec.turned(query))


class Qdrant:
    def __init__(self) -> None:
        pytest.importorskip("qdrant_client")
        from tests.qdrant_server import engine_in_memory

        self._client = engine_in_memory()

    def writer(self, folder: Path) -> Any:
        from indexing.stores.qdrant import QdrantWriter
        from indexing.stores.qdrant_connection import Pointer

        return QdrantWriter(folder, self._client, Pointer("memory", folder.name, "test", "1", DIMENSION, ready=False))

    def reader(self, folder: Path) -> StoreReader:
        from indexing.stores.qdrant import QdrantReader
        from indexing.stores.qdrant_connection import read_pointer

        pointer = read_pointer(folder)
        assert pointer is not None
        assert pointer.ready
        return QdrantReader(self._client, pointer)

    def remembered(self, masked: set[int], stored: set[int]) -> set[int]:
        return masked & stored

    def product(self, vector: np.ndarray, query: np.ndarray) -> float:
        return float(vector.astype(np.float16).astype(np.float32) @ query)


ENGINES = ("faiss", "faiss-cells", "numpy")


@pytest.fixture(params=[*(f"{engine}, {precision}" for engine in ENGINES for precision in Precision), "qdrant"])
def kind(request: pytest.FixtureRequest) -> Kind:
    engine, _, precision = request.param.partition(", ")
    return Files(engine, Precision(precision)) if precision else Qdrant()


@pytest.mark.filterwarnings("ignore:Local mode:UserWarning")
class TestVectorStore:
    def test_finds_the_nearest_best_first(self, tmp_path: Path, kind: Kind) -> None:
        vectors = np.stack([unit(i) for i in range(300)])
        with kind.writer(tmp_path) as writer:
            writer.add(np.arange(300) + 1000, vectors)
            writer.commit(1)
        reader = kind.reader(tmp_path)
        query = unit(999)
        ids, scores = reader.search(query, 20)
        truth = np.array([kind.product(vector, query) for vector in vectors])
        assert ids.tolist() == (np.argsort(-truth)[:20] + 1000).tolist()
        np.testing.assert_allclose(scores, np.sort(truth)[::-1][:20], atol=1e-5)
        np.testing.assert_allclose(scores, (vectors @ query)[ids - 1000], atol=0.15)
        assert reader.search(vectors[42], 1)[0].tolist() == [1042]
        assert ids.dtype == np.int64
        assert scores.dtype == np.float32

    def test_restricts_to_the_ids_given(self, tmp_path: Path, kind: Kind) -> None:
        with kind.writer(tmp_path) as writer:
            writer.add(np.arange(100), np.stack([unit(i) for i in range(100)]))
            writer.commit(1)
        reader = kind.reader(tmp_path)
        ids, _ = reader.search(unit(5), 50, np.array([3, 5, 7, 12345]))
        assert ids[0] == 5
        assert sorted(ids.tolist()) == [3, 5, 7]
        assert len(reader.search(unit(5), 50, np.array([], np.int64))[0]) == 0

    def test_gives_vectors_back_and_zeros_for_unknown_ones(self, tmp_path: Path, kind: Kind) -> None:
        with kind.writer(tmp_path) as writer:
            writer.add(np.array([7, 3]), np.stack([unit(7), unit(3)]))
            writer.mask(np.array([3]))
            writer.commit(1)
        reader, ids, query = kind.reader(tmp_path), np.array([3, 4, 7, 3]), unit(1)
        vectors = reader.vectors(ids)
        assert vectors.shape == (4, DIMENSION)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(vectors @ query, reader.scores(query, ids), atol=1e-5)
        assert reader.vectors(np.array([], np.int64)).shape == (0, DIMENSION)

    def test_scores_single_ids_and_gives_zero_for_unknown_ones(self, tmp_path: Path, kind: Kind) -> None:
        with kind.writer(tmp_path) as writer:
            writer.add(np.array([7, 3]), np.stack([unit(7), unit(3)]))
            writer.mask(np.array([3]))
            writer.commit(1)
        query = unit(1)
        scores = kind.reader(tmp_path).scores(query, np.array([3, 4, 7, 3]))
        expected = [kind.product(unit(3), query), 0.0, kind.product(unit(7), query), kind.product(unit(3), query)]
        np.testing.assert_allclose(scores, expected, atol=1e-5)

    def test_an_empty_store_answers(self, tmp_path: Path, kind: Kind) -> None:
        with kind.writer(tmp_path) as writer:
            writer.commit(1)
        reader = kind.reader(tmp_path)
        assert reader.count() == 0
        assert len(reader.search(unit(1), 10)[0]) == 0
        assert reader.scores(unit(1), np.array([1])).tolist() == [0.0]

    def test_equal_scores_come_in_the_order_of_ids(self, tmp_path: Path, kind: Kind) -> None:
        with kind.writer(tmp_path) as writer:
            writer.add(np.array([9, 4, 6]), np.stack([unit(1)] * 3))
            writer.commit(1)
        assert kind.reader(tmp_path).search(unit(1), 3)[0].tolist() == [4, 6, 9]

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("add"), st.lists(st.integers(0, 40), min_size=1, max_size=12, unique=True)),
                st.tuples(st.just("remove"), st.lists(st.integers(0, 40), max_size=12)),
                st.tuples(st.just("mask"), st.lists(st.integers(0, 40), max_size=6)),
                st.tuples(st.just("commit"), st.just([])),
                st.tuples(st.just("reopen"), st.just([])),
                st.tuples(st.just("clear"), st.just([])),
            ),
            max_size=40,
        )
    )
    @example([("mask", [0]), ("commit", []), ("add", [0]), ("commit", [])])
    @example([("add", [0]), ("mask", [0]), ("commit", []), ("reopen", []), ("add", [0]), ("commit", [])])
    def test_any_history_answers_like_a_dictionary(
        self, tmp_path_factory: pytest.TempPathFactory, kind: Kind, history: list[tuple[str, list[int]]]
    ) -> None:
        folder = tmp_path_factory.mktemp("vectors")
        writer = kind.writer(folder)
        working: dict[int, np.ndarray] = {}
        masked: set[int] = set()
        committed: tuple[dict[int, np.ndarray], set[int]] | None = None
        generation = 0
        for step, (action, ids) in enumerate(history):
            if action == "add":
                vectors = np.stack([unit(1000 * step + id_) for id_ in ids])
                writer.add(np.array(ids), vectors)
                working.update(zip(ids, vectors, strict=True))
            elif action == "remove":
                writer.remove(ids)
                for id_ in ids:
                    working.pop(id_, None)
            elif action == "mask":
                writer.mask(np.array(ids, np.int64))
                masked = set(ids)
            elif action == "clear":
                writer.clear()
                working, masked = {}, set()
            elif action == "commit":
                generation += 1
                writer.commit(generation)
                committed = (dict(working), set(masked))
            else:
                writer.close()
                writer = kind.writer(folder)
                working, masked = (dict(committed[0]), set(committed[1])) if committed else ({}, set())
                masked = kind.remembered(masked, set(working))
            assert writer.count() == len(working)
        if committed is None:
            return
        reader = kind.reader(folder)
        assert reader.generation == generation
        visible = {id_: vector for id_, vector in committed[0].items() if id_ not in committed[1]}
        assert reader.count() == len(visible)
        query = unit(424242)
        ids, scores = reader.search(query, 100)
        truth = {id_: kind.product(vector, query) for id_, vector in visible.items()}
        assert sorted(ids.tolist()) == sorted(truth)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
        np.testing.assert_allclose(scores, [truth[id_] for id_ in ids.tolist()], atol=1e-5)
        everything = np.arange(41)
        expected = [kind.product(committed[0][i], query) if i in committed[0] else 0.0 for i in range(41)]
        np.testing.assert_allclose(reader.scores(query, everything), expected, atol=1e-5)
