"""Chunks along the syntax: a function, a method, the head of a class, the rest of a module.

A file is first cut into *units*, whole lines that a definition and its comments fill, and the *gaps* between them.
A function that fits is one chunk with all that is nested in it; one that does not, a class and the module are taken
apart: each unit within becomes chunks of its own, each gap a part of what is around it. A comment of some length that
stands by itself in a gap, a *remark*, is a chunk as well. Gaps that are still too long are
split where the fewest constructs are torn. What no grammar reads is cut in `indexing/documents`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from core.model.chunk import ChunkKind
from core.model.symbol import Definition, SymbolKind
from indexing.cuts import Cuts, indented_cuts, syntax_cuts
from indexing.kinds import LAMBDA
from indexing.languages.lines import Lines

if TYPE_CHECKING:
    from core.settings import ChunkSettings
    from indexing.languages.extractor import Analysis
    from indexing.languages.grammar import Syntax

MAX_OUTLINE_LINES = 60
"""Members told in the outline of a class, at most; its bytes stay below half a chunk besides."""

LEAST_WORDS = 20
"""Of a remark that is a chunk by itself, some two sentences; a shorter one is mostly a heading of what follows."""

_WORD = re.compile(rb"[A-Za-z]{2,}|[^\x00-\x7f]+")

_METHODS = frozenset({SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_FUNCTIONS = _METHODS | {SymbolKind.FUNCTION, SymbolKind.LAMBDA}
_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM})
_NAMED_FUNCTIONS, _UNITS = _FUNCTIONS - {LAMBDA}, _FUNCTIONS | _CLASSES


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk before its fingerprint: the bytes `[start, end)` of the text, trimmed of white space at its ends."""

    start: int
    end: int
    kind: ChunkKind
    definition: int
    part: int
    outline: str
    owner: int = -1
    """The outermost function around it, -1 outside of all."""


@dataclass(slots=True)
class _Unit:
    """The lines of a definition, and the units within."""

    start: int
    end: int
    definition: int
    within: list[_Unit] = field(default_factory=list)


def chunk_code(text: bytes, lines: Lines, analysis: Analysis, syntax: Syntax | None, settings: ChunkSettings) -> list[Piece]:
    """The chunks of a file that a grammar or (`syntax` is None) a scanner has read; disjoint, in order, holding every byte
    that is not white space."""
    return _CodeChunker(text, lines, analysis, syntax, settings).pieces()


def tells(remark: bytes) -> bool:
    """Whether a remark says enough to be found by itself."""
    return len(_WORD.findall(remark)) >= LEAST_WORDS


class _CodeChunker:
    """Cuts one file."""

    def __init__(
        self, text: bytes, lines: Lines, analysis: Analysis, syntax: Syntax | None, settings: ChunkSettings
    ) -> None:
        self._text = text
        self._lines = lines
        self._definitions = analysis.facts.definitions
        self._leads = analysis.leads
        self._bodies = analysis.bodies
        self._remarks = [span for span in analysis.remarks if tells(text[slice(*span)])]
        # Asked for once: a node keeps the list of its children, of which the root of a long file has thousands.
        self._root = syntax.root if syntax is not None else None
        self._settings = settings
        self._quiet: Cuts | None = None
        self._parts: dict[int, int] = {}
        self._members: dict[int, list[Definition]] = {}
        for definition, body in zip(self._definitions, self._bodies, strict=True):
            if body and definition.kind in _NAMED_FUNCTIONS:
                self._members.setdefault(definition.parent, []).append(definition)

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        waiting: list[_Unit | tuple[int, int, int]] = [self._tree()]
        while waiting:
            item = waiting.pop()
            if isinstance(item, tuple):
                found += self._gaps(*item)
            elif self._is_whole(item):
                found += self._gaps(item.start, item.end, item.definition)
            else:
                position = item.start
                inside: list[_Unit | tuple[int, int, int]] = []
                for unit in item.within:
                    inside += [(position, unit.start, item.definition), unit]
                    position = unit.end
                waiting += reversed([*inside, (position, item.end, item.definition)])
        return found

    def _is_whole(self, unit: _Unit) -> bool:
        """Whether the unit is a function that fits into one chunk, whatever is nested in it."""
        kind = self._definitions[unit.definition].kind
        return not unit.within or (kind in _FUNCTIONS and unit.end - unit.start <= self._settings.max_bytes)

    def _gaps(self, start: int, end: int, definition: int) -> Iterable[Piece]:
        """The parts of `definition` in `[start, end)`; outside of functions a remark is one by itself.

        It tells of something else than its neighbours, in words that drown among theirs.
        """
        if self._definitions[definition].kind not in _FUNCTIONS:
            first = bisect_left(self._remarks, (start, start))
            for left, right in takewhile(lambda span: span[1] <= end, self._remarks[first:]):
                yield from self._gap(start, left, definition)
                yield from self._gap(left, right, definition)
                start = right
        yield from self._gap(start, end, definition)

    def _gap(self, start: int, end: int, definition: int) -> Iterable[Piece]:
        """The parts of `definition` in `[start, end)`."""
        if not self._text[start:end].strip():
            return
        fits = end - start <= self._settings.max_bytes
        cuts = Cuts(self._text, [], []) if fits else self._cuts(start, end)
        kind = self._kind(definition)
        for left, right in cuts.split(start, end, self._settings.max_bytes):
            part = self._parts.get(definition, 0)
            self._parts[definition] = part + 1
            yield Piece(left, right, kind, definition, part, self._outline(definition, part), self._owner(definition))

    def _cuts(self, start: int, end: int) -> Cuts:
        """Where what is too long may be cut: along the tree, else at quiet lines."""
        if self._root is not None:
            return syntax_cuts(self._text, self._lines, self._root, start, end)
        if self._quiet is None:
            self._quiet = indented_cuts(self._text, self._lines)
        return self._quiet

    def _owner(self, definition: int) -> int:
        """The outermost of the functions around. One without a name that wraps much code is none by itself: most of a
        module may stand in it."""
        owner = -1
        while definition > 0:
            if self._definitions[definition].kind in _NAMED_FUNCTIONS:
                owner = definition
            definition = self._definitions[definition].parent
        return owner

    def _kind(self, definition: int) -> ChunkKind:
        kind = self._definitions[definition].kind
        if kind in _METHODS:
            return ChunkKind.METHOD
        if kind in _FUNCTIONS:
            return ChunkKind.FUNCTION
        return ChunkKind.CLASS if kind in _CLASSES else ChunkKind.MODULE

    def _outline(self, index: int, part: int) -> str:
        """A class's first chunk tells its members; what is not the first tells what it is a part of."""
        definition = self._definitions[index]
        if part:
            return definition.signature if index else ""
        if definition.kind not in _CLASSES:
            return ""
        told: list[str] = []
        left = self._settings.max_bytes // 2
        for member in self._members.get(index, ())[:MAX_OUTLINE_LINES]:
            left -= len(member.signature.encode()) + 1
            if left < 0:
                break
            told.append(member.signature)
        return "\n".join(told)

    def _tree(self) -> _Unit:
        """The units of the file, each within the one around it; the module is the outermost."""
        root = _Unit(0, len(self._text), 0)
        path = [root]
        for unit in sorted(self._units(), key=lambda unit: (unit.start, -unit.end)):
            while len(path) > 1 and path[-1].end <= unit.start:
                path.pop()
            around = path[-1]
            # A unit that begins or ends on a line with something of its surroundings cannot be a chunk of whole lines.
            if unit.end > around.end or (around is not root and unit.start <= around.start):
                continue
            around.within.append(unit)
            path.append(unit)
        return root

    def _units(self) -> Iterable[_Unit]:
        lines, text = self._lines, self._text
        for index, definition in enumerate(self._definitions):
            if index == 0 or not self._bodies[index] or definition.kind not in _UNITS:
                continue
            span = definition.span
            if definition.kind is LAMBDA:
                # A function that wraps much code: what lies between its first and its last line.
                start, end = lines.start(span.start_line + 1), lines.start(span.end_line)
                if end - start > self._settings.max_bytes:
                    yield _Unit(start, end, index)
                continue
            lead = self._leads[index]
            start = lines.start(lines.of(lead))
            if not text[start:lead].strip():
                yield _Unit(start, lines.start(span.end_line + 1), index)
