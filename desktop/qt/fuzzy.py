"""Finding a name by some of its letters, as in "dbop" for `django/db/operations.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nlargest
from typing import TypeVar

T = TypeVar("T")

_CONSECUTIVE = 8
_WORD_START = 6
_LAST_PART = 4
_SEPARATORS = "/._- :"


def score(query: str, text: str) -> int | None:
    """How well the letters of `query` stand in `text`, in order; None where they do not.

    Letters that follow each other or begin a word count more, letters in the last part of a path a little more, and of
    two equal matches the shorter text wins. Case and blanks of the query do not matter.
    """
    wanted = query.lower().replace(" ", "")
    lowered = text.lower()
    if not wanted:
        return 0
    whole = lowered.rfind(wanted)
    if whole >= 0:
        start_of_word = whole == 0 or text[whole - 1] in _SEPARATORS
        return (
            len(wanted) * (_CONSECUTIVE + 2)
            + _WORD_START * start_of_word
            + _LAST_PART * (whole > lowered.rfind("/"))
            - len(text) // 8
        )
    total, before, last_part = 0, -2, lowered.rfind("/")
    for letter in wanted:
        at = lowered.find(letter, before + 1 if before >= 0 else 0)
        if at < 0:
            return None
        total += _CONSECUTIVE if at == before + 1 else 0
        total += (
            _WORD_START if at == 0 or text[at - 1] in _SEPARATORS or (text[at].isupper() and text[at - 1].islower()) else 0
        )
        total += _LAST_PART if at > last_part else 0
        before = at
    return total - len(text) // 8


def best(query: str, items: Iterable[T], text: Callable[[T], str], limit: int) -> list[T]:
    """The best matches, best first; earlier items win among equals."""
    return best_of(query, items, lambda item: (text(item),), limit)


def best_of(query: str, items: Iterable[T], texts: Callable[[T], Iterable[str]], limit: int) -> list[T]:
    """The same for items that go by several texts: the one that matches best counts."""
    scored = []
    for number, item in enumerate(items):
        values = [value for text in texts(item) if (value := score(query, text)) is not None]
        if values:
            scored.append((max(values), -number, item))
    return [item for _, _, item in nlargest(limit, scored, key=lambda entry: entry[:2])]
