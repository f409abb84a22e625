"""The installed command, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from resources import resource_path
from tests.end_to_end.command import COMMAND, Done, Run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's data and preferences, away from those of whoever runs the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def run(home: Path) -> Run:
    """Runs the command; `cwd`, `env` and `stdin` as given."""

    def start(*arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: str = "") -> Done:
        environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONSAFEPATH"}}
        environment |= {
            "CODESTRATA_DATA_DIR": str(home / "data"),
            "CODESTRATA_CONFIG_DIR": str(home / "config"),
            **(env or {}),
        }
        done = subprocess.run(
            [str(COMMAND), *arguments],
            cwd=cwd or home,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return start


@pytest.fixture(scope="session")
def sample() -> Path:
    """The project that comes with the program."""
    return resource_path("sample")


@pytest.fixture(scope="session")
def sample_index(run: Run, sample: Path, home: Path) -> Path:
    """The sample project, indexed once."""
    index = home / "sample.index"
    done = run("index", str(sample), "--index", str(index), "--json")
    assert done.code == 0, done.err
    return index
