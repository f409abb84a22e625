"""Likely pairs: those that are alike are among them, and there are never many."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest
import xxhash

from core.cancellation import CancellationToken
from core.errors import CancelledError
from indexing.folding import likely
from indexing.folding.likely import Functions, Pairs, likely_pairs
from indexing.folding.sketch import ROW, Sketches, sketches


def sketched(streams: list[list[bytes]], frames: list[int]) -> Sketches:
    hashes = [np.array([xxhash.xxh3_64_intdigest(token) for token in tokens], np.uint64) for tokens in streams]
    return sketches(hashes, frames)


def functions(streams: list[list[bytes]], languages: list[int] | None = None) -> Functions:
    kinds = np.array(languages or [1] * len(streams), np.uint32)
    rows = sketched(streams, list(range(len(streams))))
    assert rows.shape == (len(streams), ROW)
    return Functions(rows, kinds, np.array([len(tokens) for tokens in streams]))


def all_pairs(of: Functions) -> Pairs:
    return likely_pairs(of, np.ones(len(of.tokens), bool), 0.7, CancellationToken())


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
    found = {tuple(pair) for pair in all_pairs(functions(originals + copies)).tolist()}
    assert sum((n, n + 300) in found for n in range(300)) >= 298
    assert len(found) < 600


def test_languages_stay_apart_and_sizes_too() -> None:
    chance = random.Random(2)
    one = stream(chance, 100)
    assert len(all_pairs(functions([one, one], [1, 2]))) == 0
    assert all_pairs(functions([one, one])).tolist() == [[0, 1]]
    assert len(all_pairs(functions([one, one + one + one]))) == 0


def test_functions_of_one_frame_are_compared_whatever_their_names() -> None:
    chance = random.Random(3)
    rows = sketched([stream(chance, 50), stream(chance, 50)], [7, 7])
    pairs = all_pairs(Functions(rows, np.array([1, 1], np.uint32), np.array([50, 50])))
    assert pairs.tolist() == [[0, 1]]


def test_two_that_are_much_alike_meet_among_many_that_are_a_little_so() -> None:
    chance = random.Random(4)
    common = stream(chance, 60)
    originals = [common + stream(chance, 60) for _ in range(400)]
    copies = [edited(tokens, chance, 0.05) for tokens in originals]
    found = {tuple(pair) for pair in all_pairs(functions(originals + copies)).tolist()}
    assert sum((n, n + 400) in found for n in range(400)) >= 396


def test_functions_that_say_too_little_are_found_by_their_frames_alone() -> None:
    rows = sketched([[], [], [], []], [7, 7, 8, 9])
    assert all_pairs(Functions(rows, np.array([1] * 4, np.uint32), np.array([18] * 4))).tolist() == [[0, 1]]


def test_very_many_that_are_alike_cost_a_few_pairs_each() -> None:
    chance = random.Random(4)
    common = stream(chance, 120)
    near = functions([edited(common, chance, 0.03) for _ in range(5_000)])
    start = time.process_time()
    pairs = all_pairs(near)
    assert time.process_time() - start < 20
    assert len(pairs) < 5_000 * 200
    assert len(np.unique(pairs)) == 5_000


def test_pairs_without_a_fresh_function_are_left_out() -> None:
    chance = random.Random(3)
    originals = [stream(chance, chance.randrange(40, 400)) for _ in range(200)]
    everything = functions(originals + [edited(tokens, chance, 0.1) for tokens in originals])
    fresh = np.zeros(400, bool)
    fresh[[7, 230]] = True
    found = likely_pairs(everything, fresh, 0.7, CancellationToken()).tolist()
    assert found == [pair for pair in all_pairs(everything).tolist() if fresh[pair].any()]
    assert [7, 207] in found
    assert [30, 230] in found
    assert len(likely_pairs(everything, np.zeros(400, bool), 0.7, CancellationToken())) == 0


@pytest.mark.parametrize("at_once", [1_000_000, 1])
def test_several_threads_find_what_one_finds(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(6)
    originals = [stream(chance, chance.randrange(20, 200)) for _ in range(300)]
    # Some fill large buckets, of which not all pairs are looked at; two find pairs that the first found as well.
    streams = originals + [edited(originals[chance.randrange(20)], chance, chance.random() / 3) for _ in range(600)]
    of = functions(streams, [1 + place % 3 // 2 for place in range(len(streams))])
    fresh = np.arange(len(streams)) % 2 == 0
    monkeypatch.setattr(likely, "_KEPT_SLOTS", 6)
    monkeypatch.setattr(likely, "_AT_ONCE", at_once)
    for chosen in (fresh, np.ones(len(streams), bool)):
        alone, together = (likely_pairs(of, chosen, 0.7, CancellationToken(), threads) for threads in (1, 3))
        assert len(alone) > 3_000
        assert np.array_equal(alone, together)
        assert np.array_equal(alone, np.unique(alone, axis=0))


@pytest.mark.parametrize("threads", [1, 3])
def test_looking_for_pairs_can_be_cancelled(threads: int) -> None:
    chance = random.Random(7)
    of = functions([stream(chance, 60) for _ in range(400)])
    cancellation = CancellationToken()
    cancellation.cancel()
    with pytest.raises(CancelledError):
        likely_pairs(of, np.ones(400, bool), 0.7, cancellation, threads)


@pytest.mark.parametrize("seed", range(20))
def test_a_few_fresh_functions_meet_whom_many_would(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    originals = [stream(chance, chance.randrange(20, 200)) for _ in range(60)]
    streams = originals + [edited(tokens, chance, chance.random() / 2) for tokens in originals for _ in range(seed % 5 * 6)]
    chance.shuffle(streams)
    of = functions(streams, [chance.randrange(1, 3) for _ in streams])
    fresh = np.zeros(len(streams), bool)
    fresh[chance.sample(range(len(streams)), chance.randrange(6))] = True
    few = likely_pairs(of, fresh, 0.7, CancellationToken())
    monkeypatch.setattr(likely, "_FEW", -1)
    assert np.array_equal(few, likely_pairs(of, fresh, 0.7, CancellationToken()))
