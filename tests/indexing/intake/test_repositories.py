"""Bare repositories, bundles and URLs: the files of one commit, and nothing that a repository says is carried out."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, MissingPartError, SourceError
from core.model.source import SkipReason
from core.settings import ScanSettings
from indexing.intake import Workspace, has_changed, open_source
from indexing.intake.tree import Limits
from indexing.scan import scan

WHEN = 1_500_000_000


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where private folders are made; nothing may stay there."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not any(folder.iterdir()), "a private folder was left"


def git(folder: Path, *arguments: str, data: bytes | None = None) -> str:
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_COMMITTER_DATE": f"{WHEN} +0000",
    }
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, input=data)
    return done.stdout.decode().strip()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work tree with a commit of all kinds of entries."""
    folder = tmp_path / "work"
    (folder / "sub").mkdir(parents=True)
    git(folder, "init", "-q")
    (folder / "a.py").write_bytes(b"x = 1\r\n# $Id$\n")
    (folder / "sub" / "b.py").write_bytes(b"y = 2\n")
    (folder / "empty.py").touch()
    (folder / "link").symlink_to("/etc/passwd")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_text("z = 3\n")
    (folder / ".gitattributes").write_text("*.py text eol=lf ident filter=evil\n/sub export-ignore\n")
    git(folder, "add", ".")
    # As a careless program would have committed it: with carriage returns and a submodule.
    blob = git(folder, "hash-object", "-w", "--no-filters", "a.py")
    git(folder, "update-index", "--cacheinfo", f"100644,{blob},a.py")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(folder, "commit", "-qm", "first")
    return folder


def contents(workspace: Workspace) -> dict[str, bytes]:
    root = workspace.root
    return {
        os.fsencode(path.relative_to(root)).decode("latin-1"): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


EXPECTED = {
    "a.py": b"x = 1\r\n# $Id$\n",
    "sub/b.py": b"y = 2\n",
    "empty.py": b"",
    "caf\xe9.py": b"z = 3\n",
    ".gitattributes": b"*.py text eol=lf ident filter=evil\n/sub export-ignore\n",
}


def check(workspace: Workspace, work: Path) -> None:
    assert contents(workspace) == EXPECTED
    assert workspace.revision == git(work, "rev-parse", "HEAD")
    assert {skipped.path: skipped.reason for skipped in workspace.skipped} == {
        "link": SkipReason.SYMLINK,
        "module/": SkipReason.SUBMODULE,
    }
    assert {int(path.stat().st_mtime) for path in workspace.root.rglob("*.py")} == {WHEN}
    assert not any(path.is_symlink() for path in workspace.root.rglob("*"))
    assert {file.path for file in scan(workspace, ScanSettings(), CancellationToken()).files} >= {"a.py", "caf\\xe9.py"}


def refusal(spec: str, limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(spec, limits=limits)
    assert caught.value.next_step
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_bare_repository(work: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(work), "project.git")
    bare = tmp_path / "project.git"
    before = {path: path.lstat().st_mtime_ns for path in bare.rglob("*")}
    with open_source(str(bare)) as workspace:
        check(workspace, work)
        assert workspace.name == "project"
        assert workspace.identity == str(bare.resolve())
        first = {path.name: path.stat().st_mtime_ns for path in workspace.root.rglob("*.py")}
    assert {path: path.lstat().st_mtime_ns for path in bare.rglob("*")} == before
    with open_source(str(bare)) as workspace:
        assert {path.name: path.stat().st_mtime_ns for path in workspace.root.rglob("*.py")} == first
    assert not has_changed(workspace.identity, workspace.stamp)
    git(work, "commit", "-q", "--allow-empty", "-m", "second")
    git(work, "push", "-q", str(bare), "HEAD:main")
    assert has_changed(workspace.identity, workspace.stamp)
    shutil.rmtree(bare)
    assert has_changed(workspace.identity, workspace.stamp)


def test_the_git_folder_of_a_work_tree_is_its_last_commit(work: Path) -> None:
    (work / "a.py").write_text("not committed")
    with open_source(str(work / ".git")) as workspace:
        check(workspace, work)
        assert workspace.name == "work"


@pytest.mark.parametrize("references", [("main",), ("--all",), ("HEAD",)])
def test_a_bundle(work: Path, tmp_path: Path, references: tuple[str, ...]) -> None:
    bundle = tmp_path / "project.bundle"
    git(work, "bundle", "create", "-q", str(bundle), *references)
    with open_source(str(bundle)) as workspace:
        check(workspace, work)
        assert workspace.name == "project"
    assert not has_changed(workspace.identity, workspace.stamp)
    os.utime(bundle, (1, 1))
    assert has_changed(workspace.identity, workspace.stamp)
    with open_source(f"file://{bundle}") as workspace:
        check(workspace, work)


def test_a_bundle_that_needs_another_or_is_damaged(work: Path, tmp_path: Path) -> None:
    first = git(work, "rev-parse", "HEAD")
    git(work, "commit", "-q", "--allow-empty", "-m", "second")
    part = tmp_path / "part.bundle"
    git(work, "bundle", "create", "-q", str(part), f"{first}..main")
    assert "earlier commit" in refusal(str(part))
    whole = tmp_path / "whole.bundle"
    git(work, "bundle", "create", "-q", str(whole), "main")
    data = whole.read_bytes()
    for kept in (30, 60, len(data) // 2, len(data) - 5):
        (tmp_path / "cut.bundle").write_bytes(data[:kept])
        refusal(str(tmp_path / "cut.bundle"))


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_both_kinds_of_object_ids(tmp_path: Path, object_format: str) -> None:
    folder = tmp_path / "other"
    git(tmp_path, "init", "-q", f"--object-format={object_format}", "other")
    (folder / "a.py").write_text("x = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "bundle", "create", "-q", str(tmp_path / "b.bundle"), "main")
    for spec in (str(folder / ".git"), str(tmp_path / "b.bundle"), f"file://{folder}"):
        with open_source(spec) as workspace:
            assert contents(workspace) == {"a.py": b"x = 1\n"}


def booby_trap(bare: Path, mark: Path) -> None:
    """Have a repository run a program by every way that is known."""
    script = bare / "evil.sh"
    script.write_text(f"#!/bin/sh\necho ran >> {mark}\ncat\n")
    script.chmod(0o755)
    settings = {
        "core.fsmonitor": str(script),
        "core.sshCommand": str(script),
        "core.hooksPath": str(bare / "hooks"),
        "core.alternateRefsCommand": str(script),
        "core.gitProxy": str(script),
        "core.pager": str(script),
        "core.editor": str(script),
        "filter.evil.smudge": str(script),
        "filter.evil.clean": str(script),
        "filter.evil.process": str(script),
        "filter.evil.required": "true",
        "uploadpack.packObjectsHook": str(script),
        "diff.external": str(script),
        "alias.cat-file": f"!{script}",
        "alias.fetch": f"!{script}",
        "credential.helper": f"!{script}",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{script}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "include.path": str(bare / "more"),
        "core.repositoryformatversion": "1",
    }
    for name, value in settings.items():
        git(bare, "config", "--file", str(bare / "config"), name, value)
    (bare / "hooks").mkdir(exist_ok=True)
    for hook in (
        "post-checkout",
        "reference-transaction",
        "pre-auto-gc",
        "post-index-change",
        "fsmonitor-watchman",
        "update",
    ):
        shutil.copy(script, bare / "hooks" / hook)
    (bare / "info").mkdir(exist_ok=True)
    (bare / "info" / "attributes").write_text("* filter=evil diff=evil\n")


def test_nothing_of_a_hostile_repository_runs(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(work), "hostile.git")
    bare, mark = tmp_path / "hostile.git", tmp_path / "ran"
    booby_trap(bare, mark)
    booby_trap(work / ".git", mark)
    monkeypatch.setenv("GIT_DIR", str(bare))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(bare / "evil.sh"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(bare))
    specs = (str(bare), f"file://{bare}", str(work / ".git"), f"file://{work}", f"file://{work}/.git")
    for spec in specs:
        with open_source(spec) as workspace:
            assert contents(workspace) == EXPECTED
    assert not mark.exists()


def test_the_trap_would_run_by_itself(work: Path, tmp_path: Path) -> None:
    """That the test above tests something: git as it is runs the filter and the hook."""
    mark = tmp_path / "ran"
    booby_trap(work / ".git", mark)
    subprocess.run(["git", "-c", "safe.directory=*", "status"], cwd=work, capture_output=True, check=False)
    assert mark.exists()


def test_objects_that_are_missing_are_told(work: Path, tmp_path: Path) -> None:
    blob = git(work, "rev-parse", "HEAD:sub/b.py")
    (work / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with open_source(str(work / ".git")) as workspace:
        assert [(failure.path, "missing" in failure.reason) for failure in workspace.failed] == [("sub/b.py", True)]
        assert "sub/b.py" not in contents(workspace)
    for tree in (git(work, "rev-parse", "HEAD:sub"), git(work, "rev-parse", "HEAD^{tree}")):
        (work / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
        refusal(str(work / ".git"))


def test_a_tree_that_leads_out_or_contains_itself(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    git(tmp_path, "init", "-q", "--bare", "odd")
    blob = git(folder, "hash-object", "-w", "--stdin", data=b"x = 1\n")

    def tree(*entries: tuple[str, str, str]) -> str:
        data = b"".join(f"{mode} {name}".encode() + b"\x00" + bytes.fromhex(object_id) for mode, name, object_id in entries)
        return git(folder, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=data)

    def commit(tree_id: str) -> None:
        git(folder, "update-ref", "refs/heads/main", git(folder, "commit-tree", "-m", "odd", tree_id))

    inner = tree(("100644", "evil.py", blob))
    commit(tree(("40000", "..", inner), ("40000", ".git", inner), ("40000", "good", inner)))
    with open_source(str(folder)) as workspace:
        assert set(contents(workspace)) == {"good/evil.py"}
        assert [failure.path for failure in workspace.failed] == ["../evil.py"]
        assert [skipped.path for skipped in workspace.skipped] == [".git/"]
    level = inner
    for _ in range(9):
        level = tree(*(("40000", str(number), level) for number in range(9)))
    commit(level)
    began = time.monotonic()
    assert "more than 1,000 members" in refusal(str(folder), Limits(members=1_000))
    assert time.monotonic() - began < 10


def test_repositories_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    assert "no commit" in refusal(str(tmp_path / "empty.git"))
    (tmp_path / "folder").mkdir()
    assert "no git repository" in refusal(f"file://{tmp_path}/folder")
    assert "no git repository" in refusal(f"file://{tmp_path}/nowhere")


def test_without_git(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(work))
    with pytest.raises(MissingPartError, match="install git"):
        open_source(str(work / ".git"))


# Over a network, though only this machine's


@contextlib.contextmanager
def daemon(folder: Path) -> Iterator[str]:
    """Git's own server over the `git:` protocol."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "git",
        "daemon",
        "--reuseaddr",
        "--export-all",
        "--listen=127.0.0.1",
        f"--port={port}",
        f"--base-path={folder}",
    ]
    with subprocess.Popen([*command, str(folder)], stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield f"git://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, 15)


@contextlib.contextmanager
def web_server(handler: type[SimpleHTTPRequestHandler], folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Private(Quiet):
    """Asks for a user and a password."""

    seen: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("Authorization", ""))
        if self.headers.get("Authorization") == "Basic bWU6czNjcjN0OncvJQ==":  # me:s3cr3t:w/%
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Length", "0")
        return self.end_headers()


def test_a_url(work: Path, tmp_path: Path) -> None:
    for number in range(3):
        (work / "more.py").write_text(f"n = {number}\n")
        git(work, "add", "more.py")
        git(work, "commit", "-qm", str(number))
    git(work, "tag", "v1")
    git(tmp_path, "clone", "-q", "--bare", str(work), "served/project.git")
    git(tmp_path, "init", "-q", "--bare", "served/empty.git")
    with daemon(tmp_path / "served") as address:
        with open_source(f"{address}/project.git") as workspace:
            assert contents(workspace) == {**EXPECTED, "more.py": b"n = 2\n"}
            assert workspace.revision == git(work, "rev-parse", "HEAD")
            assert workspace.identity == f"{address}/project.git"
            assert workspace.name == "project"
            assert not has_changed(workspace.identity, workspace.stamp)
        assert "no commit yet" in refusal(f"{address}/empty.git")
        assert "no repository" in refusal(f"{address}/missing.git")
    assert "cannot be reached" in refusal(f"{address}/project.git")


def test_a_url_of_plain_files_and_one_with_a_password(work: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(work), "served/project.git")
    git(tmp_path / "served" / "project.git", "update-server-info")
    with web_server(Quiet, tmp_path / "served") as host, open_source(f"http://{host}/project.git") as workspace:
        check(workspace, work)
    with web_server(Private, tmp_path / "served") as host:
        address = f"http://{host}/project.git"
        assert "access was refused" in refusal(address)
        assert "s3cr3t" not in refusal(f"http://me:s3cr3t-wrong@{host}/project.git")
        with open_source(f"http://me:s3cr3t%3Aw%2F%25@{host}/project.git") as workspace:
            check(workspace, work)
            assert workspace.identity == address
            assert "s3cr3t" not in repr(workspace)


def test_a_password_is_not_sent_on_to_another_host(tmp_path: Path) -> None:
    Private.seen.clear()
    with web_server(Private, tmp_path) as other:

        class Elsewhere(Quiet):
            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", f"http://{other}{self.path}")
                self.send_header("Content-Length", "0")
                self.end_headers()

        with web_server(Elsewhere, tmp_path) as host:
            assert "access was refused" in refusal(f"http://me:s3cr3t@{host}/project.git")
    assert Private.seen
    assert not any(Private.seen)


def test_a_host_that_says_nothing_can_be_left(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        token = CancellationToken()
        threading.Timer(0.5, token.cancel).start()
        began = time.monotonic()
        with pytest.raises(CancelledError):
            open_source(f"git://127.0.0.1:{silent.getsockname()[1]}/a", token)
        assert time.monotonic() - began < 10


def test_a_host_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexing.intake.git_program._SILENCE_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert "cannot be reached" in refusal(f"git://127.0.0.1:{silent.getsockname()[1]}/a")


def test_what_is_fetched_is_bounded(work: Path, tmp_path: Path) -> None:
    (work / "large.bin").write_bytes(os.urandom(3_000_000))
    git(work, "add", ".")
    git(work, "commit", "-qm", "large")
    git(tmp_path, "clone", "-q", "--bare", str(work), "served/project.git")
    with daemon(tmp_path / "served") as address:
        assert "MB" in refusal(f"{address}/project.git", Limits(total_bytes=1_000_000))
