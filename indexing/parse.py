"""One read of a file feeds everything: its text, facts, chunks and their fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import xxhash

from core.model.clone import Fingerprint
from core.model.source import FailedFile, SourceFile
from core.model.symbol import Facts
from core.settings import ChunkSettings
from indexing.chunking import Piece, chunk_code
from indexing.documents.extracted import ExtractionError, extract
from indexing.encodings import EXTRACTED, decode, detect_encoding
from indexing.languages.grammar import ParserError, Syntax, parse_text
from indexing.languages.lines import Lines
from indexing.languages.registry import has_grammar, languages, scanned_languages
from indexing.namings import find_namings
from indexing.parsed import ChunkDraft, ParsedFile
from indexing.wirings import with_wirings

MINIFIED_BYTES, MINIFIED_LINE = 20_000, 500
"""A shorter script is read as it is written; longer lines, on the average, nobody writes."""
_MINIFIABLE = frozenset({"javascript"})
Fingerprinter = Callable[[bytes, str, Sequence[Piece]], list[Fingerprint]]
"""What recognises chunks: (the text as UTF-8, language, the chunks) → a fingerprint each."""


def parse(
    source: SourceFile, content: bytes, settings: ChunkSettings, fingerprinter: Fingerprinter | None = None
) -> ParsedFile | FailedFile:
    """Takes a file apart. `fingerprinter` is `indexing.folding.normalise.fingerprints` unless another is given.

    A file that its grammar cannot wholly read gives what it can, with `errors` set; a file that cannot be read at all is
    a FailedFile.
    """
    fingerprinter = fingerprinter or _fingerprinter()
    try:
        encoding, text = _text_of(source.language, content)
    except UnicodeError as error:
        return FailedFile(source.path, f"cannot be decoded: {error}")
    except ExtractionError as error:
        return FailedFile(source.path, str(error))
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
            fingerprint,
        )
        for piece, fingerprint in zip(pieces, fingerprinter(text, source.language, pieces), strict=True)
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
        text if encoding in EXTRACTED else None,
    )


def _text_of(language: str, content: bytes) -> tuple[str, bytes]:
    """The encoding of a file and its text in UTF-8."""
    if language in EXTRACTED:
        return language, extract(language, content).encode("utf-8")
    encoding = detect_encoding(content)
    return encoding, content if encoding == "utf-8" else decode(content, encoding).encode("utf-8")


def is_minified(language: str, text: bytes) -> bool:
    """Whether a script is too large for the few lines it has. Such a file is not taken apart: its names say nothing, and
    there are tens of thousands of them."""
    if language not in _MINIFIABLE or len(text) <= MINIFIED_BYTES:
        return False
    return len(text) > MINIFIED_LINE * (text.count(b"\n") + 1)


def _fingerprinter() -> Fingerprinter:
    from indexing.folding.normalise import fingerprints

    return fingerprints


def _take_apart(
    language: str, text: bytes, lines: Lines, settings: ChunkSettings
) -> tuple[Syntax | None, Facts, list[Piece]]:
    syntax = parse_text(language, text) if has_grammar(language) and not is_minified(language, text) else None
    if syntax is not None and syntax.readable():
        analysis = languages()[language].extractor()(text, syntax).analyse()
        return syntax, _named(language, text, lines, analysis.facts), chunk_code(text, lines, analysis, syntax, settings)
    if syntax is None and (scanned := scanned_languages().get(language)) is not None:
        analysis = scanned.scanner()(text).analyse()
        return None, _named(language, text, lines, analysis.facts), chunk_code(text, lines, analysis, None, settings)
    from indexing.documents.reading import read_document  # most updates hold no document, and need none of its readers

    # What is taken out of a document is written as Markdown.
    document = read_document("markdown" if language in EXTRACTED else language, text, lines, settings)
    return syntax, document.facts, document.pieces


def _named(language: str, text: bytes, lines: Lines, facts: Facts) -> Facts:
    namings = find_namings(language, text, lines, facts.definitions)
    return with_wirings(language, text, lines, replace(facts, namings=namings) if namings else facts)
