"""A hundred megabytes: cold, unchanged, after one edit, after a hundredth of the files changed."""

from __future__ import annotations

import os
import shutil
import statistics
from pathlib import Path

import pytest

from tests.benchmarks import edits, machine
from tests.benchmarks.command import Run, index

COLD_ROUNDS = int(os.environ.get("CODESTRATA_COLD_ROUNDS", "1"))
ROUNDS = 3
QUESTION = "where is a lock taken before a file is written"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_a_hundred_megabytes(mixed: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(mixed, source, symlinks=True)
    colds = [index(source, tmp_path / f"index{i}", QUESTION) for i in range(COLD_ROUNDS)]
    folder = tmp_path / "index0"
    cold = statistics.median(run.seconds for run in colds)
    peak = max(run.peak_megabytes for run in colds)
    first = statistics.median(run.first_answer or run.seconds for run in colds)
    report = colds[0].report
    share = report["index_bytes"] / report["bytes"]

    unchanged = [index(source, folder) for _ in range(ROUNDS)]
    assert all(run.report["files"]["indexed"] == 0 for run in unchanged)
    one, many = _edit_rounds(source, folder)
    after = index(source, folder).report
    rows = [
        ("", "measured", "must", "reach for"),
        ("source", f"{colds[0].megabytes:.1f} MB, {report['files']['indexed']} files", "", ""),
        ("cold", f"{cold:.1f} s", "60 s", "40 s"),
        ("memory, all processes", f"{peak:.0f} MB", "2000 MB", ""),
        ("first search answers", f"{first:.1f} s", "5 s", "2 s"),
        ("nothing changed", _seconds(unchanged), "2 s", "1 s"),
        ("one file changed", _seconds(one), "1 s", "0.5 s"),
        (f"1 % changed ({many[0].report['files']['indexed']} files)", _seconds(many), "3 s", "1.5 s"),
        ("index on disk", f"{share:.0%}", "60 %", "40 %"),
        ("index after the edits", f"{after['index_bytes'] / after['bytes']:.0%}", "", ""),
    ]
    machine.show("index_scale", "A hundred megabytes", rows)
    print("cold, CPU seconds: ", {name: seconds for name, seconds in report["seconds"].items() if name != "total"})
    print("1 %, CPU seconds:  ", many[-1].report["seconds"])
    machine.require(
        {
            "cold": (cold, 60),
            "memory": (peak, 2000),
            "first answer": (first, 5),
            "nothing changed": (_median(unchanged), 2),
            "one file": (_median(one), 1),
            "1 %": (_median(many), 3),
            "index on disk": (share, 0.6),
        }
    )


def _edit_rounds(source: Path, folder: Path) -> tuple[list[Run], list[Run]]:
    files = edits.editable(source)
    one, many = [], []
    for i in range(ROUNDS):
        edits.edit(files[len(files) * (i + 1) // (ROUNDS + 1)], i)
        one.append(index(source, folder))
        assert one[-1].report["files"]["indexed"] == 1
        chosen = files[31 * i :: 100]
        for path in chosen:
            edits.edit(path, 100 + i)
        many.append(index(source, folder))
        assert many[-1].report["files"]["indexed"] == len(chosen)
    return one, many


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _seconds(runs: list[Run]) -> str:
    return f"{_median(runs):.2f} s"
