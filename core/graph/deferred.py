"""Which imports do not happen when a module is loaded: those within a function, and those for a type checker alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.kept import Kept
from core.model.symbol import Symbol, SymbolKind
from core.ports import FileReader, SymbolReader

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA})
_TYPES_ALONE = re.compile(r"\s*(?:import|export)\s+type\b")
_FOR_CHECKERS = re.compile(r"\s*if\s+(?:[\w.]+\.)?TYPE_CHECKING\b")
_KEPT_FILES = 200
_MOST_ABOVE = 500
"""Lines above an import in which the condition that it stands under is looked for."""


class DeferredImports:
    """Tells of an import at `path:line` whether it is deferred."""

    def __init__(self, files: FileReader, symbols: SymbolReader) -> None:
        self._files = files
        self._symbols = symbols
        self._kept = Kept[str, tuple[Sequence[str], Sequence[Symbol]]](_KEPT_FILES)

    def __call__(self, path: str, line: int) -> bool:
        lines, functions = self._kept.get(path, self._read)
        if not 0 < line <= len(lines):
            return False
        if any(symbol.start_line < line <= symbol.end_line for symbol in functions) or _TYPES_ALONE.match(lines[line - 1]):
            return True
        indent = _indent(lines[line - 1])
        for above in reversed(lines[max(0, line - 1 - _MOST_ABOVE) : line - 1]):
            if not indent:
                return False
            if above.strip() and _indent(above) < indent:
                if _FOR_CHECKERS.match(above):
                    return True
                indent = _indent(above)
        return False

    def _read(self, path: str) -> tuple[Sequence[str], Sequence[Symbol]]:
        functions = [symbol for symbol in self._symbols.symbols_of(path) if symbol.kind in _CALLABLE]
        return self._files.text(path).split("\n"), functions


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
