"""Vectors on a server: what goes over the wire, what a kill leaves behind, a server that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qdrant_client")

from core.errors import BrokenIndexError, CodestrataError, UsageError
from indexing.stores import qdrant, qdrant_connection
from indexing.stores.qdrant import QdrantReader, QdrantWriter
from indexing.stores.qdrant_connection import POINTER_NAME, Pointer, checked_url, connect, read_pointer
from indexing.stores.vector_choice import check_store, open_vector_reader, open_vector_writer
from tests.qdrant_server import QdrantServer

pytestmark = pytest.mark.filterwarnings("ignore:Local mode:UserWarning")
DIMENSION = 16


class Embedder:
    dimension = DIMENSION

    def __init__(self, name: str = "test", version: str = "1") -> None:
        self.name, self.version = name, version


def matrix(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[QdrantServer]:
    monkeypatch.setattr(qdrant_connection, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(qdrant_connection.call, "__defaults__", ((0.0, 0.0),))
    with QdrantServer().running() as running:
        yield running


def opened(server: QdrantServer, folder: Path, **embedder: str) -> QdrantWriter:
    writer = open_vector_writer(folder, f"qdrant={server.url}", Embedder(**embedder))
    assert isinstance(writer, QdrantWriter)
    return writer


def filled(server: QdrantServer, folder: Path, count: int = 50) -> QdrantWriter:
    writer = opened(server, folder)
    writer.add(np.arange(count), matrix(count))
    writer.commit(1)
    return writer


def test_it_is_remembered_without_being_named_again(server: QdrantServer, tmp_path: Path) -> None:
    filled(server, tmp_path)
    reader = open_vector_reader(tmp_path)
    assert isinstance(reader, QdrantReader)
    assert (reader.count(), reader.generation, reader.engine) == (50, 1, "qdrant")
    assert (reader.embedder_name, reader.embedder_version) == ("test", "1")
    assert reader.search(matrix(50)[7], 1)[0].tolist() == [7]
    assert open_vector_writer(tmp_path, "", Embedder()).generation == 1


def test_two_indexes_share_a_server(server: QdrantServer, tmp_path: Path) -> None:
    filled(server, tmp_path / "one", 5)
    filled(server, tmp_path / "two", 9)
    assert [open_vector_reader(tmp_path / name).count() for name in ("one", "two")] == [5, 9]


def test_no_text_is_sent_and_batches_are_bounded(server: QdrantServer, tmp_path: Path) -> None:
    filled(server, tmp_path, 1_000)
    sent = [json.loads(body) for (method, path), body in zip(server.requests, server.bodies, strict=True) if method == "PUT"]
    batches = [body["batch"] for body in sent if "batch" in body]
    assert [len(batch["ids"]) for batch in batches] == [256, 256, 256, 232]
    assert {key for batch in batches for payload in batch["payloads"] for key in payload} == {"chunk", "masked", "since"}


def test_what_does_not_count_yet_is_not_seen_and_is_swept_up(
    server: QdrantServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = filled(server, tmp_path)
    monkeypatch.setattr(qdrant, "_MAX_PENDING", 10)
    writer.add(np.arange(100, 130), matrix(30, 1))  # sent ahead, then the writer is killed
    writer.remove([3])
    assert server.engine.count(writer._name).count == 50 + 30 + 1
    reader = open_vector_reader(tmp_path)
    assert reader.count() == 50
    assert reader.search(matrix(30, 1)[0], 100)[0].max() < 50
    again = opened(server, tmp_path)
    assert (again.generation, again.count()) == (1, 50)
    assert server.engine.count(again._name).count == 50 + 1


def test_a_filter_of_scattered_chunks_is_kept_to(server: QdrantServer, tmp_path: Path) -> None:
    filled(server, tmp_path, 2_000)
    reader = open_vector_reader(tmp_path)
    among = np.arange(1, 2_000, 3)  # more runs than a request may hold
    query = matrix(1, 5)[0]
    truth = among[np.argsort(-(matrix(2_000)[among].astype(np.float16).astype(np.float32) @ query))[:20]]
    assert reader.search(query, 20, among)[0].tolist() == truth.tolist()
    assert len(reader.search(query, 1_000, among)[0]) == len(among)


def test_another_embedder_has_another_collection_and_the_old_one_goes(server: QdrantServer, tmp_path: Path) -> None:
    filled(server, tmp_path)
    writer = opened(server, tmp_path, version="2")
    assert writer.generation == 0
    assert open_vector_reader(tmp_path).count() == 50  # until the new ones count
    writer.add(np.arange(4), matrix(4))
    writer.commit(2)
    assert open_vector_reader(tmp_path).embedder_version == "2"
    [left] = server.engine.get_collections().collections
    assert left.name == writer._name


def test_an_index_moves_from_files_to_the_server_and_back(server: QdrantServer, tmp_path: Path) -> None:
    with open_vector_writer(tmp_path, "", Embedder()) as files:
        files.add(np.arange(6), matrix(6))
        files.commit(1)
    writer = opened(server, tmp_path)
    assert writer.generation == 0
    assert open_vector_reader(tmp_path).count() == 6  # still from the files
    writer.add(np.arange(7), matrix(7))
    writer.commit(1)
    assert open_vector_reader(tmp_path).count() == 7
    assert [path.name for path in tmp_path.iterdir()] == [POINTER_NAME]
    with open_vector_writer(tmp_path, "faiss", Embedder()) as files:
        assert files.generation == 0
        files.add(np.arange(8), matrix(8))
        files.commit(1)
    assert open_vector_reader(tmp_path).count() == 8
    assert not server.engine.get_collections().collections


def test_a_lost_collection_is_told_and_sent_anew(server: QdrantServer, tmp_path: Path) -> None:
    writer = filled(server, tmp_path)
    server.engine.delete_collection(writer._name)
    with pytest.raises(BrokenIndexError, match="index again"):
        open_vector_reader(tmp_path)
    assert opened(server, tmp_path).generation == 0


def test_faults_that_pass_cost_nothing(server: QdrantServer, tmp_path: Path) -> None:
    writer = opened(server, tmp_path)
    writer.add(np.arange(5), matrix(5))
    server.faults = [503, 0]
    writer.commit(1)
    assert not server.faults
    assert open_vector_reader(tmp_path).count() == 5


def test_a_server_that_stops_midway_is_told_and_caught_up_with(server: QdrantServer, tmp_path: Path) -> None:
    writer = opened(server, tmp_path)
    writer.add(np.arange(1_000), matrix(1_000))
    server.fail_after = 3
    with pytest.raises(CodestrataError, match=r"Qdrant server at .* failed: 503 stopped"):
        writer.commit(1)
    server.fail_after = None
    again = opened(server, tmp_path)
    assert (again.generation, again.count()) == (0, 0)


def test_a_refusal_is_not_tried_again(server: QdrantServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.key = "right"
    with pytest.raises(CodestrataError, match=r"refused: 403 Forbidden; .*QDRANT_API_KEY"):
        check_store(f"qdrant={server.url}")
    assert len(server.requests) == 1
    monkeypatch.setenv("QDRANT_API_KEY", "right")
    check_store(f"qdrant={server.url}")


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"format": 1, "pointer": {"url": "http://x"}, "checksum": ""}'])
def test_a_damaged_pointer_is_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / POINTER_NAME).write_bytes(damage)
    with pytest.raises(BrokenIndexError, match="damaged"):
        read_pointer(tmp_path)


@pytest.mark.parametrize(
    ("url", "word"),
    [("", "no URL"), ("localhost:6333", "no URL"), ("https://me:secret@host", "no key"), ("http://h?api=1", "no key")],
)
def test_urls_that_cannot_be(url: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        checked_url(url)


def test_collections_are_named_apart_and_safely() -> None:
    pointers = [Pointer("u", "i", name, version, 8, ready=True) for name in ("a/b é", "a b") for version in "12"]
    assert len({pointer.collection for pointer in pointers}) == 4
    assert pointers[0].collection.startswith("codestrata-i-a-b-")
    assert all(pointer.collection.isascii() for pointer in pointers)


def test_nobody_there_is_one_clear_line() -> None:
    with pytest.raises(CodestrataError, match=r"cannot be reached: .*the index is unharmed"):
        qdrant_connection.call("http://127.0.0.1:9", connect("http://127.0.0.1:9").get_collections, ())
