"""What functions say of themselves at first sight: their heads, and what they return.

The comment of a function repeats what its head says, in a few words of many: what it takes, what it gives back. In the whole
text these drown among those of how it is done.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.ports import FloatVector
from core.retrieval.words import TermFinder

IN_HEAD = 1.0
"""What it adds that a head says all of a question, ..."""
IN_RETURNS = 0.2
"""... and what, that the returned expressions do; both by the words that few of the compared functions hold."""

_LONGEST_HEAD = 800
_HEAD_WITHOUT_END = 200
"""Characters taken where no sign ends the head."""
_HEAD_ENDS = re.compile(r"\{|:[ \t]*$|=>|;", re.MULTILINE)
_RETURNS = re.compile(r"\breturn\b(.*)")


@dataclass(frozen=True, slots=True)
class Said:
    """The head of a chunk's text as it stands, and which terms it, what is returned and all of it say."""

    head: str
    in_head: frozenset[str]
    in_returns: frozenset[str]
    anywhere: frozenset[str]

    @classmethod
    def by(cls, text: str, wanted: TermFinder) -> Said:
        """What `text` says of what is `wanted`; it begins with a head where it is that of a function."""
        head = head_of(text)
        returned = " ".join(_RETURNS.findall(text))
        return cls(head, wanted.said_in(head), wanted.said_in(returned), wanted.said_in(text))


def head_of(text: str) -> str:
    """The head of a chunk's text."""
    end = _HEAD_ENDS.search(text, 0, _LONGEST_HEAD)
    return text[: end.end() if end else _HEAD_WITHOUT_END]


def heads_saying(terms: Mapping[str, float], said: Sequence[Said]) -> FloatVector:
    """How much each of `said` says of weighed `terms` in its head and its returns, from 0 to `IN_HEAD` + `IN_RETURNS`.

    A term weighs the more, the fewer of them hold it anywhere.
    """
    count = len(said) + 1
    held = {term: sum(term in one.anywhere for one in said) for term in terms}
    weights = {term: weight * math.log(count / held[term]) for term, weight in terms.items() if held[term]}
    whole = sum(weights.values()) or 1.0
    worth = [sum(weight * _share(one, term) for term, weight in weights.items()) for one in said]
    return np.array(worth, np.float32) / np.float32(whole)


def _share(one: Said, term: str) -> float:
    return IN_HEAD * (term in one.in_head) + IN_RETURNS * (term in one.in_returns)
