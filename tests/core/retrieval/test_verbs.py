"""How the names of functions spell what sentences about them begin with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.question import read_question
from core.retrieval.verbs import spelt, tells_a_deed


@pytest.mark.parametrize(
    ("sentence", "some"),
    [
        ("Returns true if the list is empty", "is"),
        ("Whether the list is empty", "has"),
        ("Checks if two types are the same", "is"),
        ("Checks two types for sameness", "valid"),
        ("Creates a list", "new"),
        ("Retrieve the value", "get"),
    ],
)
def test_the_first_verb_tells_how_the_name_may_begin(sentence: str, some: str) -> None:
    assert some in spelt(sentence)


def test_a_comment_begins_with_a_deed() -> None:
    assert tells_a_deed("Parse lists of headers")
    assert tells_a_deed("Copies bytes")
    assert tells_a_deed("Removes it")
    assert not tells_a_deed("parsing of lists")
    assert not tells_a_deed("")
    assert not tells_a_deed("Lists of headers")
    assert read_question("Parse lists as described by some standard").is_statement
    assert read_question("Creates one by combining URLs of two parts").is_statement


def test_an_unknown_verb_brings_nothing() -> None:
    assert spelt("Frobnicates the list") == spelt("") == ()


def test_only_a_statement_is_looked_up_by_how_names_begin() -> None:
    assert read_question("Creates a list of the values").terms["new"] == 1.0
    assert "new" not in read_question("creates a list").terms
    assert "new" not in read_question("how does it create a list of the values").terms


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert len(spelt(text)) <= 4
