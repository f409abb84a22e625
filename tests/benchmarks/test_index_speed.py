"""Indexing Python's standard library: cold, unchanged, and after one edit. `make bench`, or this file with `-m slow -s`."""

from __future__ import annotations

import json
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

from indexing.executors import usable_cores

COMMAND = Path(sys.executable).with_name("codestrata")
ROUNDS = 3

pytestmark = pytest.mark.slow


def index(source: Path, folder: Path) -> tuple[dict[str, Any], float]:
    """The report and the wall seconds of the whole command."""
    began = time.perf_counter()
    done = subprocess.run(
        [str(COMMAND), "index", str(source), "--index", str(folder), "--json", "--quiet"], capture_output=True, check=True
    )
    return json.loads(done.stdout), time.perf_counter() - began


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The standard library of this interpreter, without what was installed beside it."""
    target = tmp_path_factory.mktemp("source") / "library"
    skipped = shutil.ignore_patterns("site-packages", "__pycache__")
    shutil.copytree(sysconfig.get_path("stdlib"), target, ignore=skipped, symlinks=True)
    return target


def test_the_standard_library(library: Path, tmp_path: Path) -> None:
    cold, first, again, edited = [], [], [], []
    for i in range(ROUNDS):
        folder = tmp_path / f"index{i}"
        report, seconds = index(library, folder)
        cold.append(seconds)
        first.append(report["seconds"]["first_searchable"])
        unchanged, seconds = index(library, folder)
        again.append(seconds)
        assert (unchanged["files"]["indexed"], unchanged["files"]["unchanged"]) == (0, report["files"]["indexed"])
        with (library / "ast.py").open("a", encoding="utf-8") as file:
            file.write(f"\n# edited {i}\n")
        one, seconds = index(library, folder)
        edited.append(seconds)
        assert (one["files"]["indexed"], one["files"]["removed"]) == (1, 0)
    megabytes = report["bytes"] / 1e6
    seconds = statistics.median(cold)
    print(f"\n{platform.machine()}, {usable_cores()} cores, Python {platform.python_version()}, medians of {ROUNDS}")
    print(f"source                {megabytes:8.1f} MB in {report['files']['indexed']} files")
    print(f"cold                  {seconds:8.1f} s    {megabytes / seconds:.1f} MB/s")
    print(f"first searchable      {statistics.median(first):8.1f} s")
    print(f"nothing changed       {statistics.median(again):8.1f} s")
    print(f"one file changed      {statistics.median(edited):8.1f} s")
    print(f"memory, all processes {report['peak_rss_bytes'] / 1e6:8.0f} MB")
    print(f"index on disk         {report['index_bytes'] / 1e6:8.1f} MB")
    print(
        "CPU seconds           "
        + ", ".join(f"{k} {v:.1f}" for k, v in report["seconds"].items() if k not in {"total", "first_searchable"})
    )
    assert statistics.median(again) < seconds / 5
