"""Shortening: which lines of a passage to keep when not all of them fit.

The head says what the passage is (the signature and the first line of its doc comment), the lines that share terms with the
question say why it was found, and a little around them makes them readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from core.context.passages import LineRange, joined, shown_line
from core.retrieval.words import spaced_terms

CHARACTERS_PER_TOKEN = 3.4
"""A cautious estimate for code; what is chosen is counted exactly afterwards."""

_MAX_HEAD = 8
_HEAD_ENDS = (":", "{", ";", "=>", "->", " do", " then", "begin")
_DOC_OPENINGS = ('"""', "'''", "/**", "///", "//", "#", "*", '"')
_MARK_TOKENS = 8
_MAX_SCORED = 3_000
"""Lines of a scope that are looked at; a longer scope is looked at up to here."""


def estimated_tokens(line: str) -> float:
    """About how many LLM tokens a line takes."""
    return 1.0 + len(line.strip()) / CHARACTERS_PER_TOKEN


def head_of(lines: Sequence[str], scope: LineRange) -> LineRange:
    """The first lines of a scope up to the end of its signature and the first line of its doc comment."""
    start, end = scope
    last = min(end, start + _MAX_HEAD - 1)
    head_end = start
    for number in range(start, last + 1):
        text = lines[number - 1].strip()
        head_end = number
        if text.endswith(_HEAD_ENDS) and not text.startswith(("@", "#", "//", "*", "/*")):
            break
    else:
        head_end = start
    for number in range(head_end + 1, min(end, head_end + 2) + 1):
        text = lines[number - 1].strip()
        if text.startswith(_DOC_OPENINGS):
            head_end = number
            if len(text) > 4:
                break
        elif head_end < number - 1 or text:
            # The line after a lone opening mark is the first of the comment's words.
            if lines[head_end - 1].strip() in {'"""', "'''", "/**", 'r"""'}:
                head_end = number
            break
    return start, head_end


def shortened(lines: Sequence[str], scope: LineRange, terms: Set[str], allowance: int) -> tuple[LineRange, ...]:
    """Ranges of `scope` worth most within about `allowance` LLM tokens; at least its first line."""
    start, end = scope[0], min(scope[1], scope[0] + _MAX_SCORED - 1)
    head = head_of(lines, (start, end))
    scores = _scores(lines, (start, end), head, terms)
    order = sorted(scores, key=lambda number: (-scores[number], number))
    kept: set[int] = {start}
    left = allowance - estimated_tokens(shown_line(lines[start - 1]))
    for number in order:
        if number in kept:
            continue
        cost = estimated_tokens(shown_line(lines[number - 1]))
        if number - 1 not in kept and number + 1 not in kept:
            cost += _MARK_TOKENS
        if cost > left:
            continue
        left -= cost
        kept.add(number)
    return joined((number, number) for number in kept)


def _scores(lines: Sequence[str], scope: LineRange, head: LineRange, terms: Set[str]) -> dict[int, float]:
    """What each line is worth: the head most, then matches by how rare their terms are here, then what is around them."""
    start, end = scope
    matches = {
        number: found for number in range(start, end + 1) if (found := terms & set(spaced_terms(lines[number - 1]).split()))
    }
    frequency = Counter(term for found in matches.values() for term in found)
    scores: dict[int, float] = {}
    indents = [len(line) - len(line.lstrip()) for line in lines[start - 1 : end] if line.strip()]
    shallow = sorted(indents)[len(indents) // 3] if indents else 0
    for number in range(start, end + 1):
        text = lines[number - 1]
        stripped = text.strip()
        if not stripped:
            scores[number] = 0.01
            continue
        score = 0.4 / (1.0 + 0.02 * (number - start))
        if head[0] <= number <= head[1]:
            score += 10.0
        if stripped.startswith(("return", "raise", "throw", "yield")):
            score += 0.3
        if len(text) - len(text.lstrip()) <= shallow:
            score += 0.1
        for near, weight in ((0, 1.0), (-1, 0.4), (1, 0.4), (2, 0.15)):
            for term in matches.get(number + near, ()):
                score += weight * 1.5 / frequency[term] ** 0.5
        scores[number] = score
    return scores
