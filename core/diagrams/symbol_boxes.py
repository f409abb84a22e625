"""What a symbol is as a box: its kind in the themes, and what a click on it opens."""

from __future__ import annotations

from core.model.source import Place
from core.model.symbol import Symbol, SymbolKind

_NODE_KINDS = {
    SymbolKind.MODULE: "file",
    SymbolKind.CLASS: "class",
    SymbolKind.STRUCT: "class",
    SymbolKind.INTERFACE: "interface",
    SymbolKind.ENUM: "type",
    SymbolKind.TYPE: "type",
    SymbolKind.FUNCTION: "function",
    SymbolKind.METHOD: "function",
    SymbolKind.CONSTRUCTOR: "function",
    SymbolKind.LAMBDA: "function",
    SymbolKind.MACRO: "function",
    SymbolKind.FIELD: "value",
    SymbolKind.VARIABLE: "value",
    SymbolKind.CONSTANT: "value",
    SymbolKind.EXTERNAL: "external",
    SymbolKind.ROUTE: "value",
    SymbolKind.TOPIC: "value",
}


def node_kind(symbol: Symbol) -> str:
    """The role of a symbol's box in the themes."""
    return _NODE_KINDS[symbol.kind]


def place_of(symbol: Symbol) -> Place | None:
    """What a click on a symbol opens."""
    if not symbol.path:
        return None
    return Place(symbol.path, symbol.start_line, symbol.end_line, symbol.qualified_name)
