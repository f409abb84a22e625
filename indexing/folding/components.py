"""Which units have to do with each other: those that share what they fold by, or are so alike that they may fold, and so on
from one to the next. What a unit folds into depends on its *component* alone, so a component that is as it was needs no
look. What is alike and does not fold ties nothing: of a hundred megabytes it would make a single component of thousands.

Whether it is, its *signature* tells: a hash of its units and of what ties them, the same in any order. Which unit would
rather represent others is left out on purpose: the centrality of every file moves a little with each change, and a class
in which nothing changed shall keep the representative that people know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexing.folding.mixing import mixed
from indexing.folding.units import Rows, Units
from indexing.number_sets import are_among

Signatures = NDArray[np.uint64]
"""Shape (n,): a number for each component of two units or more."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The component of each unit (n,), and of each component its signature, 0 for that of a single unit that nothing is
    like."""

    numbers: Rows
    signatures: Signatures

    def others(self, known: Signatures) -> NDArray[np.bool_]:
        """Which units (n,) are in a component that has a signature, and not one of the `known`."""
        changed = (self.signatures != 0) & ~are_among(self.signatures, known)
        found: NDArray[np.bool_] = changed[self.numbers]
        return found

    def of(self, rows: Rows) -> NDArray[np.bool_]:
        """Which units (n,) are in a component with one of `rows`."""
        flags = np.zeros(len(self.signatures), bool)
        flags[self.numbers[rows]] = True
        found: NDArray[np.bool_] = flags[self.numbers]
        return found


def find_components(
    units: Units, folding: Rows, likeness: NDArray[np.uint64], compared: NDArray[np.bool_], marks: NDArray[np.uint64]
) -> Components:
    """`folding` (m, 2) are rows of units that may fold into one another, `likeness` (m,) says how they are alike; `compared`
    (n,) tells the units that something is like, folding or not, and `marks` (n,) what else counts of a unit."""
    count = len(units.firsts)
    ties = np.concatenate([units.sharing, units.part_ties, folding])
    numbers = connected(count, ties)
    sums = np.zeros(int(numbers.max(initial=-1)) + 1, np.uint64)
    state = units.roles.astype(np.uint64) << np.uint64(1) | compared.astype(np.uint64)
    np.add.at(sums, numbers, mixed(units.chunks.astype(np.uint64), state, marks))
    ends = units.chunks[folding].astype(np.uint64)
    np.add.at(sums, numbers[folding[:, 0]], mixed(ends[:, 0], ends[:, 1], likeness))
    tied = np.zeros(len(sums), bool)
    tied[numbers[ties[:, 0]]] = True
    tied[numbers[compared]] = True
    return Components(numbers, np.where(tied, sums | np.uint64(1), np.uint64(0)))


def connected(count: int, ties: Rows) -> Rows:
    """The number of the component of each of `count` units (n,), counted from 0, given `ties` (m, 2) of rows.

    Each unit points to one of its component, a root to itself. Where a tie leads from one root to another, the larger is
    hung below the smaller, and the ways to the roots are shortened, until no tie is left (Shiloach and Vishkin 1982). That
    takes no longer than scipy's, and not the quarter of a second of importing it.
    """
    roots = np.arange(count)
    one, other = ties[:, 0], ties[:, 1]
    while len(one):
        first, second = roots[one], roots[other]
        apart = first != second
        one, other, first, second = one[apart], other[apart], first[apart], second[apart]
        np.minimum.at(roots, np.maximum(first, second), np.minimum(first, second))
        while not np.array_equal(roots, shorter := roots[roots]):
            roots = shorter
    is_root = roots == np.arange(count)
    numbers: Rows = np.cumsum(is_root)[roots] - 1
    return numbers
