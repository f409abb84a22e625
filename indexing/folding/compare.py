"""How alike two functions are: the longest common subsequence of their tokens, local names aside.

Similarity is 2·LCS(a, b) / (|a| + |b|) over tokens (the normalised Indel similarity), where the local names of one are
first replaced by those of the other wherever that makes more tokens the same: from an alignment of both with all local
names alike, each name takes the one it most often stands beside, no name twice. It is 1.0 exactly for two functions that
are the same up to layout, comments and consistently renamed local names.

Tokens are coded as the characters of a string, which is what rapidfuzz compares fastest (Hyyrö's bit-parallel LCS).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

LOCAL_CODE = "\x01"
"""Stands for every local name in a plain code."""
FIRST_CODE = 2
CODES = 0x110000 - FIRST_CODE
"""There are so many characters, and a token has one by its hash. Of two functions of 300 different tokens each, some token
of one has the character of another of the other in one of twelve cases: then the pair may seem a little more alike than it
is; no decision that hides a difference rests on a code."""

_CLOSE = 1e-6
"""What is a likeness of 0.1 on paper may be a little less in floating point."""

_RAW = attrgetter("raw")

Similarities = NDArray[np.float64]
"""Shape (n,)."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A function: a character a token (`raw`), and the same with LOCAL_CODE for every local name (`plain`)."""

    raw: str
    plain: str


def similarities(ones: Sequence[Coded], others: Sequence[Coded], least: float, threads: int) -> Similarities:
    """The similarity of each pair, 0.0 where it is below `least`; the same whichever of a pair comes first."""
    most = _ratios([one.plain for one in ones], [other.plain for other in others], least, threads)
    near = np.flatnonzero(most).tolist()
    found = np.zeros(len(ones))
    found[near] = _ratios([ones[i].raw for i in near], [others[i].raw for i in near], 0.0, threads)
    for index in np.flatnonzero(found + _CLOSE < most).tolist():
        # Which names stand beside which may be told otherwise from the other side, and no order of files may decide.
        one, other = sorted((ones[index], others[index]), key=_RAW)
        ratio = Indel.normalized_similarity(renamed_like(one, other)[0], other.raw)
        found[index] = max(found[index], ratio)
    found[found < least - _CLOSE] = 0.0
    return found


def _ratios(ones: Sequence[str], others: Sequence[str], least: float, threads: int) -> Similarities:
    if not ones:
        return np.zeros(0)
    cutoff = least - _CLOSE if least else None
    return process.cpdist(
        ones, others, scorer=Indel.normalized_similarity, score_cutoff=cutoff, workers=threads, dtype=np.float64
    )


def renamed_like(one: Coded, other: Coded) -> tuple[str, dict[str, str]]:
    """The raw code of `one` with its local names replaced by those of `other` that they stand beside, and which by which."""
    blocks = Indel.editops(one.plain, other.plain).as_matching_blocks()
    plain = "".join([one.plain[block.a : block.a + block.size] for block in blocks])
    mine = "".join([one.raw[block.a : block.a + block.size] for block in blocks])
    theirs = "".join([other.raw[block.b : block.b + block.size] for block in blocks])
    beside = Counter(compress(zip(mine, theirs, strict=True), map(LOCAL_CODE.__eq__, plain)))
    names: dict[str, str] = {}
    taken: set[str] = set()
    for (name, same), _ in beside.most_common():
        if name not in names and same not in taken:
            names[name] = same
            taken.add(same)
    changed = list(one.raw)
    place = one.plain.find(LOCAL_CODE)
    while place >= 0:
        changed[place] = names.get(changed[place], changed[place])
        place = one.plain.find(LOCAL_CODE, place + 1)
    return "".join(changed), names
