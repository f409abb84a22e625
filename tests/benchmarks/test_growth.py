"""Ten to three hundred megabytes: neither time nor memory may grow faster than the source."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import pytest

from tests.benchmarks import corpus, machine, plot
from tests.benchmarks.command import Run, index

SIZES = tuple(int(size) for size in os.environ.get("CODESTRATA_GROWTH_MB", "10,30,100,300").split(","))
SLACK = 1.2
"""So much more than in proportion a step may take: the parts differ in what they hold."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(5400)]


def test_growth_is_linear(mixed: Path, kernel: Path, tmp_path: Path) -> None:
    whole = corpus.bytes_of(mixed)
    runs: list[Run] = []
    for megabytes in SIZES:
        source, folder = tmp_path / "source", tmp_path / "index"
        copied = corpus.add_part(mixed, source, min(megabytes * 1_000_000, whole))
        if copied < 0.95 * megabytes * 1_000_000:
            corpus.add_part(kernel / "drivers", source / "drivers", megabytes * 1_000_000 - copied)
        runs.append(index(source, folder))
        shutil.rmtree(source)
        shutil.rmtree(folder)
    show(runs)
    for smaller, larger in itertools.pairwise(runs):
        factor = SLACK * larger.megabytes / smaller.megabytes
        assert larger.seconds <= factor * smaller.seconds, (smaller.megabytes, larger.megabytes)
        assert larger.peak_megabytes <= factor * smaller.peak_megabytes, (smaller.megabytes, larger.megabytes)


def show(runs: list[Run]) -> None:
    rows = [
        ("MB", "seconds", "MB/s", "memory MB", "memory / source", "index / source"),
        *(
            (
                f"{run.megabytes:.1f}",
                f"{run.seconds:.1f}",
                f"{run.megabytes / run.seconds:.2f}",
                f"{run.peak_megabytes:.0f}",
                f"{run.peak_megabytes / run.megabytes:.1f}",
                f"{run.report['index_bytes'] / run.report['bytes']:.0%}",
            )
            for run in runs
        ),
    ]
    machine.show("growth", "Growth", rows)
    panels = [
        plot.Panel("Time", "MB of source", "seconds", [(run.megabytes, run.seconds) for run in runs]),
        plot.Panel("Memory of all processes", "MB of source", "MB", [(run.megabytes, run.peak_megabytes) for run in runs]),
    ]
    picture = machine.result("growth.svg")
    picture.write_text(plot.svg(panels), encoding="utf-8")
    print(picture)
