"""Cells: above a million vectors a search looks only at those that lie where the query points.

The unit sphere is divided by centres, found on a sample of the stored vectors (spherical k-means: Dhillon and Modha,
"Concept Decompositions for Large Sparse Text Data", Machine Learning 2001); a vector lies in the cell whose centre has the
greatest product with it. Files hold the centres and the cell of every row: a reader divides nothing. All vectors here are
turned (`codes.Codec`). It is numpy that does all of it: what writes an index needs no FAISS.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix, IdVector

CellNumbers = NDArray[np.uint16]
"""Shape (n,): the cell of each row."""
Centres = NDArray[np.int8]
"""Shape (cells, dimension): directions, all of about one length, in whole numbers."""
GiveVectors = Callable[[IdVector], FloatMatrix]
"""The vectors of rows, shape (n, dimension)."""

MANY = 1_000_000
"""Vectors from which on there are cells. Below, to look at every one takes some ten milliseconds and misses none."""
_FEW = 0.5
"""... and the share of them below which there are none again: at the limit nothing shall be found anew for every edit."""
_GROWN = 1.25
"""How many times as many vectors as the centres were found for there may be until they are found anew: what is unlike all
that was there before lies in cells that are not its own, and is missed more often."""
_MOST_CELLS = 2**16
_SAMPLED_A_CELL = 40
_SAMPLED = 200_000
"""Vectors that centres are found with, at most: 200 MB of float32 at 256 dimensions."""
_ROUNDS = 8
_PRODUCTS = 2**23
"""Products of vectors with centres that are held at a time: 32 MB."""
_LARGEST = 127
_SEED = 6


@dataclass(frozen=True, slots=True)
class CellPolicy:
    """When there are cells."""

    many: int = MANY

    def wanted(self, rows: int, divided: int) -> bool:
        """Whether `rows` vectors shall have cells; `divided` is how many the centres were found for, 0 without any."""
        return rows > 0 and rows >= self.many * (_FEW if divided else 1)

    def outgrown(self, rows: int, divided: int) -> bool:
        """Whether centres that were found for `divided` vectors no longer do for `rows`."""
        return rows > divided * _GROWN


def find_centres(rows: int, vectors: GiveVectors) -> Centres:
    """Return centres for `rows` vectors: twice their square root, in one unit. The same vectors give the same centres."""
    random = np.random.default_rng(_SEED)
    count = max(1, min(2 * math.isqrt(rows), rows, _MOST_CELLS))
    wanted = max(count, min(rows, count * _SAMPLED_A_CELL, _SAMPLED))
    sample = _unit(vectors(np.sort(random.choice(rows, wanted, replace=False))))
    centres = sample[np.sort(random.choice(wanted, count, replace=False))]
    for _ in range(_ROUNDS):
        cells = _nearest(sample, centres)
        order = np.argsort(cells, kind="stable")
        held, starts = np.unique(cells[order], return_index=True)
        sums = np.add.reduceat(sample[order], starts, axis=0)
        # A cell that nothing lies in begins again at one of the vectors.
        centres = sample[random.choice(wanted, count, replace=False)]
        centres[held] = sums
        centres = _unit(centres)
    largest = float(np.abs(centres).max(initial=0)) or 1.0
    return np.asarray(np.rint(centres * (_LARGEST / largest)).astype(np.int8))


def cells_of(vectors: FloatMatrix, centres: Centres) -> CellNumbers:
    """Return the cell of each of `vectors`, shape (n, dimension)."""
    return _nearest(vectors, centres.astype(np.float32))


def _nearest(vectors: FloatMatrix, centres: FloatMatrix) -> CellNumbers:
    numbers = np.empty(len(vectors), np.uint16)
    at_once = max(1, _PRODUCTS // len(centres))
    for first in range(0, len(vectors), at_once):
        products = vectors[first : first + at_once] @ centres.T
        numbers[first : first + at_once] = products.argmax(axis=1)
    return numbers


def _unit(rows: FloatMatrix) -> FloatMatrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, np.float32(1)))
