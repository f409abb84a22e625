"""The shapes of the engine's replies (`desktop/engine/README.md`), as the window reads them.

They are what `json` gives back, told to the type checker; the records they were made from stay in the engine's process,
because importing their modules would bring numpy into the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict


class LanguageShare(TypedDict):
    """How much of a source is written in one language."""

    files: int
    bytes: int


class Preview(TypedDict):
    """What indexing a source would read."""

    source: str
    name: str
    index: str
    indexed: bool
    files: int
    bytes: int
    languages: dict[str, LanguageShare]
    skipped: dict[str, int]
    seconds_estimate: float | None


class IndexEntry(TypedDict):
    """An index on this machine."""

    index: str
    source: str
    name: str
    files: int
    bytes: int
    updated: NotRequired[Any]


class Status(TypedDict):
    """The open index in figures."""

    index: str
    source: str
    name: str
    revision: NotRequired[Any]
    files: int
    chunks: int
    symbols: int
    edges: Any
    languages: dict[str, LanguageShare]
    stale_files: int
    watchable: NotRequired[bool]
    complete: bool
    folding: NotRequired[dict[str, Any]]


class TreeFile(TypedDict):
    """One indexed file."""

    path: str
    language: str
    role: str
    bytes: int
    lines: int


class PlaceReply(TypedDict):
    """Lines of a file, both ends included, from 1."""

    path: str
    start_line: int
    end_line: int
    symbol: NotRequired[str]


class SymbolReply(TypedDict):
    """A definition."""

    id: str
    name: str
    qualified_name: str
    kind: str
    language: str
    path: str
    start_line: int
    end_line: int
    signature: str


class HitReply(TypedDict):
    """A ranked place."""

    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    score: float
    origins: list[str]
    copies: int
    text: NotRequired[str]


class RankingReply(TypedDict):
    """Hits, best first."""

    query: str
    milliseconds: float
    results: list[HitReply]
    stale_files: NotRequired[int]


class ExcerptReply(TypedDict):
    """Excerpt `[n]` of a pack."""

    n: int
    path: str
    start_line: int
    end_line: int
    role: str
    tokens: int
    why: str
    text: str
    symbol: NotRequired[str]


class PackReply(TypedDict):
    """What a model is sent, or what an answer without one rests on."""

    question: str
    budget: int
    tokens: int
    tokenizer: str
    whole_source_tokens: int
    excerpts: list[ExcerptReply]
    text: str
    redactions: int
    flagged_instructions: int
    cost: dict[str, float]


class SentenceReply(TypedDict):
    """A sentence of an answer and whether its citations hold."""

    text: str
    citations: list[int]
    supported: bool


class AnswerReply(TypedDict):
    """A whole answer."""

    question: str
    provider: str
    model: str
    text: str
    citations: list[dict[str, Any]]
    sentences: list[SentenceReply]
    pack: PackReply
    usage: dict[str, Any]
    sent_to: str | None


class DiagramNodeReply(TypedDict):
    """A box."""

    id: str
    label: str
    detail: str
    kind: str
    place: PlaceReply | None
    cluster: str
    weight: int
    scope: str
    external: bool


class DiagramEdgeReply(TypedDict):
    """An arrow."""

    source: str
    target: str
    kind: str
    confidence: str
    count: int
    places: list[PlaceReply]


class DiagramClusterReply(TypedDict):
    """A frame around boxes."""

    id: str
    label: str
    parent: str


class OmittedReply(TypedDict):
    """What a diagram leaves out."""

    what: str
    count: int


class DiagramReply(TypedDict):
    """A diagram's content."""

    kind: str
    title: str
    subtitle: str
    nodes: list[DiagramNodeReply]
    edges: list[DiagramEdgeReply]
    clusters: list[DiagramClusterReply]
    omitted: list[OmittedReply]


class RouteReply(TypedDict):
    """A cubic Bézier path: the start, then three points a segment."""

    points: list[list[float]]
    tip: list[float]
    label: list[float] | None


class LayoutReply(TypedDict):
    """Where everything lies, in points."""

    width: float
    height: float
    nodes: dict[str, list[float]]
    clusters: dict[str, list[float]]
    routes: list[RouteReply]


class DrawingReply(TypedDict):
    """A diagram laid out."""

    diagram: DiagramReply
    layout: LayoutReply


class ProgressEvent(TypedDict):
    """How far an indexing job is."""

    stage: str
    done: int
    total: int
    bytes_done: int
    bytes_total: int
    path: str
    searchable: int
    seconds: float


class IndexReport(TypedDict):
    """What a finished indexing job says; the window shows a few of its figures."""

    index: str
    source: str
    files: dict[str, Any]
    bytes: int
    seconds: NotRequired[dict[str, float]]


class PartReply(TypedDict):
    """Something that comes along, under its licence (empty where its package does not say)."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class FileText:
    """A file as it was indexed, ready to be shown.

    `spans[i]` colours line i + 1: a flat run of (column, length, style number) in UTF-16 units, `styles` naming the numbers.
    A flat tuple of integers costs a tenth of nested lists, and the garbage collector never looks into it.
    """

    path: str
    language: str
    lines: tuple[str, ...]
    stale: bool
    styles: tuple[str, ...]
    spans: tuple[tuple[int, ...], ...]
    symbols: tuple[SymbolReply, ...]
    disk: str = ""
    """Where the file lies now; empty where its source is no folder, or it is gone."""


def file_text(reply: dict[str, Any]) -> FileText:
    """A reply of `file` in its compact form; runs outside of the UI thread."""
    numbers: dict[str, int] = {}
    spans = tuple(
        tuple(value for column, length, style in line for value in (column, length, numbers.setdefault(style, len(numbers))))
        for line in reply["highlights"]
    )
    symbols = sorted(reply.get("symbols", ()), key=lambda symbol: (symbol["start_line"], -symbol["end_line"]))
    return FileText(
        path=reply["path"],
        language=reply["language"],
        lines=tuple(reply["text"].split("\n")),
        stale=bool(reply.get("stale", False)),
        styles=tuple(numbers),
        spans=spans,
        symbols=tuple(symbols),
        disk=reply.get("disk") or "",
    )
