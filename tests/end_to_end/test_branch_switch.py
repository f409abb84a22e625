"""A branch switch costs what differs between the branches, not what git wrote anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.end_to_end.command import Run
from tests.end_to_end.test_sources import git

FILES = 30
CHANGED = 4


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two branches that differ in a few files, one more and one fewer."""
    root = tmp_path / "repository"
    root.mkdir()
    for n in range(FILES):
        (root / f"m{n}.py").write_text(f"def f{n}(x):\n    return x + {n}\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "checkout", "-qb", "feature")
    for n in range(CHANGED):
        (root / f"m{n}.py").write_text(f"def g{n}(x):\n    return x * {n}\n")
    (root / "added.py").write_text("def added():\n    return 1\n")
    (root / f"m{FILES - 1}.py").unlink()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "second")
    git(root, "checkout", "-q", "main")
    settle(root)
    return root


def settle(root: Path, when: int = 1_600_000_000) -> None:
    """As if everything had been written long ago."""
    for path in root.glob("*.py"):
        os.utime(path, (when, when))


def test_only_what_differs_is_indexed(run: Run, repository: Path, tmp_path: Path) -> None:
    index = ("--index", str(tmp_path / "index"))
    first = run("index", str(repository), *index, "--json", "--quiet").json
    assert first["files"]["indexed"] == FILES
    git(repository, "checkout", "-q", "feature")
    settle(repository, 1_700_000_000)  # git gives every file a new time stamp when it clones or a tool rewrites the tree
    there = run("index", str(repository), *index, "--json", "--quiet").json
    assert there["revision"] != first["revision"]
    counts = there["files"]
    assert (counts["indexed"], counts["unchanged"], counts["removed"]) == (CHANGED + 1, FILES - CHANGED - 1, 1)
    assert "g1" in run("search", "g1", *index, "--json").json["results"][0]["symbol"]
    git(repository, "checkout", "-q", "main")
    back = run("index", str(repository), *index, "--json", "--quiet").json["files"]
    assert (back["indexed"], back["unchanged"], back["removed"]) == (CHANGED + 1, FILES - CHANGED - 1, 1)
    assert run("search", "f1", *index, "--json").json["stale_files"] == 0
    assert run("symbols", "added", *index, "--json").json == []
