"""What the last run left out, could not read, or could only take as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import UsageError
from indexing.stores.sqlite.reader import SnapshotReader

MOST_FILES = 1_000


class ProblemKind(StrEnum):
    """How badly a file fared, the worst first."""

    FAILED = "failed"
    DEGRADED = "degraded"
    """It is indexed, but as text alone."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Problem:
    """A file (or a folder, its path ending in `/`) and why it is not as it should be."""

    kind: ProblemKind
    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many files share a reason; `listed` of them are known by their paths."""

    kind: ProblemKind
    reason: str
    files: int
    listed: int


@dataclass(frozen=True, slots=True)
class Problems:
    """The reasons, and a page of files; `total` counts the listed files that the page is of."""

    reasons: tuple[ReasonCount, ...]
    total: int
    offset: int
    files: tuple[Problem, ...]


def problems_of(
    reader: SnapshotReader, kind: str = "", reason: str = "", text: str = "", offset: int = 0, limit: int = 200
) -> Problems:
    """A page of the files of one kind or reason (empty: all) whose path holds `text`."""
    if kind and kind not in set(ProblemKind):
        raise UsageError(f"there are no problems of the kind '{kind}'", "", f"choose {', '.join(ProblemKind)}")
    if offset < 0 or limit < 1:
        raise UsageError(f"there is no page of {limit} from {offset}", "", "ask from 0 on for at least 1")
    known = _known(reader)
    wanted = text.casefold()
    chosen = [
        problem
        for problem in known
        if kind in ("", problem.kind) and reason in ("", problem.reason) and wanted in problem.path.casefold()
    ]
    return Problems(
        tuple(_reasons(reader, known)), len(chosen), offset, tuple(chosen[offset : offset + min(limit, MOST_FILES)])
    )


def counted_problems(reader: SnapshotReader) -> dict[str, int]:
    """How many files of each kind."""
    counts = dict.fromkeys(map(str, ProblemKind), 0)
    for reason in _reasons(reader, _known(reader)):
        counts[reason.kind] += reason.files
    return counts


def _known(reader: SnapshotReader) -> list[Problem]:
    failed = json.loads(reader.meta("failed", "[]"))
    degraded = json.loads(reader.meta("degraded", "[]"))
    skipped: dict[str, list[str]] = json.loads(reader.meta("skipped_paths", "{}"))
    return [
        *(Problem(ProblemKind.FAILED, reason, path) for path, reason in failed),
        *(Problem(ProblemKind.DEGRADED, reason, path) for path, reason in degraded),
        *(Problem(ProblemKind.SKIPPED, reason, path) for reason, paths in skipped.items() for path in paths),
    ]


def _reasons(reader: SnapshotReader, known: Sequence[Problem]) -> list[ReasonCount]:
    listed: dict[tuple[ProblemKind, str], int] = {}
    for problem in known:
        key = problem.kind, problem.reason
        listed[key] = listed.get(key, 0) + 1
    counts = dict(listed)
    for reason, files in json.loads(reader.meta("skipped", "{}")).items():
        counts[ProblemKind.SKIPPED, reason] = files
    order = list(ProblemKind)
    ranked = sorted(counts, key=lambda key: (order.index(key[0]), -counts[key], key[1]))
    return [ReasonCount(kind, reason, counts[kind, reason], listed.get((kind, reason), 0)) for kind, reason in ranked]
