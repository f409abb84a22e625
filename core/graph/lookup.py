"""From what a person types to the symbol he means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from heapq import nsmallest
from typing import Protocol

from core.errors import UnknownSymbolError
from core.model.symbol import Symbol, SymbolKind
from core.ports import DefinitionReader, SymbolReader

_MAX_CANDIDATES = 10
_MAX_MATCHES = 100
_MAX_NEAR = 20_000
"""Names that a misspelt one is compared with; the comparison is quadratic in their length."""
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d{0,8})")


class NameReader(SymbolReader, DefinitionReader, Protocol):
    """What is asked for names."""


def resolve_symbol(reader: NameReader, name: str) -> Symbol:
    """The symbol that `name` stands for: an id, a qualified name, a unique suffix of one, or a place `path:line`.

    Raises `UnknownSymbolError` with at most ten candidates where there is none or more than one; without any match these
    are names that look alike.
    """
    wanted = name.strip()
    at_place = symbol_at(reader, wanted)
    if at_place is not None:
        return at_place
    found = reader.find_symbols(wanted, _MAX_MATCHES) if wanted else []
    for candidates in _by_evidence(wanted, found):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise UnknownSymbolError(
                f"{wanted!r} names {_count(candidates)} symbols",
                next_step="choose one by its id: " + ", ".join(symbol.id for symbol in candidates[:_MAX_CANDIDATES]),
                candidates=tuple(symbol.id for symbol in candidates[:_MAX_CANDIDATES]),
            )
    near = near_names(reader, wanted)
    raise UnknownSymbolError(
        f"there is no symbol {wanted!r}",
        next_step="did you mean " + ", ".join(near) + "?" if near else "search for it first",
        candidates=tuple(near),
    )


def symbol_at(reader: SymbolReader, place: str) -> Symbol | None:
    """The innermost symbol around `path:line`; None where `place` is not written so or lies in no indexed file."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    line = int(match["line"])
    around = [
        symbol
        for symbol in reader.symbols_of(match["path"].removeprefix("./"))
        if symbol.kind is SymbolKind.MODULE or symbol.start_line <= line <= symbol.end_line
    ]
    return min(around, key=lambda symbol: (symbol.kind is SymbolKind.MODULE, _lines(symbol), symbol.key), default=None)


def near_names(reader: NameReader, name: str) -> list[str]:
    """Ids of symbols whose name looks like the last part of `name`, best first, at most ten."""
    last = name.rpartition(".")[2].lower()
    if not last:
        return []
    table = reader.definition_table()
    by_name: dict[str, list[int]] = {}
    for row, name_of in enumerate(table.name_of):
        if abs(len(name_of) - len(last)) <= 3:
            by_name.setdefault(name_of.lower(), []).append(row)
    # Names that share their beginning or their end come first, should there be too many to compare.
    names = nsmallest(_MAX_NEAR, by_name, key=lambda text: (text[:1] != last[:1], text[-1:] != last[-1:], text))
    near = get_close_matches(last, names, n=_MAX_CANDIDATES, cutoff=0.7)
    rows = [row for text in near for row in sorted(by_name[text], key=lambda row: (table.paths[int(table.files[row])], row))]
    return [symbol.id for symbol in reader.symbols(table.keys[rows[:_MAX_CANDIDATES]].tolist())]


def _by_evidence(name: str, found: Sequence[Symbol]) -> Iterable[list[Symbol]]:
    """Symbols that `name` may mean, the surest way of naming first; a way that names something outweighs the rest."""
    yield [symbol for symbol in found if symbol.id == name]
    yield [symbol for symbol in found if symbol.qualified_name == name]
    suffix = "." + name
    endings = [symbol for symbol in found if symbol.qualified_name.endswith(suffix) or symbol.id.endswith(suffix)]
    yield [symbol for symbol in endings if symbol.kind is not SymbolKind.EXTERNAL]
    yield endings
    folded = suffix.lower()
    yield [symbol for symbol in found if ("." + symbol.qualified_name).lower().endswith(folded)]


def _count(candidates: Sequence[Symbol]) -> str:
    return f"at least {len(candidates)}" if len(candidates) >= _MAX_MATCHES else str(len(candidates))


def _lines(symbol: Symbol) -> int:
    return symbol.end_line - symbol.start_line
