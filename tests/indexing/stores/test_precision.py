"""How exactly an index keeps its vectors: chosen, remembered, changed, and read from indexes that knew but one precision."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.errors import BrokenIndexError, UsageError
from indexing.stores import vector_files as files
from indexing.stores.codes import Precision
from indexing.stores.faiss import VectorReader
from indexing.stores.precision import checked_precision, codec_of, usual_precision
from indexing.stores.vector_choice import open_vector_writer
from indexing.stores.vectors import MAX_SEGMENTS, VectorWriter

DIMENSION = 32
every_precision = pytest.mark.parametrize("precision", Precision)


def matrix(n: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def embedder(name: str = "static", version: str = "1") -> Any:
    return SimpleNamespace(name=name, version=version, dimension=DIMENSION)


def opened(folder: Path, precision: Precision) -> VectorWriter:
    return VectorWriter(folder, DIMENSION, "static", "1", precision)


def committed(folder: Path, precision: Precision) -> None:
    """Two segments, a dead row and a masked one; generation 2."""
    with opened(folder, precision) as writer:
        writer.add(np.arange(100), matrix(100))
        writer.commit(1)
        writer.add(np.arange(200, 250), matrix(50, 1))
        writer.remove([3])
        writer.mask(np.array([4]))
        writer.commit(2)


def chosen(folder: Path, precision: str = "", **named: str) -> Precision:
    writer = open_vector_writer(folder, "", embedder(**named), precision)
    try:
        return writer.precision
    finally:
        writer.close()


def test_a_new_index_of_a_transformer_keeps_more_than_one_of_the_static_model(tmp_path: Path) -> None:
    assert chosen(tmp_path / "one") is usual_precision("static") is Precision.COMPACT
    assert chosen(tmp_path / "two", name="some/transformer") is Precision.INT8
    assert chosen(tmp_path / "three", "float16") is Precision.FLOAT16


def test_what_was_chosen_once_is_remembered_until_another_embedder_comes(tmp_path: Path) -> None:
    committed(tmp_path, Precision.FLOAT16)
    assert chosen(tmp_path) is Precision.FLOAT16
    assert chosen(tmp_path, version="2") is Precision.FLOAT16
    assert chosen(tmp_path, name="some/transformer") is Precision.INT8


def test_an_unknown_precision_is_refused() -> None:
    assert checked_precision("") is None
    with pytest.raises(UsageError, match="there is no precision 'int4'"):
        checked_precision("int4")


@every_precision
def test_a_chunk_costs_its_code_alone(tmp_path: Path, precision: Precision) -> None:
    with opened(tmp_path, precision) as writer:
        writer.add(np.arange(10_000), matrix(10_000))
        writer.commit(1)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert size <= 10_000 * codec_of(precision, DIMENSION).width + 1_000


@every_precision
def test_merges_keep_the_precision(tmp_path: Path, precision: Precision) -> None:
    writer = opened(tmp_path, precision)
    rows = matrix(40)
    for generation in range(1, 41):
        writer.add(np.array([generation]), rows[generation - 1 : generation])
        writer.remove([generation - 7])
        writer.commit(generation)
    reader = VectorReader(tmp_path)
    held = files.read_manifest(tmp_path)
    assert held is not None
    assert (reader.precision, held.precision, reader.count()) == (precision, precision, 7)
    assert len(held.segments) <= MAX_SEGMENTS
    codec = codec_of(precision, DIMENSION)
    kept = codec.turned_back(codec.decode(codec.encode(rows[33:].astype(np.float16).astype(np.float32))))
    np.testing.assert_allclose(reader.vectors(np.arange(34, 41)), kept, atol=1e-6)


@every_precision
@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"\xff" + data[1:], lambda _: b""])
def test_damage_is_noticed(tmp_path: Path, precision: Precision, damage: Any) -> None:
    committed(tmp_path, precision)
    path = next(tmp_path.glob("vectors-*"))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BrokenIndexError):
        VectorReader(tmp_path)
    with pytest.raises(BrokenIndexError):
        opened(tmp_path, precision)


@pytest.mark.parametrize(("before", "after"), list(itertools.combinations(Precision, 2)))
def test_a_finer_precision_begins_anew_and_keeps_the_old_until_it_commits(
    tmp_path: Path, before: Precision, after: Precision
) -> None:
    committed(tmp_path, before)
    with opened(tmp_path, after) as writer:
        assert (writer.generation, writer.count(), writer.precision) == (0, 0, after)
        assert (VectorReader(tmp_path).precision, VectorReader(tmp_path).count()) == (before, 148)
        writer.add(np.array([1]), matrix(1))
        writer.commit(5)
    reader = VectorReader(tmp_path)
    assert (reader.precision, reader.generation, reader.count()) == (after, 5, 1)


@pytest.mark.parametrize(("after", "before"), list(itertools.combinations(Precision, 2)))
def test_a_coarser_precision_is_made_of_what_is_kept(tmp_path: Path, before: Precision, after: Precision) -> None:
    """Nothing has to be embedded again: the generation stays, and so do the dead rows and the masks."""
    committed(tmp_path / "changed", before)
    committed(tmp_path / "anew", after)
    on_its_way = VectorReader(tmp_path / "changed")
    with opened(tmp_path / "changed", after) as writer:
        assert (writer.generation, writer.count(), writer.precision) == (2, 149, after)
    reader, anew = VectorReader(tmp_path / "changed"), VectorReader(tmp_path / "anew")
    assert (reader.precision, reader.generation, reader.count()) == (after, 2, 148)
    query, everything = matrix(1, 9)[0], np.arange(300)
    exact = before is Precision.FLOAT16
    np.testing.assert_allclose(reader.scores(query, everything), anew.scores(query, everything), atol=0 if exact else 0.15)
    assert sorted(reader.search(query, 300)[0].tolist()) == sorted(anew.search(query, 300)[0].tolist())
    assert on_its_way.count() == 148
    assert len(on_its_way.search(query, 300)[0]) == 148
    named = files.read_manifest(tmp_path / "changed")
    assert named is not None
    assert {path.name for path in (tmp_path / "changed").iterdir()} == named.names() | {"manifest.json"}


def test_a_crash_while_vectors_are_made_coarser_leaves_them_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(tmp_path, Precision.INT8)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexing.stores.vectors.write_manifest", killed)
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path, Precision.COMPACT)
    monkeypatch.undo()
    reader = VectorReader(tmp_path)
    assert (reader.precision, reader.generation, reader.count()) == (Precision.INT8, 2, 148)


def test_files_of_the_format_that_knew_one_precision_are_read_as_compact(tmp_path: Path) -> None:
    committed(tmp_path, Precision.COMPACT)
    query = matrix(1, 9)[0]
    before = VectorReader(tmp_path).search(query, 20)[0].tolist()
    manifest = tmp_path / "manifest.json"
    body = json.loads(manifest.read_bytes())["manifest"]
    body["format"] = 3
    del body["precision"]
    checksum = files.checksum_of(json.dumps(body, sort_keys=True).encode())
    manifest.write_text(json.dumps({"manifest": body, "checksum": checksum}))
    reader = VectorReader(tmp_path)
    assert (reader.precision, reader.search(query, 20)[0].tolist()) == ("compact", before)
    with opened(tmp_path, Precision.COMPACT) as writer:
        assert (writer.generation, writer.count()) == (2, 149)
        writer.commit(3)
    assert VectorReader(tmp_path).search(query, 20)[0].tolist() == before


def test_a_precision_that_is_not_known_is_a_broken_index(tmp_path: Path) -> None:
    committed(tmp_path, Precision.INT8)
    manifest = tmp_path / "manifest.json"
    body = json.loads(manifest.read_bytes())["manifest"] | {"precision": "int3"}
    checksum = files.checksum_of(json.dumps(body, sort_keys=True).encode())
    manifest.write_text(json.dumps({"manifest": body, "checksum": checksum}))
    with pytest.raises(BrokenIndexError, match="incomplete"):
        VectorReader(tmp_path)
