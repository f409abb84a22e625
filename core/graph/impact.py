"""What a change touches: everything that reaches the changed symbols, and the symbols that changed lines belong to.

A change of a symbol can be noticed by who calls or uses it, by what inherits from it, and, where it overrides another, by
who calls that other: so a walk goes against those edges, but along those of overriding. Who imports a module notices a
change of what stands directly in it; who imports a name notices by using it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.cancellation import CancellationToken
from core.graph.walks import GraphReader, Steps, walk
from core.model.edge_rows import joined_rows
from core.model.graph import CodeGraph, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from core.ports import SymbolReader

DEFAULT_DEPTH, DEFAULT_LIMIT = 5, 1_000
"""Steps, and symbols in all; beyond, nearly everything touches everything."""

_NOTICED = (EdgeKind.CALLS, EdgeKind.REFERENCES, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_MOST_MEMBERS = 2_000
_ENDLESS = 1 << 62

Lines = tuple[int, int]
"""First and last line, from 1."""


@dataclass(frozen=True, slots=True)
class Impact:
    """The symbols that change, and the part of the graph that reaches them, these first, then nearest first."""

    changed: tuple[Symbol, ...]
    graph: CodeGraph

    @property
    def reached(self) -> tuple[Symbol, ...]:
        """What does not change itself."""
        changed = {symbol.key for symbol in self.changed}
        return tuple(symbol for symbol in self.graph.symbols if symbol.key not in changed)


def impact(
    reader: GraphReader,
    changed: Sequence[Symbol],
    depth: int = DEFAULT_DEPTH,
    limit: int = DEFAULT_LIMIT,
    cancellation: CancellationToken | None = None,
) -> Impact:
    """What a change of `changed` touches, over at most `depth` edges, at most `limit` symbols beside the changed ones."""

    modules = {symbol.key for symbol in changed if symbol.kind is SymbolKind.MODULE}

    def steps(level: Sequence[int]) -> Steps:
        users = [reader.rows_to(level, _NOTICED)]
        if imported := [key for key in level if key in modules]:
            users.append(reader.rows_to(imported, (EdgeKind.IMPORTS,)))
        overridden = reader.rows_from(level, (EdgeKind.OVERRIDES,))
        leads_to = np.concatenate([*(rows.sources for rows in users), overridden.targets])
        return joined_rows([*users, overridden]), leads_to

    starts = [symbol.key for symbol in changed]
    return Impact(tuple(changed), walk(reader, starts, depth, len(starts) + limit, steps, cancellation))


def with_members(reader: GraphReader, symbol: Symbol) -> tuple[Symbol, ...]:
    """The symbol and, of a type or module, all that is defined within: a change of it is a change of any of these."""
    if symbol.kind is SymbolKind.MODULE:
        return tuple(reader.symbols_of(symbol.path)[:_MOST_MEMBERS]) or (symbol,)
    found = {symbol.key: symbol}
    if symbol.kind in _TYPES:
        level = [symbol.key]
        while level and len(found) < _MOST_MEMBERS:
            within = [edge.target for edge in reader.edges_from(level, (EdgeKind.CONTAINS,)) if edge.target not in found]
            found |= {inner.key: inner for inner in reader.symbols(within)}
            level = within
    return tuple(found.values())


def symbols_at(reader: SymbolReader, changes: Mapping[str, Sequence[Lines]]) -> tuple[Symbol, ...]:
    """The innermost symbols that any of the lines of `changes`, by path, belong to; paths that are not indexed are passed
    over. In the order of paths and lines."""
    found: dict[int, Symbol] = {}
    for path in sorted(changes):
        spans = sorted(changes[path])
        at = 0
        for first, last, symbol in _innermost(reader.symbols_of(path)):
            while at < len(spans) and spans[at][1] < first:
                at += 1
            if at < len(spans) and spans[at][0] <= last:
                found.setdefault(symbol.key, symbol)
    return tuple(found.values())


def _innermost(symbols: Iterable[Symbol]) -> Iterator[tuple[int, int, Symbol]]:
    """Stretches of lines with the innermost symbol around each, in order; a module's stretch has no end."""
    open_: list[tuple[int, Symbol]] = []
    line = 1
    for symbol in sorted(symbols, key=lambda item: (item.kind is not SymbolKind.MODULE, item.start_line, -item.end_line)):
        is_module = symbol.kind is SymbolKind.MODULE
        while open_ and open_[-1][0] < symbol.start_line and not is_module:
            end, around = open_.pop()
            if end >= line:
                yield line, end, around
            line = max(line, end + 1)
        if open_ and symbol.start_line > line:
            yield line, symbol.start_line - 1, open_[-1][1]
            line = symbol.start_line
        open_.append((_ENDLESS if is_module else symbol.end_line, symbol))
    while open_:
        end, around = open_.pop()
        if end >= line:
            yield line, end, around
        line = max(line, end + 1)
