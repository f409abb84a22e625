"""Which functions may be alike: locality-sensitive hashing over their sketches (Indyk and Motwani 1998).

A *band* is three places of the sketch; two functions that agree in a band meet in its bucket and are compared by their
sketches, then by their tokens. Within a bucket of up to `MOST_IN_BUCKET` all pairs are looked at, in a larger one each
function beside the `LEADERS` that would rather represent, and beside `NEIGHBOURS` in the order of two more places: 5,000
functions that are all alike, or alike by nature, cost a few pairs each, and two among them that are much alike still meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from indexing.folding.buckets import LEADERS, MOST_IN_BUCKET, NEIGHBOURS, ROWS, Buckets, bands, packed
from indexing.folding.sketch import BINS, NO_MINIMUM, Sketches
from indexing.number_sets import distinct

LEAST_EQUAL = 5
"""Places in which the sketches of two functions must agree, of BINS."""
_FEW = 300
"""So many fresh functions are each looked for among all, 3 ms for a hundred thousand; the tables of all bands take as long
as some hundred of them."""
_MOST_AGREEING = 600_000
"""Functions that agree with them in some places; the tables take as long as looking at the bands of so many."""
_AT_ONCE = 1_000_000
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
    functions: Functions, fresh: NDArray[np.bool_], least_similarity: float, cancellation: CancellationToken
) -> Pairs:
    """Pairs of functions of one language that may be `least_similarity` alike or more: most of those that are, and with a
    function that is `fresh` (n,)."""
    if np.count_nonzero(fresh) > _FEW:
        return _pairs_among(functions, fresh, least_similarity, cancellation)
    buckets = Buckets(functions.sketches[:, :BINS], _frames(functions), functions.languages)
    agreeing: dict[int, NDArray[np.int64]] = {}
    left = _MOST_AGREEING
    for row in np.flatnonzero(fresh).tolist():
        cancellation.check("looking for repeated code")
        agreeing[row] = buckets.agreeing(row)
        left -= len(agreeing[row])
        if left < 0:
            return _pairs_among(functions, fresh, least_similarity, cancellation)
    return _pairs_of(functions, buckets, agreeing, least_similarity, cancellation)


def _pairs_of(
    functions: Functions,
    buckets: Buckets,
    agreeing: Mapping[int, NDArray[np.int64]],
    least_similarity: float,
    cancellation: CancellationToken,
) -> Pairs:
    """The pairs of a few functions, each given with those that agree with it."""
    minima, ratio = functions.sketches[:, :BINS], _ratio(least_similarity)
    found = [np.zeros(0, np.uint64)]
    for row, others in agreeing.items():
        cancellation.check("looking for repeated code")
        for met, least in ((buckets.of_one_frame(row), 0), (buckets.of_bands(row, others), LEAST_EQUAL)):
            kept = met[_plausible(functions.tokens, minima, np.full(len(met), row), met, ratio, least)]
            found.append(_numbered(np.minimum(kept, row), np.maximum(kept, row)))
    return _apart(distinct(np.concatenate(found)))


def _frames(functions: Functions) -> NDArray[np.uint32]:
    return np.ascontiguousarray(functions.sketches[:, BINS:]).view("<u4").reshape(-1)


def _pairs_among(
    functions: Functions, fresh: NDArray[np.bool_], least_similarity: float, cancellation: CancellationToken
) -> Pairs:
    count = len(functions.tokens)
    found = np.zeros(0, np.uint64)
    if count < 2:
        return found.astype(np.int64).reshape(0, 2)
    ratio = _ratio(least_similarity)
    seen: list[NDArray[np.uint64]] = []
    waiting = 0
    minima = functions.sketches[:, :BINS]
    everything, rows = np.arange(count), np.flatnonzero((minima != NO_MINIMUM).any(axis=1))
    for keys, hints, is_frame in _all_keys(functions.languages, _frames(functions).astype(np.uint64), minima):
        cancellation.check("looking for repeated code")
        among = everything if is_frame else rows
        for first_places, second_places in _meetings(keys[among], hints[among], fresh[among]):
            one, other = among[first_places], among[second_places]
            if len(one):
                kept = _plausible(functions.tokens, minima, one, other, ratio, 0 if is_frame else LEAST_EQUAL)
                seen.append(_numbered(np.minimum(one[kept], other[kept]), np.maximum(one[kept], other[kept])))
                waiting += len(seen[-1])
        if waiting > _AT_ONCE:
            found, seen, waiting = distinct(np.concatenate([found, *seen])), [], 0
    return _apart(distinct(np.concatenate([found, *seen])))


def _ratio(least_similarity: float) -> float:
    """How many tokens the shorter of two may have for each of the longer: 2·LCS ≤ 2·min(a, b), so that a pair is at most
    2·min/(a + b) alike."""
    return least_similarity / (2.0 - least_similarity)


def _numbered(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for each pair of rows, in the order of both."""
    return first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)


def _apart(numbers: NDArray[np.uint64]) -> Pairs:
    return np.stack([numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


def _all_keys(
    languages: NDArray[np.uint32], frames: NDArray[np.uint64], minima: Sketches
) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64], bool]]:
    """The key of every function in each table, a number of 16 bits that is often the same for those that are alike, and
    whether the key is its frame: those of one frame are alike whatever else."""
    spoken = languages.astype(np.uint64) << np.uint64(32)
    cuts = bands()
    hints = [packed(minima, places) for places in cuts[:, : ROWS - 1]]
    yield spoken | frames, hints[0], True
    for number, places in enumerate(cuts):
        yield spoken | packed(minima, places), hints[number - 1], False


def _meetings(
    keys: NDArray[np.uint64], hints: NDArray[np.uint64], fresh: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of rows with the same key, at least one of them fresh."""
    rows = _beside(keys, fresh)
    order = rows[np.argsort(keys[rows], kind="stable")]
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    shared = np.repeat(sizes > 1, sizes)
    order, ordered = order[shared], ordered[shared]
    sizes = sizes[sizes > 1]
    starts = np.cumsum(sizes) - sizes
    ranks = np.arange(len(order)) - np.repeat(starts, sizes)
    small = np.repeat(sizes <= MOST_IN_BUCKET, sizes)
    pairs = []
    for step in range(1, min(MOST_IN_BUCKET, len(order))):
        same = (ordered[step:] == ordered[:-step]) & small[step:]
        if not same.any():
            break
        pairs.append((order[:-step][same], order[step:][same]))
    if not small.all():
        firsts = np.repeat(starts, sizes)
        for leader in range(LEADERS):
            led = ~small & (ranks > leader)
            pairs.append((order[firsts[led] + leader], order[led]))
        pairs += _neighbours(order[~small], keys, hints)
    if fresh.all():
        return pairs
    return [(one[wanted], other[wanted]) for one, other in pairs for wanted in [fresh[one] | fresh[other]]]


def _neighbours(
    rows: NDArray[np.int64], keys: NDArray[np.uint64], hints: NDArray[np.uint64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of rows with the same key that are near each other in the order of hints; `rows` are in the order of keys."""
    buckets = np.cumsum(np.r_[False, keys[rows[1:]] != keys[rows[:-1]]]).astype(np.uint64)
    order = np.argsort(buckets << np.uint64(16) | hints[rows], kind="stable")
    rows, buckets = rows[order], buckets[order]
    for step in range(1, NEIGHBOURS + 1):
        same = buckets[step:] == buckets[:-step]
        yield rows[:-step][same], rows[step:][same]


def _beside(keys: NDArray[np.uint64], fresh: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows whose key a fresh one may have as well: all of those, and few others."""
    if fresh.all():
        return np.arange(len(keys))
    # A table for each of 144 bands: no larger than the few that are fresh need.
    size = min(int(_SLOTS) + 1, _SLOTS_A_ROW << int(np.count_nonzero(fresh)).bit_length())
    slots = (keys * _SPREAD >> _UPPER).astype(np.int64) & (size - 1)
    taken = np.zeros(size, bool)
    taken[slots[fresh]] = True
    return np.flatnonzero(taken[slots])


def _plausible(
    tokens: NDArray[np.int64], minima: Sketches, one: NDArray[np.int64], other: NDArray[np.int64], ratio: float, least: int
) -> NDArray[np.bool_]:
    """Which pairs are of about the same size and agree in `least` places."""
    mine, theirs = tokens[one], tokens[other]
    kept = np.minimum(mine, theirs) >= ratio * np.maximum(mine, theirs)
    near = np.flatnonzero(kept)
    for first in range(0, len(near), _AT_ONCE):
        rows = near[first : first + _AT_ONCE]
        kept[rows] = (minima[one[rows]] == minima[other[rows]]).sum(axis=1) >= least
    return kept
