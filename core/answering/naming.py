"""How a symbol is named in a question, so that the name means nothing else."""

from __future__ import annotations

from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader

_MAX_SPELLINGS = 20
"""Definitions of one name that are looked at; one that has more is spelt longer."""


def unique_name(symbol: Symbol, reader: IndexReader) -> str:
    """The shortest ending of the qualified name that nothing else in the source answers to; all of it where none is."""
    parts = symbol.qualified_name.split(".")
    for count in range(1, len(parts)):
        name = ".".join(parts[-count:])
        others = reader.find_symbols(name, _MAX_SPELLINGS)
        alike = (other for other in others if other.kind != SymbolKind.EXTERNAL and other.name == symbol.name)
        if {other.key for other in alike} == {symbol.key}:
            return name
    return symbol.qualified_name
