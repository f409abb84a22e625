from __future__ import annotations

import numpy as np
import pytest

from indexing.embedding.near_words import KEPT, NearWords, nearest_rows
from indexing.embedding.static import StaticEmbedder

VOCABULARY = ["open", "##s", "close", "shut", "a1", "file"]
CODES = np.array([[100, 0], [100, 1], [80, 60], [78, 62], [100, 0], [0, 100]], np.int8)


def near(word: str, count: int = 5) -> list[str]:
    return [other for other, _ in NearWords(VOCABULARY, CODES, nearest_rows(VOCABULARY, CODES)).of(word, count)]


def test_whole_words_have_the_others_nearest_first() -> None:
    assert near("close") == ["shut", "open", "file"]
    assert near("close", 1) == ["shut"]


@pytest.mark.parametrize("word", ["##s", "a1", "opens", ""])
def test_what_is_no_whole_word_has_none(word: str) -> None:
    assert near(word) == []


def test_cosines_are_those_of_the_vectors() -> None:
    found = dict(NearWords(VOCABULARY, CODES, nearest_rows(VOCABULARY, CODES)).of("open", 5))
    assert found["close"] == pytest.approx(0.8, abs=1e-3)
    assert found["file"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("count", [0, 1])
def test_a_vocabulary_may_have_next_to_no_words(count: int) -> None:
    vocabulary = ["open"][:count]
    rows = nearest_rows(vocabulary, CODES[:count])
    assert rows.shape == (count, 0)
    assert NearWords(vocabulary, CODES[:count], rows).of("open", 5) == []


def test_the_words_that_are_shipped_with_the_model_are_those_nearest_to_its_vectors() -> None:
    model = StaticEmbedder()._model
    words = [row for row, piece in enumerate(model.vocabulary) if len(piece) >= 3 and piece.isalpha()]
    assert model.neighbours.shape == (len(words), KEPT)
    vectors = model.codes[words].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for place in range(7, len(words), 3_000):
        cosines = vectors @ vectors[place]
        cosines[place] = -1.0
        shipped = vectors[np.searchsorted(words, model.neighbours[place])] @ vectors[place]
        assert shipped == pytest.approx(np.sort(cosines)[::-1][:KEPT], abs=1e-5)
