"""How doubtful it is that words alone answer a question.

Of a question in the words of the code some chunk says most. In a question in other words no chunk says more than two or
three common ones, and which of them come first is chance. What BM25 gives the best chunk, over what the words of the
question are worth by their rarity, tells the one from the other: of the questions of the retrieval benchmark nine in ten
are above 0.7, of those that share no word with what answers them nine in ten below 0.5, in a tree of 1 MB.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

ENOUGH = 0.7
"""What the best of `_FEW` chunks is worth of a question in the words of the code, over its words' rarities, ..."""

BY_CHANCE = 0.15
"""... and how much more it is for ten times as many: the more there are, the more of any question one says by chance."""

_SURE = 0.85
"""More than nine in ten descriptions of functions are below."""

_FEW = 1_000


def doubt_of(terms: Mapping[str, float], best: float, total: int, frequency: Callable[[str], int]) -> float:
    """From 0, where the best chunk for weighed `terms` is worth enough, to 1, where it is not worth half of that.

    `best` is its score among `total` chunks; `frequency` tells how many of them hold a term.
    """
    whole = sum(weight * _rarity(min(frequency(term), total), total) for term, weight in terms.items())
    enough = (ENOUGH + BY_CHANCE * math.log10(max(1.0, total / _FEW))) * whole
    return min(1.0, max(0.0, 2.0 - 2.0 * best / enough)) if enough else 0.0


def of_statement(doubt: float) -> float:
    """What is left of `doubt` for a statement: a comment says in its own words what code says in others, so that most of
    those whose function words do find are doubtful a little. From 0 below `_SURE` to 1."""
    return max(0.0, doubt - _SURE) / (1.0 - _SURE)


def _rarity(holding: int, total: int) -> float:
    """As BM25 has it."""
    return math.log1p((total - holding + 0.5) / (holding + 0.5))
