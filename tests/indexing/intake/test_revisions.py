"""Other revisions of a source, and how often its files were changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import SourceError, UsageError
from indexing.intake.history import commits_by_file
from indexing.intake.revisions import find_revision, open_revision


def git(folder: Path, *arguments: str) -> str:
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *author, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits; the tag `first` on the first. A file with a line end and a `é` in its name, and one in a folder."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for number, names in enumerate((("a.py", "sub/é\n.py"), ("a.py",), ("a.py", "sub/b.py"))):
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(f"x = {number}\n", "utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", str(number))
        if number == 0:
            git(folder, "tag", "first")
    return folder


def test_commits_are_counted_by_file(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    token = CancellationToken()
    assert commits_by_file(repository, head, token) == {"a.py": 3, "sub/é\\x0a.py": 1, "sub/b.py": 1}
    assert commits_by_file(repository / "sub", head, token) == {"é\\x0a.py": 1, "b.py": 1}
    assert commits_by_file(repository / ".git", head, token)["a.py"] == 3
    assert commits_by_file(repository, git(repository, "rev-parse", "first"), token)["a.py"] == 1


def test_a_folder_without_git_has_no_history(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="history"):
        commits_by_file(tmp_path, "0" * 40, CancellationToken())
    with pytest.raises(SourceError, match="not under git"):
        find_revision(tmp_path, "main", CancellationToken())


@pytest.mark.parametrize("name", ["first", "HEAD~2", "main~2", "refs/tags/first"])
def test_an_older_revision_is_a_source(repository: Path, name: str) -> None:
    found = find_revision(repository, name, CancellationToken())
    assert found.commit == git(repository, "rev-parse", "first")
    with open_revision(found, CancellationToken()) as workspace:
        assert (workspace.root / "a.py").read_text() == "x = 0\n"
        assert not (workspace.root / "sub" / "b.py").exists()
        assert workspace.identity.endswith("@" + found.commit)


@pytest.mark.parametrize("name", ["nowhere", "--help", "a b", ""])
def test_what_names_no_commit_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(UsageError, match="revision"):
        find_revision(repository, name, CancellationToken())


def test_a_part_of_a_repository_is_not_compared(repository: Path) -> None:
    with pytest.raises(SourceError, match="part of the repository"):
        find_revision(repository / "sub", "first", CancellationToken())
