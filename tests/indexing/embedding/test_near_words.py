from __future__ import annotations

import numpy as np
import pytest

from indexing.embedding.near_words import KEPT, NearWords, nearest, whole_words
from indexing.embedding.static import StaticEmbedder

VOCABULARY = ["open", "##s", "close", "shut", "a1", "file"]
MEANINGS = np.array([[100, 0], [80, 60], [78, 62], [0, 100]], np.float32)
"""Of open, close, shut and file."""


def words() -> NearWords:
    return NearWords(VOCABULARY, *nearest(VOCABULARY, MEANINGS))


def near(word: str, count: int = 5) -> list[str]:
    return [other for other, _ in words().of(word, count)]


def test_whole_words_have_the_others_nearest_first() -> None:
    assert near("close") == ["shut", "open", "file"]
    assert near("close", 1) == ["shut"]


@pytest.mark.parametrize("word", ["##s", "a1", "opens", ""])
def test_what_is_no_whole_word_has_none(word: str) -> None:
    assert near(word) == []


def test_cosines_are_those_of_the_vectors() -> None:
    found = dict(words().of("open", 5))
    assert found["close"] == pytest.approx(0.8, abs=0.003)
    assert found["file"] == 0.0


def test_opposites_and_what_has_no_meaning_are_not_near() -> None:
    rows, nearness = nearest(["left", "right", "xyz"], np.array([[1, 0], [-1, 0.1], [0, 0]], np.float32))
    assert rows.shape == nearness.shape == (3, 2)
    assert not nearness.any()


@pytest.mark.parametrize("count", [0, 1])
def test_a_vocabulary_may_have_next_to_no_words(count: int) -> None:
    vocabulary = ["open"][:count]
    rows, nearness = nearest(vocabulary, MEANINGS[:count])
    assert rows.shape == nearness.shape == (count, 0)
    assert NearWords(vocabulary, rows, nearness).of("open", 5) == []


def test_the_near_words_that_are_shipped_are_other_words_the_nearest_first() -> None:
    model = StaticEmbedder()._model
    whole = whole_words(model.vocabulary)
    assert model.neighbours.shape == model.nearness.shape == (len(whole), KEPT)
    assert np.isin(model.neighbours, whole).all()
    assert not (model.neighbours == whole[:, None]).any()
    assert (np.diff(model.nearness.astype(np.int16), axis=1) <= 0).all()


@pytest.mark.parametrize(
    ("word", "meant", "in_code"),
    [("library", "museum", "dlopen"), ("package", "packaging", "unzip"), ("teeth", "bones", "dent")],
)
def test_near_words_are_those_of_everyday_language(word: str, meant: str, in_code: str) -> None:
    found = [other for other, _ in StaticEmbedder().neighbours([word], KEPT)[0]]
    assert meant in found
    assert in_code not in found[:16]
