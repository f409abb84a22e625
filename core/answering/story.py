"""The story of an answer without a model: what was found, the way to it, how its parts are connected, what they touch and
where they are tested. Every statement carries the lines it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.answering.routes import CALLS, route, way_up
from core.answering.statements import Section, Statement
from core.answering.wording import (
    definition_passage,
    described,
    edge_passage,
    enumerated,
    introduced,
    lines_in_words,
    quoted,
    short_name,
    stated_at,
    verb,
)
from core.context.focus import TYPES, Focus
from core.context.passages import Texts
from core.context.question import question_terms
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IdVector, IndexReader
from core.retrieval.declarations import declared_names
from core.retrieval.words import spaced_terms

_LEADING = 3
"""Places whose surroundings are told."""
_MAX_STEPS = 8
_MAX_NAMES = 6
_MAX_TESTS = 3
_MAX_MEMBERS = 60
_OPENING = 120
"""Characters of a line that are quoted."""
_IMPORTS = re.compile(
    r"\s*(?:import\b|from\s+\S+\s+import\b|#\s*include\b|(?:pub\s+)?use\s|using\s|package\s|(?:const|var|let)\b.*\brequire\()"
)
"""A line that names other files."""
_MAX_EDGES = 2_000
_MAX_HEAD = 5
"""Lines before the head of a file, where its doc comment stands."""
_FAR = 5
"""Calls that a way to the matter may be long."""
_TEST_EDGES = (EdgeKind.CALLS, EdgeKind.REFERENCES, EdgeKind.INHERITS)
_SURE = (Confidence.EXACT, Confidence.INFERRED)


class Story:
    """Builds the sections of one answer about the places of `focus`, which is not empty."""

    def __init__(self, question: str, places: Sequence[Focus], reader: IndexReader, texts: Texts) -> None:
        self._reader = reader
        self._texts = texts
        self._places = [place for place in places if place.symbol or self._opening(place)] or places[:1]
        self._terms = question_terms(question)
        self._roles = reader.roles()
        self._is_source = np.array([*(role == FileRole.SOURCE for role in self._roles.values()), False])
        self._defined = [place.symbol for place in places if place.symbol]
        self._symbols: dict[int, Symbol] = {symbol.key: symbol for symbol in self._defined}
        self._members = {symbol.key: self._keys_of(symbol) for symbol in self._defined}
        self._told: set[tuple[int, int]] = set()

    def sections(self) -> list[Section]:
        """The parts of the answer in reading order; one that has nothing to say has no statements."""
        found = [self._found(place) for place in self._places]
        return [
            Section("", (found[0],), "prose"),
            Section("Also part of it", tuple(found[1:])),
            Section("Where it starts", tuple(self._start()), "steps"),
            Section("How the pieces call each other", tuple(self._connections())),
            Section("What it touches", tuple(self._touched())),
            Section("Where it is tested", tuple(self._tests())),
        ]

    def _found(self, place: Focus) -> Statement:
        symbol = place.symbol
        if symbol is None:
            return self._found_text(place)
        why = place.located.passage.why if place.located else "names what the question asks for"
        passage = replace(definition_passage(symbol, self._texts, why), value=max(0.7, min(1.0, place.score)))
        return Statement(introduced(symbol), (passage,))

    def _found_text(self, place: Focus) -> Statement:
        """A hit that belongs to no definition: what its file is, what it declares, else how it begins."""
        assert place.located is not None
        passage = place.located.passage
        start, end = passage.kept[0]
        lines = self._texts.lines(passage.path)[start - 1 : end]
        text = f"`{passage.path}`, {lines_in_words(start, end)}"
        module = place.located.symbol
        if module and module.doc and start <= _MAX_HEAD:
            return Statement(f"{text}: {described(module)}", (passage,))
        names = [] if module else list(dict.fromkeys(declared_names("\n".join(lines))))
        if names:
            listed = enumerated([f"`{name}`" for name in names[:_MAX_NAMES]], len(names))
            return Statement(f"{text}, declares {listed}", (passage,))
        opening = self._opening(place)
        return Statement(f"{text}: “{opening}”" if opening else text, (passage,))

    def _opening(self, place: Focus) -> str:
        """The first line of a hit that says something: what it imports is told by nobody who asks."""
        assert place.located is not None
        passage = place.located.passage
        start, end = passage.kept[0]
        lines = self._texts.lines(passage.path)[start - 1 : end]
        said = (line for line in lines if any(map(str.isalnum, line)) and not _IMPORTS.match(line))
        return next(said, "").strip(" \t#=*/<>-!\"'`")[:_OPENING].replace("`", "")

    def _start(self) -> list[Statement]:
        """The way from code that nothing else calls down to one of the first places, the one that says most."""
        ways: list[list[Edge]] = []
        for symbol in self._defined[:_LEADING]:
            ways += way_up(self._reader, self._members[symbol.key], depth=_FAR, passable=self._in_source).values()
        self._learn(key for edges in ways for edge in edges for key in (edge.source, edge.target))
        return self._steps(max(ways, key=self._way_rank)) if ways else []

    def _way_rank(self, edges: Sequence[Edge]) -> tuple[float, int]:
        """A way that speaks of the question goes before one that does not, then the surer, then the shorter."""
        names = " ".join(f"{self._symbols[edge.source].qualified_name} {self._symbols[edge.source].doc}" for edge in edges)
        shared = len(self._terms & set(spaced_terms(names).split()))
        guesses = sum(1 for edge in edges if edge.confidence != Confidence.EXACT)
        return shared - 0.25 * len(edges) - 0.5 * guesses, -edges[0].source

    def _connections(self) -> list[Statement]:
        """The calls that lead from one place to another and have not been told."""
        edges: dict[tuple[int, int], Edge] = {}
        for symbol in self._defined:
            others = [key for other in self._defined if other.key != symbol.key for key in self._members[other.key]]
            mine = [key for key in self._members[symbol.key] if key not in others]
            for edge in route(self._reader, mine, others, depth=3, passable=self._in_source):
                edges.setdefault((edge.source, edge.target), edge)
        self._learn(key for pair in edges for key in pair)
        return self._steps(list(edges.values()))

    def _steps(self, edges: Sequence[Edge]) -> list[Statement]:
        fresh = [edge for edge in edges if (edge.source, edge.target) not in self._told][:_MAX_STEPS]
        self._told.update((edge.source, edge.target) for edge in fresh)
        return [self._step(edge) for edge in fresh]

    def _step(self, edge: Edge) -> Statement:
        source, target = self._symbols[edge.source], self._symbols[edge.target]
        passage = edge_passage([edge], source, self._texts, f"{verb(edge)} {short_name(target)}")
        return Statement(f"{quoted(source)} {verb(edge)} {quoted(target)} at {stated_at([edge], source)}", (passage,))

    def _touched(self) -> list[Statement]:
        statements: list[Statement] = []
        for symbol in self._defined[:_LEADING]:
            if symbol.kind in TYPES:
                statements.extend(self._made_of(symbol))
                continue
            edges = [edge for edge in self._reader.edges_from([symbol.key], CALLS) if edge.confidence in _SURE]
            names = self._called(edges)
            if names:
                passage = definition_passage(symbol, self._texts, "what it calls")
                statements.append(
                    Statement(f"{quoted(symbol)} calls {enumerated(names[:_MAX_NAMES], len(names))}", (passage,))
                )
        return statements

    def _called(self, edges: Sequence[Edge]) -> list[str]:
        """What is called, each once: what speaks of the question first, then the others in their order, what is from outside
        last. A call that may go to many of one name is told as one; what has no name is left out."""
        self._learn(edge.target for edge in edges)
        calls: dict[tuple[int, str], dict[str, None]] = {}
        for edge in sorted(edges, key=self._touch_rank):
            target = self._symbols[edge.target]
            if "<" not in target.qualified_name:
                calls.setdefault((edge.line, target.name), {})[quoted(target)] = None
        told = [
            f"one of {len(names)} that are called `{name}`" if len(names) > 1 else next(iter(names))
            for (_, name), names in calls.items()
        ]
        return list(dict.fromkeys(told))

    def _made_of(self, symbol: Symbol) -> Iterable[Statement]:
        """The methods of a class that speak of the question, then the others, in their order."""
        members = [
            member for member in self._reader.symbols(self._members[symbol.key][1:]) if member.kind == SymbolKind.METHOD
        ]
        members.sort(key=lambda member: -len(self._terms & set(spaced_terms(f"{member.name} {member.doc}").split())))
        names = [f"`{member.name}`" for member in members if not member.name.startswith("_")]
        if names:
            passage = definition_passage(symbol, self._texts, "what it is made of")
            shown = [
                definition_passage(member, self._texts, f"a method of {short_name(symbol)}", 0.5) for member in members[:1]
            ]
            methods = "method" if len(names) == 1 else "methods"
            yield Statement(
                f"{quoted(symbol)} has the {methods} {enumerated(names[:_MAX_NAMES], len(names))}", (passage, *shown)
            )

    def _touch_rank(self, edge: Edge) -> tuple[bool, bool, int]:
        target = self._symbols[edge.target]
        is_asked = not self._terms.isdisjoint(spaced_terms(target.name).split())
        return target.kind == SymbolKind.EXTERNAL, not is_asked, edge.line

    def _tests(self) -> list[Statement]:
        """Tests that use the first places."""
        order = {key: place for place, symbol in enumerate(self._defined[:_LEADING]) for key in self._members[symbol.key]}
        edges = self._reader.edges_to(list(order), _TEST_EDGES)[:_MAX_EDGES]
        self._learn(key for edge in edges for key in (edge.source, edge.target))
        found: dict[int, Edge] = {}
        for edge in sorted(edges, key=lambda edge: (order[edge.target], edge.confidence not in _SURE, edge.path, edge.line)):
            source = self._symbols[edge.source]
            if self._roles.get(source.path) == FileRole.TEST and source.kind != SymbolKind.MODULE:
                found.setdefault(edge.source, edge)
            if len(found) == _MAX_TESTS:
                break
        return [self._step(edge) for edge in found.values()]

    def _keys_of(self, symbol: Symbol) -> list[int]:
        """A definition and, of a class, its members: what is called of a class are they."""
        if symbol.kind not in TYPES:
            return [symbol.key]
        members = [other.key for other in self._reader.symbols_of(symbol.path) if other.parent == symbol.key]
        return [symbol.key, *members[:_MAX_MEMBERS]]

    def _learn(self, keys: Iterable[int]) -> None:
        wanted = sorted(set(keys) - self._symbols.keys())
        self._symbols.update((symbol.key, symbol) for symbol in self._reader.symbols(wanted))

    def _in_source(self, keys: IdVector) -> NDArray[np.bool_]:
        """Which symbols stand in hand-written code; shape (n,). What is from outside has the last place, which is none."""
        found: NDArray[np.bool_] = self._is_source[self._reader.files_of(keys)]
        return found
