"""Who calls a class calls its constructor: an edge leads to the class itself only where it has none of its own."""

from __future__ import annotations

from collections.abc import Iterable

from core.model.symbol import Symbol, SymbolKind
from core.ports import SymbolReader

_CONSTRUCTED = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})


def constructors_of(reader: SymbolReader, symbols: Iterable[Symbol]) -> dict[int, int]:
    """The keys of the constructors of those `symbols` that are types, each with the key of its type."""
    return {
        member.key: symbol.key
        for symbol in symbols
        if symbol.kind in _CONSTRUCTED and symbol.path
        for member in reader.symbols_of(symbol.path)
        if member.parent == symbol.key and member.kind is SymbolKind.CONSTRUCTOR
    }
