"""How alike two functions are: the longest common subsequence of their tokens, local names aside.

Similarity is 2·LCS(a, b) / (|a| + |b|) over tokens (the normalised Indel similarity), where the local names of one are
first replaced by those of the other wherever that makes more tokens the same: from an alignment of both with all local
names alike, each name takes the one it most often stands beside, no name twice. It is 1.0 exactly for two functions that
are the same up to layout, comments and consistently renamed local names.

Tokens are coded as the characters of a string, which is what rapidfuzz compares fastest (Hyyrö's bit-parallel LCS), three
times as fast where they are bytes: what is not even alike with every token a byte, of which some then seem the same, is
looked at no further. Of six likely pairs that leaves one, and of 47 of these 46 are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

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
ROUGH_CODES = 251
"""Characters of a rough code: they take a byte each. A prime, for characters that differ by a round number are many."""

_count = itemgetter(1)

Similarities = NDArray[np.float64]
"""Shape (n,)."""
Pairs = NDArray[np.int64]
"""Shape (n, 2): places of functions."""


class Coded(NamedTuple):
    """A function: a character a token (`raw`), and the same with LOCAL_CODE for every local name (`plain`).

    A tuple, as `streams.Extent` is.
    """

    raw: str
    plain: str


class Comparison:
    """Functions that are compared in pairs, by so many `threads`."""

    def __init__(self, functions: Sequence[Coded], threads: int) -> None:
        self._functions = functions
        self._threads = threads
        self._rough = _rough([function.plain for function in functions])

    def similarities(self, pairs: Pairs, least: float) -> tuple[Similarities, NDArray[np.bool_]]:
        """The similarity of each pair with its names as they are, 0.0 where no other names would make it `least`; and for
        which they might make it more (`renamed_similarities`)."""
        functions, rough, threads = self._functions, self._rough, self._threads
        found = np.zeros(len(pairs))
        near = np.arange(len(pairs))
        if least:
            ones, others = pairs.T.tolist()
            near = np.flatnonzero(_ratios([rough[i] for i in ones], [rough[i] for i in others], least, threads))
        ones, others = ([functions[i] for i in ends] for ends in pairs[near].T.tolist())
        most = _ratios([one.plain for one in ones], [other.plain for other in others], least, threads)
        found[near] = _ratios([one.raw for one in ones], [other.raw for other in others], 0.0, threads)
        found[near[most == 0.0]] = 0.0
        is_open = np.zeros(len(pairs), bool)
        is_open[near] = found[near] + _CLOSE < most
        return found, is_open


def renamed_similarities(functions: Sequence[Coded], pairs: Pairs) -> Similarities:
    """The similarity of each pair, the local names of one replaced by those of the other; the same whichever comes first."""
    renamed, beside = list[str](), list[str]()
    for place, other_place in pairs.tolist():
        one, other = functions[place], functions[other_place]
        # Which names stand beside which may be told otherwise from the other side, and no order of files may decide.
        if other.raw < one.raw:
            one, other = other, one
        renamed.append(renamed_like(one, other)[0])
        beside.append(other.raw)
    return _ratios(renamed, beside, 0.0, 1)


def alike_enough(similarities: Similarities, least: float) -> NDArray[np.int64]:
    """Which are `least` or more."""
    return np.flatnonzero((similarities > 0.0) & (similarities >= least - _CLOSE))


@dataclass(frozen=True, slots=True)
class RenameTask:
    """Pairs of `functions` that other names may make more alike. `size` counts the tokens of the pairs."""

    number: int
    functions: tuple[Coded, ...]
    pairs: Pairs
    size: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """How alike the pairs of a task are so."""

    task: int
    similarities: Similarities
    seconds: float


def give_up_renaming(task: RenameTask, _reason: str) -> Renamed:
    """For pairs whose worker died: they are as alike as with their own names."""
    return Renamed(task.number, np.zeros(len(task.pairs)), 0.0)


def _ratios(ones: Sequence[str], others: Sequence[str], least: float, threads: int) -> Similarities:
    if not ones:
        return np.zeros(0)
    cutoff = least - _CLOSE if least else None
    return process.cpdist(
        ones, others, scorer=Indel.normalized_similarity, score_cutoff=cutoff, workers=threads, dtype=np.float64
    )


def _rough(codes: Sequence[str]) -> list[str]:
    """The codes with one of `ROUGH_CODES` characters for each, the same for the same: two are at least as alike so."""
    characters = np.frombuffer("".join(codes).encode("utf-32-le", "surrogatepass"), "<u4")
    joined = (characters % np.uint32(ROUGH_CODES)).astype(np.uint8).tobytes().decode("latin-1")
    stops = np.cumsum([len(code) for code in codes]).tolist()
    return [joined[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def renamed_like(one: Coded, other: Coded) -> tuple[str, dict[str, str]]:
    """The raw code of `one` with its local names replaced by those of `other` that they stand beside, and which by which."""
    plain, raw, theirs = one.plain, one.raw, other.raw
    find = plain.find
    beside: dict[tuple[str, str], int] = {}
    for block in Indel.editops(plain, other.plain).as_matching_blocks():
        start = block.a
        stop, across = start + block.size, block.b - start
        place = find(LOCAL_CODE, start, stop)
        while place >= 0:
            pair = raw[place], theirs[place + across]
            beside[pair] = beside.get(pair, 0) + 1
            place = find(LOCAL_CODE, place + 1, stop)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for (name, same), _ in sorted(beside.items(), key=_count, reverse=True):
        if name not in names and same not in taken:
            names[name] = same
            taken.add(same)
    changed = list(raw)
    place = find(LOCAL_CODE)
    while place >= 0:
        name = changed[place]
        changed[place] = names.get(name, name)
        place = find(LOCAL_CODE, place + 1)
    return "".join(changed), names
