"""What a retriever keeps of a snapshot: its chunks as arrays, and what of them a filter admits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import UsageError
from core.kept import Kept
from core.model.chunk import Chunk, ChunkKind
from core.model.ranking import Filter
from core.model.source import FileRole
from core.model.symbol import SymbolKind
from core.paths import glob_matcher, top_folder
from core.ports import IdVector, IndexReader

_CHUNK_KINDS = tuple(ChunkKind)
_ROLES = tuple(FileRole)
_KEPT_FILTERS = 32
_MOST_FOLDERS = 32
"""Folders that a search is kept to; what lies in more of them is most of a source."""

Rows = NDArray[np.int64]
"""Shape (n,): positions in the chunk table."""
Flags = NDArray[np.bool_]
"""Shape (n,): one for every row of the chunk table."""


class Snapshot:
    """The chunks of an `IndexReader`, addressed by their row in its chunk table."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self.table = reader.chunk_table()
        self.paths = [file.path for file in reader.files()]
        self._languages = [file.language for file in reader.files()]
        roles = np.array([_ROLES.index(file.role) for file in reader.files()], np.uint8)
        self.roles: NDArray[np.uint8] = roles[self.table.files]
        """Positions in `tuple(FileRole)`, one for every row."""
        self._by_place = np.lexsort((self.table.start_lines, self.table.files))
        self._files_by_place = self.table.files[self._by_place]
        self._admitted = Kept[Filter, Flags](_KEPT_FILTERS)

    def rows(self, ids: IdVector) -> tuple[Rows, Flags]:
        """Return the row of each id, and which ids are in the snapshot; the row of one that is not means nothing."""
        known_ids = self.table.ids
        if not len(known_ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), bool)
        rows = np.minimum(np.searchsorted(known_ids, ids), len(known_ids) - 1)
        return rows, known_ids[rows] == ids

    def told(self, ids: Sequence[int]) -> list[tuple[Chunk, str]]:
        """Chunks with their texts, in the order of `ids`."""
        chunks = self.reader.chunks(ids)
        files = {path: self.reader.text(path).encode() for path in {chunk.path for chunk in chunks}}
        return [(chunk, files[chunk.path][chunk.span.start : chunk.span.end].decode(errors="replace")) for chunk in chunks]

    def representative(self, rows: Rows) -> Rows:
        """Return the row of the chunk that stands for each; itself where that is not in the snapshot."""
        found, known = self.rows(self.table.representatives[rows])
        return np.where(known, found, rows)

    def rows_of(self, file: int) -> Rows:
        """Return the rows of a file's chunks by line."""
        first, last = np.searchsorted(self._files_by_place, [file, file + 1])
        return self._by_place[first:last]

    def chunk_at(self, file: int, line: int) -> int:
        """Return the row of the chunk of `file` that holds `line` or begins next after it, -1 for a file without chunks."""
        rows = self.rows_of(file)
        if not len(rows):
            return -1
        place = int(np.searchsorted(self.table.end_lines[rows], line))
        return int(rows[min(place, len(rows) - 1)])

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each path among the files."""
        return {path: position for position, path in enumerate(self.paths)}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """Positions of files by the last part of their paths."""
        named: dict[str, list[int]] = {}
        for position, path in enumerate(self.paths):
            named.setdefault(path.rpartition("/")[2], []).append(position)
        return named

    def files_like(self, path: str) -> list[int]:
        """Return the files that share the longest ending of whole parts with `path`, at least their name."""
        parts = path.split("/")[::-1]
        best: list[int] = []
        length = 0
        for position in self._by_name.get(parts[0], []):
            shared = 0
            for ours, theirs in zip(self.paths[position].split("/")[::-1], parts, strict=False):
                if ours != theirs:
                    break
                shared += 1
            if shared > length:
                best, length = [position], shared
            elif shared == length:
                best.append(position)
        return best

    def admitted(self, chosen: Filter) -> Flags | None:
        """Return which rows a filter admits, None for all; `UsageError` for a kind that there is not."""
        return None if chosen == Filter() else self._admitted.get(chosen, self._admit)

    def folders_of(self, admitted: Flags) -> list[str] | None:
        """The top folders (sources, in a workspace of several) that hold what is admitted; None for all or too many."""
        names, numbers = self._folders
        found = np.flatnonzero(np.bincount(numbers[self.table.files[admitted]], minlength=len(names)))
        return None if len(found) == len(names) or len(found) > _MOST_FOLDERS else [names[place] for place in found.tolist()]

    @cached_property
    def _folders(self) -> tuple[list[str], NDArray[np.int64]]:
        """The distinct top folders, and the place of that of each file among them."""
        numbers: dict[str, int] = {}
        of_files = [numbers.setdefault(top_folder(path), len(numbers)) for path in self.paths]
        return list(numbers), np.array(of_files, np.int64)

    def _admit(self, chosen: Filter) -> Flags:
        matches = glob_matcher(chosen.path)
        language = chosen.language.lower()
        files = np.array(
            [
                matches(p) and (not language or known == language)
                for p, known in zip(self.paths, self._languages, strict=True)
            ],
            bool,
        )
        flags: Flags = files[self.table.files]
        if chosen.kind:
            flags &= self._of_kind(chosen.kind.lower())
        return flags

    def _of_kind(self, kind: str) -> Flags:
        """Chunks of a kind, or that hold the beginning of a symbol of that kind."""
        if kind not in {*_CHUNK_KINDS, *SymbolKind}:
            known = ", ".join(dict.fromkeys([*_CHUNK_KINDS, *SymbolKind]))
            raise UsageError(f"there is no kind {kind!r}", "", f"choose one of {known}")
        flags = np.zeros(len(self.table.ids), bool)
        if kind in set(_CHUNK_KINDS):
            flags |= self.table.kinds == _CHUNK_KINDS.index(ChunkKind(kind))
        if kind in set(SymbolKind):
            table = self.reader.definition_table()
            chosen = np.flatnonzero(table.kinds == list(SymbolKind).index(SymbolKind(kind)))
            for file, line in zip(table.files[chosen].tolist(), table.start_lines[chosen].tolist(), strict=True):
                position = self.positions.get(table.paths[file], -1)
                row = self.chunk_at(position, line) if position >= 0 else -1
                if row >= 0:
                    flags[row] = True
        return flags
