"""Where work on the code is likely to go wrong: files that are changed often and are hard to follow (Tornhill 2015).

Churn is the number of commits that touched a file; complexity its lines, each counted once and once more for every level
that the functions are nested on average. The score is the product of both, each as a share of the highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.cancellation import CancellationToken
from core.model.source import IndexedFile


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A file with its commits, lines, mean levels of nesting (0 without a function), complexity, and score from 0 to 1."""

    path: str
    commits: int
    lines: int
    nesting: float
    complexity: float
    score: float


def find_hotspots(
    files: Iterable[IndexedFile],
    commits: Mapping[str, int],
    nesting: Callable[[str], float | None],
    cancellation: CancellationToken,
) -> list[Hotspot]:
    """Those of `files` that were ever changed, the hottest first."""
    known: list[tuple[IndexedFile, float, float]] = []
    for file in files:
        cancellation.check("measuring the code")
        if commits.get(file.path):
            depth = nesting(file.path) or 0.0
            known.append((file, depth, file.lines * (1.0 + depth)))
    busiest = max((commits[file.path] for file, _, _ in known), default=1)
    hardest = max((complexity for _, _, complexity in known), default=1.0) or 1.0
    found = [
        Hotspot(
            file.path,
            commits[file.path],
            file.lines,
            depth,
            complexity,
            commits[file.path] / busiest * complexity / hardest,
        )
        for file, depth, complexity in known
    ]
    return sorted(found, key=lambda one: (-one.score, one.path))
