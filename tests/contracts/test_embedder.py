"""What every `Embedder` promises, run on each of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.ports import Embedder
from indexing.embedding.static import StaticEmbedder

TEXTS = ["open the file", "", "close the socket", "open the file", "   \n\t", "read file socket " * 40]


@pytest.fixture(scope="module", params=["static", "sentence-transformers"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    if request.param == "static":
        return StaticEmbedder()
    pytest.importorskip("sentence_transformers", exc_type=ImportError)
    from indexing.embedding.sentence_transformers import SentenceTransformersEmbedder
    from tests.indexing.embedding.tiny_models import make_sentence_transformer

    folder: Path = tmp_path_factory.mktemp("model") / "tiny"
    return SentenceTransformersEmbedder(str(make_sentence_transformer(folder)), "cpu")


def test_names_are_told(embedder):
    assert embedder.name
    assert embedder.version
    assert embedder.dimension > 0


def test_documents_are_rows_of_float32(embedder):
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()


def test_a_query_is_a_vector_of_float32(embedder):
    vector = embedder.embed_query("open the file")
    assert vector.shape == (embedder.dimension,)
    assert vector.dtype == np.float32


def test_lengths_are_one_and_blank_texts_are_zeros(embedder):
    lengths = np.linalg.norm(embedder.embed_documents(TEXTS), axis=1)
    assert lengths == pytest.approx([1, 0, 1, 1, 0, 1], abs=1e-5)
    assert np.linalg.norm(embedder.embed_query("open the file")) == pytest.approx(1, abs=1e-5)
    assert not embedder.embed_query("").any()


def test_no_texts_give_no_rows(embedder):
    vectors = embedder.embed_documents([])
    assert vectors.shape == (0, embedder.dimension)
    assert vectors.dtype == np.float32


def test_a_text_is_embedded_the_same_whatever_stands_beside_it(embedder):
    together = embedder.embed_documents(TEXTS)
    alone = np.concatenate([embedder.embed_documents([text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)


def test_different_texts_differ(embedder):
    one, other = embedder.embed_documents(["open the file", "close the socket"])
    assert one @ other < 0.999


def test_the_caller_may_write_into_what_it_got(embedder):
    first = embedder.embed_query("open the file")
    kept = first.copy()
    first[:] = 0
    assert embedder.embed_query("open the file") == pytest.approx(kept, abs=1e-6)


def test_version_and_vectors_are_the_same_when_used_again(embedder):
    version = embedder.version
    assert np.array_equal(embedder.embed_documents(TEXTS), embedder.embed_documents(TEXTS))
    assert embedder.version == version
