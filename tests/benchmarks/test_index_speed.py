"""Indexing Python's standard library: cold, unchanged, and after one edit. `make bench`, or this file with `-m slow -s`."""

from __future__ import annotations

import shutil
import statistics
import sysconfig
from pathlib import Path

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import index

ROUNDS = 3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The standard library of this interpreter, without what was installed beside it."""
    target = tmp_path_factory.mktemp("source") / "library"
    skipped = shutil.ignore_patterns("site-packages", "__pycache__")
    shutil.copytree(sysconfig.get_path("stdlib"), target, ignore=skipped, symlinks=True)
    return target


def test_the_standard_library(library: Path, tmp_path: Path) -> None:
    cold, again, edited = [], [], []
    for i in range(ROUNDS):
        folder = tmp_path / f"index{i}"
        cold.append(index(library, folder, "read a line from a file"))
        again.append(index(library, folder))
        files = again[-1].report["files"]
        assert (files["indexed"], files["unchanged"]) == (0, cold[-1].report["files"]["indexed"])
        with (library / "ast.py").open("a", encoding="utf-8") as file:
            file.write(f"\n# edited {i}\n")
        edited.append(index(library, folder))
        assert (edited[-1].report["files"]["indexed"], edited[-1].report["files"]["removed"]) == (1, 0)
    report, megabytes = cold[-1].report, cold[-1].megabytes
    seconds, unchanged, one = (statistics.median(run.seconds for run in runs) for runs in (cold, again, edited))
    rows = [
        ("source", f"{megabytes:.1f} MB", f"{report['files']['indexed']} files"),
        ("cold", f"{seconds:.1f} s", f"{megabytes / seconds:.1f} MB/s"),
        ("first search answers", f"{statistics.median(run.first_answer or run.seconds for run in cold):.1f} s", ""),
        ("nothing changed", f"{unchanged:.2f} s", ""),
        ("one file changed", f"{one:.2f} s", ""),
        ("memory, all processes", f"{max(run.peak_megabytes for run in cold):.0f} MB", ""),
        ("index on disk", f"{report['index_bytes'] / 1e6:.1f} MB", f"{report['index_bytes'] / report['bytes']:.0%}"),
    ]
    machine.show("index_speed", f"The standard library, medians of {ROUNDS}", rows)
    print("CPU seconds: ", report["seconds"])
    assert unchanged < seconds / 5
