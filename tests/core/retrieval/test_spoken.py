"""What English does to verbs: irregular forms, particles, and the words that only tell of circumstances."""

from __future__ import annotations

import pytest

from core.retrieval.forms import base_form
from core.retrieval.question import read_question
from core.retrieval.spoken import (
    abbreviations,
    circumstances,
    content_words,
    deeds,
    destination,
    phrasal_verbs,
    without_qualifiers,
)


def test_irregular_forms_lead_to_the_infinitive() -> None:
    assert base_form("written") == base_form("wrote") == "write"
    assert base_form("cookies") == "cookies"
    assert {"kept", "keep"} <= set(read_question("how are cookies kept").terms)


def test_verbs_of_two_words_are_one_in_code() -> None:
    assert phrasal_verbs("how are pages written back") == {"written": "writeback"}
    assert "writeback" in read_question("how are pages written back").terms


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("how does a class loader find a class", ["class", "loader", "find", "class"]),
        ("where do I find the class loader", ["class", "loader"]),
        ("find the class loader", ["class", "loader"]),
        ("how does a template get compiled", ["template", "compiled"]),
        ("how does a worker get its delay", ["worker", "get", "delay"]),
    ],
)
def test_words_that_speak_of_the_code_are_told_from_those_that_ask(text: str, content: list[str]) -> None:
    assert list(content_words(text)) == content


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("how is the journal replayed after a crash", {"crash"}),
        ("how are migrations ordered before they are applied", {"applied"}),
        ("what happens when the pool is full", set()),
        ("expiring keys set with a command", set()),
        ("how is a request mapped to a request", set()),
    ],
)
def test_circumstances_stand_after_what_is_asked(text: str, aside: set[str]) -> None:
    assert circumstances(text) == aside


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("how is a failed job retried", {"retried"}),
        ("how are timers kept and expired", {"kept", "expired"}),
        ("how are dirty pages written back to disk", {"written"}),
        ("where are scheduled jobs enqueued when they are finished", {"enqueued"}),
        ("how is a string split", {"split"}),
        ("how is the split view opened", {"opened"}),
        ("how does a table grow", set()),
        ("where is the password", set()),
        ("how is it", set()),
    ],
)
def test_what_is_done_is_told_from_what_only_describes(text: str, done: set[str]) -> None:
    assert deeds(text) == done


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("how does a request reach a view", {"view"}),
        ("how does work get to the thread pool", {"thread", "pool"}),
        ("how can a message end up in the dead letters", {"dead", "letters"}),
        ("how is a request given to its handler", set()),
        ("reaching a view", set()),
    ],
)
def test_the_end_of_a_way_is_told_from_the_way(text: str, end: set[str]) -> None:
    assert destination(text) == end


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("how is a directory entry looked up", {"dentry"}),
        ("how is the write-ahead log replayed", {"wal", "wahead"}),
        ("how is a failed job retried", set()),
        ("who calls it", set()),
    ],
)
def test_words_that_stand_together_are_looked_up_as_code_shortens_them(text: str, short: set[str]) -> None:
    assert set(abbreviations(text)) == short


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("how does the test client send a request", "how does the client send a request"),
        ("where are testing utilities", "where are utilities"),
        ("which test covers the client", "which test covers the client"),
        ("which test verifies the client", "which test verifies the client"),
        ("is there a test for the client", "is there a test for the client"),
        ("the test cases of the client", "the test cases of the client"),
        ("tests for the client", "tests for the client"),
    ],
)
def test_what_only_tells_which_thing_is_meant_asks_for_no_tests(text: str, kept: str) -> None:
    assert without_qualifiers(text) == kept
