from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingPartError
from indexing.embedding.sentence_transformers import SentenceTransformersEmbedder
from tests.indexing.embedding.tiny_models import make_sentence_transformer

ROOT = Path(__file__).resolve().parents[3]


def test_the_missing_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingPartError) as caught:
        SentenceTransformersEmbedder("any/model")
    assert "codestrata[transformers]" in caught.value.next_step


def test_the_module_imports_nothing_heavy():
    script = (
        "import sys, indexing.embedding.sentence_transformers\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "[]\n"


class TestWithTheLibrary:
    @pytest.fixture(autouse=True, scope="class")
    def _library(self):
        pytest.importorskip("sentence_transformers", exc_type=ImportError)

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory) -> str:
        return str(make_sentence_transformer(tmp_path_factory.mktemp("models") / "tiny"))

    def test_it_says_what_the_library_says(self, folder):
        import sentence_transformers

        embedder = SentenceTransformersEmbedder(folder, "cpu")
        texts = ["read the files", "close", "open the socket and read the file"]
        expected = sentence_transformers.SentenceTransformer(folder, device="cpu").encode(texts, normalize_embeddings=True)
        assert embedder.embed_documents(texts) == pytest.approx(expected, abs=1e-5)
        assert embedder.name == f"sentence-transformers:{folder}"
        assert embedder.dimension == 16

    def test_prompts_are_put_before(self, folder):
        prompted = SentenceTransformersEmbedder(folder, "cpu", prompts={"query": "open the ", "document": "close "})
        plain = SentenceTransformersEmbedder(folder, "cpu")
        assert prompted.embed_query("file") == pytest.approx(plain.embed_query("open the file"), abs=1e-5)
        assert prompted.embed_documents(["file"]) == pytest.approx(plain.embed_documents(["close file"]), abs=1e-5)
        assert prompted.version != plain.version

    def test_the_models_own_prompts_are_used(self, folder, tmp_path):
        own = make_sentence_transformer(tmp_path / "prompted", prompts={"query": "open the ", "document": ""})
        plain = SentenceTransformersEmbedder(folder, "cpu")
        assert SentenceTransformersEmbedder(str(own), "cpu").embed_query("file") == pytest.approx(
            plain.embed_query("open the file"), abs=1e-5
        )

    def test_dimensions_are_cut_and_normalised_again(self, folder):
        cut = SentenceTransformersEmbedder(folder, "cpu", dimension=6)
        whole = SentenceTransformersEmbedder(folder, "cpu").embed_query("open the file")[:6]
        assert cut.dimension == 6
        assert cut.embed_query("open the file") == pytest.approx(whole / np.linalg.norm(whole), abs=1e-5)

    def test_the_version_is_of_the_files(self, folder, tmp_path):
        same = make_sentence_transformer(tmp_path / "same")
        other = make_sentence_transformer(tmp_path / "other", seed=1)
        version = SentenceTransformersEmbedder(folder, "cpu").version
        assert SentenceTransformersEmbedder(str(same), "cpu").version == version
        assert SentenceTransformersEmbedder(str(other), "cpu").version != version

    def test_a_missing_model_is_told_and_not_downloaded(self, monkeypatch):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with pytest.raises(MissingPartError, match="nobody/nothing cannot be loaded") as caught:
            SentenceTransformersEmbedder("nobody/nothing", "cpu")
        assert caught.value.next_step.endswith("hf download nobody/nothing")

    def test_a_damaged_model_is_told(self, tmp_path):
        broken = make_sentence_transformer(tmp_path / "broken")
        (broken / "model.safetensors").write_bytes(b"junk")
        with pytest.raises(MissingPartError, match="cannot be loaded"):
            SentenceTransformersEmbedder(str(broken), "cpu")

    def test_a_missing_device_is_told(self, folder):
        import torch

        if torch.cuda.is_available():
            assert SentenceTransformersEmbedder(folder, "cuda").embed_query("open") == pytest.approx(
                SentenceTransformersEmbedder(folder, "cpu").embed_query("open"), abs=0.02
            )
        else:
            with pytest.raises(MissingPartError, match="no CUDA device"):
                SentenceTransformersEmbedder(folder, "cuda")
