"""The words of the domain: types whose names run through the names of other definitions, with what they say they are."""

from __future__ import annotations

import math
import re
from collections import Counter

from core.answering.wording import quoted
from core.explaining.sentences import place_of, said_of, sentence
from core.explaining.survey import CALLABLE, TYPES, Survey
from core.model.explanation import Chapter, Paragraph, Told
from core.model.symbol import Symbol

_TERMS, _LONGEST = 24, 3
_LEAST_NAMES = 4
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NOBODYS = frozenset(
    {"base", "helper", "util", "utils", "error", "exception", "test", "wrapper", "meta", "type", "data", "info"}
)


def glossary(survey: Survey) -> Chapter | None:
    """The chapter, by alphabet; None where no type says what it is."""
    runs: Counter[tuple[str, ...]] = Counter()
    for symbol in survey.defined:
        words = words_of(symbol.name)
        # What a function's name begins with is what it does: `set_name` is about no set.
        first = 1 if symbol.kind in CALLABLE and len(words) > 1 else 0
        runs.update({words[i : i + n] for n in range(1, _LONGEST + 1) for i in range(first, len(words) - n + 1)})
    chosen: dict[tuple[str, ...], tuple[float, Symbol]] = {}
    for symbol in survey.defined:
        words = words_of(symbol.name)
        if symbol.kind not in TYPES or not 0 < len(words) <= _LONGEST or (len(words) == 1 and words[0] in _NOBODYS):
            continue
        if runs[words] < _LEAST_NAMES or not said_of(symbol):
            continue
        worth = math.log(runs[words]) * math.sqrt(survey.ranks[symbol.key])
        if worth > chosen.get(words, (0.0, symbol))[0]:
            chosen[words] = worth, symbol
    best = sorted(chosen.items(), key=lambda item: (-item[1][0], item[0]))[:_TERMS]
    told = [_told(survey, words, symbol, runs[words]) for words, (_, symbol) in sorted(best)]
    return Chapter("Glossary", (Paragraph("", tuple(told)),)) if told else None


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters: `HTTPResponseBase` and `http_response_base` alike."""
    return tuple(word.lower() for word in _WORD.findall(name))


def _told(survey: Survey, words: tuple[str, ...], symbol: Symbol, names: int) -> Told:
    text = f"**{' '.join(words)}** ({quoted(symbol)}; in the names of {names:,} definitions): {said_of(symbol)}"
    return sentence(text, place_of(survey, symbol))
