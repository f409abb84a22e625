"""Which units have to do with each other: those that share what they fold by, or were found alike, and so on from one to
the next. What a unit becomes depends on its *component* alone, so a component that is as it was needs no look.

Whether it is, its *signature* tells: a hash of its units and of what ties them, the same in any order. Which unit would
rather represent others is left out on purpose: the centrality of every file moves a little with each change, and a class
in which nothing changed shall keep the representative that people know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from indexing.folding.mixing import mixed
from indexing.folding.units import Rows, Units

Signatures = NDArray[np.uint64]
"""Shape (n,): a number for each component of two units or more."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The component of each unit (n,), and of each component its signature, 0 for that of a single unit."""

    numbers: Rows
    signatures: Signatures

    def others(self, known: Signatures) -> NDArray[np.bool_]:
        """Which units (n,) are in a component that is not among the `known`, those that stand alone left out."""
        changed = (self.signatures != 0) & ~np.isin(self.signatures, known)
        found: NDArray[np.bool_] = changed[self.numbers]
        return found

    def of(self, rows: Rows) -> NDArray[np.bool_]:
        """Which units (n,) are in a component with one of `rows`."""
        flags = np.zeros(len(self.signatures), bool)
        flags[self.numbers[rows]] = True
        found: NDArray[np.bool_] = flags[self.numbers]
        return found


def find_components(units: Units, alike: Rows, likeness: NDArray[np.uint64], marks: NDArray[np.uint64]) -> Components:
    """`alike` (m, 2) are rows of units, `likeness` (m,) says how they are so, `marks` (n,) what else counts of a unit."""
    count = len(units.firsts)
    ties = np.concatenate([units.sharing, units.part_ties, alike])
    graph = coo_matrix((np.ones(len(ties), np.int8), (ties[:, 0], ties[:, 1])), shape=(count, count))
    numbers: Rows = connected_components(graph, directed=False)[1].astype(np.int64)
    sums = np.zeros(int(numbers.max(initial=-1)) + 1, np.uint64)
    np.add.at(sums, numbers, mixed(units.chunks.astype(np.uint64), units.roles.astype(np.uint64), marks))
    ends = units.chunks[alike].astype(np.uint64)
    np.add.at(sums, numbers[alike[:, 0]], mixed(ends[:, 0], ends[:, 1], likeness))
    tied = np.zeros(len(sums), bool)
    tied[numbers[ties[:, 0]]] = True
    return Components(numbers, np.where(tied, sums | np.uint64(1), np.uint64(0)))
