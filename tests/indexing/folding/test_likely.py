"""Likely pairs: those that are alike are among them, and there are never many."""

from __future__ import annotations

import random
import time

import numpy as np

from core.cancellation import CancellationToken
from indexing.folding.likely import Functions, likely_pairs
from indexing.folding.sketch import ROW, sketches


def functions(streams: list[list[bytes]], languages: list[int] | None = None) -> Functions:
    kinds = np.array(languages or [1] * len(streams), np.uint32)
    rows = sketches(streams, list(range(len(streams))))
    assert rows.shape == (len(streams), ROW)
    return Functions(rows, kinds, np.array([len(tokens) for tokens in streams]))


def stream(chance: random.Random, length: int) -> list[bytes]:
    return [b"t%d" % chance.randrange(400) for _ in range(length)]


def edited(tokens: list[bytes], chance: random.Random, share: float) -> list[bytes]:
    """The tokens with a run of new ones, a `share` of them all, at some place."""
    place = chance.randrange(len(tokens))
    return tokens[:place] + stream(chance, round(len(tokens) * share)) + tokens[place:]


def test_functions_with_a_gap_are_found() -> None:
    chance = random.Random(1)
    originals = [stream(chance, chance.randrange(40, 400)) for _ in range(300)]
    copies = [edited(tokens, chance, 0.25) for tokens in originals]
    found = {tuple(pair) for pair in likely_pairs(functions(originals + copies), 0.7, CancellationToken()).tolist()}
    assert sum((n, n + 300) in found for n in range(300)) >= 298
    assert len(found) < 600


def test_languages_stay_apart_and_sizes_too() -> None:
    chance = random.Random(2)
    one = stream(chance, 100)
    assert len(likely_pairs(functions([one, one], [1, 2]), 0.7, CancellationToken())) == 0
    assert likely_pairs(functions([one, one]), 0.7, CancellationToken()).tolist() == [[0, 1]]
    assert len(likely_pairs(functions([one, one + one + one]), 0.7, CancellationToken())) == 0


def test_functions_of_one_frame_are_compared_whatever_their_names() -> None:
    chance = random.Random(3)
    rows = sketches([stream(chance, 50), stream(chance, 50)], [7, 7])
    pairs = likely_pairs(Functions(rows, np.array([1, 1], np.uint32), np.array([50, 50])), 0.7, CancellationToken())
    assert pairs.tolist() == [[0, 1]]


def test_very_many_that_are_alike_cost_a_few_pairs_each() -> None:
    chance = random.Random(4)
    common = stream(chance, 120)
    near = functions([edited(common, chance, 0.03) for _ in range(5_000)])
    start = time.process_time()
    pairs = likely_pairs(near, 0.7, CancellationToken())
    assert time.process_time() - start < 20
    assert len(pairs) < 5_000 * 200
    assert len(np.unique(pairs)) == 5_000
