"""What the shape of one snapshot's code graph tells, looked for once and kept: a hundred megabytes take seconds."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.cancellation import CancellationToken
from core.diagrams import SourceMap
from core.graph.cycles import CycleKind, CycleLevel, CycleQuery, Tangle, find_cycles
from core.graph.dead import DeadCode, find_dead
from core.graph.deferred import DeferredImports
from core.graph.entries import Entry, find_entries
from core.kept import Kept
from core.paths import glob_matcher

_MOST_CYCLES = 32
"""There are eight kinds of cycles by level; some are asked for of a part of the source, or with guesses."""


@dataclass(frozen=True, slots=True)
class CyclesAsked:
    """Which cycles are meant; `path` is a glob, empty for the whole source."""

    kind: CycleKind
    level: CycleLevel
    path: str = ""
    guesses: bool = False


@dataclass(frozen=True, slots=True)
class GraphFindings:
    """Findings of one snapshot; threads may share it. A search that is cancelled leaves nothing behind."""

    source: SourceMap
    _cycles: Kept[CyclesAsked, Sequence[Tangle]] = field(default_factory=lambda: Kept(_MOST_CYCLES))
    _dead: Kept[None, DeadCode] = field(default_factory=lambda: Kept(1))
    _entries: Kept[None, Sequence[Entry]] = field(default_factory=lambda: Kept(1))

    def cycles(self, asked: CyclesAsked, token: CancellationToken) -> Sequence[Tangle]:
        """Tangles, the largest first."""

        def find(_asked: CyclesAsked) -> Sequence[Tangle]:
            within = functools.cache(glob_matcher(asked.path)) if asked.path else None
            query = CycleQuery(asked.kind, asked.level, asked.guesses, within)
            reader = self.source.reader
            rows, deferred = reader.edge_rows(query.edge_kinds), DeferredImports(reader, reader)
            return find_cycles(rows, reader.edges_at, self.source.symbols, query, deferred, token)

        return self._cycles.get(asked, find)

    def dead(self, token: CancellationToken) -> DeadCode:
        """Every candidate of the source."""
        source = self.source

        def find(_key: None) -> DeadCode:
            return find_dead(source.reader, source.files, source.symbols, self.entries(token), token)

        return self._dead.get(None, find)

    def entries(self, token: CancellationToken) -> Sequence[Entry]:
        """Every entry point of the source."""
        source = self.source
        return self._entries.get(None, lambda _key: find_entries(source.reader, source.files, source.inside, token))
