"""Tokens of many texts, and which of them carry a term."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from core.retrieval.vocabulary import JoinedTexts, Vocabulary
from core.retrieval.words import spaced_terms, tokens

_SPELT = [
    *("happy", "happily", "filing", "file", "files", "flexible", "flexibility", "sized", "run", "running", "relational"),
    *("ays", "used", "troubling", "db", "user_name", "getHTTPServer2", "__init__", "MAX_SIZE", "0x53EF"),
    *("naïve", "größe", "検索エンジン"),
]
_WORDS = st.sampled_from(_SPELT)
_TEXTS = st.lists(st.lists(_WORDS | st.text("ab_Z9é \n\x01.", max_size=6), max_size=6).map(" ".join), min_size=1, max_size=8)


@given(_TEXTS)
@example(["flexibility of files", "", "\x01"])
def test_every_text_is_read_to_its_tokens(texts: list[str]) -> None:
    vocabulary = Vocabulary()
    numbers = vocabulary.read([JoinedTexts.of(texts), JoinedTexts(texts[0], "\0")])
    ends = np.flatnonzero(numbers == 0)
    assert len(ends) == len(texts) + 1
    by_number = {int(vocabulary.read([JoinedTexts(token, "\0")])[0]): token for text in texts for token in tokens(text)}
    read = [[by_number[number] for number in part[part > 0].tolist()] for part in np.split(numbers, ends)]
    assert read[: len(texts)] == [tokens(text) for text in texts]


def test_words_that_are_written_as_one_are_found_by_each() -> None:
    vocabulary = Vocabulary()
    text = "compile_nodelist node list nodeless profile pro file able capable listen"
    vocabulary.read([JoinedTexts(text, "\0")])
    held = {term: {text.split()[number - 1] for number in vocabulary.with_term(term).tolist()} for term in ("node", "list")}
    # `nodeless` and `listen` are no two words of this source, `profile` is of too short ones.
    assert held == {"node": {"compile_nodelist", "node"}, "list": {"compile_nodelist", "list"}}
    assert {text.split()[number - 1] for number in vocabulary.with_term("file").tolist()} == {"file"}


@given(_TEXTS, _WORDS)
def test_a_term_is_found_in_the_tokens_that_carry_it(texts: list[str], word: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.read([JoinedTexts.of(texts)])
    held = [token for text in texts for token in tokens(text)]
    numbers = {token: int(vocabulary.read([JoinedTexts(token, "\0")])[0]) for token in held}
    for term in spaced_terms(word).split():
        carrying = {numbers[token] for token in held if term in spaced_terms(token).split()}
        assert set(vocabulary.with_term(term).tolist()) == carrying
    written = {numbers[token] for token in held if word.lower() in token.lower()}
    assert set(vocabulary.with_word(word.lower()).tolist()) == written
