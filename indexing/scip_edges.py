"""Edges out of SCIP indexes that lie in the source: `exact`, in the place of what was only inferred.

An occurrence is brought together with what was parsed here by its place: the definition whose name stands there, or the
innermost one around a use. SCIP does not tell calls from other uses, so what a parenthesis follows is a call. An index may
be older than the files: a document whose definitions do not stand where it says is not believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.model.graph import Confidence, EdgeKind
from core.model.symbol import Definition, SymbolKind
from indexing.edge_columns import CONFIDENCES, EDGE_KINDS, FileEdges, make_edges
from indexing.languages.lines import Lines
from indexing.namings import Around
from indexing.scip import DEFINITION, IMPORT, Occurrence, ScipDocument
from indexing.stores.sqlite.facts import StoredFacts

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA, SymbolKind.MACRO})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_CONSTRUCTORS = frozenset({"__init__", "constructor"})
_GUESSED = frozenset({EdgeKind.CALLS, EdgeKind.REFERENCES})
_BELIEVED = 0.8
"""Share of the definitions of a document that have to stand where it says."""

_MOST_ABOVE = 100

_Place = tuple[int, int]
"""A file and a slot."""
_Row = tuple[int, int, int, EdgeKind, Confidence, int]
"""Source slot, target file and slot, kind, confidence, line."""


@dataclass(frozen=True, slots=True)
class _Target:
    file: int
    index: int
    item: Definition
    constructor: int
    """The definition that calling a type calls; -1 for none."""


class ScipEdges:
    """What SCIP documents say of the files of an index, by their ids."""

    def __init__(self, documents: Mapping[str, ScipDocument], facts: StoredFacts, ids: Mapping[str, int]) -> None:
        self._facts = facts
        self._documents = {ids[path]: document for path, document in documents.items() if path in ids}
        self._targets: dict[str, _Target] = {}
        self._stale: set[int] = set()
        self._named: dict[int, Mapping[int, str]] = {}
        self._known: set[_Place] = set()
        self._methods: set[_Place] = set()
        self._implemented: defaultdict[_Place, list[_Place]] = defaultdict(list)
        """What a definition implements or overrides."""
        for file in self._documents:
            self._define(file)
        for file in self._documents.keys() - self._stale:
            for symbol, other in self._documents[file].implementations():
                own, base = self._targets.get(symbol), self._targets.get(other)
                if own is not None and base is not None:
                    self._implemented[self._place(own)].append(self._place(base))

    def applied(self, file: int, edges: FileEdges) -> FileEdges:
        """The edges of a file with those of its document: the same edge becomes exact, one that is missing is added, and
        a guess at a place where the document knows what the name means goes."""
        if file not in self._documents or file in self._stale:
            return edges
        told = {(*row[:3], row[5]): row for row in self._told(file)}
        meant: defaultdict[tuple[int, str], set[_Place]] = defaultdict(set)
        for _, target, slot, line in told:
            meant[line, self._names(target).get(slot, "")].add((target, slot))
        found: list[_Row] = []
        seen: set[tuple[int, int, int, int]] = set()
        for source, target, slot, kind, confidence, line in _rows(edges):
            key = (source, target, slot, line)
            if key in told:
                seen.add(key)
                found.append((source, target, slot, kind, Confidence.EXACT, line))
            elif (
                confidence is Confidence.EXACT
                or kind not in _GUESSED
                or not target
                or self._may_be_meant((target, slot), meant.get((line, self._names(target).get(slot, ""))))
            ):
                found.append((source, target, slot, kind, confidence, line))
        found += [row for key, row in told.items() if key not in seen]
        return make_edges(found)

    def _may_be_meant(self, guess: _Place, told: Collection[_Place] | None) -> bool:
        """Whether a guess goes with what the index says of a name at a place: it says nothing or the same, or the guess
        overrides what it says, as far as that is known."""
        if not told or guess in told or guess not in self._known:
            return True
        if not self._implemented:  # no indexer leaves all of them out but one that does not tell them
            return guess in self._methods
        seen, waiting = {guess}, [guess]
        while waiting and len(seen) < _MOST_ABOVE:
            for above in self._implemented.get(waiting.pop(), ()):
                if above in told:
                    return True
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
        return False

    def _names(self, file: int) -> Mapping[int, str]:
        """The names of the definitions of a file, by their slots."""
        found = self._named.get(file)
        if found is None:
            items = enumerate(self._outline(file))
            found = self._named[file] = {self._facts.slot(file, index): item.name for index, item in items}
        return found

    def _outline(self, file: int) -> Sequence[Definition]:
        return self._facts.outline(file)

    def _place(self, target: _Target) -> _Place:
        return target.file, self._facts.slot(target.file, target.index)

    def _define(self, file: int) -> None:
        text = self._facts.text(file)
        definitions = self._outline(file)
        by_place: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for index, item in enumerate(definitions):
            by_place[item.name_line, item.name].append(index)
        lines = text.split("\n")
        found, asked = dict[str, _Target](), 0
        for occurrence in self._documents[file].occurrences():
            name = _written(lines, occurrence)
            if occurrence.roles & DEFINITION and name and occurrence.end > occurrence.start:
                if not _is_name_of(occurrence.symbol, name):
                    asked += 1
                    continue
                held = by_place.get((occurrence.line + 1, name))
                if held:
                    asked += 1
                    index = held[0]
                    inside = (at for at, item in enumerate(definitions) if item.parent == index and _constructs(item))
                    made = next(inside, -1) if definitions[index].kind in _TYPES else -1
                    found.setdefault(occurrence.symbol, _Target(file, index, definitions[index], made))
        if len(found) < _BELIEVED * asked:
            self._stale.add(file)
            return
        self._targets.update(found)
        self._known.update(map(self._place, found.values()))
        self._methods.update(self._place(one) for one in found.values() if one.item.kind is SymbolKind.METHOD)

    def _told(self, file: int) -> Iterator[_Row]:
        data = self._facts.text(file).encode()
        lines, around = Lines(data), Around(self._outline(file))
        written = data.decode().split("\n")
        for occurrence in self._documents[file].occurrences():
            target = self._targets.get(occurrence.symbol)
            name = _written(written, occurrence)
            if target is None or occurrence.roles & DEFINITION or name != target.item.name:
                continue
            line = occurrence.line + 1
            before = len(written[occurrence.line][: occurrence.start].encode())
            scope = around.of(lines.start(line) + before)
            behind = written[occurrence.line][occurrence.end :].lstrip()
            index, kind = target.index, EdgeKind.REFERENCES
            if occurrence.roles & IMPORT:
                scope, kind = 0, EdgeKind.IMPORTS
            elif behind.startswith("(") and target.item.kind in _CALLABLE:
                kind = EdgeKind.CALLS
            elif behind.startswith("(") and target.item.kind in _TYPES:
                kind, index = EdgeKind.CALLS, target.constructor if target.constructor >= 0 else target.index
            is_plain = kind is EdgeKind.REFERENCES and target.item.kind not in _CALLABLE | _TYPES
            if (target.file, index) != (file, scope) and not is_plain:
                yield self._row(file, scope, target.file, index, kind, line)
        for symbol, other in self._documents[file].implementations():
            own, base = self._targets.get(symbol), self._targets.get(other)
            if own is not None and base is not None and own.file == file:
                kind = EdgeKind.IMPLEMENTS if own.item.kind in _TYPES else EdgeKind.OVERRIDES
                yield self._row(file, own.index, base.file, base.index, kind, own.item.name_line)

    def _row(self, file: int, source: int, target_file: int, target: int, kind: EdgeKind, line: int) -> _Row:
        slot = self._facts.slot
        return slot(file, source), target_file, slot(target_file, target), kind, Confidence.EXACT, line


def _rows(edges: FileEdges) -> Iterator[_Row]:
    columns = (edges.sources, edges.files, edges.slots, edges.kinds, edges.confidences, edges.lines)
    for source, file, slot, kind, confidence, line in zip(*(np.asarray(column).tolist() for column in columns), strict=True):
        yield source, file, slot, EDGE_KINDS[kind], CONFIDENCES[confidence], line


def _constructs(item: Definition) -> bool:
    return item.kind is SymbolKind.CONSTRUCTOR or item.name in _CONSTRUCTORS


def _written(lines: Sequence[str], occurrence: Occurrence) -> str:
    return lines[occurrence.line][occurrence.start : occurrence.end] if occurrence.line < len(lines) else ""


def _is_name_of(symbol: str, name: str) -> bool:
    """Whether the last descriptor of a symbol (`pkg/Class#method().`) is of that name."""
    last = symbol.rstrip(".#:!/").removesuffix("()")
    return name in last.rpartition(" ")[2]
