"""What an index tells of the history of its source."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CodestrataError
from desktop import assembly
from desktop.engine.view_methods import view_methods
from tests.indexing.trees import index_tree, write_tree


def git(folder: Path, author: str, *arguments: str) -> None:
    identity = ["-c", f"user.name={author}", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def blame(index: Path, path: str) -> dict[str, object]:
    methods = view_methods(assembly.open_service(assembly.settings_for()))
    found: dict[str, object] = methods["blame"]({"index": str(index), "path": path}, CancellationToken())
    return found


def test_lines_are_told_as_they_were_indexed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_tree(source, {"app/one.py": "a = 1\nb = 2\n"})
    git(source, "Ada", "init", "-q")
    git(source, "Ada", "add", "-A")
    git(source, "Ada", "commit", "-q", "-m", "Begin")
    write_tree(source, {"app/one.py": "a = 1\nnew = 0\nb = 2\n"})
    index_tree(source / "app", tmp_path / "index")
    write_tree(source, {"app/one.py": "quite other\n"})
    found = blame(tmp_path / "index", "one.py")
    assert [commit["author"] for commit in found["commits"]] == ["Ada"]  # type: ignore[attr-defined]
    assert found["lines"] == [0, -1, 0]


def test_a_source_without_git_has_none(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", {"one.py": "a = 1\n"})
    index_tree(tmp_path / "source", tmp_path / "index")
    with pytest.raises(CodestrataError, match="no history"):
        blame(tmp_path / "index", "one.py")
    with pytest.raises(CodestrataError, match=r"two\.py"):
        blame(tmp_path / "index", "two.py")
