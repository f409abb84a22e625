"""The needles: questions that share words or do not, and text that is code in every language it is written in."""

from __future__ import annotations

import re

import pytest

from core.retrieval.words import STOP_WORDS, terms, tokens
from indexing.languages.grammar import parse_text
from indexing.needles.templates import (
    COMMENT_SIGNS,
    NAME,
    WRITTEN_AS,
    Needle,
    NeedleKind,
    as_comment,
    as_function,
    as_section,
    as_setting,
    needles,
    spelled,
)

FUNCTIONS = [needle for needle in needles() if needle.kind is NeedleKind.FUNCTION]
FACTS = [needle for needle in needles() if needle.kind is not NeedleKind.FUNCTION]
PROSE = re.compile(r'""".*?"""|/\*.*?\*/|(?://|#)[^\n]*', re.DOTALL)
STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def words_of(text: str) -> set[str]:
    return {term for token in tokens(text) if token.lower() not in STOP_WORDS for term in terms(token)}


def identifiers(needle: Needle) -> set[str]:
    """The words, as stems, of all names in the needle's code, and of every name it may be given."""
    found = set().union(*(words_of(name) for name in needle.names))
    for code in needle.code.values():
        found |= words_of(STRING.sub(" ", PROSE.sub(" ", code)).replace(NAME, " "))
    return found


def named(needle: Needle) -> str:
    return needle.id


def test_there_are_functions_and_facts_of_each_kind_over_as_many_domains() -> None:
    assert len(FUNCTIONS) >= 10
    assert {needle.kind for needle in FACTS} == {NeedleKind.COMMENT, NeedleKind.DOCUMENT, NeedleKind.SETTING}
    assert len({needle.paraphrase for needle in needles()}) == len(needles()) >= 20


@pytest.mark.parametrize("needle", needles(), ids=named)
def test_a_paraphrase_shares_no_word_with_the_identifiers(needle: Needle) -> None:
    assert len(words_of(needle.paraphrase)) >= 3
    assert not words_of(needle.paraphrase) & identifiers(needle)


@pytest.mark.parametrize("needle", needles(), ids=named)
def test_the_other_question_shares_words_with_every_name(needle: Needle) -> None:
    for name in needle.names:
        question = needle.question(name)
        assert "{" not in question
        assert words_of(name.replace("_", " ")) <= words_of(question)


@pytest.mark.parametrize("needle", FUNCTIONS, ids=named)
@pytest.mark.parametrize("language", WRITTEN_AS)
def test_a_function_is_code_in_every_language(needle: Needle, language: str) -> None:
    text = as_function(needle, "rope_length_of", language)
    assert NAME not in text
    assert spelled("rope_length_of", language) in text
    whole = (
        f"class Host {{\n{text}\n}}\n" if language == "java" else f"package host\n\n{text}\n" if language == "go" else text
    )
    tree = parse_text(language, whole.encode())
    assert not tree.root.has_error


@pytest.mark.parametrize("needle", FACTS, ids=named)
def test_a_fact_tells_its_name_in_every_form(needle: Needle) -> None:
    name = needle.names[0]
    for language, sign in COMMENT_SIGNS.items():
        comment = as_comment(needle, name, language)
        assert spelled(name, language) in comment.replace(f"\n{sign} ", " ")
        assert all(line.startswith(f"{sign} ") for line in comment.split("\n"))
    for form, language in ((as_section, "markdown"), (as_section, "restructuredtext"), (as_setting, "ini")):
        if form is as_section or needle.kind is NeedleKind.SETTING:
            text = form(needle, name, language)
            assert name in text
            assert NAME not in text
    assert (needle.value != "") is (needle.kind is NeedleKind.SETTING)


def test_names_are_spelled_as_the_language_does() -> None:
    assert spelled("elo_after_bout", "java") == spelled("elo_after_bout", "go") == "eloAfterBout"
    assert spelled("elo_after_bout", "python") == spelled("elo_after_bout", "c") == "elo_after_bout"
