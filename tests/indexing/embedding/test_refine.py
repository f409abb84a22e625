"""Pairs of many languages, and a model that is trained further on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.embedding import static_files
from indexing.embedding.contrast import Recipe
from indexing.embedding.documented import read_documented
from indexing.embedding.pairs import Pair
from indexing.embedding.refine import refine, with_new_words

JAVA = """class A {
    /** Counts the things that were found. */
    int count(int x) {
        return x;
    }
}
"""


def test_doc_comments_are_read_with_their_function_alone(tmp_path: Path) -> None:
    (tmp_path / "A.java").write_text(JAVA, encoding="utf-8")
    (tmp_path / "f.py").write_text('def f(x):\n    """Return what x is worth."""\n    return x\n', encoding="utf-8")
    found = {pair.name: pair for pair in read_documented(tmp_path, 10)}
    assert found.keys() == {"count", "f"}
    assert found["count"].description == "Counts the things that were found."
    assert "found" not in found["count"].code
    assert "return x;" in found["count"].code
    assert len(list(read_documented(tmp_path, 1))) == 1


def test_a_frequent_word_begins_as_its_pieces(tmp_path: Path) -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 1]], np.float32)
    static_files.write(tmp_path, ["back", "##off", "wait"], vectors, {})
    pairs = [Pair("wait for the backoff", "backoff backoff wait", "f", "a/1") for _ in range(6)]
    vocabulary, found = with_new_words(static_files.read(tmp_path), pairs)
    assert vocabulary == ["back", "##off", "wait", "backoff"]
    assert found[3, 0] == pytest.approx(found[3, 1], rel=0.02)
    assert 0 < found[3, 0] < 1


def test_the_refined_model_is_another_and_tells_where_it_comes_from(tmp_path: Path) -> None:
    pytest.importorskip("torch", exc_type=ImportError)
    words = ["open", "file", "close", "socket", "load", "stop"]
    vectors = np.random.default_rng(0).normal(size=(len(words), 8)).astype(np.float32)
    static_files.write(tmp_path / "old", words, vectors, {"teacher": "none"})
    pairs = [Pair("open file", "load file", "load", "a/b/1"), Pair("close socket", "stop socket", "stop", "a/b/2")]
    refine(tmp_path / "old", pairs, tmp_path / "new", Recipe(steps=20, batch=2, hard=0.5))
    assert static_files.read(tmp_path / "new").digest != static_files.read(tmp_path / "old").digest
    assert '"teacher": "none"' in (tmp_path / "new" / "model.json").read_text(encoding="utf-8")
