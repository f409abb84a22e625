"""Twenty kills at random moments, of runs that build an index and of runs that bring one up to date; then the next run goes
on, and the index must say what one says that was never disturbed.

A run and its workers are killed at once with SIGKILL, as when the machine runs out of memory.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks import corpus, edits, machine
from tests.benchmarks.command import arguments, index
from tests.benchmarks.same_index import Said, differences, said_by

KILLS = int(os.environ.get("CODESTRATA_KILLS", "20"))
PART_BYTES = int(os.environ.get("CODESTRATA_KILLS_BYTES", "10_000_000"))
QUESTIONS = (
    "where is a lock taken before a file is written",
    "parse a date from text",
    "hash of a string",
    "close the stream when an error occurs",
    "edited1000",
)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True)
class State:
    """A state of the source, what an undisturbed index says of it, and the seconds that the run took."""

    source: Path
    said: Said
    seconds: float


def killed_midway(source: Path, folder: Path, after: float, original: Path | None = None) -> str:
    """Kill a run and its workers after so many seconds; returns the stage it was in, as its progress told.

    A run may be faster than the one that was timed: then it begins anew, from the `original` index, and dies sooner.
    """
    errors = folder.with_suffix(".progress")
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        if original is not None:
            shutil.copytree(original, folder)
        with errors.open("wb") as told:
            run = subprocess.Popen(arguments(source, folder), stdout=subprocess.DEVNULL, stderr=told, start_new_session=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(after)
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            lines = errors.read_text(encoding="utf-8").splitlines()
            return lines[-1] if lines else "starting"
        assert run.returncode == 0, errors.read_text(encoding="utf-8")
        after *= 0.8


@pytest.fixture(scope="module")
def before(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[State, Path]:
    """A part of the corpus with its index."""
    home = tmp_path_factory.mktemp("before")
    source, folder = home / "source", home / "index"
    corpus.add_part(mixed, source, PART_BYTES)
    seconds = index(source, folder).seconds
    return State(source, said_by(folder, QUESTIONS), seconds), folder


def change(source: Path) -> None:
    """Edit a fiftieth of the files, delete some, rename one, add one."""
    files = edits.editable(source)
    for n, path in enumerate(files[::50]):
        edits.edit(path, 1000 + n)
    for path in files[7::200]:
        path.unlink()
    files[11].rename(files[11].with_name(f"renamed_{files[11].name}"))
    (source / "added.py").write_text("def added_in_between():\n    return 1\n", encoding="utf-8")


def moments(count: int, seconds: float, seed: int) -> list[float]:
    """Moments spread over the seconds of a run, one at random within each of equal parts."""
    chance = random.Random(seed)
    return [seconds * (i + chance.random()) / count for i in range(count)]


def test_a_killed_run_is_gone_on_with(before: tuple[State, Path], tmp_path: Path) -> None:
    state, _ = before
    stages: Counter[str] = Counter()
    for i, moment in enumerate(moments(KILLS // 2, state.seconds, seed=3)):
        folder = tmp_path / f"cold{i}"
        stages[killed_midway(state.source, folder, moment)] += 1
        index(state.source, folder)
        found = differences(said_by(folder, QUESTIONS), state.said)
        assert not found, (moment, stages, {subject: texts[:5] for subject, texts in found.items()})
        shutil.rmtree(folder)
    report("kills_cold", "Kills of a first run", state, stages)


def test_a_killed_update_is_gone_on_with(before: tuple[State, Path], tmp_path: Path) -> None:
    state, built = before
    source = tmp_path / "source"
    shutil.copytree(state.source, source)
    original = tmp_path / "original"
    shutil.copytree(built, original)
    index(source, original)
    change(source)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(original, undisturbed)
    seconds = index(source, undisturbed).seconds
    after = State(source, said_by(undisturbed, QUESTIONS), seconds)
    stages: Counter[str] = Counter()
    for i, moment in enumerate(moments(KILLS - KILLS // 2, after.seconds, seed=4)):
        folder = tmp_path / f"update{i}"
        stages[killed_midway(source, folder, moment, original)] += 1
        index(source, folder)
        found = differences(said_by(folder, QUESTIONS), after.said)
        assert not found, (moment, stages, {subject: texts[:5] for subject, texts in found.items()})
        shutil.rmtree(folder)
    report("kills_update", "Kills of a run that brings an index up to date", after, stages)
    fresh = tmp_path / "fresh"
    index(source, fresh)
    # What an update links only in part is linked whole when it is told to settle.
    index(source, undisturbed, settle=True)
    found = differences(said_by(fresh, QUESTIONS), said_by(undisturbed, QUESTIONS))
    # The words of what is gone still weigh in the statistics of words until they are cleared out.
    found.pop("answers", None)
    assert not found, {subject: texts[:5] for subject, texts in found.items()}


def report(name: str, title: str, state: State, stages: Counter[str]) -> None:
    megabytes = corpus.bytes_of(state.source) / 1e6
    rows = [("killed while", "times"), *((stage, str(count)) for stage, count in stages.most_common())]
    machine.show(name, f"{title} over {megabytes:.1f} MB that takes {state.seconds:.1f} s, equal after the next", rows)
