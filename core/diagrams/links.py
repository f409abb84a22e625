"""Edges of the code graph added up between larger things: files first, then whatever a diagram draws as one box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.model.diagram import DiagramEdge
from core.model.edge_rows import EdgeRows
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import Place
from core.model.symbol import Symbol
from core.ports import EdgeRowReader

USES = (EdgeKind.CALLS, EdgeKind.IMPORTS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.REFERENCES)
"""What makes one thing depend on another. `contains` is no use, and `overrides` repeats what `inherits` said."""

WEIGHTS = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.5, Confidence.NAME: 0.02}
"""What an edge weighs when arrows compete: fifty guesses by name are worth one certain use."""
_UNSUPPORTED = 0.3
"""What is left of the weight where not one edge is certain: where a part truly uses another, one nearly always is."""

IMPORT_PACKAGES = frozenset(("go",))
"""Languages whose imports name folders: one statement is an edge to every file of the package."""
_PACKAGE_WEIGHT = 0.05
"""What such an edge weighs; the calls that come with it tell which files are meant."""

_STRENGTH = {Confidence.EXACT: 0, Confidence.INFERRED: 1, Confidence.NAME: 2}
_PLACES = 5
"""Places kept for an arrow; a click shows the best, a tooltip a few more."""
_KEPT = 60
"""Statements gathered before all but the best are dropped: sorting at every edge would cost more than the rest."""
_CHECK_EVERY = 8192


@dataclass(frozen=True, slots=True)
class _Around:
    """The symbol around a statement; what it is called is asked for when it is told."""

    key: int
    called: Callable[[int], str] = field(compare=False)

    @property
    def name(self) -> str:
        return self.called(self.key)

    def __lt__(self, other: _Around) -> bool:
        return self.name < other.name


_Statement = tuple[int, str, int, _Around]
"""Where an edge is stated: the rank of its confidence, path, line, and the symbol around; the smallest are the best."""


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Where the edges of many links are stated, as rows; `called` gives the qualified name of a symbol."""

    rows: EdgeRows
    reader: EdgeRowReader
    called: Callable[[int], str]

    def best(self, spans: Sequence[tuple[int, int]]) -> list[_Statement]:
        """The best of those in some spans of rows, in no order."""
        chosen = np.concatenate([np.arange(first, last) for first, last in spans])
        rows = self.rows.taken(chosen)
        rows = rows.taken(_best_stated(rows, np.zeros(len(rows), np.int64)))
        return [_statement(edge, self.called) for edge in self.reader.edges_at(rows) if edge.path]


def _statement(edge: Edge, called: Callable[[int], str]) -> _Statement:
    return _STRENGTH[edge.confidence], edge.path, edge.line, _Around(edge.source, called)


@dataclass(slots=True)
class Link:
    """Every edge from one thing to another, added up."""

    by_confidence: dict[Confidence, int] = field(default_factory=dict)
    by_kind: dict[EdgeKind, int] = field(default_factory=dict)
    statements: list[_Statement] = field(default_factory=list)
    of_package: int = 0
    """Imports that name a whole package, of which this may be a file that is not used at all."""
    stored: list[tuple[Statements, int, int]] = field(default_factory=list)
    """Further statements: spans of rows that are read when they are told."""

    @property
    def count(self) -> int:
        return sum(self.by_confidence.values())

    @property
    def weight(self) -> float:
        weight = sum(WEIGHTS[confidence] * count for confidence, count in self.by_confidence.items())
        weight -= self.of_package * (1.0 - _PACKAGE_WEIGHT)
        return weight if self.by_confidence.get(Confidence.EXACT, 0) > self.of_package else _UNSUPPORTED * weight

    @property
    def confidence(self) -> Confidence:
        """The strongest among the edges."""
        return min(self.by_confidence, key=_STRENGTH.__getitem__)

    @property
    def kind(self) -> EdgeKind:
        """The commonest among the edges; the first of `EdgeKind` where two are equally common."""
        order = list(EdgeKind)
        return min(self.by_kind, key=lambda kind: (-self.by_kind[kind], order.index(kind)))

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the surest edges are stated."""
        spans: dict[Statements, list[tuple[int, int]]] = {}
        for held, first, last in self.stored:
            spans.setdefault(held, []).append((first, last))
        stored = [statement for held, some in spans.items() for statement in held.best(some)]
        best = sorted({*self.statements, *stored})[:_PLACES]
        return tuple(dict.fromkeys(Place(path, line, line, around.name) for _, path, line, around in best))

    def add(self, edge: Edge, symbol: str, language: str = "") -> None:
        self.by_confidence[edge.confidence] = self.by_confidence.get(edge.confidence, 0) + 1
        self.by_kind[edge.kind] = self.by_kind.get(edge.kind, 0) + 1
        self.of_package += edge.kind is EdgeKind.IMPORTS and language in IMPORT_PACKAGES
        if edge.path:
            self.statements.append(_statement(edge, lambda _: symbol))
            self._trim()

    def merge(self, other: Link) -> None:
        for confidence, count in other.by_confidence.items():
            self.by_confidence[confidence] = self.by_confidence.get(confidence, 0) + count
        for kind, count in other.by_kind.items():
            self.by_kind[kind] = self.by_kind.get(kind, 0) + count
        self.of_package += other.of_package
        self.statements += other.statements
        self.stored += other.stored
        self._trim()

    def edge(self, source: str, target: str) -> DiagramEdge:
        return DiagramEdge(source, target, self.kind, self.confidence, self.count, self.places)

    def _trim(self) -> None:
        if len(self.statements) > _KEPT:
            self.statements = sorted(set(self.statements))[:_PLACES]


Links = dict[tuple[str, str], Link]
"""By source and target."""


def add_up(
    edges: Iterable[Edge],
    symbols: Mapping[int, Symbol],
    owner: Callable[[Symbol], str],
    cancellation: CancellationToken | None = None,
) -> Links:
    """Links between the owners of symbols; an empty owner takes no part, and what stays within one owner is left out."""
    links: Links = {}
    owners: dict[int, str] = {}
    for number, edge in enumerate(edges):
        if cancellation is not None and number % _CHECK_EVERY == 0:
            cancellation.check("adding up edges")
        ends: list[str] = []
        for key in (edge.source, edge.target):
            if key not in owners:
                owners[key] = owner(symbols[key])
            ends.append(owners[key])
        source, target = ends
        if not source or not target or source == target:
            continue
        link = links.get((source, target))
        if link is None:
            link = links[source, target] = Link()
        around = symbols[edge.source]
        link.add(edge, around.qualified_name, around.language)
    return links


@dataclass(frozen=True, slots=True)
class Ends:
    """What the two ends of each row of edges belong to: positions in `names`, -1 for nothing; shape (n,)."""

    names: Sequence[str]
    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    of_package: NDArray[np.bool_]
    """Which rows are imports that name a whole package."""


def add_up_rows(rows: EdgeRows, ends: Ends, reader: EdgeRowReader, called: Callable[[int], str]) -> Links:
    """The same as `add_up` for very many edges; `called` gives the qualified name of a symbol."""
    crossing = np.flatnonzero((ends.sources >= 0) & (ends.targets >= 0) & (ends.sources != ends.targets))
    pairs = ends.sources[crossing] * len(ends.names) + ends.targets[crossing]
    distinct, pair_of = np.unique(pairs, return_inverse=True)
    confidences, kinds = list(Confidence), list(EdgeKind)
    by_confidence = _table(pair_of, rows.confidences[crossing], len(distinct), len(confidences))
    by_kind = _table(pair_of, rows.kinds[crossing], len(distinct), len(kinds))
    of_package = np.bincount(pair_of[ends.of_package[crossing]], minlength=len(distinct)).tolist()
    best = _best_stated(rows.taken(crossing), pair_of)
    firsts = np.searchsorted(pair_of[best], np.arange(len(distinct) + 1)).tolist()
    stated = Statements(rows.taken(crossing[best]), reader, called)
    found = [
        Link(
            {confidence: count for confidence, count in zip(confidences, surely, strict=True) if count},
            {kind: count for kind, count in zip(kinds, so, strict=True) if count},
            [],
            packaged,
            [(stated, first, last)],
        )
        for surely, so, packaged, (first, last) in zip(
            by_confidence.tolist(), by_kind.tolist(), of_package, pairwise(firsts), strict=True
        )
    ]
    sources, targets = np.divmod(distinct, len(ends.names) or 1)
    names = ends.names
    return {
        (names[source], names[target]): link
        for source, target, link in zip(sources.tolist(), targets.tolist(), found, strict=True)
    }


def _table(pairs: NDArray[np.int64], values: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.int64]:
    """How often each value stands with each pair, shape (rows, columns)."""
    return np.bincount(pairs * columns + values, minlength=rows * columns).reshape(rows, columns)


def _best_stated(rows: EdgeRows, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of the surest edges of each pair, the first by place, and all that are as sure at the same place."""
    strength = np.array([_STRENGTH[confidence] for confidence in Confidence])[rows.confidences]
    order = np.lexsort((rows.sources, rows.lines, rows.files, strength, pairs))
    columns = [column[order] for column in (pairs, strength, rows.files, rows.lines, rows.sources)]
    starts = np.r_[True, columns[0][1:] != columns[0][:-1]] if len(order) else np.zeros(0, bool)
    same_place, same = ~starts, ~starts
    for column in columns[1:4]:
        same_place[1:] &= column[1:] == column[:-1]
    same = same_place.copy()
    same[1:] &= columns[4][1:] == columns[4][:-1]
    # Places are counted from the first statement of the pair on; what says the same twice counts once.
    number = np.cumsum(~same)
    of_pair = number - np.maximum.accumulate(np.where(starts, number, 0))
    place = np.maximum.accumulate(np.where(same_place, 0, np.arange(len(order))))
    return order[~same & (of_pair[place] < _PLACES)]


def regroup(links: Links, group: Mapping[str, str]) -> Links:
    """The same links between groups; what is in no group, or stays within one, is left out."""
    regrouped: Links = {}
    for (source, target), link in links.items():
        source_group, target_group = group.get(source, ""), group.get(target, "")
        if source_group and target_group and source_group != target_group:
            regrouped.setdefault((source_group, target_group), Link()).merge(link)
    return regrouped
