"""Questions that the code graph answers: who calls, what is called, what implements, which tests, what breaks.

Only a question that is nothing else is read so, and only where the name it asks about is a definition of the source; words
and vectors answer the rest. What is related goes before everything that merely uses the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from core.graph.constructors import constructors_of
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.snapshot import Snapshot
from core.retrieval.structural import Relation, StructuralQuestion

RELATED = 2.0
"""What a place gains that is related by a certain edge: as much as a line that the question points at."""

_FARTHER = 0.6
"""Share of a place one edge farther away."""

_CONFIDENCES = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.8, Confidence.NAME: 0.5}
_MAX_NAMED = 8
"""Definitions of one name; where there are more, nobody can tell which is meant."""
_MAX_RELATED = 200
_SEPARATOR = re.compile(r"::|->|#")


_USES = (EdgeKind.CALLS, EdgeKind.REFERENCES)
_INHERITED = (Relation.SUBTYPES, Relation.OVERRIDES)
_OF_CONSTRUCTORS = (Relation.CALLERS, Relation.TESTS, Relation.IMPACT)
_INHERITING = (EdgeKind.OVERRIDES, EdgeKind.IMPLEMENTS, EdgeKind.INHERITS)


def related_scores(question: StructuralQuestion | None, snapshot: Snapshot) -> dict[int, float]:
    """What each row gains that answers a question of the code graph; nothing where the name is no definition here, and
    where the question is about a way or what is above."""
    if question is None or len(question.names) != 1:
        return {}
    reader, name = snapshot.reader, _SEPARATOR.sub(".", question.names[0])
    named = [symbol for symbol in reader.find_symbols(name, _MAX_NAMED + 1) if _is_meant(symbol, name)]
    if not named or len(named) > _MAX_NAMED:
        return {}
    gains: dict[int, float] = {}
    for path, line, strength in _places(question.relation, named, reader):
        position = snapshot.positions.get(path, -1)
        row = snapshot.chunk_at(position, line) if position >= 0 else -1
        if row >= 0:
            gains[row] = max(gains.get(row, 0.0), RELATED * strength)
    return gains


def _is_meant(symbol: Symbol, name: str) -> bool:
    return symbol.kind not in (SymbolKind.EXTERNAL, SymbolKind.MODULE) and symbol.name == name.rpartition(".")[2]


def _places(relation: Relation, named: Sequence[Symbol], reader: IndexReader) -> Iterator[tuple[str, int, float]]:
    """Where the answers stand, with a share of `RELATED`: a call by the line of the call, a definition by its first."""
    keys = [symbol.key for symbol in named]
    if relation in _OF_CONSTRUCTORS:
        keys += constructors_of(reader, named)
    if relation is Relation.CALLEES:
        edges = reader.edges_from(keys, (EdgeKind.CALLS,))[:_MAX_RELATED]
        yield from _definitions(edges, [edge.target for edge in edges], reader, 1.0)
    elif relation is Relation.CALLERS:
        yield from _sites(reader.edges_to(keys, _USES), 1.0)
    elif relation in _INHERITED:
        yield from _inwards(keys, _INHERITING, reader)
    elif relation is Relation.IMPACT:
        yield from _inwards(keys, (*_USES, *_INHERITING), reader)
    elif relation is Relation.TESTS:
        tests = {path for path, role in reader.roles().items() if role is FileRole.TEST}
        direct = reader.edges_to(keys, _USES)[:_MAX_RELATED]
        yield from _sites([edge for edge in direct if edge.path in tests], 1.0)
        between = sorted({edge.source for edge in direct})
        farther = reader.edges_to(between, _USES) if between else []
        yield from _sites([edge for edge in farther if edge.path in tests], _FARTHER)


def _sites(edges: Sequence[Edge], share: float) -> Iterator[tuple[str, int, float]]:
    for edge in edges[:_MAX_RELATED]:
        yield edge.path, edge.line, share * _CONFIDENCES[edge.confidence]


def _definitions(
    edges: Sequence[Edge], keys: Sequence[int], reader: IndexReader, share: float
) -> Iterator[tuple[str, int, float]]:
    symbols: Mapping[int, Symbol] = {symbol.key: symbol for symbol in reader.symbols(sorted(set(keys)))}
    for edge, key in zip(edges, keys, strict=True):
        if symbols[key].path and symbols[key].kind is not SymbolKind.MODULE:
            yield symbols[key].path, symbols[key].start_line, share * _CONFIDENCES[edge.confidence]


def _inwards(keys: Sequence[int], kinds: Sequence[EdgeKind], reader: IndexReader) -> Iterator[tuple[str, int, float]]:
    """What reaches `keys` over one edge, and over two."""
    edges = reader.edges_to(keys, kinds)[:_MAX_RELATED]
    sources = [edge.source for edge in edges]
    yield from _definitions(edges, sources, reader, 1.0)
    farther = reader.edges_to(sorted(set(sources) - set(keys)), kinds)[:_MAX_RELATED] if sources else []
    yield from _definitions(farther, [edge.source for edge in farther], reader, _FARTHER)
