"""A document into symbols, references and chunks: what every reader's parts have in common.

Prose is cut at each heading. Another structure is cut only where it must be: a part that fits into a chunk is one, one that
does not gives its head and its inner parts. Sections that are too short are joined to their neighbours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from core.model.chunk import ChunkKind
from core.model.symbol import Definition, Facts, Reference, ReferenceKind, SymbolKind
from core.settings import ChunkSettings
from indexing.chunking import Piece
from indexing.cuts import Cuts, indented_cuts
from indexing.documents.parts import MAX_SYMBOLS, Mention, Part, Reading
from indexing.languages.lines import Lines

_MAX_SECTIONS = 1_000
"""Where the admitted smallest size would give more sections, they are joined up to a larger one: data, not text."""
_HEADED = 4
"""How many times longer than an opening line what follows must be, to give both its name."""
_MAX_MENTIONS = 2_000
_MAX_SIGNATURE = 160
_MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read as a document: its facts and its chunks."""

    facts: Facts
    pieces: list[Piece]


@dataclass(slots=True)
class _Section:
    """Bytes `[start, end)` that become a chunk; `part` is the innermost part around all of it, -1 for none."""

    start: int
    end: int
    part: int
    alone: bool = False


def document_of(text: bytes, lines: Lines, reading: Reading, settings: ChunkSettings) -> Document:
    """The facts and chunks of a text whose structure has been read."""
    parts = reading.parts
    ends, parents = _nested(parts, len(text))
    definitions, defined = _definitions(text, lines, parts, ends, parents)
    references = _references(lines, reading.mentions, parts, defined)
    sections: Iterable[_Section]
    if reading.prose:
        sections = _prose_sections(parts, len(text), settings)
    else:
        sections = _structure_sections(parts, ends, parents, len(text), settings)
    kind = ChunkKind.SECTION if reading.prose else ChunkKind.TEXT
    pieces: list[Piece] = []
    cuts: Cuts | None = None
    for section in sections:
        outline = " > ".join(_titles(parts, parents, section.part))[: settings.max_bytes // 2]
        definition = defined[section.part] if section.part >= 0 else 0
        target = settings.max_bytes if reading.prose else max(1, settings.max_bytes // 2)
        if section.end - section.start <= (settings.max_bytes if parts else target):
            spans = Cuts(text, [], []).split(section.start, section.end, settings.max_bytes)
        else:
            cuts = cuts or indented_cuts(text, lines)
            spans = cuts.split(section.start, section.end, target, settings.max_bytes)
        pieces += [Piece(*span, kind, definition, part, outline) for part, span in enumerate(spans)]
    return Document(Facts(tuple(definitions), tuple(references), (), ()), pieces)


def _nested(parts: Sequence[Part], size: int) -> tuple[list[int], list[int]]:
    """Where each part ends, and which part it lies in (-1: none)."""
    ends, parents = [size] * len(parts), [-1] * len(parts)
    path: list[int] = []
    for index, part in enumerate(parts):
        while path and parts[path[-1]].level >= part.level:
            ends[path.pop()] = part.start
        parents[index] = path[-1] if path else -1
        path.append(index)
    return ends, parents


def _titles(parts: Sequence[Part], parents: Sequence[int], part: int) -> list[str]:
    found: list[str] = []
    while part >= 0:
        if parts[part].title:
            found.append(parts[part].title)
        part = parents[part]
    return found[::-1]


def _definitions(
    text: bytes, lines: Lines, parts: Sequence[Part], ends: Sequence[int], parents: Sequence[int]
) -> tuple[list[Definition], list[int]]:
    """The module and the symbols, and for each part the index of the innermost symbol around it."""
    definitions = [Definition("", "", SymbolKind.MODULE, lines.span(0, len(text)), 1, -1, "", "")]
    defined: list[int] = []
    for index, part in enumerate(parts):
        around = defined[parents[index]] if parents[index] >= 0 else 0
        name = part.name or part.title
        if part.kind is None or not name or len(name) > _MAX_NAME or len(definitions) > MAX_SYMBOLS:
            defined.append(around)
            continue
        outer = definitions[around].nesting
        line = lines.of(part.at)
        first = text[part.at : min(ends[index], lines.start(line + 1), part.at + 4 * _MAX_SIGNATURE)]
        defined.append(len(definitions))
        definitions.append(
            Definition(
                name,
                f"{outer}.{name}" if outer else name,
                part.kind,
                lines.span(part.at, part.at + max(1, len(text[part.at : ends[index]].rstrip()))),
                line,
                around,
                " ".join(first.decode("utf-8", "replace").split())[:_MAX_SIGNATURE],
                "",
            )
        )
    return definitions, defined


def _references(
    lines: Lines, mentions: Sequence[Mention], parts: Sequence[Part], defined: Sequence[int]
) -> Iterator[Reference]:
    """One reference for all mentions of a target within one part."""
    starts = [part.start for part in parts]
    seen: set[tuple[int, str]] = set()
    for mention in mentions:
        part = bisect_right(starts, mention.at) - 1
        if (part, mention.target) in seen:
            continue
        seen.add((part, mention.target))
        if len(seen) > _MAX_MENTIONS:
            return
        yield Reference(ReferenceKind.READ, mention.target, defined[part] if part >= 0 else 0, lines.of(mention.at))


def _prose_sections(parts: Sequence[Part], size: int, settings: ChunkSettings) -> Iterator[_Section]:
    """A section at each heading; one that is too short is joined to the next."""
    least = _least(size, settings)
    begun: _Section | None = _Section(0, 0, -1) if not parts or parts[0].start > 0 else None
    for index in range(-1, len(parts)):
        if index < 0 and begun is None:
            continue
        start = parts[index].start if index >= 0 else 0
        end = parts[index + 1].start if index + 1 < len(parts) else size
        alone = index >= 0 and parts[index].alone
        if begun is not None and alone:
            yield begun
            begun = None
        section = _Section(begun.start if begun else start, end, index)
        if section.end - section.start < least and end < size:
            begun = section
            continue
        yield section
        begun = None


def _structure_sections(
    parts: Sequence[Part], ends: Sequence[int], parents: Sequence[int], size: int, settings: ChunkSettings
) -> list[_Section]:
    """Parts that fit, the heads of those that do not, and short ones joined within the part around them."""
    inner: dict[int, list[int]] = {}
    for index, parent in enumerate(parents):
        inner.setdefault(parent, []).append(index)
    leaves: list[_Section] = []
    waiting = [_Section(0, size, -1)]
    opened: set[int] = set()
    while waiting:
        section = waiting.pop()
        within = inner.get(section.part, ())
        # The file itself is taken apart into its outermost parts even when it is short.
        if not within or section.part in opened or (section.part >= 0 and section.end - section.start <= settings.max_bytes):
            leaves.append(section)
            continue
        opened.add(section.part)
        head = _Section(section.start, parts[within[0]].start, section.part)
        waiting += [_Section(parts[one].start, ends[one], one, parts[one].alone) for one in reversed(within)]
        if head.end > head.start:
            waiting.append(head)
    return _joined(leaves, parents, opened, _least(size, settings), settings.max_bytes)


def _joined(leaves: Sequence[_Section], parents: Sequence[int], opened: Set[int], least: int, most: int) -> list[_Section]:
    """Short leaves put together; of a part that was taken apart the pieces are to be a quarter of what is admitted."""
    found: list[_Section] = []
    inner = max(least, most // 4)
    for leaf in leaves:
        last = found[-1] if found else None
        common = _common(parents, last.part, leaf.part) if last else -1
        enough = inner if common in opened and common >= 0 else least
        # The last one, when it is short, has nothing that follows to be joined to.
        short = last and (last.end - last.start < enough or (leaf is leaves[-1] and leaf.end - leaf.start < least))
        if last and short and not leaf.alone and leaf.end - last.start <= most:
            # The opening line of a part and its first inner part are called after the inner one.
            headed = last.part == common and _HEADED * (last.end - last.start) < leaf.end - leaf.start
            found[-1] = _Section(last.start, leaf.end, leaf.part if headed else common, last.alone)
        else:
            found.append(leaf)
    return found


def _common(parents: Sequence[int], left: int, right: int) -> int:
    """The innermost part that holds both."""
    around = {-1}
    while left >= 0:
        around.add(left)
        left = parents[left]
    while right not in around:
        right = parents[right]
    return right


def _least(size: int, settings: ChunkSettings) -> int:
    return max(settings.min_bytes, min(settings.max_bytes // 2, size // _MAX_SECTIONS))
