"""How good a ranking is against places that people marked as right: NDCG@10 with binary relevance.

A target is a file, or lines of one. The first result that overlaps it finds it; further results in it gain nothing and take
up a rank all the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CUT = 10


@dataclass(frozen=True)
class Target:
    """A place that answers a question; without lines, all of its file."""

    path: str
    lines: tuple[int, int] | None

    def is_found_by(self, result: Mapping[str, Any]) -> bool:
        """Whether a result lies in it, at least in part; paths may begin at different folders."""
        path = str(result["path"])
        if path != self.path and not path.endswith(f"/{self.path}") and not self.path.endswith(f"/{path}"):
            return False
        return self.lines is None or (result["start_line"] <= self.lines[1] and self.lines[0] <= result["end_line"])


def targets_of(annotation: Mapping[str, Any]) -> list[Target]:
    """The places of an annotation: those that answer it and those that help, alike."""
    found = []
    for place in [*annotation["relevant"], *annotation.get("secondary", ())]:
        if isinstance(place, str):
            found.append(Target(place, None))
        else:
            first, last = place.get("start_line"), place.get("end_line")
            found.append(Target(place["path"], None if first is None or last is None else (first, last)))
    return found


def ndcg(targets: Sequence[Target], results: Sequence[Mapping[str, Any]]) -> float:
    """From 0 to 1 over the first ten results."""
    best = results[:CUT]
    ranks = {next((rank for rank, found in enumerate(best, 1) if target.is_found_by(found)), 0) for target in targets} - {0}
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(CUT, len(targets)) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks) / ideal if ideal else 0.0
