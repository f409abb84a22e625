from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.words import tokens
from indexing.embedding.pieces import MAX_TOKEN_LENGTH, PieceCounter, split_token, split_word

VOCABULARY = ["http", "server", "serv", "##er", "##s", "parse", "2", "404", "grosse", "代", "码", "é", "e"]
ROWS = {piece: row for row, piece in enumerate(VOCABULARY)}


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("parseHTTPHeader_v2", ["parse", "http", "header", "v", "2"]),
        ("__init__", ["init"]),
        ("MAX_SIZE", ["max", "size"]),
        ("Größe", ["große"]),
        ("Café", ["cafe"]),
        ("Résumé_naïve", ["resume", "naive"]),
        ("代码parse", ["代", "码", "parse"]),
        ("port8080", ["port", "8080"]),
        ("123456", []),
        ("x" * 41, []),
        ("_", []),
    ],
)
def test_tokens_are_split_into_words(token, words):
    assert list(split_token(token)) == words


@given(st.text(alphabet=st.characters(categories=["L", "N"], include_characters="_"), max_size=30))
def test_splitting_what_was_split_changes_nothing(token):
    once = list(split_token(token))
    assert [part for word in once for part in split_token(word)] == once


def test_a_long_token_costs_no_more_than_its_beginning():
    assert len(list(split_token("ab_" * 1_000_000))) == MAX_TOKEN_LENGTH // 3


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("server", ["server"]),
        ("servers", ["server", "##s"]),
        ("serves", []),  # "##e" is unknown, and half a word misleads
        ("er", []),  # "##er" only follows
        ("", []),
    ],
)
def test_words_are_cut_by_greedy_longest_match(word, pieces):
    assert [VOCABULARY[row] for row in split_word(word, ROWS)] == pieces


def test_a_piece_weighs_one_and_the_logarithm_of_its_count():
    weights = PieceCounter(VOCABULARY).weights([["server", "HttpServer", "server"], [], ["unknown"]]).toarray()
    assert weights.dtype == np.float32
    assert weights[0, ROWS["server"]] == pytest.approx(1 + np.log(3))
    assert weights[0, ROWS["http"]] == 1
    assert weights[0].astype(bool).sum() == 2
    assert not weights[1:].any()


def test_a_full_table_starts_anew_and_changes_nothing():
    texts = [["server", "http"], ["parse2"], ["servers", "parse"], ["http", "404"]]
    small = PieceCounter(VOCABULARY, known_tokens=2)
    expected = PieceCounter(VOCABULARY).weights(texts).toarray()
    got = [small.weights([text]) for text in texts]
    assert np.array_equal(np.concatenate([rows.toarray() for rows in got]), expected)


def test_the_table_grows_beyond_its_first_size():
    many = [f"server{number}_{letter}_http" for number in range(1000) for letter in "abcdef"]
    counter = PieceCounter(VOCABULARY)
    counter.weights([many])
    assert counter.weights([[many[-1]]]).toarray()[0].nonzero()[0].tolist() == [ROWS["http"], ROWS["server"]]


def test_threads_do_not_mix_their_tokens():
    counter = PieceCounter(VOCABULARY, known_tokens=50)
    texts = [tokens(f"http{number} server{number % 7} parse{number % 5}") for number in range(400)]
    expected = PieceCounter(VOCABULARY).weights(texts).toarray()
    wrong: list[int] = []

    def work(begin: int) -> None:
        for row in range(begin, len(texts)):
            if not np.array_equal(counter.weights([texts[row]]).toarray()[0], expected[row]):
                wrong.append(row)

    threads = [threading.Thread(target=work, args=(begin,)) for begin in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
