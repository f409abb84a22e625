"""The lines that a range of commits changed, told by git without hearing what the repository says."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import SourceError, UsageError
from indexing.intake.changes import changed_lines, is_range
from tests.indexing.intake.test_repositories import git

LINES = [f"line {i}" for i in range(1, 21)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two commits on `main`, a third on `topic`."""
    folder = tmp_path / "work"
    (folder / "lib").mkdir(parents=True)
    (folder / "gone.py").write_text("x = 1\n")
    (folder / "lib" / "a.py").write_text("\n".join(LINES) + "\n")
    commit(folder, "init")
    lines = [*LINES[:2], "changed", *LINES[3:9], *LINES[11:], "++ b/fake.py", "@@ -1 +9 @@"]
    (folder / "lib" / "a.py").write_text("\n".join(lines) + "\n")
    (folder / "gone.py").unlink()
    (folder / "new file é.py").write_text("one\ntwo\n")
    (folder / 'odd"\t\\name.py').write_text("one\n")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "topic")
    (folder / "lib" / "b.py").write_text("b\n")
    commit(folder)
    return folder


def commit(folder: Path, *before: str) -> None:
    if before:
        git(folder, *before, "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "m")


def changed(folder: Path, commits: str) -> dict[str, list[tuple[int, int]]]:
    return dict(changed_lines(folder, commits, CancellationToken()))


def test_changed_removed_and_added_lines(folder: Path) -> None:
    found = changed(folder, "main~1..main")
    assert found == {"lib/a.py": [(3, 3), (9, 10), (19, 20)], "new file é.py": [(1, 2)], 'odd"\\x09\\\\name.py': [(1, 1)]}
    assert changed(folder, "main..") == {"lib/b.py": [(1, 1)]}
    assert changed(folder, "main...topic") == {"lib/b.py": [(1, 1)]}
    assert changed(folder, "topic..topic") == {}


def test_paths_are_those_below_the_folder(folder: Path) -> None:
    assert set(changed(folder / "lib", "HEAD~2..HEAD")) == {"a.py", "b.py"}


def test_packed_and_tagged_references(folder: Path) -> None:
    git(folder, "tag", "-a", "v1", "main", "-m", "first")
    git(folder, "gc", "-q")
    assert set(changed(folder, "v1..topic")) == {"lib/b.py"}


def test_the_configuration_of_the_repository_is_not_heard(folder: Path) -> None:
    mark = folder / "ran"
    script = folder.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    (folder / ".gitattributes").write_text("*.py diff=odd\n")
    for name in ("diff.external", "diff.odd.textconv", "diff.odd.command", "core.pager", "core.fsmonitor"):
        git(folder, "config", name, str(script))
    commit_everything = ["-c", "core.fsmonitor=false", "commit", "-q", "-a", "-m", "m", "--no-verify"]
    git(folder, "-c", "core.fsmonitor=false", "add", "-A")
    git(folder, *commit_everything)
    mark.unlink(missing_ok=True)
    assert set(changed(folder, "main..")) == {"lib/b.py", ".gitattributes"}
    assert not mark.exists()


@pytest.mark.parametrize("commits", ["nosuch..main", "--output=x..main", "main..$(touch x)", "main.. x"])
def test_what_names_no_commits_is_refused(folder: Path, commits: str) -> None:
    with pytest.raises(UsageError):
        changed(folder, commits)
    assert not (folder / "x").exists()


def test_a_folder_that_is_not_under_git(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not under git"):
        changed(tmp_path, "a..b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a..b", True),
        ("HEAD~3..", True),
        ("..b", True),
        ("a...b", True),
        ("pkg.mod.Class.run", False),
        ("../x/y.py:3", False),
    ],
)
def test_what_is_written_as_a_range(text: str, expected: bool) -> None:
    assert is_range(text) is expected
