from __future__ import annotations

import numpy as np
import pytest

from core.retrieval.words import tokens
from indexing.embedding import contrast, distil
from indexing.embedding.pairs import Pair
from indexing.embedding.pieces import PieceCounter

PAIRS = [
    Pair("Open the file.", "def load(path): return open_file(path)", "load", "a/b/1.py"),
    Pair("Close the socket.", "def stop(sock): sock.close()", "stop", "a/b/2.py"),
]


def test_frequent_words_are_added_to_the_teachers():
    frequencies = {"kwargs": 90, "open": 500, "dtype": 100, "rare": 7, "größe": 50, "8080": 60}
    assert distil.make_vocabulary(["open", "##s"], frequencies) == ["open", "##s", "dtype", "kwargs"]


def test_special_tokens_and_punctuation_are_left_out(tmp_path):
    (tmp_path / "vocab.txt").write_text("[PAD]\n[unused0]\n!\n##!\n[\nopen\n##s\n7\n代\n", encoding="utf-8")
    assert distil.read_vocabulary(tmp_path) == ["open", "##s", "7", "代"]


def test_words_are_counted_in_descriptions_and_code():
    frequencies = distil.word_frequencies(PAIRS)
    assert frequencies["open"] == 2
    assert frequencies["close"] == 2
    assert frequencies["path"] == 2


def test_the_frequent_weighs_less():
    often, seldom, never = distil.piece_weights(["the", "tensor", "zebra"], {"the": 10_000, "tensor": 10})
    assert often < 0.01 < seldom < never <= 1


def test_shortening_keeps_distances_that_fit():
    random = np.random.default_rng(0)
    flat = np.zeros((40, 12), dtype=np.float32)
    flat[:, :3] = random.normal(size=(40, 3))
    short = distil.shorten(flat, 3)
    assert short.shape == (40, 3)
    assert np.linalg.norm(short[0] - short[1]) == pytest.approx(np.linalg.norm(flat[0] - flat[1]), rel=1e-4)


def test_training_brings_descriptions_to_their_code():
    pytest.importorskip("torch", exc_type=ImportError)
    vocabulary = ["open", "the", "file", "close", "socket", "load", "path", "stop", "sock", "def", "return"]
    counter = PieceCounter(vocabulary)
    vectors = np.random.default_rng(0).normal(size=(len(vocabulary), 8)).astype(np.float32)
    trained = contrast.train(vectors, counter, PAIRS, contrast.Recipe(steps=40, batch=2))
    assert _margin(trained, counter) > max(_margin(vectors, counter), 0.5)


def _margin(vectors, counter):
    """How much nearer a description is to its own code than to the other's."""
    sides = [
        [pair.description.lower().replace(".", "").split() for pair in PAIRS],
        [tokens(pair.code) for pair in PAIRS],
    ]
    one, other = (counter.weights(side) @ vectors for side in sides)
    cosines = (one / np.linalg.norm(one, axis=1, keepdims=True)) @ (other / np.linalg.norm(other, axis=1, keepdims=True)).T
    return float(np.trace(cosines) - cosines[0, 1] - cosines[1, 0])
