"""Edges of the code graph as arrays; apart from `graph.py`, which is read where numpy is not wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.model.graph import Confidence, Edge, EdgeKind


@dataclass(frozen=True, slots=True, eq=False)
class EdgeRows:
    """Edges as parallel arrays of shape (n,): what walks and sums work on, since a record an edge would take them longer
    than all the rest.

    `sources` and `targets` are keys of symbols (int64), `kinds` and `confidences` positions in `tuple(EdgeKind)` and
    `tuple(Confidence)` (uint8), `files` rise with the paths of the files that state them (int32), `lines` count from 1
    (int32). `core.ports.EdgeRowReader.edges_at` makes records of them.
    """

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    confidences: NDArray[np.uint8]
    files: NDArray[np.int32]
    lines: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.sources)

    def edges(self, paths: Sequence[str]) -> list[Edge]:
        """The same as records; `files` are positions in `paths`."""
        kinds, confidences = tuple(EdgeKind), tuple(Confidence)
        columns = (self.sources, self.targets, self.kinds, self.confidences, self.files, self.lines)
        return [
            Edge(source, target, kinds[kind], confidences[confidence], paths[file], line)
            for source, target, kind, confidence, file, line in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> EdgeRows:
        """Those at these rows, in their order, or where the flags are set."""
        return EdgeRows(
            self.sources[rows],
            self.targets[rows],
            self.kinds[rows],
            self.confidences[rows],
            self.files[rows],
            self.lines[rows],
        )


def joined_rows(parts: Sequence[EdgeRows]) -> EdgeRows:
    """All rows of `parts`, one after the other."""
    return EdgeRows(
        np.concatenate([np.zeros(0, np.int64), *(part.sources for part in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(part.targets for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.kinds for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.confidences for part in parts)]),
        np.concatenate([np.zeros(0, np.int32), *(part.files for part in parts)]),
        np.concatenate([np.zeros(0, np.int32), *(part.lines for part in parts)]),
    )
