"""Words and stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.declarations import declared_names
from core.retrieval.stemming import porter_stem
from core.retrieval.words import MAX_TOKEN_LENGTH, TermFinder, posted_terms, spaced_terms, terms, tokens, words


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("getHTTPServer2", ["get", "http", "server", "2"]),
        ("max_size", ["max", "size"]),
        ("XMLParser", ["xml", "parser"]),
        ("__init__", ["init"]),
        ("utf8", ["utf", "8"]),
        ("größe_messen", ["größe", "messen"]),
        ("_", []),
        ("MAX_SIZE", ["max", "size"]),
        ("_Max__size_", ["max", "size"]),
        ("A", ["a"]),
        ("ABC", ["abc"]),
        ("a1_b", ["a", "1", "b"]),
    ],
)
def test_tokens_are_cut_into_words(token: str, expected: list[str]) -> None:
    assert words(token) == expected


@given(st.lists(st.from_regex(r"[a-z]{1,6}|[A-Z][a-z]{1,6}|[A-Z]{1,5}|[0-9]{1,4}", fullmatch=True), max_size=5))
def test_what_is_joined_by_underscores_is_cut_there(parts: list[str]) -> None:
    assert words("_".join(parts)) == [part.lower() for part in parts]


def test_a_compound_is_posted_whole_and_in_parts() -> None:
    assert terms("getUserNames") == ["getusernames", "get", "user", "name"]
    assert terms("get_user_names") == terms("getUserNames") == terms("GetUserNames")
    assert terms("parsing") == ["pars"]
    assert terms("x") == []
    assert terms("i_j") == ["ij"]
    assert terms("12345678") == []
    assert terms("8080") == ["8080"]
    assert terms("a" * (MAX_TOKEN_LENGTH + 1)) == []
    assert terms("0xEF53") == terms("0xef53") == terms("0xEF_53") == ["0xef53"]
    assert terms("0xylophone") == ["0xylophone", "xylophon"]


def test_of_a_text_the_parts_of_compounds_are_posted_and_no_function_words() -> None:
    assert posted_terms("if the user_name is not isOpen or i_j").split() == ["user", "name", "is", "open", "ij"]
    assert posted_terms("If NOT Parsing 0x1F").split() == ["pars", "0x1f"]


@given(st.text())
def test_what_a_question_looks_up_is_posted_but_for_wholes(text: str) -> None:
    """Of a text that asks for itself, nothing is posted that the question does not look up."""
    assert set(posted_terms(text).split()) <= set(spaced_terms(text).split())


def test_scripts_without_spaces_are_found_by_pairs() -> None:
    assert {"検索", "索エ"} <= set(terms("検索エンジン"))


@given(st.text())
def test_any_text_has_terms_without_spaces(text: str) -> None:
    joined = spaced_terms(text)
    assert joined.split() == [term for token in tokens(text) for term in terms(token)]


ENDINGS = [
    *("s", "es", "ies", "ing", "ed", "y", "ly", "ness", "ability", "ibility", "ation", "ization", "ational", "ator", "izer"),
    *("iveness", "fulness", "ousness", "logy", "ical", "ency", "ance", "able", "ment", "ion", "ism", "ate", "iti", "ous"),
    *("ive", "ize", "e"),
]
code = st.lists(
    st.one_of(
        st.tuples(st.from_regex(r"[a-zA-Z]{1,5}_?[a-z]{1,4}", fullmatch=True), st.sampled_from(ENDINGS)).map("".join),
        st.sampled_from(["_", "\n", " ", "0xFF_FF", "user_name", "userNames", "relational", "usability", "größe", "文字列"]),
        st.text(max_size=6),
    ),
    min_size=1,
    max_size=20,
).map("".join)


@given(code, st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_what_is_wanted_is_found_as_if_all_terms_were_made(text: str, places: list[int]) -> None:
    said = spaced_terms(text).split()
    wanted = {said[place % len(said)] for place in places} if said else {"gate"}
    assert TermFinder({*wanted, "elsewher"}).said_in(text) == {*wanted, "elsewher"}.intersection(said)


def test_nothing_wanted_is_nothing_found() -> None:
    assert TermFinder(()).said_in("def gate(): pass") == frozenset()


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_both_ways_to_tokens_agree(text: str) -> None:
    assert tokens(text) == tokens(text + " é")[:-1]


# From the tables of Porter's paper.
STEMS = """
caresses caress|ponies poni|ties ti|caress caress|cats cat|feed feed|agreed agre|plastered plaster|bled bled
motoring motor|sing sing|conflated conflat|troubled troubl|sized size|hopping hop|tanned tan|falling fall
hissing hiss|fizzed fizz|failing fail|filing file|happy happi|sky sky|relational relat|conditional condit
rational ration|valenci valenc|digitizer digit|operator oper|feudalism feudal|decisiveness decis
hopefulness hope|callousness callous|formaliti formal|sensitiviti sensit|sensibiliti sensibl
triplicate triplic|formative form|formalize formal|electriciti electr|electrical electr|hopeful hope
goodness good|revival reviv|allowance allow|inference infer|airliner airlin|adjustable adjust
defensible defens|irritant irrit|replacement replac|adjustment adjust|dependent depend|adoption adopt
communism commun|activate activ|angulariti angular|homologous homolog|effective effect|bowdlerize bowdler
probate probat|rate rate|cease ceas|controll control|roll roll|is is
"""


@pytest.mark.parametrize("pair", [pair for line in STEMS.split("\n") for pair in line.split("|") if pair])
def test_stems_are_porters(pair: str) -> None:
    word, expected = pair.split()
    assert porter_stem(word) == expected


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("pub(crate) async fn parse_header(input: &str) {", "parse_header"),
        ("impl<T> Display for Wrapper<T> {", None),
        ("defmodule Ecto.Changeset do", "Ecto.Changeset"),
        ("  def changeset(struct, params) do", "changeset"),
        ("object HttpRoutes {", "HttpRoutes"),
        ("  suspend fun await(): T", "await"),
        ("function M.setup(opts)", "M.setup"),
        ("bats_run_tests() {", "bats_run_tests"),
        ("readMarkdown :: ReaderOptions -> Text", "readMarkdown"),
        ("    public static String Serialize(object value)", "Serialize"),
        ("pub const Clap = struct {", "Clap"),
        ("#define MAX_CLIENTS 10", "MAX_CLIENTS"),
        ("static int serverCron(struct aeEventLoop *loop, long long id) {", "serverCron"),
        ("create or replace view open_orders as", "open_orders"),
        ("extension Request: Authenticatable {", "Request"),
        ("if (found) {", None),
        ("return class", None),
    ],
)
def test_declarations_are_seen_in_many_languages(line: str, name: str | None) -> None:
    assert declared_names(line) == ([name] if name else [])


@given(st.text(max_size=300))
def test_any_text_may_be_looked_through_for_declarations(text: str) -> None:
    assert all(name for name in declared_names(text))
