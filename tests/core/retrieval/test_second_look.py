"""A question in other words than the code's."""

from __future__ import annotations

import numpy as np
import pytest

from core.retrieval.heads import head_of
from core.retrieval.question import read_question
from core.retrieval.second_look import SecondLook, asked_words
from core.retrieval.snapshot import Snapshot
from indexing.embedding.static import StaticEmbedder
from tests.core.retrieval.test_retriever import Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


def test_words_near_to_those_of_a_question_are_looked_up(shop: Shop) -> None:
    embedder = StaticEmbedder()
    look = SecondLook(Snapshot(shop.reader), shop.lexical, shop.vectors, embedder)
    question = read_question("paying by credit")
    near = look.nearest(question, embedder.embed_query(question.text), None)
    best = max(near, key=lambda row: near[row])
    assert int(Snapshot(shop.reader).table.ids[best]) in {id_ for (path, _), id_ in shop.ids.items() if "payment" in path}
    assert all(0.0 <= score <= 1.0 for score in near.values())


def test_what_a_filter_shuts_out_is_not_near(shop: Shop) -> None:
    embedder = StaticEmbedder()
    snapshot = Snapshot(shop.reader)
    look = SecondLook(snapshot, shop.lexical, shop.vectors, embedder)
    admitted = snapshot.table.files == snapshot.positions["web/session.js"]
    near = look.nearest(read_question("paying by credit"), embedder.embed_query("paying by credit"), admitted)
    assert all(admitted[row] for row in near)


def test_the_heads_of_the_nearest_count_where_words_hardly_answer(shop: Shop) -> None:
    embedder = StaticEmbedder()
    snapshot = Snapshot(shop.reader)
    look = SecondLook(snapshot, shop.lexical, shop.vectors, embedder)
    question = read_question("paying by credit")
    vector = embedder.embed_query(question.text)
    without, found = look.nearest(question, vector, None), look.nearest(question, vector, None, doubt=0.5)
    assert found.keys() == without.keys()
    assert all(0.0 <= score <= 1.0 for score in found.values())
    first = max(without, key=lambda row: without[row])
    [(_, text)] = snapshot.told([int(snapshot.table.ids[first])])
    assert head_of(text)
    assert text.startswith(head_of(text))
    assert found != without


def test_what_is_read_is_compared_word_by_word_not_by_what_is_kept_of_its_vector(shop: Shop) -> None:
    embedder = StaticEmbedder()
    snapshot = Snapshot(shop.reader)
    question = read_question("paying by credit")
    vector = embedder.embed_query(question.text)

    class Blurred:
        """Vectors of which nothing is left that tells one from the other."""

        def __getattr__(self, name: str) -> object:
            return getattr(shop.vectors, name)

        def scores(self, query: np.ndarray, ids: np.ndarray) -> np.ndarray:
            return np.full(len(ids), 0.5, np.float32)

    look = SecondLook(snapshot, shop.lexical, shop.vectors, embedder)
    blurred = SecondLook(snapshot, shop.lexical, Blurred(), embedder)  # type: ignore[arg-type]
    assert blurred.nearest(question, vector, None) != look.nearest(question, vector, None)
    assert blurred.nearest(question, vector, None, 1.0) == pytest.approx(look.nearest(question, vector, None, 1.0), abs=1e-5)


def test_words_that_say_nothing_are_not_compared() -> None:
    assert asked_words("how does the HttpServer answer it, the server?") == ["http", "server", "answer"]
