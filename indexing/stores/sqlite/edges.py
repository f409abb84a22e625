"""Edges of a snapshot: read from the blobs of the files they start in, found from their targets by what links there."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from core.kept import Kept
from core.model.graph import Confidence, Edge, EdgeKind
from indexing.columns import Integers
from indexing.edge_columns import CONFIDENCES, EDGE_KINDS, FileEdges, unpack_edges
from indexing.stores.sqlite.keys import EXTERNAL, SLOT_BITS, file_of, slot_of, symbol_key
from indexing.stores.sqlite.rows import FileRow, Rows
from indexing.stores.sqlite.symbols import SymbolTable

_KEPT_FILES = 4_096


class EdgeTable:
    """Edges by their ends. An empty `kinds` admits every kind."""

    def __init__(self, rows: Rows, files: Sequence[FileRow], symbols: SymbolTable) -> None:
        self._rows = rows
        self._files = {file.id: file for file in files}
        self._symbols = symbols
        self._kept = Kept[int, FileEdges](_KEPT_FILES)

    def leaving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> list[Edge]:
        """Edges whose source is one of `keys`."""
        found: list[Edge] = []
        for file, slots in _by_file(keys).items():
            if file in self._files:
                edges = self._edges(file)
                found += self._chosen(file, edges, np.isin(edges.sources, slots), kinds)
                if not kinds or EdgeKind.CONTAINS in kinds:
                    held = set(slots)
                    found += [edge for edge in self._containing(file) if slot_of(edge.source) in held]
        return found

    def arriving(self, keys: Sequence[int], kinds: Collection[EdgeKind]) -> list[Edge]:
        """Edges whose target is one of `keys`."""
        wanted = np.array(sorted(set(map(int, keys))), np.int64)
        ends = {EXTERNAL - key if key >= EXTERNAL else file_of(key) for key in wanted.tolist()}
        rows = self._rows.among("SELECT DISTINCT source FROM linked WHERE target IN", sorted(ends))
        found: list[Edge] = []
        for (file,) in rows:
            if file in self._files:
                edges = self._edges(file)
                found += self._chosen(file, edges, np.isin(_targets(edges), wanted), kinds)
        if not kinds or EdgeKind.CONTAINS in kinds:
            held = set(wanted.tolist())
            for file in _by_file(keys):
                if file in self._files:
                    found += [edge for edge in self._containing(file) if edge.target in held]
        return found

    def every(self, kinds: Collection[EdgeKind]) -> Iterator[Edge]:
        """File by file in the order of paths."""
        blobs = dict(self._rows.all("SELECT file, edges FROM edges"))
        for file in self._files:
            if file in blobs:
                with self._rows.decoding():
                    edges = unpack_edges(blobs[file])
                yield from self._chosen(file, edges, np.ones(len(edges.sources), bool), kinds)
            if not kinds or EdgeKind.CONTAINS in kinds:
                yield from self._containing(file)

    def most_arrived_at(self, kind: EdgeKind, limit: int) -> list[tuple[int, int]]:
        """The keys of those definitions of the source that most edges of a kind lead to, and how many these are; edges by
        the bare name do not count."""
        wanted, guessed = EDGE_KINDS.index(kind), CONFIDENCES.index(Confidence.NAME)
        found: list[Integers] = []
        for file, blob in self._rows.all("SELECT file, edges FROM edges"):
            if file in self._files:
                with self._rows.decoding():
                    edges = unpack_edges(blob)
                inside = (edges.kinds == wanted) & (edges.files != 0) & (edges.confidences != guessed)
                edges = edges.taken(np.flatnonzero(inside))
                found.append(_targets(edges)[self._are_there(edges.files, edges.slots)])
        keys, counts = np.unique(np.concatenate(found) if found else np.zeros(0, np.int64), return_counts=True)
        order = np.lexsort((keys, -counts))[:limit]
        return list(zip(keys[order].tolist(), counts[order].tolist(), strict=True))

    def _edges(self, file: int) -> FileEdges:
        return self._kept.get(file, self._edges_of)

    def _edges_of(self, file: int) -> FileEdges:
        rows = self._rows.all("SELECT edges FROM edges WHERE file = ?", file)
        if rows:
            with self._rows.decoding():
                return unpack_edges(rows[0][0])
        return FileEdges(*[np.zeros(0, np.int64)] * 6)

    def _chosen(self, file: int, edges: FileEdges, chosen: np.ndarray, kinds: Collection[EdgeKind]) -> list[Edge]:
        if kinds:
            chosen = chosen & np.isin(edges.kinds, [EDGE_KINDS.index(kind) for kind in kinds])
        edges = edges.taken(np.flatnonzero(chosen))  # few, mostly none: what follows is asked of these alone
        if not len(edges.sources):
            return []
        there = self._are_there(np.full(len(edges.sources), file), edges.sources)
        there &= (edges.files == 0) | self._are_there(edges.files, edges.slots)
        edges = edges.taken(np.flatnonzero(there))
        path = self._files[file].path
        rows = zip(
            (edges.sources + symbol_key(file, 0)).tolist(),
            _targets(edges).tolist(),
            edges.kinds.tolist(),
            edges.confidences.tolist(),
            edges.lines.tolist(),
            strict=True,
        )
        return [
            Edge(source, target, EDGE_KINDS[kind], CONFIDENCES[confidence], path, line)
            for source, target, kind, confidence, line in rows
        ]

    def _are_there(self, files: Integers, slots: Integers) -> np.ndarray:
        """Which definitions this snapshot shows: of a file that was edited and not linked since, edges tell old ones."""
        counts, edited = self._slots
        known = files < len(counts)
        there = known & (slots < counts[np.where(known, files, 0)])
        for file in np.intersect1d(files, list(edited)).tolist() if edited else ():
            here = files == file
            there[here] = np.isin(slots[here], edited[file])
        return there

    @functools.cached_property
    def _slots(self) -> tuple[Integers, dict[int, Integers]]:
        """By the id of a file the number of its definitions, where their slots count from 0; the slots of the others."""
        counts = np.zeros(max(self._files, default=0) + 1, np.int64)
        for file in self._files.values():
            counts[file.id] = file.definitions
        edited = {
            key: np.frombuffer(slots, "<u4").astype(np.int64)
            for key, slots in self._rows.all("SELECT id, slots FROM files WHERE slots IS NOT NULL")
        }
        return counts, edited

    def _containing(self, file: int) -> Iterable[Edge]:
        outline, path = self._symbols.outline(file), self._files[file].path
        for index, item in enumerate(outline.definitions):
            if item.parent >= 0:
                source, target = outline.slots[item.parent], outline.slots[index]
                yield Edge(
                    symbol_key(file, source),
                    symbol_key(file, target),
                    EdgeKind.CONTAINS,
                    Confidence.EXACT,
                    path,
                    item.name_line,
                )


def _targets(edges: FileEdges) -> Integers:
    """Keys of the targets."""
    return np.where(edges.files == 0, EXTERNAL, edges.files << SLOT_BITS) + edges.slots


def _by_file(keys: Iterable[int]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for key in map(int, keys):
        if key < EXTERNAL:
            found[file_of(key)].append(slot_of(key))
    return found
