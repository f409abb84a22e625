"""What the shape of the code graph tells of a source as a whole: cycles, dead code, entry points, hotspots."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.graph.conventions import EntryKind
from core.graph.cycles import CycleKind, CycleLevel, Tangle
from core.graph.dead import Certainty, DeadCode
from core.graph.entries import Entry
from core.graph.hotspots import Hotspot, find_hotspots
from core.paths import glob_matcher
from desktop.engine.graph_findings import CyclesAsked
from desktop.engine.session import IndexSession

Kind = TypeVar("Kind", CycleKind, CycleLevel, EntryKind)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entry points that were asked for, and how many of each kind there are."""

    entries: Sequence[Entry]
    counts: Mapping[EntryKind, int]


def cycles(
    session: IndexSession, by: str, level: str, path: str, token: CancellationToken, *, guesses: bool = False
) -> Sequence[Tangle]:
    """What depends on itself, the largest tangle first. UsageError for a kind or level that there is not, or for cycles of
    imports between symbols, which import nothing."""
    kind, nodes = _one_of(CycleKind, by, "kind"), _one_of(CycleLevel, level, "level")
    if nodes is CycleLevel.SYMBOL and kind is not CycleKind.CALLS:
        raise UsageError(f"symbols are not compared by {kind}", "only calls lead from symbol to symbol", "choose calls")
    return session.graph_findings.cycles(CyclesAsked(kind, nodes, path, guesses), token)


def dead(session: IndexSession, path: str, token: CancellationToken, *, doubtful: bool = False) -> DeadCode:
    """Dead-code candidates in the files that `path` admits, the surest first; `doubtful` admits those of strong caveats."""
    found, within = session.graph_findings.dead(token), _within(path)
    chosen = [
        one
        for one in found.candidates
        if (doubtful or one.certainty is not Certainty.DOUBTFUL) and (within is None or within(one.symbol.path))
    ]
    return DeadCode(tuple(chosen), found.judged)


def entries(session: IndexSession, kinds: Collection[str], path: str, token: CancellationToken) -> Entries:
    """The entry points of these kinds (all, where none is named) in the files that `path` admits."""
    wanted = {_one_of(EntryKind, kind, "kind of entry point") for kind in kinds} or set(EntryKind)
    within = _within(path)
    found = [entry for entry in session.graph_findings.entries(token) if within is None or within(entry.symbol.path)]
    counts = Counter(entry.kind for entry in found)
    return Entries([entry for entry in found if entry.kind in wanted], counts)


def hotspots(session: IndexSession, path: str, token: CancellationToken) -> list[Hotspot]:
    """Files by churn and complexity, the hottest first; SourceError where there is no history."""
    source, within = session.source_map, _within(path)
    commits = source.commits()
    files = [file for file in source.code("") if within is None or within(file.path)]
    return find_hotspots(files, commits, source.nesting, token)


def _within(path: str) -> Callable[[str], bool] | None:
    return functools.cache(glob_matcher(path)) if path else None


def _one_of(kinds: type[Kind], name: str, what: str) -> Kind:
    try:
        return kinds(name)
    except ValueError:
        raise UsageError(f"there is no {what} '{name}'", "", f"choose {', '.join(kinds)}") from None
