"""Needles in other words: functions and facts planted in 100 MB of mixed code, asked without a word of their identifiers."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.ranking import Hit
from core.progress import Progress
from core.settings import Settings
from desktop import assembly
from indexing.intake.opening import open_source
from indexing.needles.haystack import choose_files
from indexing.needles.measure import Job, depths_of, measure
from indexing.needles.planting import Planted
from indexing.report import Report
from indexing.scan import scan
from tests.benchmarks import corpus
from tests.benchmarks.questions import Gold, Kind, Question

_MEGABYTES = 100.0
_DEPTHS = 12
_SEEDS = (11, 12)
"""Of the trees, each with all needles; neither is the one that the command draws by."""


def needles(home: Path) -> list[Question]:
    """What is asked of the indexes below `home`; `MissingCorpusError` where the mixed code cannot be had."""
    mixed, token, settings = corpus.mixed(), CancellationToken(), Settings()
    asked: list[Question] = []

    def build(tree: Path, index: Path) -> Generator[Progress, None, Report]:
        return assembly.start_indexing(str(tree), str(index), settings, token)

    def search(_index: Path, _question: str, _count: int) -> Sequence[Hit]:
        return ()  # they are asked later, of a copy

    def keep(_tree: Path, index: Path, planted: Sequence[Planted]) -> None:
        kept = Path(shutil.copytree(index, home / f"{len(asked)}.index"))
        asked.extend(
            Question(
                Kind.NEEDLE,
                "mixed",
                "",
                kept,
                place.needle.paraphrase,
                (Gold(place.path, place.start_line, place.end_line),),
            )
            for place in planted
        )

    with open_source(str(mixed), token) as workspace:
        files = scan(workspace, settings.scan, token).files
        for seed in _SEEDS:
            job = Job(workspace, choose_files(files, _MEGABYTES, seed), _MEGABYTES, depths_of(_DEPTHS), seed)
            for _ in measure(job, build, search, token, keep):
                pass
    return asked
