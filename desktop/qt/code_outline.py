"""What stands around a line of an open file, by the definitions that the engine tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.qt.replies import SymbolReply

_FUNCTIONS = ("function", "method", "constructor")
DRAWN = (*_FUNCTIONS, "class", "interface", "struct")
"""Kinds of definitions of which a diagram can be drawn, and which can be folded."""


def symbol_at(symbols: Sequence[SymbolReply], line: int) -> SymbolReply | None:
    """The innermost symbol that holds a line; `symbols` are sorted by their first line, outer before inner."""
    found = None
    for symbol in symbols:
        if symbol["start_line"] > line:
            break
        if symbol["end_line"] >= line:
            found = symbol
    return found


def symbols_around(symbols: Sequence[SymbolReply], line: int) -> list[SymbolReply]:
    """The definitions that hold a line, from the outside in, without the module."""
    return [
        symbol
        for symbol in symbols
        if symbol["kind"] != "module" and symbol["start_line"] <= line <= symbol["end_line"] and _holds_others(symbol)
    ]


def _holds_others(symbol: SymbolReply) -> bool:
    return symbol["end_line"] > symbol["start_line"] or symbol["kind"] in DRAWN


def foldable(symbols: Sequence[SymbolReply]) -> dict[int, int]:
    """First and last line of the definitions that can be folded: the longest that begins on a line."""
    found: dict[int, int] = {}
    for symbol in symbols:
        if symbol["kind"] in DRAWN and symbol["end_line"] > symbol["start_line"]:
            found[symbol["start_line"]] = max(symbol["end_line"], found.get(symbol["start_line"], 0))
    return found


def function_lines(symbols: Sequence[SymbolReply]) -> frozenset[int]:
    """The first lines of the functions among those."""
    return frozenset(
        symbol["start_line"]
        for symbol in symbols
        if symbol["kind"] in _FUNCTIONS and symbol["end_line"] > symbol["start_line"]
    )
