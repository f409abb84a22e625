"""Wording: symbols and places in the words of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.context.passages import LineRange, Passage, Texts, joined, nesting
from core.context.redact import redact_text
from core.context.shortening import head_of
from core.model.context import ExcerptRole
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind

_MAX_DOC = 220
_MAX_SIGNATURE = 120
_MAX_LINES = 5
_WHOLE = 60
"""Lines; a definition up to this long is cited whole."""
_ABOVE = 500
"""Lines above a definition in which its doc comment may begin."""
_NAME_WITHIN = 12
"""Lines of a definition in which its name stands: annotations and what it returns come before."""
_FIRST_WORDS, _DOC_LINES = 4, 4
_VERBS = {
    EdgeKind.CALLS: "calls",
    EdgeKind.IMPORTS: "imports",
    EdgeKind.INHERITS: "inherits from",
    EdgeKind.IMPLEMENTS: "implements",
    EdgeKind.OVERRIDES: "overrides",
    EdgeKind.REFERENCES: "refers to",
    EdgeKind.CONTAINS: "contains",
}
_HALF_A_WORD = re.compile(r"\w+$")
_COMMENT = re.compile(r"\s(?:#|//|/\*)\s?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`'\"(])")


def short_name(symbol: Symbol) -> str:
    """`Class.method`, a function's name, or a module's path, as a person would say it."""
    if symbol.kind == SymbolKind.EXTERNAL:
        return symbol.qualified_name
    return nesting(symbol.path, symbol.qualified_name) or symbol.path


def quoted(symbol: Symbol) -> str:
    """The short name in backticks."""
    return f"`{short_name(symbol)}`"


def where(symbol: Symbol) -> str:
    """The path and lines of a symbol in words."""
    return f"`{symbol.path}`, {lines_in_words(symbol.start_line, symbol.end_line)}"


def introduced(symbol: Symbol) -> str:
    """What a symbol is, where it is, and what it says of itself; a module is named after its path."""
    kind = f"{'an' if symbol.kind[0] in 'aeiou' else 'a'} {symbol.kind}"
    is_module = symbol.kind == SymbolKind.MODULE
    place = f", {lines_in_words(symbol.start_line, symbol.end_line)}" if is_module else f" in {where(symbol)}"
    told = described(symbol)
    return f"{quoted(symbol)} is {kind}{place}" + (f": {told}" if told else "")


def lines_in_words(start_line: int, end_line: int) -> str:
    """`line 7` or `lines 7–9`."""
    return f"line {start_line}" if start_line == end_line else f"lines {start_line}–{end_line}"


def described(symbol: Symbol) -> str:
    """What a symbol says of itself: the first sentence of its doc comment, else its signature; may be empty."""
    # Redacted before they are cut: of half a secret the form is gone.
    doc = " ".join(redact_text(symbol.doc, symbol.path)[0].split())
    if doc:
        first = _SENTENCE_END.split(doc, maxsplit=1)[0].rstrip(" .:;,")
        if len(first) > _MAX_DOC:
            first = first[:_MAX_DOC].rsplit(" ", 1)[0] + " …"
        return f"“{first.replace('`', '')}”"
    signature = _COMMENT.split(" ".join(redact_text(symbol.signature, symbol.path)[0].split()), maxsplit=1)[0].rstrip("{: ")
    if signature and signature != symbol.name and "`" not in signature:
        if len(signature) > _MAX_SIGNATURE:
            signature = f"{_HALF_A_WORD.sub('', signature[:_MAX_SIGNATURE]).rstrip()} …"
        return f"`{signature}`"
    return ""


def verb(edge: Edge) -> str:
    """What an edge says its source does, with its doubt."""
    doubt = {Confidence.EXACT: "", Confidence.INFERRED: " probably", Confidence.NAME: " possibly"}[edge.confidence]
    return f"{doubt} {_VERBS[edge.kind]}".strip()


def enumerated(names: Sequence[str], total: int | None = None) -> str:
    """`a`, `b` and `c`; or with "and 4 more" where `total` is larger."""
    more = (total or len(names)) - len(names)
    if more > 0:
        return f"{', '.join(names)} and {more} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def definition_passage(symbol: Symbol, texts: Texts, why: str, value: float = 1.0) -> Passage:
    """The lines that show what a symbol is: all of a short one, the beginning of a longer, and the beginning of the comment
    above that speaks of it."""
    scope = texts.clamp(symbol.path, symbol.start_line, symbol.end_line)
    lines = texts.lines(symbol.path)
    kept: LineRange = scope
    if scope[1] - scope[0] >= _WHOLE:
        head = head_of(lines, scope)
        kept = (scope[0], min(scope[1], max(head[1], scope[0] + 24)))
    ranges = joined([*_doc_above(symbol, lines), kept])
    scope = (ranges[0][0], ranges[-1][1])
    return Passage(symbol.path, ranges, scope, symbol.qualified_name, ExcerptRole.DEFINITION, why, value)


def _doc_above(symbol: Symbol, lines: Sequence[str]) -> list[LineRange]:
    """The lines above a definition where its doc comment begins; none where it stands within, as in Python."""
    words = symbol.doc.split()[:_FIRST_WORDS]
    if not words or symbol.kind == SymbolKind.MODULE:
        return []
    start = " ".join(words)
    for first in range(symbol.start_line - 1, max(0, symbol.start_line - _ABOVE), -1):
        said = " ".join(" ".join(line.strip(" \t/*#!-;%") for line in lines[first - 1 : first + 2]).split())
        if said.startswith(start):
            return [(first, min(first + _DOC_LINES - 1, symbol.start_line - 1))]
    return []


def edge_passage(edges: Sequence[Edge], source: Symbol, texts: Texts, why: str, value: float = 0.6) -> Passage:
    """The lines where edges of one source are stated, with the first line of the definition around them and the line of its
    name, which in C may be another."""
    path = edges[0].path or source.path
    start, end = texts.clamp(path, source.start_line if path == source.path else edges[0].line, source.end_line)
    lines = [min(max(edge.line, start), end) for edge in edges]
    shown = texts.lines(path)[start - 1 : min(end, start + _NAME_WITHIN)]
    named = next((number for number, line in enumerate(shown, start) if source.name in line), start)
    kept = joined([(start, start), (named, named), *((max(start, line - 1), min(end, line + 1)) for line in lines)])
    role = ExcerptRole.CALLER if edges[0].kind == EdgeKind.CALLS else ExcerptRole.DEFINITION
    return Passage(path, kept, (kept[0][0], kept[-1][1]), source.qualified_name, role, why, value)


def stated_at(edges: Sequence[Edge], source: Symbol) -> str:
    """Where edges of one source are stated: the path unless the source is that file, and the first lines."""
    lines = [str(line) for line in sorted({edge.line for edge in edges})]
    numbers = f"line {lines[0]}" if len(lines) == 1 else f"lines {enumerated(lines[:_MAX_LINES], len(lines))}"
    path = edges[0].path or source.path
    return numbers if quoted(source) == f"`{path}`" else f"`{path}`, {numbers}"
