from __future__ import annotations

import pytest

from core.context.question import words_nowhere
from core.retrieval.words import terms

WORDS = ("get", "http", "server", "write", "lock", "config", "analyze", "child", "session", "save", "open", "file")
SOURCE = frozenset(term for word in WORDS for term in terms(word))


def nowhere(question: str) -> tuple[str, ...]:
    return words_nowhere(question, SOURCE.__contains__)


@pytest.mark.parametrize(
    "question",
    [
        "how is the lock written",
        "where do we find the session",
        "locks of children",
        "analyse the configuration",
        "getHTTPServer",
        "HTTPServer2.open",
        "",
        "???",
    ],
)
def test_what_stands_somewhere_in_any_form_is_not_told(question: str) -> None:
    assert nowhere(question) == ()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("zzzzqqqq", ("zzzzqqqq",)),
        ("where is the Frobnicator locked, and the frobnicator saved", ("frobnicator",)),
        ("getHtpServer", ("getHtpServer",)),
        ("sessions are saved by a gremlin", ("gremlin",)),
    ],
)
def test_what_stands_nowhere_is_told_as_it_is_written(question: str, told: tuple[str, ...]) -> None:
    assert nowhere(question) == told


def test_a_trace_quotes_what_other_programs_said() -> None:
    trace = 'Traceback (most recent call last):\n  File "zzz.py", line 3, in frobnicate\nGremlinError: no frobnicator'
    assert nowhere(trace) == ()
    assert nowhere("frobnicate " * 20) == (), "nor do all words of a page count"
