"""The shapes of the engine's replies (`desktop/engine/README.md`), as the window reads them: projects, places, jobs.

They are what `json` gives back, told to the type checker; the records they were made from stay in the engine's process,
because importing their modules would bring numpy into the window. More of them: `answer_replies`, `code_replies`,
`diagram_replies`, `page_replies`.
"""

from __future__ import annotations

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
    """Hits, best first, and the words of the query that stand nowhere."""

    query: str
    milliseconds: float
    results: list[HitReply]
    stale_files: NotRequired[int]
    nowhere: NotRequired[list[str]]


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
