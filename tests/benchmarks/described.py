"""Functions and what their doc comments say of them, for asking after the comment was taken out of the tree."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.clone import Fingerprint
from core.model.source import FailedFile, FileRole, SourceFile
from core.model.symbol import SymbolKind
from core.paths import to_os
from core.settings import ChunkSettings, ScanSettings
from indexing.intake.opening import open_source
from indexing.parse import parse
from indexing.scan import scan

_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_COMMENT_LINE = re.compile(rb"\s*(?://|/\*|\*|#|--)")
_TAGGED = re.compile(rb"[@\\:](?:param|return)")
"""Of a doc comment of tags alone, of which an index takes no words."""
_LEAST_LINES = 4

VERSION = 3
"""Of what is taken out; trees made by another are made anew."""


@dataclass(frozen=True, slots=True)
class Described:
    """A function of a file, its lines in the tree without doc comments, and the first paragraph of its own."""

    path: str
    start_line: int
    end_line: int
    name: str
    doc: str


def strip(tree: Path) -> list[Described]:
    """Take the doc comments of all definitions out of the files of `tree`; return what they said of functions."""
    token = CancellationToken()
    with open_source(str(tree), token) as workspace:
        files = [file for file in scan(workspace, ScanSettings(), token).files if file.role is FileRole.SOURCE]
    found: list[Described] = []
    for file in files:
        place = tree / to_os(file.path)
        content = place.read_bytes()
        kept, functions = _without_docs(file, content)
        if functions:
            place.write_bytes(kept)
            found += functions
    return found


def _without_docs(file: SourceFile, content: bytes) -> tuple[bytes, list[Described]]:
    parsed = parse(file, content, ChunkSettings(), lambda _text, _language, pieces: [_NO_FINGERPRINT] * len(pieces))
    if isinstance(parsed, FailedFile) or parsed.encoding != "utf-8":
        return content, []
    lines = content.split(b"\n")
    docstrings = dict(_docstrings(content)) if file.language == "python" else {}
    gone: set[int] = set()
    functions = []
    for definition in parsed.facts.definitions:
        span = definition.span
        own = docstrings.get(definition.name_line) if file.language == "python" else _above(lines, span.start_line)
        if own is None or not (definition.doc or _TAGGED.search(b"\n".join(lines[line - 1] for line in own))):
            continue
        gone.update(own)
        if definition.doc and definition.kind in _FUNCTIONS:
            functions.append((definition, span.start_line, span.end_line))
    before = [0]
    for number in range(1, len(lines) + 1):
        before.append(before[-1] + (number in gone))
    described = []
    for definition, start, end in functions:
        first, last = start - before[start - 1], end - before[end]
        if last - first + 1 >= _LEAST_LINES:
            described.append(Described(file.path, first, last, definition.name, definition.doc))
    return b"\n".join(line for number, line in enumerate(lines, 1) if number not in gone), described


_NO_FINGERPRINT = Fingerprint("", "", "", 0)
"""Nothing here asks what is alike."""


def _docstrings(content: bytes) -> Iterator[tuple[int, range]]:
    """The lines of each docstring that stands before other statements, by the line of its function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or len(node.body) < 2:
            continue
        first = node.body[0]
        if ast.get_docstring(node) is not None and first.end_lineno is not None:
            yield node.lineno, range(first.lineno, first.end_lineno + 1)


def _above(lines: list[bytes], start: int) -> range | None:
    """The lines of the comment directly above line `start`; None where there is none of whole lines."""
    first = start
    while first > 1:
        line = lines[first - 2].strip()
        if line.endswith(b"*/") and not line.startswith((b"/*", b"*")):
            return None  # a block whose last line has words of its own: read no further
        if not _COMMENT_LINE.match(line) and not (first < start and _inside_block(lines, first - 1, start)):
            break
        first -= 1
    return range(first, start) if first < start else None


def _inside_block(lines: list[bytes], line: int, start: int) -> bool:
    """Whether line `line`, which begins with no sign of a comment, is of a block comment that ends above `start`."""
    if not lines[start - 2].strip().endswith(b"*/"):
        return False
    return b"/*" not in b"\n".join(lines[line : start - 1]) and b"*/" not in lines[line - 1]
