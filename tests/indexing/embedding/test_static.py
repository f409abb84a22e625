from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.retrieval.words import tokens
from indexing.embedding import static
from indexing.embedding.static import StaticEmbedder

ROOT = Path(__file__).resolve().parents[3]

CODE = {
    "retry": """
        def send(self, request):
            for attempt in range(self.retries):
                try:
                    return self.transport.send(request)
                except ConnectionError:
                    time.sleep(self.backoff * 2 ** attempt)
        """,
    "json": """
        func Load(path string) (*Config, error) {
            data, err := os.ReadFile(path)
            if err != nil { return nil, err }
            var c Config
            return &c, json.Unmarshal(data, &c)
        }
        """,
    "median": """
        double middle(double[] xs) {
            Arrays.sort(xs);
            int h = xs.length / 2;
            return xs.length % 2 == 1 ? xs[h] : (xs[h - 1] + xs[h]) / 2;
        }
        """,
    "password": """
        bool check(const char *user, const char *secret) {
          char *hash = lookup_hash(user);
          return hash && crypt_verify(hash, secret) == 0;
        }
        """,
    "scroll": """
        window.addEventListener('scroll', () => {
          if (window.scrollY > header.offsetHeight) nav.classList.add('sticky')
        })
        """,
}
QUESTIONS = {
    "where do we wait and try again after the connection fails?": "retry",
    "parse the configuration file": "json",
    "sort the numbers and take the one in the middle": "median",
    "how are users authenticated, is the password hashed": "password",
    "keep the navigation bar visible on the page": "scroll",
}


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


@pytest.mark.parametrize(("question", "answer"), QUESTIONS.items())
def test_a_question_is_nearest_to_its_code(embedder, question, answer):
    scores = embedder.embed_documents(list(CODE.values())) @ embedder.embed_query(question)
    assert list(CODE)[int(np.argmax(scores))] == answer


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("delete a directory", "remove folder", "multiply matrix"),
        ("kwargs", "keyword arguments", "network socket"),
        ("getUserName", "get_user_name", "set_file_size"),
        ("HTTPServer", "http server", "tree node"),
        ("sqrt", "square root", "string replace"),
    ],
)
def test_meanings_are_ordered(embedder, text, near, far):
    one, two, three = embedder.embed_documents([text, near, far])
    assert one @ two > one @ three + 0.1


def test_the_shipped_model(embedder):
    assert embedder.name == "static"
    assert embedder.dimension == 256
    assert sum(path.stat().st_size for path in static.MODEL_FOLDER.iterdir()) <= 16_000_000


def test_known_words_are_as_good_as_the_text(embedder):
    texts = list(CODE.values())
    assert np.array_equal(embedder.embed_words([tokens(text) for text in texts]), embedder.embed_documents(texts))


def test_text_without_a_known_word_gives_zeros(embedder):
    assert not embedder.embed_documents(["{}();", "9" * 50, "z" * 300, "_"]).any()


@pytest.fixture(scope="module")
def seasoned() -> StaticEmbedder:
    """An embedder that has had many texts, and works on several at once since."""
    found = StaticEmbedder()
    found.embed_documents(["once"] * static._FEW_TEXTS)
    return found


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.one_of(st.text(max_size=80), st.sampled_from(list(CODE.values()))), max_size=8))
def test_a_batch_equals_its_texts_one_by_one(seasoned, texts):
    together = seasoned.embed_documents(texts)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], seasoned.embed_query(text))


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.one_of(st.text(max_size=80), st.sampled_from(list(CODE.values()))), max_size=8))
def test_a_few_texts_come_out_as_many_do(seasoned, texts):
    fresh = StaticEmbedder()
    assert np.array_equal(fresh.embed_documents(texts), seasoned.embed_documents(texts))


def test_a_few_texts_need_no_scipy():
    script = (
        "import sys\n"
        "from indexing.embedding.static import StaticEmbedder\n"
        "StaticEmbedder().embed_documents(['read a file'] * 100)\n"
        "print('scipy' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment)
    assert done.stdout == b"False\n"


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=200))
def test_any_text_gives_a_unit_vector_or_zeros(embedder, text):
    length = float(np.linalg.norm(embedder.embed_query(text)))
    assert length == 0 or length == pytest.approx(1, abs=1e-5)


def test_large_batches_are_cut_and_come_out_the_same(seasoned, monkeypatch):
    texts = list(CODE.values()) * 20
    whole = seasoned.embed_documents(texts)
    monkeypatch.setattr(static, "_TOKENS_AT_ONCE", 100)
    assert np.array_equal(seasoned.embed_documents(texts), whole)


def test_a_copy_in_another_process_gives_the_same_bits(embedder):
    script = (
        "import sys, pickle, hashlib\n"
        "embedder = pickle.loads(sys.stdin.buffer.read())\n"
        f"vectors = embedder.embed_documents({list(CODE.values())!r})\n"
        "forbidden = {'torch', 'transformers', 'sentence_transformers', 'llama_index', 'faiss', 'PySide6', 'tree_sitter'}\n"
        "print(embedder.version, hashlib.sha256(vectors.tobytes()).hexdigest(), sorted(forbidden & set(sys.modules)))\n"
    )
    # Another hash seed: nothing may hang on the order of a set.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], input=pickle.dumps(embedder), capture_output=True, check=True, env=environment
        ).stdout
        for _ in range(2)
    }
    here = hashlib.sha256(embedder.embed_documents(list(CODE.values())).tobytes()).hexdigest()
    assert outputs == {f"{embedder.version} {here} []\n".encode()}


def test_the_sum_of_words_is_the_vector_of_their_text() -> None:
    embedder = StaticEmbedder()
    added = embedder.embed_each(["printer", "queue", "\u2603"])
    assert not added[2].any()
    total = added.sum(axis=0)
    np.testing.assert_allclose(total / np.linalg.norm(total), embedder.embed_documents(["printer queue"])[0], atol=1e-6)
    assert embedder.embed_each([]).shape == (0, embedder.dimension)


def test_neighbours_are_other_words_the_nearest_first() -> None:
    near, unknown = StaticEmbedder().neighbours(["truck", "\u2603"], 5)
    assert unknown == []
    assert len(near) == 5
    assert "truck" not in dict(near)
    cosines = [cosine for _, cosine in near]
    assert cosines == sorted(cosines, reverse=True)
