"""Five Python projects with test suites, and which of their functions call which while those run.

Each is one pinned source distribution of pure Python under a permissive licence (click, jinja2 and sqlparse BSD-3-Clause,
lark and marshmallow MIT). They are fetched by pip, unpacked in the user's cache and run in a private environment, never in
this repository's; what they say is kept beside them, so that a second run only reads it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.corpus import MissingCorpusError

_NEEDED = ("pytest==8.3.4", "markupsafe==3.0.2", "trio==0.27.0", "simplejson==3.19.3", "pytz==2024.2")
"""What the five suites import, with the runner."""
_SECONDS = 1_800


@dataclass(frozen=True)
class Project:
    """A source distribution; `package` is the folder of its own code within it."""

    name: str
    version: str
    package: str

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Place:
    """Where code begins: its path in the project, its line (of the first decorator), its own name; a module has line 0."""

    path: str
    line: int
    name: str


Pair = tuple[Place, Place]

PROJECTS = (
    Project("click", "8.1.7", "src/click"),
    Project("jinja2", "3.1.4", "src/jinja2"),
    Project("lark", "1.2.2", "lark"),
    Project("marshmallow", "3.22.0", "src/marshmallow"),
    Project("sqlparse", "0.5.1", "sqlparse"),
)


def sources(project: Project) -> Path:
    """The unpacked distribution. Raises MissingCorpusError where it cannot be had."""
    target = _home() / project.folder
    if not target.is_dir():
        with tempfile.TemporaryDirectory(dir=_home()) as scratch:
            wanted = f"{project.name}=={project.version}"
            _run(sys.executable, "-m", "pip", "-q", "download", "--no-deps", "--no-binary", ":all:", "-d", scratch, wanted)
            with tarfile.open(next(Path(scratch).glob("*.tar.gz"))) as packed:
                packed.extractall(scratch, filter="data")
            (Path(scratch) / project.folder).rename(target)
    return target


def traced(project: Project) -> list[Pair]:
    """The pairs of caller and callee that its tests run through (see `call_tracer.py` for what counts)."""
    told = _home() / f"{project.folder}.json"
    if not told.is_file():
        folder, part = sources(project), told.with_suffix(".part")
        here = Path(__file__).parent
        paths = os.pathsep.join(map(str, (folder / Path(project.package).parent, folder, here)))
        environment = {
            **os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1",
            "CODESTRATA_TRACE_ROOT": str(folder), "CODESTRATA_TRACE_OUT": str(part),
        }  # fmt: skip
        options = ("-q", "-p", "no:cacheprovider", "-p", "call_tracer", "-o", "addopts=", "-o", "filterwarnings=default")
        # A failed test of theirs has called its functions all the same.
        command = (str(_python()), "-m", "pytest", *options, "tests")
        run = subprocess.run(command, cwd=folder, env=environment, timeout=_SECONDS, check=False, capture_output=True)
        if not part.is_file():
            raise MissingCorpusError(f"{project.folder} could not be traced: {run.stdout[-2000:]!r}")
        part.rename(told)
    pairs = json.loads(told.read_text(encoding="utf-8"))
    return [(_place(*pair[:3]), _place(*pair[3:])) for pair in pairs]


def _place(path: str, line: int, name: str) -> Place:
    last = name.rpartition(".")[2]
    return Place(path, 0, "") if last == "<module>" else Place(path, line, last)


def _home() -> Path:
    home = machine.cache() / "traced"
    home.mkdir(parents=True, exist_ok=True)
    return home


def _python() -> Path:
    """The interpreter of the environment that the suites run in."""
    python = _home() / "environment" / "bin" / "python"
    if not python.is_file():
        shutil.rmtree(_home() / "environment", ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(_home() / "environment"))
        _run(str(python), "-m", "pip", "-q", "install", *_NEEDED)
    return python


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, timeout=_SECONDS, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingCorpusError(f"the traced projects cannot be had: {error}") from error
