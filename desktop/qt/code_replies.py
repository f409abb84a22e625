"""Code: a file ready to be shown, what stands beside it, where its names lead, and comparisons of two places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from desktop.qt.replies import PlaceReply, SymbolReply


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
