"""Jupyter notebooks: a cell is a chunk, its text the JSON strings of its source as they stand in the file.

A span counts in the file's own text, so a quotation is what an editor shows at those lines, quotes and `\\n` included. What
a cell put out, and what surrounds it, is in no chunk and so found by no search. The code cells together are read as one
module by the grammar of the kernel's language; each definition is placed back on the lines of the JSON.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.model.chunk import ChunkKind
from core.model.source import Span
from core.model.symbol import Definition, Facts, Reference, ReferenceKind, SymbolKind
from core.settings import ChunkSettings
from indexing.chunking import Piece
from indexing.cuts import Cuts, indented_cuts
from indexing.documents.chunking import Document
from indexing.documents.json_text import TOKEN
from indexing.documents.mentions import written
from indexing.headings import headings
from indexing.languages.grammar import parse_text
from indexing.languages.lines import Lines
from indexing.languages.registry import has_grammar, languages

LANGUAGE = "jupyter"
MAX_CELLS = 10_000
_MAX_CODE_BYTES = 1_000_000
_KERNEL = re.compile(
    rb'"(?:language_info|kernelspec)"\s*:\s*\{[^{}]*?(?:\{[^{}]*\}[^{}]*?)?"(?:name|language)"\s*:\s*"(\w{1,40})"'
)
_TAIL_BYTES = 20_000
_MAGIC = re.compile(rb"[ \t]*[%!?]")
_OTHER_LANGUAGE = re.compile(rb"\s*%%(?!time\b|timeit\b|capture\b|prun\b)")


@dataclass(frozen=True, slots=True)
class _Cell:
    """The strings of a cell's source as spans of the file, quotes included; `[start, end)` holds all of them."""

    kind: str
    strings: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.strings[0][0]

    @property
    def end(self) -> int:
        return self.strings[-1][1]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a cell, without its line feed, and the string of the file that it was written in."""

    text: bytes
    start: int
    end: int


def read_notebook(text: bytes, lines: Lines, settings: ChunkSettings) -> Document | None:
    """The cells of a notebook; None for JSON that is none."""
    cells = list(_cells(text))
    if not cells:
        return None
    facts = _code_facts(text, lines, cells)
    outer = sorted((one.span.start, index) for index, one in enumerate(facts.definitions) if one.parent == 0)
    pieces: list[Piece] = []
    references: list[Reference] = []
    path: list[tuple[int, str]] = []
    cuts: Cuts | None = None
    for cell in cells:
        definition = 0
        if cell.kind == "code":
            first = bisect_left(outer, (cell.start, 0))
            definition = outer[first][1] if first < len(outer) and outer[first][0] < cell.end else 0
        elif cell.kind == "markdown":
            rows = list(_rows(text, cell))
            prose = b"\n".join(row.text for row in rows)
            for heading in headings(prose, Lines(prose), "markdown"):
                while path and path[-1][0] >= heading.level:
                    path.pop()
                path.append((heading.level, heading.title))
            places = [row.start for row in rows]
            ends = Lines(prose)
            for mention in written(prose):
                line = lines.of(places[min(ends.of(mention.at), len(places)) - 1])
                references.append(Reference(ReferenceKind.READ, mention.target, 0, line))
        if cell.end - cell.start > settings.max_bytes:
            cuts = cuts or indented_cuts(text, lines)
        spans = (cuts or Cuts(text, [], [])).split(cell.start, cell.end, settings.max_bytes)
        outline = " > ".join(title for _, title in path)[: settings.max_bytes // 2]
        pieces += [Piece(*span, ChunkKind.SECTION, definition, part, outline) for part, span in enumerate(spans)]
    return Document(replace(facts, references=(*facts.references, *references)), pieces)


def _cells(text: bytes) -> Iterator[_Cell]:
    """The cells with a source, found by where they stand: objects in an array `cells`, in any depth (worksheets)."""
    depth = count = 0
    cells_at = -1  # the depth of the objects in `cells`
    key, kind = b"", ""
    strings: list[tuple[int, int]] = []
    waiting = False
    for found in TOKEN.finditer(text):
        sign = text[found.start() : found.start() + 1]
        if sign in (b"{", b"["):
            depth += 1
            if sign == b"[" and key == b'"cells"' and cells_at < 0:
                cells_at = depth + 1
            elif sign == b"{" and depth == cells_at:
                kind, strings = "", []
            waiting = False
        elif sign in (b"}", b"]"):
            if depth == cells_at and sign == b"}" and strings:
                yield _Cell(kind, tuple(strings))
                strings = []
                count += 1
                if count == MAX_CELLS:
                    return
            elif depth < cells_at:
                cells_at = -1
            depth = max(0, depth - 1)
        elif found.end(2) >= 0:
            if depth <= cells_at or cells_at < 0:
                key, waiting = found[1], True
        elif sign == b'"':
            within = depth == cells_at + 1 and not waiting
            if key in (b'"source"', b'"input"') and (within or (depth == cells_at and waiting)):
                strings.append((found.start(), found.end(1)))
            elif key == b'"cell_type"' and depth == cells_at:
                kind = found[1].strip(b'"').decode("utf-8", "replace")
            waiting = False


def _rows(text: bytes, cell: _Cell) -> Iterator[_Row]:
    for start, end in cell.strings:
        try:
            content = json.loads(text[start:end], strict=False)
        except ValueError:
            continue
        raw = str(content).encode("utf-8", "replace")
        for row in raw.removesuffix(b"\n").split(b"\n"):
            yield _Row(row.rstrip(b"\r"), start, end)


def _code_facts(text: bytes, lines: Lines, cells: list[_Cell]) -> Facts:
    """What the code cells define and use; without a grammar for their language the module alone."""
    module = Definition("", "", SymbolKind.MODULE, lines.span(0, len(text)), 1, -1, "", "")
    kernel = _KERNEL.search(text, max(0, len(text) - _TAIL_BYTES)) or _KERNEL.search(text, 0, _TAIL_BYTES)
    language = kernel[1].decode().lower() if kernel else "python"
    language = "python" if language.startswith("python") else language
    rows = list(_code_rows(text, cells)) if has_grammar(language) else []
    if not rows:
        return Facts((module,), (), (), ())
    code = b"\n".join(row.text for row in rows)
    syntax = parse_text(language, code)
    if not syntax.readable():
        return Facts((module,), (), (), ())
    facts = languages()[language].extractor()(code, syntax).analyse().facts
    at = [lines.of(row.start) for row in rows]

    def line_of(line: int) -> int:
        return at[min(max(line, 1), len(at)) - 1]

    def placed(span: Span) -> Span:
        first, last = rows[min(span.start_line, len(rows)) - 1], rows[min(span.end_line, len(rows)) - 1]
        return Span(first.start, last.end, line_of(span.start_line), lines.of(last.end - 1))

    definitions = [replace(one, span=placed(one.span), name_line=line_of(one.name_line)) for one in facts.definitions[1:]]
    return Facts(
        (replace(module, doc=facts.definitions[0].doc), *definitions),
        tuple(replace(one, line=line_of(one.line)) for one in facts.references),
        tuple(replace(one, line=line_of(one.line)) for one in facts.imports),
        tuple(replace(one, line=line_of(one.line)) for one in facts.bindings),
    )


def _code_rows(text: bytes, cells: list[_Cell]) -> Iterator[_Row]:
    size = 0
    for cell in cells:
        if cell.kind != "code" or size > _MAX_CODE_BYTES:
            continue
        rows = list(_rows(text, cell))
        if rows and _OTHER_LANGUAGE.match(rows[0].text):
            continue
        for row in rows:
            size += len(row.text) + 1
            # A magic command is no code, but something may have to stand below an `if`.
            if _MAGIC.match(row.text):
                indent = row.text[: len(row.text) - len(row.text.lstrip())]
                yield replace(row, text=indent + b"pass")
            else:
                yield row
