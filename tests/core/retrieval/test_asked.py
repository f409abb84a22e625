"""What the words of a question weigh, and what kind of text it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.asked import (
    LATER_LINES,
    MAX_TERMS,
    PART_AT_FAULT,
    REPORTING,
    is_report,
    is_statement,
    weighed_terms,
    without_references,
)
from core.retrieval.balance import REPORT, STATEMENT, TOPIC, balance_of
from core.retrieval.question import read_question


def test_the_first_line_of_a_report_weighs_more_than_what_follows() -> None:
    weights = weighed_terms("Sessions are lost\n\nOpen two windows, then sessions vanish.")
    assert weights["window"] == weights["vanish"] == LATER_LINES
    assert weights["lost"] == 1.0
    assert weights["session"] == pytest.approx(1.2)  # said twice


def test_the_first_line_of_a_trace_is_no_title() -> None:
    weights = weighed_terms('Traceback (most recent call last):\n  File "a.py", line 3, in flush\nValueError: bad')
    assert len({weights["flush"], weights["recent"], weights["bad"]}) == 1


@pytest.mark.parametrize("report", ["parser: crash on empty input", "fix(parser): crash on empty input"])
def test_the_part_at_fault_weighs_more(report: str) -> None:
    weights = weighed_terms(report)
    assert weights["parser"] == PART_AT_FAULT
    assert weights["crash"] == 1.0


def test_words_of_every_report_say_little() -> None:
    assert weighed_terms("Fix the parser")["fix"] == REPORTING


def test_numbers_of_issues_and_hashes_of_commits_are_no_words() -> None:
    assert without_references("see #4965, gh-12 and 85400d8d6751071e").split() == ["see", ",", "and"]
    assert without_references("a decade, #define, 1234567 and deadbeef").split() == [
        "a",
        "decade,",
        "#define,",
        "1234567",
        "and",
        "deadbeef",
    ]
    assert set(weighed_terms("Fix overflow (#2849)")) == {"fix", "overflow"}


@pytest.mark.parametrize(
    "text",
    [
        "Returns the value of the given header, or the default.",
        "Checks whether two types are the same",
        "Called when the connection is established. We can send data now.",
        "String form of the value",
        "Parse lists of quoted header values",
    ],
)
def test_a_sentence_that_asks_nothing_is_a_statement(text: str) -> None:
    assert is_statement(text)
    assert balance_of(read_question(text)) is STATEMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "how is the value of a header read",
        "is the value of a header kept?",
        "session storage and cookie signing",
        "closing the files in a storm of requests",
        "the parser",
        "Returns what `HttpRequest.headers` holds for the name",
        "The title is here\nand the rest is below",
    ],
)
def test_what_asks_reports_or_names_is_no_statement(text: str) -> None:
    assert balance_of(read_question(text)) is TOPIC


def test_a_report_is_known_by_its_first_line() -> None:
    assert balance_of(read_question("Fix the value of a header that is empty")) is REPORT
    assert is_report("fix: crash\nmore")
    assert not is_report("crash\nthis fixes it")


@given(st.text(max_size=400))
def test_any_text_has_bounded_positive_weights(text: str) -> None:
    weights = weighed_terms(text)
    assert len(weights) <= MAX_TERMS
    assert all(0.0 < weight < 1.0 + PART_AT_FAULT for weight in weights.values())
    is_report(text)
    is_statement(text)
