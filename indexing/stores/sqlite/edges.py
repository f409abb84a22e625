"""Edges of a snapshot: read from the blobs of the files they start in, found from their targets by what links there.

A question that touches few files reads their blobs alone. Once so many were read that a walk is under way, all of them are
put into one table: that takes a third of a second for a hundred megabytes of source, and from there on an edge is looked up
in a millionth of one. The price is some 25 bytes an edge.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.kept import Kept
from core.model.edge_rows import EdgeRows, joined_rows
from core.model.graph import Confidence, Edge, EdgeKind
from indexing.columns import Integers
from indexing.edge_columns import CONFIDENCES, EDGE_KINDS, FileEdges, unpack_edges
from indexing.number_sets import counted
from indexing.stores.sqlite.drawers import EDGES, LINKED
from indexing.stores.sqlite.keys import EXTERNAL, SLOT_BITS, file_of, slot_of, symbol_key, unpack_ids
from indexing.stores.sqlite.rows import FileRow, Rows
from indexing.stores.sqlite.symbols import SymbolTable

_KEPT_FILES = 4_096
_BY_SLOT = 1 << SLOT_BITS
_READ_SINGLY = 8
"""While less than one file in so many was read, files are read one by one."""


class EdgeTable:
    """Edges by their ends. An empty `kinds` admits every kind; rows are never those of `contains`. `paths` are those of the
    files that rows name."""

    def __init__(self, rows: Rows, files: Sequence[FileRow], symbols: SymbolTable) -> None:
        self._rows = rows
        self._files = {file.id: file for file in files}
        self.paths: Sequence[str] = [file.path for file in files]
        self._symbols = symbols
        self._kept = Kept[int, EdgeRows](_KEPT_FILES)
        self._left_to_read = len(files) // _READ_SINGLY

    def leaving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> list[Edge]:
        """Edges whose source is one of `keys`."""
        found = self.rows_leaving(keys, kinds).edges(self.paths)
        if not kinds or EdgeKind.CONTAINS in kinds:
            for file, slots in _by_file(keys).items():
                held = set(slots)
                if file in self._files:
                    found += [edge for edge in self._containing(file) if slot_of(edge.source) in held]
        return found

    def arriving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> list[Edge]:
        """Edges whose target is one of `keys`."""
        found = self.rows_arriving(keys, kinds).edges(self.paths)
        if not kinds or EdgeKind.CONTAINS in kinds:
            held = set(map(int, keys))
            for file in _by_file(keys):
                if file in self._files:
                    found += [edge for edge in self._containing(file) if edge.target in held]
        return found

    def every(self, kinds: Collection[EdgeKind]) -> list[Edge]:
        """File by file in the order of paths, what contains what at the end."""
        rows = self.every_row(kinds)
        found = rows.taken(np.argsort(rows.files, kind="stable")).edges(self.paths)
        if not kinds or EdgeKind.CONTAINS in kinds:
            for file in self._files:
                found += self._containing(file)
        return found

    def rows_leaving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> EdgeRows:
        """Edges whose source is one of `keys`, without those that contain: file by file as `keys` first name them."""
        wanted = _sorted(keys)
        files = list(dict.fromkeys(file_of(int(key)) for key in keys if key < EXTERNAL))
        if self._is_read_singly(len(files)):
            return joined_rows([_of_kinds(rows, kinds, _from(rows.sources, wanted)) for rows in map(self._of_file, files)])
        found = _of_kinds(self._all, kinds, _from(self._all.sources, wanted))
        if len(files) < 2:
            return found
        ranks = np.zeros(len(self._positions), np.int64)
        held = [file for file in files if file < len(ranks)]
        ranks[held] = np.arange(len(held))
        return found.taken(np.argsort(ranks[found.sources >> SLOT_BITS], kind="stable"))

    def rows_arriving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> EdgeRows:
        """Edges whose target is one of `keys`, without those that contain."""
        wanted = _sorted(keys)
        if "_all" not in vars(self):
            ends = {EXTERNAL - key if key >= EXTERNAL else file_of(key) for key in wanted.tolist()}
            linked = LINKED.of(self._rows, ends)
            with self._rows.decoding():
                files = sorted({source for sources in linked.values() for source in unpack_ids(sources).tolist()})
            if self._is_read_singly(len(files)):
                return joined_rows(
                    [_of_kinds(rows, kinds, _those_among(rows.targets, wanted)) for rows in map(self._of_file, files)]
                )
        chosen = _from(self._all.targets, wanted, self._by_target)
        return _of_kinds(self._all, kinds, np.sort(self._by_target[chosen]))

    def every_row(self, kinds: Collection[EdgeKind]) -> EdgeRows:
        """Every edge but those that contain, in the order of sources."""
        return _of_kinds(self._all, kinds, None)

    def most_arrived_at(self, kind: EdgeKind, limit: int) -> list[tuple[int, int]]:
        """The keys of those definitions of the source that most edges of a kind lead to, and how many these are; edges by
        the bare name do not count."""
        rows = self.every_row([kind])
        sure = rows.confidences != CONFIDENCES.index(Confidence.NAME)
        keys, counts = np.unique(rows.targets[sure & (rows.targets < EXTERNAL)], return_counts=True)
        order = np.lexsort((keys, -counts))[:limit]
        return list(zip(keys[order].tolist(), counts[order].tolist(), strict=True))

    def files_of(self, keys: Integers) -> NDArray[np.int32]:
        """The place in the order of paths of the file of each key, -1 for names from outside."""
        inside = keys < EXTERNAL
        found = np.full(len(keys), -1, np.int32)
        found[inside] = self._positions[keys[inside] >> SLOT_BITS]
        return found

    def _is_read_singly(self, files: int) -> bool:
        """Whether to read these files alone."""
        if "_all" in vars(self):
            return False
        self._left_to_read -= files
        return self._left_to_read > 0 or not len(self._files)

    def _of_file(self, file: int) -> EdgeRows:
        return self._kept.get(int(file), self._read)

    def _read(self, file: int) -> EdgeRows:
        return self._shown(list(EDGES.of(self._rows, [file]).items()))

    @functools.cached_property
    def _all(self) -> EdgeRows:
        return self._shown(EDGES.all(self._rows))

    @functools.cached_property
    def _by_target(self) -> NDArray[np.int64]:
        """Rows of `_all` by their targets."""
        order: NDArray[np.int64] = np.argsort(self._all.targets, kind="stable")
        return order

    def _shown(self, blobs: Sequence[tuple[int, bytes]]) -> EdgeRows:
        """The edges of files that this snapshot shows."""
        held: list[tuple[int, FileEdges]] = []
        with self._rows.decoding():
            held = [(file, unpack_edges(blob)) for file, blob in blobs if file in self._files]
        if not held:
            return joined_rows([])
        owners = np.repeat([file for file, _ in held], [len(edges.sources) for _, edges in held])
        sources, files, slots, kinds, confidences, lines = (
            np.concatenate([getattr(edges, name) for _, edges in held])
            for name in ("sources", "files", "slots", "kinds", "confidences", "lines")
        )
        rows = EdgeRows(
            owners << SLOT_BITS | sources,
            np.where(files == 0, EXTERNAL, files << SLOT_BITS) + slots,
            kinds.astype(np.uint8),
            confidences.astype(np.uint8),
            self._positions[owners],
            lines.astype(np.int32),
        )
        there = self._are_there(owners, sources) & ((files == 0) | self._are_there(files, slots))
        return rows if there.all() else rows.taken(there)

    @functools.cached_property
    def _positions(self) -> NDArray[np.int32]:
        """The place of each file in the order of paths, by its id."""
        found = np.zeros(max(self._files, default=0) + 1, np.int32)
        found[list(self._files)] = np.arange(len(self._files))
        return found

    def _are_there(self, files: Integers, slots: Integers) -> np.ndarray:
        """Which definitions this snapshot shows: of a file that was edited and not linked since, edges tell old ones."""
        known = files < len(self._counts)
        there = known & (slots < self._counts[np.where(known, files, 0)])
        if len(self._edited):
            apart = np.flatnonzero(self._counts[np.where(known, files, 0)] == _BY_SLOT)
            there[apart] = False
            there[apart[_those_among(files[apart] << SLOT_BITS | slots[apart], self._edited)]] = True
        return there

    @functools.cached_property
    def _counts(self) -> Integers:
        """By the id of a file the number of its definitions where their slots count from 0, else `_BY_SLOT`."""
        counts = np.zeros(max(self._files, default=0) + 1, np.int64)
        for file in self._files.values():
            counts[file.id] = file.definitions
        counts[np.unique(self._edited >> SLOT_BITS)] = _BY_SLOT
        return counts

    @functools.cached_property
    def _edited(self) -> Integers:
        """The keys of the definitions of files whose slots do not count from 0, sorted."""
        rows = self._rows.all("SELECT id, slots FROM files WHERE slots IS NOT NULL ORDER BY id")
        keys = [key << SLOT_BITS | np.frombuffer(slots, "<u4").astype(np.int64) for key, slots in rows]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *keys]))

    def _containing(self, file: int) -> Iterable[Edge]:
        outline, path = self._symbols.outline(file), self._files[file].path
        for index, parent in enumerate(outline.parents):
            if parent >= 0:
                source, target = outline.slots[parent], outline.slots[index]
                yield Edge(
                    symbol_key(file, source),
                    symbol_key(file, target),
                    EdgeKind.CONTAINS,
                    Confidence.EXACT,
                    path,
                    outline.name_line(index),
                )


def _sorted(keys: Iterable[int]) -> Integers:
    return np.unique(np.fromiter(map(int, keys), np.int64))


def _from(values: Integers, wanted: Integers, order: NDArray[np.int64] | None = None) -> Integers:
    """The places of those among sorted `values`, or of values sorted by `order`, that are `wanted`, rising."""
    firsts = np.searchsorted(values, wanted, "left", sorter=order)
    counts = np.searchsorted(values, wanted, "right", sorter=order) - firsts
    found: Integers = np.repeat(firsts, counts) + counted(counts)
    return found


def _those_among(values: Integers, wanted: Integers) -> Integers:
    """The places of those among `values` that are in the sorted `wanted`."""
    if not len(wanted):
        return np.zeros(0, np.int64)
    return np.flatnonzero(wanted[np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)] == values)


def _of_kinds(rows: EdgeRows, kinds: Collection[EdgeKind], chosen: Integers | None) -> EdgeRows:
    """Those rows (all, for None) that are of the kinds."""
    if kinds:
        admitted = np.zeros(len(EDGE_KINDS), bool)
        admitted[[EDGE_KINDS.index(kind) for kind in kinds]] = True
        flags = admitted[rows.kinds if chosen is None else rows.kinds[chosen]]
        chosen = np.flatnonzero(flags) if chosen is None else chosen[flags]
    return rows if chosen is None else rows.taken(chosen)


def _by_file(keys: Iterable[int]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for key in map(int, keys):
        if key < EXTERNAL:
            found[file_of(key)].append(slot_of(key))
    return found
