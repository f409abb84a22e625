"""Places and symbols in as few LLM tokens as tell them."""

from __future__ import annotations

from core.model.source import Place
from core.model.symbol import Symbol


def at(where: Place | Symbol) -> str:
    """`path:first-last`; empty for what lies outside of the source."""
    return f"{where.path}:{where.start_line}-{where.end_line}" if where.path else ""


def brief(symbol: Symbol) -> str:
    """What a symbol is and where: `function src/a.c:10-20`."""
    return f"{symbol.kind} {at(symbol)}".strip()
