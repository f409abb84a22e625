"""What every language says about its golden source, written down beside it.

`CODESTRATA_REGENERATE_GOLDEN=1 pytest tests/indexing/languages/test_golden.py` writes the files anew; read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.model.clone import Fingerprint
from core.model.source import FileRole, SourceFile
from core.settings import ChunkSettings
from indexing.chunking import Piece
from indexing.languages.registry import language_of, languages, scanned_languages
from indexing.parse import parse
from indexing.parsed import ParsedFile

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = os.environ.get("CODESTRATA_REGENERATE_GOLDEN") == "1"
SETTINGS = ChunkSettings(max_bytes=600, min_bytes=100)
"""Small, so that sources of a hundred lines show every way of cutting."""


def no_fingerprints(text: bytes, language: str, pieces: Sequence[Piece]) -> list[Fingerprint]:
    return [Fingerprint(f"{piece.end - piece.start}", "", "", 0) for piece in pieces]


def source_of(language: str) -> Path:
    return next(path for path in (GOLDEN / language).iterdir() if path.suffix != ".json")


def described(parsed: ParsedFile) -> dict[str, object]:
    facts = parsed.facts
    names = [definition.nesting or "<module>" for definition in facts.definitions]
    return {
        "errors": parsed.errors,
        "definitions": [
            f"{one.kind} {name} {one.span.start_line}-{one.span.end_line} name:{one.name_line} in:{one.parent}"
            f" | {one.signature} | {one.doc}"
            for one, name in zip(facts.definitions, names, strict=True)
        ],
        "references": [f"{one.line} {one.kind} {one.target} @ {names[one.scope]}" for one in facts.references],
        "imports": [
            f"{one.line} {'.' * one.level}{one.module} : {one.name} -> {one.local} @ {names[one.scope]}"
            for one in facts.imports
        ],
        "bindings": [f"{one.line} {one.kind} {one.name} = {one.value} @ {names[one.scope]}" for one in facts.bindings],
        "chunks": [
            f"{one.span.start_line}-{one.span.end_line} {one.kind} {names[one.definition]} part:{one.part}"
            f" bytes:{one.fingerprint.exact} | {one.outline}"
            for one in parsed.chunks
        ],
    }


@pytest.mark.parametrize("language", sorted([*languages(), *scanned_languages()]))
def test_language_says_what_is_written_down(language: str) -> None:
    path = source_of(language)
    content = path.read_bytes()
    assert language_of(path.name, content) == language
    parsed = parse(SourceFile(path.name, language, FileRole.SOURCE, len(content), 0), content, SETTINGS, no_fingerprints)
    assert isinstance(parsed, ParsedFile)
    found = described(parsed)
    expected = path.with_name("expected.json")
    if REGENERATE:
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
