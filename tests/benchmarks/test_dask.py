"""Indexing on a Dask cluster of 1, 2 and 4 worker processes of this machine, and with one of them killed midway: the same
index as from local processes, and what the cluster costs beside them."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from tests.benchmarks import corpus, machine
from tests.benchmarks.command import Run, index
from tests.benchmarks.same_index import differences, said_by
from tests.benchmarks.test_kills import QUESTIONS
from tests.dask_cluster import dask_cluster

PART_BYTES = int(os.environ.get("CODESTRATA_DASK_BYTES", "20_000_000"))
ALLOWED_OVERHEAD = 0.15
WORKERS = (1, 2, 4)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600), pytest.mark.filterwarnings("ignore")]


def row(name: str, run: Run, local: Run) -> tuple[str, str, str, str]:
    seconds = run.report["seconds"]
    return name, f"{run.seconds:.1f} s", f"{seconds['parse']:.1f} s", f"{run.seconds / local.seconds - 1:+.0%}"


@pytest.mark.parametrize("option", ["", "?shared=yes"], ids=["content", "path"])
def test_the_same_index_on_a_cluster(mixed: Path, tmp_path: Path, option: str) -> None:
    source = tmp_path / "source"
    corpus.add_part(mixed, source, PART_BYTES)
    local = index(source, tmp_path / "local")
    said = said_by(tmp_path / "local", QUESTIONS)
    rows, overhead = [("indexed by", "wall", "CPU of parsing", "beside local"), row("local processes", local, local)], 0.0
    for count in WORKERS:
        folder = tmp_path / f"dask{count}"
        home = tmp_path / f"cluster{count}"
        home.mkdir()
        with dask_cluster(home, count) as (address, workers):
            run = index(source, folder, executor=f"dask={address}{option}")
            rows.append(row(f"{count} workers", run, local))
            found = differences(said_by(folder, QUESTIONS), said)
            assert not found, (count, {subject: texts[:5] for subject, texts in found.items()})
            if count == machine.CORES:
                overhead = run.seconds / local.seconds - 1
                folder = tmp_path / "killed"
                killer = threading.Timer(0.4 * run.seconds, workers[0].kill)
                killer.start()
                run = index(source, folder, executor=f"dask={address}{option}")
                killer.cancel()
                assert workers[0].poll() is not None
                rows.append(row(f"{count} workers, one killed", run, local))
                found = differences(said_by(folder, QUESTIONS), said)
                assert not found, {subject: texts[:5] for subject, texts in found.items()}
    title = f"{corpus.bytes_of(source) / 1e6:.1f} MB on Dask, {'paths' if option else 'contents'} sent"
    machine.show(f"dask_{'paths' if option else 'contents'}", title, rows)
    machine.require({"overhead beside local processes": (overhead, ALLOWED_OVERHEAD)})
