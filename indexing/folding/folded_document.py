"""The folded source as one Markdown document within a budget of LLM tokens: what a person hands to any model.

Files come in the order of their importance: hand-written code before tests before the rest, and within these the files that
most others use. A file that does not fit is told by its signatures, and what remains by a line with their number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from core.cancellation import CancellationToken
from core.context.redact import redact_text
from core.errors import UsageError
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole, IndexedFile
from core.model.symbol import SymbolKind
from core.ports import IndexReader, TokenCounter
from indexing.folding.folded_text import Copy, copies_by_chunk, fold_text

_KINDS = (EdgeKind.CALLS, EdgeKind.IMPORTS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)
_WEIGHTS = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.5, Confidence.NAME: 0.0}
_TOLD_BY_SIGNATURE = frozenset(
    (
        SymbolKind.CLASS,
        SymbolKind.INTERFACE,
        SymbolKind.STRUCT,
        SymbolKind.FUNCTION,
        SymbolKind.METHOD,
        SymbolKind.CONSTRUCTOR,
    )
)
_INTRODUCTION = """\
# {files} files, folded

Repeated code stands once; `folded:` names the copy that was kept. The most used files come first.
"""
_REST = "\n*{count} more files did not fit.*\n"
_MAX_MISSES = 200
"""After so many files in a row that fit in no form the rest is not tried."""
_SMALLEST_SECTION = 12
"""LLM tokens below which no section fits."""


@dataclass(frozen=True, slots=True)
class _Section:
    text: str
    tokens: int


def write_document(
    reader: IndexReader, counter: TokenCounter, budget: int, cancellation: CancellationToken
) -> tuple[str, int, int]:
    """The document, the number of files in it and its LLM tokens, which are at most `budget`.

    Raises UsageError where not even one file's signatures fit.
    """
    files = by_importance(reader)
    copies = copies_by_chunk(reader.clone_classes())
    head = _INTRODUCTION.format(files=len(files))
    left = budget - counter.count(head + _REST.format(count=len(files)))
    sections: list[_Section] = []
    misses = 0
    for file in files:
        cancellation.check("writing the folded source")
        if left < _SMALLEST_SECTION or misses >= _MAX_MISSES:
            break
        section = _section(reader, file, copies, counter, left)
        if section:
            sections.append(section)
            left -= section.tokens
        misses = 0 if section else misses + 1
    while sections:
        document = head + "".join(section.text for section in sections)
        if len(sections) < len(files):
            document += _REST.format(count=len(files) - len(sections))
        tokens = counter.count(document)
        if tokens <= budget:
            return document, len(sections), tokens
        sections.pop()  # joined text may count a few more tokens than its parts
    raise UsageError(f"a budget of {budget} tokens holds no file", "", "give a larger budget")


def by_importance(reader: IndexReader) -> list[IndexedFile]:
    """All files: by role, then by how many other files use them, then by path."""
    paths = {symbol.key: symbol.path for symbol in reader.all_symbols() if symbol.path}
    users: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for edge in reader.edges(_KINDS):
        source, target = paths.get(edge.source), paths.get(edge.target)
        if source and target and source != target:
            users[target][source] = max(users[target].get(source, 0.0), _WEIGHTS[edge.confidence])
    roles = {role: position for position, role in enumerate(FileRole)}
    return sorted(reader.files(), key=lambda file: (roles[file.role], -sum(users[file.path].values()), file.path))


def _section(
    reader: IndexReader, file: IndexedFile, copies: Mapping[int, Copy], counter: TokenCounter, left: int
) -> _Section | None:
    """A file's folded text, its signatures where that is too long, or nothing."""
    # A token is rarely longer than some dozen bytes, so a file far above needs no counting.
    if file.size < 16 * left + 1_000:
        text = fold_text(reader.text(file.path).encode(), file.language, reader.chunks_of(file.path), copies).text.decode()
        section = _fenced(file, text, counter)
        if section.tokens <= left:
            return section
    signatures = [s.signature for s in reader.symbols_of(file.path) if s.kind in _TOLD_BY_SIGNATURE and s.signature]
    if not signatures:
        return None
    section = _fenced(file, "\n".join(signatures), counter, " (signatures)")
    return section if section.tokens <= left else None


def _fenced(file: IndexedFile, text: str, counter: TokenCounter, remark: str = "") -> _Section:
    text, _ = redact_text(text, file.path)  # the document is made to be handed to a model
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    section = f"\n## {file.path}{remark}\n\n{fence}{file.language}\n{text.rstrip()}\n{fence}\n"
    return _Section(section, counter.count(section))
