"""Indexing the same files with semble 0.7.0, with the same static model, on the same two cores.

semble cuts files along their syntax trees and makes words and vectors; it has no symbols, graph or clones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.settings import ScanSettings
from indexing.embedding.static import MODEL_FOLDER
from indexing.intake.opening import open_source
from indexing.scan import scan
from tests.benchmarks import machine
from tests.benchmarks.command import index

VERSION = "0.7.0"
DRIVER = Path(__file__).with_name("semble_driver.py")
QUESTION = "where is a lock taken before a file is written"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter of an environment that holds semble."""
    folder = machine.cache() / f"semble-{VERSION}"
    interpreter = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    installed = folder / "installed"
    if not installed.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            subprocess.run([str(interpreter), "-m", "pip", "-q", "install", f"semble=={VERSION}"], check=True, timeout=900)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"semble {VERSION} could not be installed: {error}")
        installed.touch()
    return interpreter


def drive(python: Path, home: Path, *arguments: str) -> tuple[dict[str, Any], float]:
    """What the driver printed, and the wall seconds of its process."""
    environment = {**os.environ, "SEMBLE_INDEX_WORKERS": str(machine.CORES), "SEMBLE_MODEL_NAME": str(home / "model")}
    environment |= {"SEMBLE_CACHE_LOCATION": str(home / "cache"), "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    done = subprocess.run(
        [str(python), str(DRIVER), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1]), time.perf_counter() - began


def indexed_by_us(source: Path) -> set[str]:
    token = CancellationToken()
    with open_source(str(source), token) as workspace:
        return {file.path for file in scan(workspace, ScanSettings(), token).files}


def test_the_same_files_with_semble(mixed: Path, python: Path, tmp_path: Path) -> None:
    drive(python, tmp_path, "export", str(MODEL_FOLDER), str(tmp_path / "model"))
    both = sorted(indexed_by_us(mixed) & set(drive(python, tmp_path, "files", str(mixed))[0]["files"]))
    source = tmp_path / "source"
    for path in both:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(mixed / path, source / path)
    ours = index(source, tmp_path / "index")
    theirs, their_seconds = drive(python, tmp_path, "index", str(source), str(tmp_path / "theirs"), QUESTION)
    ratio = their_seconds / ours.seconds
    rows = [
        ("", "codestrata", f"semble {VERSION}", "must"),
        ("files", str(ours.report["files"]["indexed"]), str(theirs["files"]), ""),
        ("source", f"{ours.megabytes:.1f} MB", "the same", ""),
        ("chunks", str(ours.report["chunks"]), str(theirs["chunks"]), ""),
        ("symbols and edges", f"{ours.report['symbols']} {_edges(ours.report)}", "none", ""),
        ("seconds", f"{ours.seconds:.1f}", f"{their_seconds:.1f} ({theirs['seconds']:.1f} without saving)", ""),
        ("times faster", f"{ratio:.2f}", "1", "2.5 (reach for 4)"),
    ]
    machine.show("against_semble", "Indexing, cold", rows)
    assert ours.report["files"]["indexed"] == len(both)
    # A file of nothing but white space gives it no chunk.
    assert 0.99 * len(both) <= theirs["files"] <= len(both)
    assert theirs["dimension"] == ours.report["vectors"]["dimension"]
    assert len(theirs["results"]) == 5
    machine.require({"our seconds": (ours.seconds, their_seconds / 2.5)})


def _edges(report: dict[str, Any]) -> int:
    return sum(count for counts in report["edges"].values() for count in counts.values())
