"""A thousand rounds of editing a file and bringing the index up to date, in one process, as while a window is open.

Memory, open files and the size of the index must not grow with the rounds.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from core.cancellation import CancellationToken
from core.model.ranking import Filter
from core.progress import Progress
from desktop import assembly
from indexing.measure import folder_bytes
from indexing.report import Report
from indexing.stores.sqlite.reader import open_snapshot
from tests.benchmarks import corpus, edits, machine

ROUNDS = int(os.environ.get("CODESTRATA_EDIT_ROUNDS", "1000"))
SOURCE_BYTES = 3_000_000
STEPS = 10

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class Reading:
    """What the process and the index take after so many rounds; seconds are the median of a round since the last reading."""

    rounds: int
    resident: int
    handles: int
    index: int
    seconds: float


def run(work: Generator[Progress, None, Report]) -> Report:
    while True:
        try:
            next(work)
        except StopIteration as done:
            report: Report = done.value
            return report


@pytest.mark.parametrize("watched", [False, True], ids=["alone", "while a window reads"])
def test_a_thousand_edits(mixed: Path, tmp_path: Path, watched: bool) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    corpus.add_part(mixed, source, SOURCE_BYTES)
    settings = assembly.settings_for()
    service = assembly.open_service(settings)
    run(assembly.start_indexing(str(source), str(folder), settings, CancellationToken()))
    files = [(path, path.read_bytes()) for path in edits.editable(source)]
    process = psutil.Process()
    readings: list[Reading] = []
    seconds: list[float] = []
    for i in range(ROUNDS):
        path, original = files[i % len(files)]
        path.write_bytes(edits.edited(original, path.suffix, i))
        began = time.perf_counter()
        report = run(assembly.start_indexing(str(source), str(folder), settings, CancellationToken()))
        seconds.append(time.perf_counter() - began)
        assert report.files.indexed == 1
        place = path.relative_to(source).as_posix()
        if watched:
            ranking = service.search(folder, f"edited{i}", 1, Filter(), CancellationToken())
            assert [hit.path for hit in ranking.hits] == [place]
        with open_snapshot(folder) as reader:
            assert f"edited{i}(" in reader.text(place)
        if (i + 1) % (ROUNDS // STEPS) == 0:
            gc.collect()
            memory, handles = process.memory_info().rss, process.num_fds()
            readings.append(Reading(i + 1, memory, handles, folder_bytes(folder), statistics.median(seconds)))
            seconds.clear()
    show(readings, watched)
    middle, last = readings[len(readings) // 2 - 1], readings[-1]
    assert last.resident <= 1.05 * middle.resident
    assert last.handles <= middle.handles
    assert last.index <= 1.1 * middle.index
    assert service.verify(folder, CancellationToken()).mismatches == ()


def show(readings: list[Reading], watched: bool) -> None:
    rows = [
        ("rounds", "memory MB", "handles", "index MB", "ms a round"),
        *(
            (
                str(reading.rounds),
                f"{reading.resident / 1e6:.1f}",
                str(reading.handles),
                f"{reading.index / 1e6:.2f}",
                f"{reading.seconds * 1000:.0f}",
            )
            for reading in readings
        ),
    ]
    name, title = ("watched", " while a window reads") if watched else ("alone", "")
    machine.show(f"edit_rounds_{name}", f"Edit a file of {SOURCE_BYTES / 1e6:.0f} MB and update{title}", rows)
