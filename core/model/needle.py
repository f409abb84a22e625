"""What a needle-in-a-haystack test found: the ranks of planted places by the size of the tree and their depth in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

RECALL_WITHIN = 10
"""A place that is not among so many results is one that nobody looks at."""


class Wording(StrEnum):
    """In what words a needle is asked for."""

    SHARED = "shared"
    """Words of its own identifiers."""
    PARAPHRASE = "paraphrase"
    """No word of its identifiers."""


@dataclass(frozen=True, slots=True)
class NeedleFinding:
    """A needle, where it was planted, and the rank (from 1; None: not among those looked at) it was found at.

    `kind` says what it is (`function`, `comment`, `document`, `setting`), `position` where the file around it lies, as a
    share (0 to 1) of the tree's bytes in the order of paths.
    """

    needle: str
    kind: str
    name: str
    path: str
    start_line: int
    end_line: int
    position: float
    shared: int | None
    paraphrase: int | None

    def rank(self, wording: Wording) -> int | None:
        """The rank in these words."""
        return self.shared if wording is Wording.SHARED else self.paraphrase


@dataclass(frozen=True, slots=True)
class NeedleRow:
    """One tree: the size it was asked to have in MB (1,000,000 bytes), the size it had, and its needles, by depth."""

    size_mb: float
    bytes: int
    files: int
    findings: tuple[tuple[NeedleFinding, ...], ...]


class Way(StrEnum):
    """In what prompt a model is asked for a fact."""

    PACK = "pack"
    """The few excerpts that a question is answered from."""
    STUFFED = "stuffed"
    """Source around the fact, up to a length."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A model asked once for a planted fact.

    `depth` is where the fact stands (0 to 1): in the tree, and of a stuffed prompt in that too. `size_mb` is that of the
    tree, `length` the LLM tokens a stuffed prompt was to have, 0 for a pack. `holds_fact` says whether the prompt held the
    fact at all, `right` whether the answer did. `error` is why there is no answer.
    """

    needle: str
    way: Way
    depth: float
    size_mb: float
    length: int
    input_tokens: int
    output_tokens: int
    seconds: float
    usd: float | None
    holds_fact: bool
    right: bool
    answer: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All trials of one model; `window` is what it reads, in LLM tokens."""

    provider: str
    model: str
    window: int
    depths: tuple[float, ...]
    trials: tuple[Trial, ...]

    def columns(self) -> list[tuple[Way, float, int]]:
        """The kinds of prompt, by (way, size of the tree, length): packs by size, then stuffed ones by length."""
        kinds = {(trial.way, trial.size_mb, trial.length) for trial in self.trials}
        return sorted(kinds, key=lambda kind: (kind[0] != Way.PACK, kind[2], kind[1]))

    def of(self, column: tuple[Way, float, int]) -> list[Trial]:
        """The trials with one kind of prompt, by depth."""
        found = [trial for trial in self.trials if (trial.way, trial.size_mb, trial.length) == column]
        return sorted(found, key=lambda trial: trial.depth)


@dataclass(frozen=True, slots=True)
class NeedleGrid:
    """All trees, in the order they were asked for. `depths` are shares (0 to 1); `searched` ranks were looked at."""

    depths: tuple[float, ...]
    rows: tuple[NeedleRow, ...]
    searched: int

    def found_at(self, wording: Wording) -> list[list[int | None]]:
        """By size and depth the worst rank of the needles there: one that is lost makes the place a lost one."""
        return [[_worst(finding.rank(wording) for finding in cell) for cell in row.findings] for row in self.rows]

    def recall(self, wording: Wording, within: int = RECALL_WITHIN) -> float:
        """The share (0 to 1) of all needles that are found at rank `within` or before; 0 where there are none."""
        ranks = [finding.rank(wording) for finding in self.all_findings()]
        return sum(rank is not None and rank <= within for rank in ranks) / len(ranks) if ranks else 0.0

    def all_findings(self) -> Iterator[NeedleFinding]:
        """Every needle of every tree."""
        return (finding for row in self.rows for cell in row.findings for finding in cell)


def _worst(ranks: Iterable[int | None]) -> int | None:
    found = list(ranks)
    known = [rank for rank in found if rank is not None]
    return max(known) if known and len(known) == len(found) else None
