"""Writing the graph: the edges of files as they are linked, and what each group of files was linked on."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexing.columns import ColumnWriter, Integers, read_blob
from indexing.edge_columns import CONFIDENCES, EDGE_KINDS, FileEdges, pack_edges, unpack_edges
from indexing.packed import NameHashes
from indexing.stores.sqlite.drawers import EDGES, LINKED, DrawerWriter
from indexing.stores.sqlite.externals import ExternalWriter
from indexing.stores.sqlite.keys import pack_ids, unpack_all_ids, unpack_ids


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What the edges of a group rest on: ids of its files and of others it looked into, sorted, and the hashes of the names
    it mentions, and of those that its strings name."""

    members: Integers
    world: Integers
    mentions: NameHashes
    named: NameHashes


@dataclass(frozen=True, slots=True, eq=False)
class StoredGroup:
    """A group as it was last linked; not `settled` where only some of its files were linked since."""

    name: str
    settled: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class UnlinkedFile:
    """A file that changed since it was linked; `content` is what it held then, None where it was not there, with its packed
    `slots` (`keys.py`), which are empty where a run that did not finish has linked it since."""

    file: int
    path: str
    content: int | None
    slots: bytes | None = None


class LinkWriter:
    """The tables `edges`, `linked`, `externals`, `link_groups` and `unlinked`, within the transaction of their owner."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._linked: defaultdict[int, dict[int, bool]] = defaultdict(dict)
        """By target, the files that have an edge to it now, or have none any more."""
        self._edges, self._sources = DrawerWriter(connection, EDGES), DrawerWriter(connection, LINKED)
        self._written_sources: list[tuple[int, bytes]] | None = None
        self._externals = ExternalWriter(connection)
        self._counts: Counter[tuple[int, int]] = Counter()

    def unlinked(self) -> list[UnlinkedFile]:
        rows = self._connection.execute("SELECT file, path, content, slots FROM unlinked ORDER BY file")
        return [UnlinkedFile(*row) for row in rows]

    def groups(self) -> dict[str, StoredGroup]:
        """Every group by its name."""
        rows = self._connection.execute("SELECT name, settled, basis FROM link_groups")
        return {name: StoredGroup(name, bool(settled), _unpack_basis(blob)) for name, settled, blob in rows}

    def has_unsettled(self) -> bool:
        """Whether some groups were linked only in part."""
        return self._connection.execute("SELECT 1 FROM link_groups WHERE NOT settled LIMIT 1").fetchone() is not None

    def put_group(self, name: str, basis: Basis) -> None:
        """A group was linked as a whole."""
        self._connection.execute("INSERT OR REPLACE INTO link_groups VALUES (?, 1, ?)", (name, _pack_basis(basis)))

    def unsettle(self, names: Iterable[str]) -> None:
        """Only some files of these groups were linked."""
        self._connection.executemany("UPDATE link_groups SET settled = 0 WHERE name = ?", ((name,) for name in names))

    def drop_groups(self, names: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM link_groups WHERE name = ?", ((name,) for name in names))

    def external_ids(self, names: Sequence[tuple[str, str]]) -> list[int]:
        """Numbers of names from outside, each a (language, name), made where they are missing."""
        return self._externals.numbers(names)

    def put_edges(self, file: int, edges: FileEdges) -> None:
        """Put the edges that start in a file in the place of those of before; nothing is written where they are the same."""
        self._connection.execute("UPDATE unlinked SET slots = x'' WHERE file = ?", (file,))
        blob = pack_edges(edges) if len(edges.sources) else b""
        if self._edges.get(file) == blob:
            return
        before = self._taken(file)
        ends, kept = set(_ends(edges)), set(_ends(before)) if before is not None else set()
        for end in kept ^ ends:
            self._linked[end][file] = end in ends
        if blob:
            self._count(edges, 1)
            self._edges.put(file, blob)

    def forget(self, files: Iterable[int]) -> None:
        """Files that are gone have no edges."""
        for file in files:
            before = self._taken(file)
            if before is not None:
                for end in set(_ends(before)):
                    self._linked[end][file] = False

    def flush(self) -> None:
        """Write what waits to be written sorted; before every commit, also in the middle of linking."""
        self._edges.flush()
        if self._linked:
            self._written_sources = None
        for target, held in self._sources.of(self._linked).items():
            changes = self._linked[target]
            sources = set(unpack_ids(held).tolist()) if held else set[int]()
            sources -= changes.keys()
            sources.update(file for file, is_linked in changes.items() if is_linked)
            self._sources.put(target, pack_ids(sources) if sources else b"")
        self._sources.flush()
        self._linked.clear()
        self._externals.flush()
        if self._counts:
            self._write_counts()

    def finish(self) -> None:
        """All that was to be linked is; nothing is waiting any more."""
        self.flush()
        self._connection.execute("DELETE FROM unlinked")
        self._externals.keep({-target for target, _ in self._all_sources() if target < 0})

    def file_links(self) -> NDArray[np.int64]:
        """Shape (n, 2): the ids of files that use others, each with that of one that it uses; once all is written."""
        rows = [(target, packed) for target, packed in self._all_sources() if target > 0]
        self._written_sources = None  # they are asked for once
        sources, counts = unpack_all_ids([packed for _, packed in rows])
        targets = np.repeat(np.array([target for target, _ in rows], np.int64), counts)
        links: NDArray[np.int64] = np.stack([sources, targets], axis=1)
        found: NDArray[np.int64] = links[links[:, 0] != links[:, 1]]
        return found

    def _all_sources(self) -> list[tuple[int, bytes]]:
        """What is written of the files with edges to each target; read once as long as nothing is written."""
        if self._written_sources is None:
            self._written_sources = self._sources.all()
        return self._written_sources

    def _taken(self, file: int) -> FileEdges | None:
        """The edges of a file, which are taken out of the counts and the table."""
        held = self._edges.get(file)
        if not held:
            return None
        before = unpack_edges(held)
        self._count(before, -1)
        self._edges.put(file, b"")
        return before

    def _count(self, edges: FileEdges, sign: int) -> None:
        sorts, counts = np.unique(edges.kinds * len(CONFIDENCES) + edges.confidences, return_counts=True)
        for sort, count in zip(sorts.tolist(), counts.tolist(), strict=True):
            self._counts[divmod(sort, len(CONFIDENCES))] += sign * count

    def _write_counts(self) -> None:
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'edge_counts'").fetchone()
        counts: dict[str, dict[str, int]] = json.loads(row[0]) if row else {}
        for (kind, confidence), change in self._counts.items():
            by_confidence = counts.setdefault(str(EDGE_KINDS[kind]), {})
            name = str(CONFIDENCES[confidence])
            by_confidence[name] = by_confidence.get(name, 0) + change
        self._counts.clear()
        told = {kind: {name: n for name, n in sorted(found.items()) if n} for kind, found in sorted(counts.items())}
        value = json.dumps({kind: found for kind, found in told.items() if found})
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('edge_counts', ?)", (value,))


def _ends(edges: FileEdges) -> Iterator[int]:
    """Files that edges lead to, and names from outside as negative numbers."""
    yield from np.unique(edges.files[edges.files > 0]).tolist()
    yield from (-np.unique(edges.slots[edges.files == 0])).tolist()


def _pack_basis(basis: Basis) -> bytes:
    columns = ColumnWriter()
    columns.rising(basis.members)
    columns.rising(basis.world)
    columns.rising(basis.mentions.astype(np.int64))
    columns.rising(basis.named.astype(np.int64))
    return columns.blob()


def _unpack_basis(blob: bytes) -> Basis:
    columns = read_blob(blob)
    members, world, mentions, named = (columns.rising() for _ in range(4))
    return Basis(members, world, mentions.astype(np.uint32), named.astype(np.uint32))
