"""What indexing tells when it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.model.clone import FoldingSummary
from core.model.source import FailedFile, SkippedFile

MOST_PATHS = 1_000
"""Paths kept of each reason to skip a file; the rest are counted."""


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files of a run. `indexed` were read and stored anew, `unchanged` were known already; of those indexed, `degraded`
    could only be taken as text."""

    seen: int
    indexed: int
    unchanged: int
    removed: int
    skipped: tuple[SkippedFile, ...]
    failed: tuple[FailedFile, ...]
    degraded: tuple[FailedFile, ...]


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """Files and bytes of one language."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class VectorCounts:
    """The vectors of the index and where they were computed; an index without them has a count of 0."""

    embedder: str
    count: int
    dimension: int
    precision: str
    device: str


@dataclass(frozen=True, slots=True)
class Report:
    """One run of indexing.

    `edges` counts by kind, then by confidence. `seconds` holds CPU seconds over all processes by stage, and the wall
    seconds `total` and `first_searchable`. `peak_rss_bytes` is the highest sum of the processes' memory that was sampled
    (proportional set sizes), `index_bytes` the size of the index folder.
    """

    index: str
    source: str
    revision: str | None
    files: FileCounts
    bytes: int
    languages: Mapping[str, LanguageCount]
    chunks: int
    symbols: int
    edges: Mapping[str, Mapping[str, int]]
    folding: FoldingSummary
    vectors: VectorCounts
    seconds: Mapping[str, float]
    peak_rss_bytes: int
    index_bytes: int


def skipped_paths(skipped: Iterable[SkippedFile]) -> dict[str, list[str]]:
    """The paths of skipped files by reason, at most `MOST_PATHS` of each."""
    paths: dict[str, list[str]] = defaultdict(list)
    for file in skipped:
        if len(paths[file.reason]) < MOST_PATHS:
            paths[file.reason].append(file.path)
    return {str(reason): found for reason, found in paths.items()}
