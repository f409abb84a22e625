"""Which functions may be alike: locality-sensitive hashing over their sketches (Indyk and Motwani 1998).

A *band* is three places of the sketch; two functions that agree in a band meet in its bucket and are compared by their
sketches, then by their tokens. Within a bucket of up to `MOST_IN_BUCKET` all pairs are looked at, in a larger one each
function beside the `LEADERS` that would rather represent, and beside `NEIGHBOURS` in the order of two more places: 5,000
functions that are all alike, or alike by nature, cost a few pairs each, and two among them that are much alike still meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from indexing.folding.buckets import LEADERS, MOST_IN_BUCKET, NEIGHBOURS, ROUNDS, ROWS, Buckets, bands, packed
from indexing.folding.sketch import BINS, NO_MINIMUM, Sketches
from indexing.number_sets import counted, distinct

LEAST_EQUAL = 5
"""Places in which the sketches of two functions must agree, of BINS."""
_FEW = 300
"""So many fresh functions are each looked for among all, 3 ms for a hundred thousand; the tables of all bands take as long
as some hundred of them."""
_MOST_AGREEING = 600_000
"""Functions that agree with them in some places; the tables take as long as looking at the bands of so many."""
_AT_ONCE = 1_000_000
_COUNTED_AT_ONCE = 1 << 16
"""Pairs, of which the sketches of both lie in a core's own cache."""
TABLES = 1 + BINS // ROWS * ROUNDS
_WORDS = -(-BINS // 8)
_ONES, _HIGHEST = np.uint64(0x0101010101010101), np.uint64(56)
_KEPT_SLOTS = 22
"""2**22 pairs that were found lately are kept at hand, 32 MB."""
_SLOTS = np.uint64((1 << 8 * ROWS) - 1)
"""The bits of a key that are not its language."""
_SLOTS_A_ROW = 256
_SPREAD, _UPPER = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
"""A multiplication puts what keys differ in into their upper half (Knuth's multiplicative hashing)."""

Pairs = NDArray[np.int64]
"""Shape (n, 2), ascending: two rows of the functions, the first before the second."""


@dataclass(frozen=True, slots=True, eq=False)
class Functions:
    """Functions in the order in which they would represent others: their sketches (n, ROW), a number for their language
    (n,), their tokens (n,)."""

    sketches: Sketches
    languages: NDArray[np.uint32]
    tokens: NDArray[np.int64]


def likely_pairs(
    functions: Functions,
    fresh: NDArray[np.bool_],
    least_similarity: float,
    cancellation: CancellationToken,
    threads: int = 1,
) -> Pairs:
    """Pairs of functions of one language that may be `least_similarity` alike or more: most of those that are, and with a
    function that is `fresh` (n,). Many functions are looked at by so many `threads`."""
    if np.count_nonzero(fresh) > _FEW:
        return _pairs_among(functions, fresh, least_similarity, threads, cancellation)
    buckets = Buckets(functions.sketches[:, :BINS], _frames(functions), functions.languages)
    agreeing: dict[int, NDArray[np.int64]] = {}
    left = _MOST_AGREEING
    for row in np.flatnonzero(fresh).tolist():
        cancellation.check("looking for repeated code")
        agreeing[row] = buckets.agreeing(row)
        left -= len(agreeing[row])
        if left < 0:
            return _pairs_among(functions, fresh, least_similarity, threads, cancellation)
    return _pairs_of(functions, buckets, agreeing, least_similarity, cancellation)


def _pairs_of(
    functions: Functions,
    buckets: Buckets,
    agreeing: Mapping[int, NDArray[np.int64]],
    least_similarity: float,
    cancellation: CancellationToken,
) -> Pairs:
    """The pairs of a few functions, each given with those that agree with it."""
    words, ratio = _words(functions.sketches[:, :BINS]), _ratio(least_similarity)
    tokens = functions.tokens.astype(np.float64)
    found = [np.zeros(0, np.uint64)]
    for row, others in agreeing.items():
        cancellation.check("looking for repeated code")
        for met, least in ((buckets.of_one_frame(row), 0), (buckets.of_bands(row, others), LEAST_EQUAL)):
            kept = met[_plausible(tokens, words, np.full(len(met), row), met, ratio, least)]
            found.append(_numbered(np.minimum(kept, row), np.maximum(kept, row)))
    return _apart(distinct(np.concatenate(found)))


def _frames(functions: Functions) -> NDArray[np.uint32]:
    return np.ascontiguousarray(functions.sketches[:, BINS:]).view("<u4").reshape(-1)


def _pairs_among(
    functions: Functions, fresh: NDArray[np.bool_], least_similarity: float, threads: int, cancellation: CancellationToken
) -> Pairs:
    """The pairs that meet in the tables of all bands, the tables shared out among `threads`: what takes time in them, numpy
    does without the interpreter's lock."""
    if len(functions.tokens) < 2:
        return np.zeros((0, 2), np.int64)
    tables = _Tables(functions, fresh, _ratio(least_similarity))
    shares = [range(first, TABLES, threads) for first in range(threads)]
    if threads == 1:
        return _apart(tables.met_in(shares[0], cancellation))
    with ThreadPoolExecutor(threads, "likely-pairs") as pool:
        found = list(pool.map(lambda share: tables.met_in(share, cancellation), shares))
    return _apart(distinct(np.concatenate(found)))


def _ratio(least_similarity: float) -> float:
    """How many tokens the shorter of two may have for each of the longer: 2·LCS ≤ 2·min(a, b), so that a pair is at most
    2·min/(a + b) alike."""
    return least_similarity / (2.0 - least_similarity)


def _numbered(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for each pair of rows, in the order of both."""
    return first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)


def _apart(numbers: NDArray[np.uint64]) -> Pairs:
    return np.stack([numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


class _Tables:
    """Functions in tables, one for their frames, and one for each band."""

    def __init__(self, functions: Functions, fresh: NDArray[np.bool_], ratio: float) -> None:
        minima = functions.sketches[:, :BINS]
        self._fresh, self._all_fresh, self._ratio = fresh, bool(fresh.all()), ratio
        self._frames = _frames(functions)
        self._columns = np.ascontiguousarray(minima.T)
        self._words = _words(minima)
        self._tokens = functions.tokens.astype(np.float64)
        self._languages = np.unique(functions.languages, return_inverse=True)[1].astype(np.uint64)
        self._saying = np.flatnonzero((minima != NO_MINIMUM).any(axis=1))
        self._bands = bands()

    def met_in(self, tables: Iterable[int], cancellation: CancellationToken) -> NDArray[np.uint64]:
        """The numbers of the plausible pairs that meet in some of the tables, ascending."""
        found = np.zeros(0, np.uint64)
        seen: list[NDArray[np.uint64]] = []
        waiting = 0
        lately = np.zeros(1 << _KEPT_SLOTS, np.uint64)
        for table in tables:
            cancellation.check("looking for repeated code")
            numbers = self._met(table)
            slots = (numbers * _SPREAD >> np.uint64(64 - _KEPT_SLOTS)).astype(np.int64)
            is_new = lately[slots] != numbers
            numbers = numbers[is_new]
            lately[slots[is_new]] = numbers
            seen.append(numbers)
            waiting += len(seen[-1])
            # To sort what was found with the little that came would take longer than all else.
            if waiting > max(_AT_ONCE, len(found)):
                found, seen, waiting = distinct(np.concatenate([found, *seen])), [], 0
        return distinct(np.concatenate([found, *seen])) if seen else found

    def _met(self, table: int) -> NDArray[np.uint64]:
        """The numbers of the plausible pairs that meet in a table. A key is a number for a language and what two agree in, a
        hint one of 16 bits that is often the same for those that are alike; two of one frame are alike whatever else."""
        if table == 0:
            rows, least = np.arange(len(self._tokens)), 0
            said, hinted = self._frames.astype(np.uint64), self._bands[0, : ROWS - 1]
            keys = np.unique(self._languages << np.uint64(32) | said, return_inverse=True)[1].astype(np.uint32)
        else:
            rows, least, hinted = self._saying, LEAST_EQUAL, self._bands[table - 2, : ROWS - 1]
            said = self._languages << np.uint64(8 * ROWS) | self._packed(self._bands[table - 1])
            keys = said[rows].astype(np.uint32)
        one, other = _meetings(rows, keys, self._packed(hinted), None if self._all_fresh else self._fresh)
        kept = self._plausible(one, other, least)
        one, other = one[kept], other[kept]
        return _numbered(np.minimum(one, other), np.maximum(one, other))

    def _packed(self, places: NDArray[np.int64]) -> NDArray[np.uint64]:
        return packed(self._columns.T, places)

    def _plausible(self, one: NDArray[np.int64], other: NDArray[np.int64], least: int) -> NDArray[np.bool_]:
        return _plausible(self._tokens, self._words, one, other, self._ratio, least)


def _meetings(
    rows: NDArray[np.int64], keys: NDArray[np.uint32], hints: NDArray[np.uint64], fresh: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of `rows` (k,) with the same key (k,), at least one of them `fresh` (n,), if not all are; `hints` are (n,)."""
    if fresh is not None:
        near = _beside(keys, fresh[rows])
        rows, keys = rows[near], keys[near]
    if not len(rows):
        return rows, rows
    order = _order(keys)
    order, ordered = rows[order], keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    is_small, is_large = (sizes > 1) & (sizes <= MOST_IN_BUCKET), sizes > MOST_IN_BUCKET
    first, second = _all_pairs(starts[is_small], sizes[is_small])
    pairs = [(order[first], order[second])]
    if is_large.any():
        pairs += _pairs_of_large(order[np.repeat(is_large, sizes)], sizes[is_large], hints)
    one, other = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    if fresh is not None:
        wanted = fresh[one] | fresh[other]
        one, other = one[wanted], other[wanted]
    return one, other


def _order(keys: NDArray[np.uint32]) -> NDArray[np.int64]:
    """What sorts the keys, those that are the same in their order: numbers of 16 bits are sorted by their digits, in a
    third of the time."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    return order[np.argsort((keys >> np.uint32(16)).astype(np.uint16)[order], kind="stable")]


def _all_pairs(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of places within buckets that begin at `starts` and have `sizes`."""
    after = np.repeat(sizes, sizes) - 1 - counted(sizes)
    places = np.repeat(starts, sizes) + counted(sizes)
    return np.repeat(places, after), np.repeat(places + 1, after) + counted(after)


def _pairs_of_large(
    rows: NDArray[np.int64], sizes: NDArray[np.int64], hints: NDArray[np.uint64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Some pairs within buckets of these `sizes`, whose rows are given one bucket after the other: each row beside the
    leaders, and beside those near it in the order of hints."""
    firsts, ranks = np.repeat(np.cumsum(sizes) - sizes, sizes), counted(sizes)
    for leader in range(LEADERS):
        led = np.flatnonzero(ranks > leader)
        yield rows[firsts[led] + leader], rows[led]
    buckets = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    order = np.argsort(buckets << np.uint64(16) | hints[rows], kind="stable")
    rows, buckets = rows[order], buckets[order]
    for step in range(1, NEIGHBOURS + 1):
        same = buckets[step:] == buckets[:-step]
        yield rows[:-step][same], rows[step:][same]


def _beside(keys: NDArray[np.uint32], fresh: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows whose key a fresh one may have as well: all of those, and few others."""
    if fresh.all():
        return np.arange(len(keys))
    # A table for each of 144 bands: no larger than the few that are fresh need.
    size = min(int(_SLOTS) + 1, _SLOTS_A_ROW << int(np.count_nonzero(fresh)).bit_length())
    slots = (keys.astype(np.uint64) * _SPREAD >> _UPPER).astype(np.int64) & (size - 1)
    taken = np.zeros(size, bool)
    taken[slots[fresh]] = True
    return np.flatnonzero(taken[slots])


def _words(minima: Sketches) -> NDArray[np.uint64]:
    """Shape (n, _WORDS): the minima of each function, eight to a number; what is left is the same in all."""
    filled = np.zeros((len(minima), 8 * _WORDS), np.uint8)
    filled[:, :BINS] = minima
    return filled.view(np.uint64)


def _plausible(
    tokens: NDArray[np.float64],
    words: NDArray[np.uint64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    ratio: float,
    least: int,
) -> NDArray[np.bool_]:
    """Which pairs are of about the same size and agree in `least` places."""
    mine, theirs = tokens[one], tokens[other]
    kept = np.minimum(mine, theirs) >= ratio * np.maximum(mine, theirs)
    if not least:
        return kept
    near = np.flatnonzero(kept)
    for first in range(0, len(near), _COUNTED_AT_ONCE):
        rows = near[first : first + _COUNTED_AT_ONCE]
        mine_said, theirs_said = (words[ends[rows]].view(np.uint8) for ends in (one, other))
        # A byte of 1 for each place that is the same: the sum of all eight, by a multiplication, in the highest.
        same = (mine_said == theirs_said).view(np.uint64)
        sums = same[:, 0].copy()
        for column in range(1, _WORDS):
            sums += same[:, column]
        kept[rows] = (sums * _ONES >> _HIGHEST) >= np.uint64(least + 8 * _WORDS - BINS)
    return kept
