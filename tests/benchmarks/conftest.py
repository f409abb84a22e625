"""What the benchmarks share: two cores, the corpora, and a private place for the program's own files."""

from __future__ import annotations

import compileall
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import core
import desktop
import indexing
import resources
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from tests.benchmarks import command, corpus, machine, pinned

PART_INDEXES_VARIABLE = "CODESTRATA_PART_INDEXES"


@pytest.fixture(scope="session", autouse=True)
def bytecode() -> None:
    """The command as it is installed: an editable install may have been told to write no bytecode, and would then be
    compiled at every start."""
    for package in (core, desktop, indexing, resources):
        compileall.compile_dir(package.__path__[0], quiet=2, workers=1)


@pytest.fixture(autouse=True)
def two_cores() -> Iterator[None]:
    with machine.on_two_cores():
        yield


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def mixed() -> Path:
    """About 100 MB of mixed real code."""
    return _or_skip(corpus.mixed)


@pytest.fixture(scope="session")
def kernel() -> Path:
    """The sources of Linux 6.1."""
    return _or_skip(corpus.kernel)


@pytest.fixture(scope="session")
def snapshot(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], SnapshotReader]:
    """Opens the index of a part of the mixed code, or of a pinned repository, made once. CODESTRATA_PART_INDEXES names a
    folder with indexes made before (`django`, `jdk`, …) to use instead of new ones."""
    made = Path(os.environ.get(PART_INDEXES_VARIABLE, "") or tmp_path_factory.mktemp("indexes"))
    opened: dict[str, SnapshotReader] = {}

    def open_part(name: str) -> SnapshotReader:
        if name not in opened:
            if not (made / name).is_dir():
                trees = tmp_path_factory.mktemp("trees")
                source = _or_skip(lambda: pinned.get(name, trees)) if name in pinned.CLONES else mixed / name
                command.index(source, made / name)
            opened[name] = open_snapshot(made / name)
        return opened[name]

    return open_part


def _or_skip(make: Callable[[], Path]) -> Path:
    try:
        return make()
    except corpus.MissingCorpusError as error:
        pytest.skip(str(error))
