"""Pairs of a doc comment and its function in every language there is a grammar for: what `refine` trains on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.clone import Fingerprint
from core.model.source import FailedFile, FileRole, SourceFile
from core.model.symbol import SymbolKind
from core.paths import to_os
from core.settings import ChunkSettings, ScanSettings
from indexing.embedding.pairs import MAX_CODE, MIN_WORDS, Pair, first_paragraph, pairs_of
from indexing.intake.opening import open_source
from indexing.parse import parse
from indexing.scan import scan

_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.MACRO)
_NO_FINGERPRINT = Fingerprint("", "", "", 0)


def read_documented(tree: Path, limit: int, seed: int = 0) -> Iterator[Pair]:
    """Yield at most `limit` pairs of the hand-written sources below `tree`, files in drawn order; no tests, no examples."""
    token = CancellationToken()
    with open_source(str(tree), token) as workspace:
        files = [file for file in scan(workspace, ScanSettings(), token).files if file.role is FileRole.SOURCE]
    random.Random(seed).shuffle(files)
    count = 0
    for file in files:
        for pair in documented(file, (tree / to_os(file.path)).read_bytes()):
            yield pair
            count += 1
            if count >= limit:
                return


def documented(file: SourceFile, content: bytes) -> Iterator[Pair]:
    """Yield the pairs of one file; none of one that cannot be read."""
    if file.language == "python":
        yield from pairs_of(content.decode("utf-8", "replace"), file.path)
        return
    parsed = parse(file, content, ChunkSettings(), lambda _text, _language, pieces: [_NO_FINGERPRINT] * len(pieces))
    if isinstance(parsed, FailedFile) or parsed.encoding != "utf-8":
        return
    for definition in parsed.facts.definitions:
        description = first_paragraph(definition.doc)
        if definition.kind in _FUNCTIONS and len(description.split()) >= MIN_WORDS:
            code = content[definition.span.start : definition.span.end].decode("utf-8", "replace")
            if "\n" in code.strip():
                yield Pair(description, code[:MAX_CODE], definition.name, file.path)
