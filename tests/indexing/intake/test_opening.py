"""A source is opened, or told apart by its form and refused in one line with a next step."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from core.errors import CodestrataError, SourceError
from core.paths import escape
from indexing.intake import open_source


def refused(spec: str, error: type[CodestrataError]) -> str:
    with pytest.raises(error) as caught:
        open_source(spec)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_code == 2
    assert caught.value.next_step
    return message


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "a.py").write_text("x = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def test_a_folder_opens(tmp_path: Path) -> None:
    with open_source(str(tmp_path)) as workspace:
        assert workspace.root == tmp_path.resolve()
        assert workspace.name == tmp_path.name
        assert workspace.identity == str(tmp_path.resolve())


def test_ways_of_naming_one_folder_share_an_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    monkeypatch.chdir(tmp_path)
    specs = ["a", "./a/", str(tmp_path / "a"), "link", "a/../a"]
    assert len({open_source(spec).identity for spec in specs}) == 1


def test_a_name_that_is_not_utf8_opens_as_it_is_printed(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)  # noqa: PTH102 - a path of bytes
    workspace = open_source(escape(folder))
    assert os.fsencode(workspace.root) == os.path.realpath(folder)
    assert workspace.identity.endswith("caf\\xe9")
    assert open_source(os.fsdecode(folder)).identity == workspace.identity


def test_missing_things_are_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file or folder" in refused(str(tmp_path / "none"), SourceError)
    assert "no such file or folder" in refused(str(tmp_path / "none.zip"), SourceError)
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    assert "link" in refused(str(tmp_path / "dangling"), SourceError)
    refused("", SourceError)
    refused("\x00", SourceError)
    refused("x" * 5000, SourceError)
    refused(str(tmp_path / "~nobody-of-that-name" / "x"), SourceError)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("x = 1\n")
    message = refused(str(tmp_path / "main.py"), SourceError)
    assert "it is a file" in message
    assert str(tmp_path) in message


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "neither a file nor a folder" in refused(str(tmp_path / "pipe"), SourceError)


def test_an_archive_is_known_by_its_content(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.py", "x")
    (tmp_path / "zip-without-ending").write_bytes((tmp_path / "a.zip").read_bytes())
    (tmp_path / "zip-called.tar.gz").write_bytes((tmp_path / "a.zip").read_bytes())
    with tarfile.open(tmp_path / "b", "w") as tar:
        tar.addfile(tarfile.TarInfo("a.py"), io.BytesIO())
    for name in ("a.zip", "zip-without-ending", "zip-called.tar.gz", "b"):
        with open_source(str(tmp_path / name)) as workspace:
            assert [path.name for path in workspace.root.iterdir()] == ["a.py"]


def test_what_only_looks_like_an_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.py.gz").write_bytes(gzip.compress(b"x = 1\n" * 1000))
    assert "not that of a tar archive" in refused(str(tmp_path / "one.py.gz"), SourceError)
    (tmp_path / "text.tar.zst").write_bytes(b"whatever")
    assert "not that of an archive" in refused(str(tmp_path / "text.tar.zst"), SourceError)
    (tmp_path / "empty.tgz").touch()
    assert "empty" in refused(str(tmp_path / "empty.tgz"), SourceError)


def test_the_revision_is_what_git_says(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    assert open_source(str(repository)).revision == first
    (repository / "sub").mkdir()
    assert open_source(str(repository / "sub")).revision == first

    git(repository, "commit", "-q", "--allow-empty", "-m", "second")
    second = git(repository, "rev-parse", "HEAD")
    git(repository, "pack-refs", "--all")
    assert open_source(str(repository)).revision == second
    git(repository, "checkout", "-q", first)
    assert open_source(str(repository)).revision == first

    git(repository, "worktree", "add", "-q", "-b", "feature/x", str(tmp_path / "tree"), second)
    assert open_source(str(tmp_path / "tree")).revision == second


def test_without_commits_or_git_there_is_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "empty")
    assert open_source(str(tmp_path / "empty")).revision is None
    hostile = tmp_path / "hostile"
    (hostile / ".git").mkdir(parents=True)
    for head in ("ref: refs/../../../etc/passwd\n", "ref: \n", "garbage", "ref: refs/heads/\x00\n", ""):
        (hostile / ".git" / "HEAD").write_text(head)
        assert open_source(str(hostile)).revision is None
    os.mkfifo(hostile / ".git" / "packed-refs")
    (hostile / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert open_source(str(hostile)).revision is None


def test_the_source_is_not_written(repository: Path) -> None:
    before = {path: path.lstat().st_mtime_ns for path in repository.rglob("*")}
    with open_source(str(repository)):
        pass
    assert {path: path.lstat().st_mtime_ns for path in repository.rglob("*")} == before
