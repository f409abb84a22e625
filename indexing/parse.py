"""One read of a file feeds everything: its text, facts, chunks and their fingerprints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xxhash

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from core.model.source import FailedFile, SourceFile
from core.model.symbol import Definition, Facts, SymbolKind
from core.settings import ChunkSettings
from indexing.chunking import Piece, chunk_code, chunk_document, chunk_text
from indexing.encodings import decode, detect_encoding
from indexing.headings import DOCUMENTS
from indexing.languages.grammar import ParserError, Syntax, parse_text
from indexing.languages.lines import Lines
from indexing.languages.registry import has_grammar, languages
from indexing.parsed import ChunkDraft, ParsedFile

Fingerprinter = Callable[[bytes, str, ChunkKind], Fingerprint]
"""What recognises a chunk: (its bytes as UTF-8, language, kind) → fingerprint."""


def parse(
    source: SourceFile, content: bytes, settings: ChunkSettings, fingerprint: Fingerprinter | None = None
) -> ParsedFile | FailedFile:
    """Takes a file apart. `fingerprint` is `indexing.folding.normalise.fingerprint` unless another is given.

    A file that its grammar cannot wholly read gives what it can, with `errors` set; a file that cannot be read at all is
    a FailedFile.
    """
    fingerprint = fingerprint or _fingerprinter()
    try:
        encoding = detect_encoding(content)
        text = content if encoding == "utf-8" else decode(content, encoding).encode("utf-8")
    except UnicodeError as error:
        return FailedFile(source.path, f"cannot be decoded: {error}")
    lines = Lines(text)
    try:
        syntax, facts, pieces = _take_apart(source.language, text, lines, settings)
    except (ParserError, MemoryError) as error:
        return FailedFile(source.path, f"cannot be parsed: {error or type(error).__name__}")
    drafts = tuple(
        ChunkDraft(
            lines.span(piece.start, piece.end),
            piece.kind,
            piece.definition,
            piece.part,
            piece.outline,
            fingerprint(text[piece.start : piece.end], source.language, piece.kind),
        )
        for piece in pieces
    )
    return ParsedFile(
        source,
        content,
        xxhash.xxh3_128_hexdigest(content),
        encoding,
        syntax is not None and syntax.errors,
        facts,
        drafts,
        np.zeros((0, 0), np.float32),
    )


def _fingerprinter() -> Fingerprinter:
    from indexing.folding.normalise import fingerprint

    return fingerprint


def _take_apart(
    language: str, text: bytes, lines: Lines, settings: ChunkSettings
) -> tuple[Syntax | None, Facts, list[Piece]]:
    syntax = parse_text(language, text) if has_grammar(language) else None
    if syntax is not None and syntax.readable():
        analysis = languages()[language].extractor()(text, syntax).analyse()
        return syntax, analysis.facts, chunk_code(text, lines, analysis, syntax, settings)
    module = Definition("", "", SymbolKind.MODULE, lines.span(0, len(text)), 1, -1, "", "")
    document = language in DOCUMENTS
    pieces = chunk_document(text, lines, language, settings) if document else chunk_text(text, lines, settings)
    return syntax, Facts((module,), (), (), ()), pieces
