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
    problems: NotRequired[dict[str, int]]


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


class BudgetCost(TypedDict):
    """What a prompt that fills a budget costs."""

    budget: int
    kv_cache_bytes: int
    attention_flops: float
    attention_ratio: float
    usd: NotRequired[float]


class CostsReply(TypedDict):
    """The costs of several budgets, beside the whole source."""

    whole_source_tokens: int
    costs: list[BudgetCost]


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
    understood: NotRequired[str]
    steps: NotRequired[list[StepReply]]
    number: NotRequired[int]
    conversation: NotRequired[int]
    accepted: NotRequired[bool]
    not_kept: NotRequired[str]


class StepReply(TypedDict):
    """A step of a deep question; nothing is told of one that has only begun."""

    kind: str
    number: int
    total: int
    question: str
    told: str


class EarlierReply(TypedDict):
    """An answer as the history lists it."""

    number: int
    conversation: int
    when: float
    question: str
    understood: str
    provider: str
    model: str
    accepted: bool
    places: list[PlaceReply]


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
    mark: str
    heat: float | None


class DiagramEdgeReply(TypedDict):
    """An arrow."""

    source: str
    target: str
    kind: str
    confidence: str
    count: int
    places: list[PlaceReply]
    label: str
    mark: str


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
    bars: list[list[float]]
    """Calls that last, on the lifelines of a sequence."""


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


class SentMessage(TypedDict):
    """One message of a request to a model."""

    role: str
    content: str


class SendingReply(TypedDict):
    """What a question would send to a model; `host` is None where that is this machine."""

    provider: str
    model: str
    host: str | None
    bytes: int
    tokens: int
    messages: list[SentMessage]


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


class ListedClassReply(TypedDict):
    """A clone class without its members."""

    id: int
    type: int
    similarity: float
    bytes_saved: int
    copies: int
    folded: int
    unfolded: int
    representative: PlaceReply


class ClassPageReply(TypedDict):
    """Some of the classes that a filter admits."""

    offset: int
    total: int
    copies: int
    bytes_saved: int
    types: dict[str, int]
    classes: list[ListedClassReply]
    folding: dict[str, Any]


class MemberReply(PlaceReply):
    """A place of a clone class; of the representative, only the place and the choice."""

    choice: str
    type: NotRequired[int]
    similarity: NotRequired[float]
    verdict: NotRequired[str]
    threshold: NotRequired[float]
    difference: NotRequired[str]


class ClassReply(TypedDict):
    """One clone class with a page of its members."""

    id: int
    type: int
    similarity: float
    bytes_saved: int
    copies: int
    offset: int
    representative: MemberReply
    members: list[MemberReply]


class CalledReply(TypedDict):
    """A definition of a file and by how many others it is called."""

    symbol: str
    name: str
    line: int
    callers: int
    calls: int


CopiedReply = TypedDict(
    "CopiedReply",
    {"class": int, "start_line": int, "end_line": int, "copies": int, "folded": int, "represents": bool},
)
"""Lines of a file that have copies."""


class MarginReply(TypedDict):
    """What stands beside the code of a file."""

    called: list[CalledReply]
    copied: list[CopiedReply]


class CommitReply(TypedDict):
    """A commit; `seconds` are since 1970."""

    id: str
    author: str
    seconds: int
    summary: str


class BlameReply(TypedDict):
    """Who last changed each line of a file: places in `commits`, -1 for a line that was never committed."""

    commits: list[CommitReply]
    lines: list[int]


class ReferenceReply(TypedDict):
    """A place where a definition is used."""

    path: str
    line: int
    kind: str
    confidence: str
    symbol: str
    text: str


class ReferencesReply(TypedDict):
    """A page of the places where a definition is used."""

    symbol: SymbolReply
    total: int
    offset: int
    counts: dict[str, int]
    references: list[ReferenceReply]


class DefinitionsReply(TypedDict):
    """What a name at a place stands for."""

    name: str
    certain: bool
    symbols: list[SymbolReply]


class ReasonReply(TypedDict):
    """How many files share a reason; `listed` of them are known by their paths."""

    kind: str
    reason: str
    files: int
    listed: int


class ProblemReply(TypedDict):
    """A file that is not in the index as it should be."""

    kind: str
    reason: str
    path: str


class ProblemsReply(TypedDict):
    """The reasons, and a page of files."""

    reasons: list[ReasonReply]
    total: int
    offset: int
    files: list[ProblemReply]


class ShareReply(LanguageShare):
    """How much of a source has one language or role."""

    lines: int


class CalledMostReply(PlaceReply):
    """A definition that much calls."""

    name: str
    kind: str
    calls: int


class EntryReply(PlaceReply):
    """Where a program is entered."""

    name: str
    kind: str
    entry: str
    why: str


class TestsReply(TypedDict):
    """A folder that holds test files."""

    path: str
    files: int


class OverviewReply(TypedDict):
    """A codebase at a glance."""

    files: int
    bytes: int
    lines: int
    languages: dict[str, ShareReply]
    roles: dict[str, ShareReply]
    largest: list[TreeFile]
    called: list[CalledMostReply]
    entries: list[EntryReply]
    tests: list[TestsReply]


@dataclass(frozen=True, slots=True)
class DiffRow:
    """Two lines beside each other: their kind, and of each side the line from 0 (-1 for none) and what is marked in it, a
    flat run of (column, length, 1 where it is renamed and 0 where it is changed)."""

    kind: str
    left: int
    right: int
    left_marks: tuple[int, ...]
    right_marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DiffSide:
    """One of two definitions, its lines coloured as those of a `FileText`."""

    place: PlaceReply
    lines: tuple[str, ...]
    spans: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class DiffText:
    """A copy (right) beside what represents it (left), ready to be shown."""

    left: DiffSide
    right: DiffSide
    styles: tuple[str, ...]
    rows: tuple[DiffRow, ...]
    counts: dict[str, int]
    renamed: tuple[tuple[str, str], ...]
    verdict: str
    type: int
    similarity: float
    threshold: float
    cut: bool


def diff_text(reply: dict[str, Any]) -> DiffText:
    """A reply of `clone_diff` in its compact form; runs outside of the UI thread."""
    numbers: dict[str, int] = {}

    def side(given: dict[str, Any]) -> DiffSide:
        spans = tuple(
            tuple(v for column, length, style in line for v in (column, length, numbers.setdefault(style, len(numbers))))
            for line in given["highlights"]
        )
        return DiffSide(_place(given), tuple(given["lines"]), spans)

    def marks(given: list[list[Any]]) -> tuple[int, ...]:
        return tuple(value for column, length, kind in given for value in (column, length, int(kind == "renamed")))

    left, right = side(reply["left"]), side(reply["right"])
    rows = tuple(
        DiffRow(
            row["kind"],
            -1 if row["left"] is None else row["left"],
            -1 if row["right"] is None else row["right"],
            marks(row["left_marks"]),
            marks(row["right_marks"]),
        )
        for row in reply["rows"]
    )
    return DiffText(
        left,
        right,
        tuple(numbers),
        rows,
        reply["counts"],
        tuple((one, other) for one, other in reply["renamed"]),
        reply["verdict"],
        reply["type"],
        reply["similarity"],
        reply["threshold"],
        reply["cut"],
    )


def _place(given: dict[str, Any]) -> PlaceReply:
    return {
        "path": given["path"],
        "start_line": given["start_line"],
        "end_line": given["end_line"],
        "symbol": given.get("symbol", ""),
    }
