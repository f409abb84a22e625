"""Other forms of a word: what code calls `keep`, `child` and `serialize`, a question says otherwise."""

from __future__ import annotations

import pytest

from core.retrieval.forms import base_form, other_forms, short_forms
from core.retrieval.question import read_question


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("won", {"win"}),
        ("children", {"child"}),
        ("child", {"children"}),
        ("indices", {"index"}),
        ("serialised", {"serialized"}),
        ("initialize", {"initialise"}),
        ("colours", {"colors"}),
        ("centre", {"center"}),
        ("cancelled", {"canceled"}),
        ("licence", {"license"}),
        ("size", set()),
        ("raised", set()),
        ("filled", set()),
        ("four", set()),
    ],
)
def test_forms_that_no_stem_joins(word: str, others: set[str]) -> None:
    assert set(other_forms(word)) == others


def test_only_verbs_have_an_infinitive() -> None:
    assert base_form("written") == base_form("wrote") == "write"
    assert base_form("children") == "children"


def test_a_question_is_looked_up_in_all_forms() -> None:
    assert {"child", "draw"} <= set(read_question("how are children drawn").terms)


def test_words_that_code_cuts_short() -> None:
    assert short_forms("configuration") == ("config", "conf", "cfg")
    assert short_forms("parameters") == ("param",)
    assert short_forms("gate") == ()
