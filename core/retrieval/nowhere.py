"""The words of a question that the source has nowhere, in no form: who mistypes a name is told so.

Vectors find something for anything, so a ranking alone does not say that what was asked for is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from core.retrieval.forms import base_form, other_forms, short_forms
from core.retrieval.question import Question
from core.retrieval.spoken import content_words
from core.retrieval.words import terms, words

_MOST_WORDS = 24
"""Looked at of a question."""

_LEAST_LETTERS = 3
"""Of a word that is told; shorter ones are mostly parts of words."""


def words_nowhere(question: Question, holds: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of `question` as they are written of which a part stands nowhere; none of a report or a trace, which quote
    what other programs said. `holds` tells whether a term is anywhere in the source."""
    if question.is_report or question.places:
        return ()
    asked = {word.lower(): word for word in islice(content_words(question.text), _MOST_WORDS)}
    return tuple(word for word in asked.values() if not all(_is_said(part, holds) for part in words(word)))


def _is_said(part: str, holds: Callable[[str], bool]) -> bool:
    return len(part) < _LEAST_LETTERS or not part.isalpha() or any(map(holds, _terms(part)))


def _terms(part: str) -> Iterator[str]:
    for form in dict.fromkeys((part, base_form(part), *other_forms(part), *short_forms(part))):
        yield from terms(form)
