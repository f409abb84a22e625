"""What the words of a question weigh, and what kind of text it is: a report of a fault, a statement, or neither.

A pasted report says in its first line what it is about; what follows tells how it was met, and much of it is form. It often
names the part at fault before a colon ("parser: …", "fix(parser): …"). Words like "fix" are in every report and say nothing
about the place; numbers of issues and hashes of commits are in no source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.retrieval.forms import other_forms
from core.retrieval.spoken import content_words
from core.retrieval.verbs import tells_a_deed
from core.retrieval.words import stem, terms, tokens

MAX_TERMS = 60
"""Terms looked up; a pasted page has hundreds, and each costs a walk through its postings."""

LATER_LINES = 0.4
"""What a word weighs that comes after the first line only."""

REPORTING = 0.2
"""What a word weighs that only says that something is reported."""

PART_AT_FAULT = 1.5
"""What a word of the part weighs that a report names before its colon."""

REPEATED = 0.5
"""How much the most often repeated word gains: said twice it weighs 1.2, said ten times 1.43, never 1.5."""

_REPORTS = """
fix fixes fixed fixing bug bugs bugfix hotfix issue issues regression regressions
"""
_QUESTIONS = """
how where what which who whom whose why
"""
_PREPOSITIONS = """
after at before by for from in on since through to under until with
"""
_SENTENCES = """
the a an is are was be this that it its if whether should will must can does
"""
_BEFORE_INTERROGATIVES = frozenset(_PREPOSITIONS.split())
"""Prepositions a question may begin with: "until when can …", "for how long …"."""
_REPORT_STEMS = frozenset(map(stem, _REPORTS.split()))
_INTERROGATIVES = frozenset(_QUESTIONS.split())
_OF_SENTENCES = frozenset(_SENTENCES.split())
_REFERENCE = re.compile(
    r"(?:\bgh-|(?:\bpr ?)?#)\d{1,7}\b|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b", re.IGNORECASE
)
_PART = re.compile(r"\s*(?:\w{2,12}\(([\w./, -]{2,60})\)!?|([\w./, -]{2,40})): \S")
_OF_A_TRACE = re.compile(r"Traceback \(most recent|^\s*at \S+\(|\w\.\w{1,4}\b[^\n]{0,20}?(?::|line )\d")
"""A first line that is no title."""
_GERUND = re.compile(r"\w*[aeiouy]\w*ing")
"""What a heading begins with ("closing the files"), and no comment of a function."""
_LEAST_WORDS = 5
"""Of a statement: fewer are a heading."""


def without_references(text: str) -> str:
    """`text` without the numbers of issues and the hashes of commits."""
    return _REFERENCE.sub(" ", text)


def is_report(text: str) -> bool:
    """Whether the first line says that something is, or was, at fault."""
    return any(stem(word.lower()) in _REPORT_STEMS for word in tokens(_first_line(text)[0]))


def is_statement(text: str) -> bool:
    """Whether `text` is a sentence that asks nothing, as the comment of a function is: "Returns the value of …"."""
    said = [word.lower() for word in tokens(text)]
    if len(said) < _LEAST_WORDS or text.rstrip().endswith("?") or "\n" in text.strip():
        return False
    asked = said[1] if said[0] in _BEFORE_INTERROGATIVES else said[0]
    is_topic = asked in _INTERROGATIVES or _GERUND.fullmatch(said[0]) is not None
    return not is_topic and (tells_a_deed(text) or not _OF_SENTENCES.isdisjoint(said))


def weighed_terms(text: str) -> dict[str, float]:
    """The terms of `text`, at most `MAX_TERMS`, each with its weight; empty where it holds stop words alone."""
    head, rest = _first_line(without_references(text))
    if _OF_A_TRACE.search(head):
        head, rest = "", text
    part = _PART.match(head)
    at_fault = frozenset(_terms((part[1] or part[2]) if part else ""))
    weights: dict[str, float] = {}
    said: dict[str, int] = {}
    for line, weight in ((head, 1.0), (rest, LATER_LINES)):
        for term in _terms(line):
            if term in weights:
                said[term] += 1
            elif len(weights) < MAX_TERMS:
                weights[term], said[term] = weight, 1
    return {term: weight * _share(term, at_fault) * _for_times(said[term]) for term, weight in weights.items()}


def _first_line(text: str) -> tuple[str, str]:
    head, _, rest = text.strip().partition("\n")
    return head, rest


def _terms(text: str) -> Iterator[str]:
    for word in content_words(text):
        yield from terms(word)
        yield from map(stem, other_forms(word.lower()))


def _share(term: str, at_fault: frozenset[str]) -> float:
    if term in _REPORT_STEMS:
        return REPORTING
    return PART_AT_FAULT if term in at_fault else 1.0


def _for_times(times: int) -> float:
    return (1.0 + REPEATED) * times / (times + REPEATED)
