"""Outlines: what a class or file defines, a line a definition, each with its true line number."""

from __future__ import annotations

from collections.abc import Sequence

from core.context.passages import Passage, nesting
from core.model.context import ExcerptRole
from core.model.symbol import Symbol, SymbolKind

_MAX_MEMBERS = 40
_MIN_MEMBERS = 3
"""Fewer are no orientation."""
_MAX_SIGNATURE = 110
_LISTED = (
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.STRUCT,
    SymbolKind.ENUM,
    SymbolKind.TYPE,
    SymbolKind.FUNCTION,
    SymbolKind.METHOD,
    SymbolKind.CONSTRUCTOR,
)


def outline_passage(owner: Symbol, symbols: Sequence[Symbol], value: float) -> Passage | None:
    """The outline of `owner` (a class or a module) among the `symbols` of its file; None where it would say little."""
    members = [symbol for symbol in symbols if symbol.parent == owner.key and symbol.kind in _LISTED]
    members.sort(key=lambda symbol: symbol.start_line)
    if len(members) < _MIN_MEMBERS:
        return None
    lines = [] if owner.kind == SymbolKind.MODULE else [f"{owner.start_line}: {_signature(owner)}"]
    indent = "  " if lines else ""
    lines += [f"{member.start_line}: {indent}{_signature(member)}" for member in members[:_MAX_MEMBERS]]
    if len(members) > _MAX_MEMBERS:
        lines.append(f"[{len(members) - _MAX_MEMBERS} more left out]")
    shown = (owner.start_line, owner.end_line) if owner.kind != SymbolKind.MODULE else (1, max(1, owner.end_line))
    name = nesting(owner.path, owner.qualified_name)
    why = f"outline of {name}" if name else "outline of the file"
    return Passage(owner.path, (shown,), shown, owner.qualified_name, ExcerptRole.OUTLINE, why, value, "\n".join(lines))


def _signature(symbol: Symbol) -> str:
    text = " ".join((symbol.signature or symbol.name).split())
    return text if len(text) <= _MAX_SIGNATURE else text[: _MAX_SIGNATURE - 2] + " …"
