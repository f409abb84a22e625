"""Finding a name by some of its letters, as in "dbop" for `django/db/operations.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_CONSECUTIVE = 8
_WORD_START = 6
_LAST_PART = 4
_SEPARATORS = "/._- :"
ITEMS_A_STEP = 500
"""Looked at before the clock is."""


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
    if not query.strip():
        return list(islice(items, limit))
    scored = []
    for number, item in enumerate(items):
        values = [value for text in texts(item) if (value := score(query, text)) is not None]
        if values:
            scored.append((max(values), -number, item))
    return [item for _, _, item in nlargest(limit, scored, key=lambda entry: entry[:2])]


def steps_to_best(
    query: str, items: Sequence[T], text: Callable[[T], str], limit: int, found: Callable[[list[T]], object]
) -> Iterator[None]:
    """`best` by steps, for the paths of a large source, which take longer than a frame; `found` is given the matches."""
    matches: list[tuple[int, int, T]] = []
    for first in range(0, len(items) if query.strip() else 0, ITEMS_A_STEP):
        for number, item in enumerate(items[first : first + ITEMS_A_STEP], first):
            value = score(query, text(item))
            if value is not None:
                matches.append((value, -number, item))
        matches = nlargest(limit, matches, key=lambda entry: entry[:2])
        yield
    found([item for _, _, item in matches] if query.strip() else list(items[:limit]))
