"""What a SCOPE means: a folder, a file, or a symbol of the source."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from core.diagrams.source_map import SourceMap
from core.errors import UnknownSymbolError, UsageError
from core.graph.lookup import NameReader, resolve_symbol
from core.model.symbol import Symbol, SymbolKind

_TYPES = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE)
REST = "+"
"""At the end of a SCOPE (`drivers/net/+`): what the picture of that folder tells in one box."""
_COMPARED = 20_000
"""Paths compared with a misspelt one."""


class ScopeKind(StrEnum):
    FOLDER = "folder"
    FILE = "file"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Scope:
    """`path` of the folder or file (empty: the whole source), or of the file that holds `symbol`. Of a folder, `rest` says
    how often to go into the box that tells its smaller parts together."""

    kind: ScopeKind
    path: str
    symbol: Symbol | None = None
    rest: int = 0

    @property
    def of_rest(self) -> str:
        """The SCOPE of the smaller parts of this folder."""
        return "/".join([*([self.path] if self.path else []), *[REST] * (self.rest + 1)])


def resolve_scope(source: SourceMap, scope: str) -> Scope:
    """A path as it is (with or without a closing `/`), else a name of a module, class or function."""
    path = scope.strip().removeprefix("./").rstrip("/")
    if path in source.files:
        return Scope(ScopeKind.FILE, path)
    if path and _is_folder(source, path):
        return Scope(ScopeKind.FOLDER, path)
    folder, rest = _without_rest(path)
    if folder in ("", ".") or (rest and _is_folder(source, folder)):
        return Scope(ScopeKind.FOLDER, folder.removeprefix("."), rest=rest)
    if "/" not in path:
        symbol = _symbol(source, path)
        if symbol is not None:
            if symbol.kind != SymbolKind.MODULE:
                return Scope(ScopeKind.SYMBOL, symbol.path, symbol)
            folder = symbol.path.rpartition("/")[0]
            if symbol.path.endswith("/__init__.py") and _is_folder(source, folder):
                return Scope(ScopeKind.FOLDER, folder)
            return Scope(ScopeKind.FILE, symbol.path)
        if _is_folder(source, path.replace(".", "/")):
            return Scope(ScopeKind.FOLDER, path.replace(".", "/"))
    raise _unknown(source, scope, path)


def find_symbol(reader: NameReader, name: str) -> Symbol:
    """The symbol a diagram is drawn around; `UsageError` without a name, `UnknownSymbolError` where it fits not one."""
    if not name.strip():
        raise UsageError(
            "this diagram needs a symbol", "it is drawn around one", "name a function, method or class after KIND"
        )
    return resolve_symbol(reader, name)


def _symbol(source: SourceMap, name: str) -> Symbol | None:
    try:
        symbol = resolve_symbol(source.reader, name)
    except UnknownSymbolError:
        found = [symbol for symbol in source.reader.find_symbols(name) if symbol.kind != SymbolKind.EXTERNAL]
        modules = [symbol for symbol in found if symbol.kind == SymbolKind.MODULE]
        if len(modules) == 1:
            return modules[0]
        if found:
            raise  # it fits several: which one is for the user to say
        return None
    return None if symbol.kind == SymbolKind.EXTERNAL else symbol


def _without_rest(path: str) -> tuple[str, int]:
    """A path without the signs for the rest at its end, and how many those were."""
    parts = path.split("/")
    kept = len(parts)
    while kept and parts[kept - 1] == REST:
        kept -= 1
    return "/".join(parts[:kept]), len(parts) - kept


def _is_folder(source: SourceMap, path: str) -> bool:
    return bool(source.under(path))


def _unknown(source: SourceMap, scope: str, path: str) -> UsageError:
    known = {path for file in source.files for path in _ancestors(file)}
    near = get_close_matches(path, sorted(known)[:_COMPARED], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "give a folder, file or symbol as the index lists it"
    return UsageError(f"nothing in this index is called {scope}", "", hint)


def _ancestors(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def is_type(symbol: Symbol) -> bool:
    """Whether a symbol is a class or the like."""
    return symbol.kind in _TYPES
