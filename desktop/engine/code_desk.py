"""What the code pane asks beside the text: who calls what is defined in a file, what of it has copies, where a name is
defined, and where a definition is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UsageError
from core.graph.lookup import resolve_symbol
from core.model.clone import CopiedSpan
from core.model.graph import Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from indexing.stores.sqlite.reader import SnapshotReader

MOST_REFERENCES = 500
LONGEST_TEXT = 240
"""Characters of the line that a reference stands on."""
_MOST_DEFINITIONS = 100
_USES = (
    EdgeKind.CALLS,
    EdgeKind.REFERENCES,
    EdgeKind.INHERITS,
    EdgeKind.IMPLEMENTS,
    EdgeKind.OVERRIDES,
    EdgeKind.IMPORTS,
)


@dataclass(frozen=True, slots=True)
class Called:
    """A definition of a file and how many others call it, from how many places."""

    symbol: Symbol
    callers: int
    calls: int


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands beside the code of a file, in the order of lines."""

    called: tuple[Called, ...]
    copied: tuple[CopiedSpan, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a definition is used: by which symbol, and the text of the line."""

    edge: Edge
    user: Symbol
    text: str


@dataclass(frozen=True, slots=True)
class References:
    """A page of the uses of a symbol; `total` counts all of them, `counts` by kind."""

    symbol: Symbol
    total: int
    offset: int
    counts: dict[str, int]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a name at a place stands for: `certain` where an edge of the graph says so, else all that are called so."""

    name: str
    certain: bool
    symbols: tuple[Symbol, ...]


def margin_of(reader: SnapshotReader, path: str) -> Margin:
    """The margin of a file."""
    reader.language(path)
    symbols = reader.symbols_of(path)
    callers: dict[int, set[int]] = defaultdict(set)
    calls: dict[int, int] = defaultdict(int)
    for edge in reader.edges_to([symbol.key for symbol in symbols], (EdgeKind.CALLS,)):
        callers[edge.target].add(edge.source)
        calls[edge.target] += 1
    called = (Called(symbol, len(callers[symbol.key]), calls[symbol.key]) for symbol in symbols if symbol.key in callers)
    copied = sorted(reader.copied_spans(path), key=lambda span: (span.start_line, -span.end_line, -span.folded))
    return Margin(tuple(called), tuple(copied))


def references_to(reader: SnapshotReader, name: str, offset: int, limit: int) -> References:
    """A page of the places where the symbol `name` (see `resolve_symbol`) is used, by path and line."""
    if offset < 0 or limit < 1:
        raise UsageError(f"there is no page of {limit} from {offset}", "", "ask from 0 on for at least 1")
    symbol = resolve_symbol(reader, name)
    places: dict[tuple[str, int, EdgeKind], Edge] = {}
    for edge in reader.edges_to([symbol.key], _USES):
        places.setdefault((edge.path, edge.line, edge.kind), edge)
    counts: dict[str, int] = {}
    for edge in places.values():
        counts[str(edge.kind)] = counts.get(str(edge.kind), 0) + 1
    page = [places[key] for key in sorted(places)][offset : offset + min(limit, MOST_REFERENCES)]
    users = {user.key: user for user in reader.symbols([edge.source for edge in page])}
    found = tuple(Reference(edge, users[edge.source], _line(reader, edge.path, edge.line)) for edge in page)
    return References(symbol, len(places), offset, counts, found)


def definitions_at(reader: SnapshotReader, path: str, line: int, word: str) -> Definitions:
    """What `word` on a line of a file stands for: what the code around the line is known to use under that name, the
    nearest use first, else every definition called so, those of the file first."""
    if not word.strip():
        raise UsageError("the name is empty", "", "name what stands at the place")
    around = [symbol for symbol in reader.symbols_of(path) if _is_around(symbol, line)]
    edges = reader.edges_from([symbol.key for symbol in around], _USES)
    targets = {symbol.key: symbol for symbol in reader.symbols(sorted({edge.target for edge in edges}))}
    named = [edge for edge in edges if targets[edge.target].name == word or targets[edge.target].qualified_name == word]
    if named:
        nearest = min(abs(edge.line - line) for edge in named)
        chosen = {edge.target: targets[edge.target] for edge in named if abs(edge.line - line) == nearest}
        return Definitions(word, True, tuple(_inside_first(list(chosen.values()), path)))
    found = [symbol for symbol in reader.find_symbols(word, _MOST_DEFINITIONS) if symbol.name == word and symbol.path]
    return Definitions(word, False, tuple(_inside_first(found, path)))


def _is_around(symbol: Symbol, line: int) -> bool:
    return symbol.kind is SymbolKind.MODULE or symbol.start_line <= line <= symbol.end_line


def _inside_first(symbols: Sequence[Symbol], path: str) -> list[Symbol]:
    return sorted(symbols, key=lambda symbol: (symbol.kind is SymbolKind.EXTERNAL, symbol.path != path))


def _line(reader: SnapshotReader, path: str, line: int) -> str:
    lines = reader.text(path).split("\n")
    return lines[line - 1].strip()[:LONGEST_TEXT] if 0 < line <= len(lines) else ""
