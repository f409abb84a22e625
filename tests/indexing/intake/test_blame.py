"""Who last changed each line, held against what was committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.errors import CancelledError, SourceError
from indexing.intake.blame import _carried, blame


def git(folder: Path, *arguments: str, author: str = "Ada") -> str:
    identity = ["-c", f"user.name={author}", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Ada wrote three lines, Bea changed the second and one of another file."""
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "sub" / "poem.txt").write_text("one\ntwo\nthree\n", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin the poem\n\nIt will be long.")
    (folder / "sub" / "poem.txt").write_text("one\nTWO\nthree\n", "utf-8")
    git(folder, "commit", "-q", "-a", "-m", "Say it louder", author="Bea")
    return folder


def told(folder: Path, path: str, text: str) -> list[str]:
    head = git(folder, "rev-parse", "HEAD")
    found = blame(folder, head, path, text.split("\n"), CancellationToken())
    return [found.commits[owner].author if owner >= 0 else "" for owner in found.lines]


def test_each_line_has_who_changed_it_last(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    found = blame(repository, head, "sub/poem.txt", ["one", "TWO", "three", ""], CancellationToken())
    assert [(found.commits[owner].author, found.commits[owner].summary) for owner in found.lines[:3]] == [
        ("Ada", "Begin the poem"),
        ("Bea", "Say it louder"),
        ("Ada", "Begin the poem"),
    ]
    assert found.lines[3] == -1
    assert found.commits[found.lines[1]].id == head
    assert found.commits[0].seconds == int(git(repository, "log", "-1", "--format=%at", "HEAD~1"))


def test_part_of_a_repository_and_a_bare_one_tell_the_same(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    expected = ["Ada", "Bea", "Ada"]
    assert told(repository, "sub/poem.txt", "one\nTWO\nthree") == expected
    assert told(repository / "sub", "poem.txt", "one\nTWO\nthree") == expected
    assert told(tmp_path / "bare.git", "sub/poem.txt", "one\nTWO\nthree") == expected


def test_lines_that_were_never_committed_are_nobodys(repository: Path) -> None:
    assert told(repository, "sub/poem.txt", "zero\none\nTWO\nand\nthree") == ["", "Ada", "Bea", "", "Ada"]
    assert told(repository, "sub/other.txt", "one\ntwo") == ["", ""]


def test_a_file_with_carriage_returns_is_told_as_well(repository: Path) -> None:
    (repository / "dos.txt").write_bytes(b"one\r\ntwo\r\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "Add", author="Cyd")
    assert told(repository, "dos.txt", "one\ntwo") == ["Cyd", "Cyd"]


def test_what_has_no_history_says_so(tmp_path: Path, repository: Path) -> None:
    with pytest.raises(SourceError, match="not under git"):
        blame(tmp_path, "0" * 40, "a.txt", ["one"], CancellationToken())
    with pytest.raises(SourceError, match="cannot be read"):
        blame(repository, "0" * 40, "sub/poem.txt", ["one"], CancellationToken())


def test_it_can_be_cancelled(repository: Path) -> None:
    cancelled = CancellationToken()
    cancelled.cancel()
    with pytest.raises(CancelledError):
        blame(repository, git(repository, "rev-parse", "HEAD"), "sub/poem.txt", ["one"], cancelled)


lines = st.lists(st.sampled_from("abc"), max_size=12)


@given(lines, lines)
@settings(deadline=None)
def test_owners_go_to_the_same_lines_in_the_same_order(before: list[str], after: list[str]) -> None:
    owners = list(range(len(before)))
    carried = list(_carried(owners, before, after))
    assert len(carried) == len(after)
    kept = [owner for owner in carried if owner >= 0]
    assert kept == sorted(set(kept))
    assert all(before[owner] == line for owner, line in zip(carried, after, strict=True) if owner >= 0)
    if before == after:
        assert carried == owners
