"""Sketches: a few bytes of a function by which functions that are alike are found without comparing all pairs.

A function's *grams* are its runs of `GRAM` tokens, local names all alike. Their hashes fall into `BINS` bins, and of each
bin the smallest is kept (one-permutation MinHash: Li, Owen and Zhang 2012), of that one byte (b-bit MinHash: Li and König
2010). Two functions agree in a bin about as often as the Jaccard similarity of their grams says; an empty bin takes over
what the next one holds (Shrivastava and Li 2014). A sketch proposes; it never decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexing.folding.mixing import FACTORS, FINISH

BINS = 20
"""Two functions that share half of their grams agree in 4 bins or more with a probability of 99.9 %, two that share a
twentieth with one of 1.6 %."""
FRAME_BYTES = 4
ROW = BINS + FRAME_BYTES
"""A function takes so many bytes of an index, all functions some 2 % of the source."""
GRAM = 3
"""Of unrelated functions of C, 5 % of the runs of three tokens are the same (of two: 11 %); one changed token costs three
runs. Of functions that are 0.8 alike, 36 % are the same in all but one of a hundred pairs."""

Sketches = NDArray[np.uint8]
"""Shape (n, ROW): BINS minima, then the hash of the frame (`indexing.folding.skeleton`)."""

NO_MINIMUM = np.uint8(0xFF)
_EMPTY = np.uint32(0xFFFFFFFF)


def sketches(streams: Sequence[NDArray[np.uint64]], frames: Sequence[int]) -> Sketches:
    """The sketches of functions, each given by the hashes of its tokens (n,) and the 32 bits of its frame; the same on every
    machine. One given by no tokens is found by its frame alone: its minima are NO_MINIMUM."""
    minima = np.full((len(streams), BINS), _EMPTY)
    if not streams:
        return np.zeros((0, ROW), np.uint8)
    lengths = np.array([len(stream) for stream in streams])
    hashes = np.concatenate(streams)
    count = max(len(hashes) - GRAM + 1, 0)
    grams = np.zeros(count, np.uint64)
    for offset, factor in enumerate(FACTORS):
        grams += hashes[offset : offset + count] * factor
    grams ^= grams >> np.uint64(32)
    grams *= FINISH
    grams ^= grams >> np.uint64(29)
    owners = np.repeat(np.arange(len(streams)), lengths)
    within = owners[:count] == owners[GRAM - 1 :]
    grams, owners = grams[within], owners[:count][within]
    places = owners * BINS + ((grams >> np.uint64(40)) % np.uint64(BINS)).astype(np.int64)
    np.minimum.at(minima.reshape(-1), places, (grams & np.uint64(0xFFFFFFFF)).astype(np.uint32))
    short = np.flatnonzero((minima == _EMPTY).any(axis=1))
    rows = minima[short]
    for _ in range(BINS):
        empty = rows == _EMPTY
        if not empty.any():
            break
        rows = np.where(empty, np.concatenate([rows[:, 1:], rows[:, :1]], axis=1), rows)
    minima[short] = rows
    hashes_of_frames = np.array(frames, "<u4").view(np.uint8).reshape(-1, FRAME_BYTES)
    return np.hstack([(minima & np.uint32(0xFF)).astype(np.uint8), hashes_of_frames])
