"""The edges that start in one file, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.model.graph import Confidence, EdgeKind
from indexing.columns import ColumnReader, ColumnWriter, Integers

# The order is part of the format: kinds are stored by their place here, new ones go to the end.
EDGE_KINDS = tuple(EdgeKind)
CONFIDENCES = tuple(Confidence)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(EDGE_KINDS)}
_CONFIDENCE_NUMBERS = {confidence: number for number, confidence in enumerate(CONFIDENCES)}


@dataclass(frozen=True, slots=True, eq=False)
class FileEdges:
    """Parallel arrays of shape (n,), in the order of source, line and target.

    `sources` are slots of the file; `files` are ids of the targets' files with slots in `slots`, or 0 with the number of an
    external name in `slots`. `kinds` and `confidences` are places in `EDGE_KINDS` and `CONFIDENCES`. `contains` edges follow
    from the definitions and are not among them.
    """

    sources: Integers
    files: Integers
    slots: Integers
    kinds: Integers
    confidences: Integers
    lines: Integers

    def taken(self, rows: Integers) -> FileEdges:
        """Those at these places, in their order."""
        columns = (self.sources, self.files, self.slots, self.kinds, self.confidences, self.lines)
        return FileEdges(*(column[rows] for column in columns))

    def joined(self, other: FileEdges) -> FileEdges:
        """Both together, in the order of all."""
        mine, theirs = ((e.sources, e.lines, e.files, e.slots, e.kinds, e.confidences) for e in (self, other))
        columns = [np.concatenate(pair) for pair in zip(mine, theirs, strict=True)]
        sources, lines, files, slots, kinds, confidences = (column[np.lexsort(columns[::-1])] for column in columns)
        return FileEdges(sources, files, slots, kinds, confidences, lines)


def make_edges(rows: Sequence[tuple[int, int, int, EdgeKind, Confidence, int]]) -> FileEdges:
    """From (source slot, target file, target slot, kind, confidence, line), in any order."""
    if not rows:
        return FileEdges(*(np.zeros(0, np.int64) for _ in range(6)))
    sources, files, slots, kinds, confidences, lines = zip(*rows, strict=True)
    numbers = [_KIND_NUMBERS[kind] for kind in kinds], [_CONFIDENCE_NUMBERS[sure] for sure in confidences]
    edges = FileEdges(*(np.array(column, np.int64) for column in (sources, files, slots, *numbers, lines)))
    order = (edges.confidences, edges.kinds, edges.slots, edges.files, edges.lines, edges.sources)
    return edges.taken(np.lexsort(order))


def pack_edges(edges: FileEdges) -> bytes:
    """The edges as columns; `unpack_edges` gives them back."""
    columns = ColumnWriter()
    targets, which = np.unique(edges.files, return_inverse=True)
    columns.rising(targets)
    columns.rising(edges.sources)
    columns.unsigned(which)
    columns.unsigned(edges.slots)
    columns.unsigned(edges.kinds * len(CONFIDENCES) + edges.confidences)
    columns.rising(edges.lines)
    return columns.encoded()


def unpack_edges(encoded: bytes) -> FileEdges:
    """The edges that `pack_edges` was given."""
    columns = ColumnReader(encoded)
    targets, sources, which = columns.rising(), columns.rising(), columns.unsigned()
    slots, sorts, lines = columns.unsigned(), columns.unsigned(), columns.rising()
    return FileEdges(sources, targets[which], slots, sorts // len(CONFIDENCES), sorts % len(CONFIDENCES), lines)
