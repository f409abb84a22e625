"""A bare repository, a bundle or a git URL → the files of one commit, written by us and not by git's checkout.

Git is asked for the objects alone: a checkout would apply attributes and filters, make links and know submodules. Files get
the time of their commit.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import SkipReason
from indexing.intake.git import Repository, revision
from indexing.intake.git_program import Credentials, GitFailedError, GitProgram
from indexing.intake.tree import Limits, TreeWriter
from indexing.intake.urls import GitUrl

BUNDLE_MAGIC = re.compile(rb"# v[23] git bundle\n")
_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_COMMIT_TIME = re.compile(rb"^committer [^\n]*> (\d{1,12}) ", re.MULTILINE)
_MAX_HEADER = 16_000_000
_MAX_LINE = 100_000
_SHA256 = "sha256"

_FAILURES = (
    (
        r"couldn't find remote ref|remote HEAD refers to nonexistent",
        "the repository has no commit yet",
        "push a commit to it first",
    ),
    (
        r"Could not resolve|unable to look up|Name or service not known|Could not connect|Couldn't connect|Failed to connect"
        r"|unable to connect|Connection refused|Connection reset|timed out|No route to host|Network is unreachable"
        r"|Could not resolve proxy|Connection closed",
        "its host cannot be reached",
        "check the address and the network",
    ),
    (
        r"Host key verification failed",
        "its host's key is not known here",
        "connect to it once with ssh and accept its key",
    ),
    (
        r"Authentication failed|could not read (Username|Password)|Permission denied|terminal prompts disabled"
        r"|returned error: 40[13]|Invalid username|invalid credentials",
        "access was refused",
        "check the address; for a private repository use ssh with a key, or clone it and give the folder",
    ),
    (
        r"not found|does not appear to be a git repository|returned error: 404|no such repository|not exported",
        "there is no repository at this address",
        "check the address; a private repository may say the same",
    ),
    (r"transport '[^']*' not allowed", "its host sends on to another protocol", "clone it and give the folder"),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: bytes
    object_id: bytes
    size: bytes
    path: bytes


def write_repository(repository: Repository, shown: str, scratch: Path, write: TreeWriter, token: CancellationToken) -> str:
    """Write the files of the commit at HEAD; returns its id. The repository is only read: git sees its objects, never its
    configuration."""
    commit = revision(repository)
    if commit is None:
        raise SourceError(
            f"cannot open {shown}",
            "there is no commit at its HEAD",
            "commit to it, or point HEAD at a branch that has commits ('git symbolic-ref HEAD refs/heads/NAME')",
        )
    return write_commit(repository, commit, shown, scratch, write, token)


def write_commit(
    repository: Repository, commit: str, shown: str, scratch: Path, write: TreeWriter, token: CancellationToken
) -> str:
    """Write the files of one commit of a repository, which is only read; returns its id."""
    git = GitProgram(scratch / "repository", token)
    with _told(shown):
        git.initialise(_SHA256 if len(commit) == 64 else "sha1", repository.common / "objects")
        _write_commit(git, commit, shown, write)
    return commit


def write_bundle(path: Path, shown: str, scratch: Path, write: TreeWriter, token: CancellationToken) -> str:
    """Write the files of the commit that a bundle is about: its HEAD, else its main branch; returns its id."""
    object_format, commit = _read_bundle_header(path, shown)
    git = GitProgram(scratch / "repository", token)
    with _told(shown):
        git.initialise(object_format)
        git.run(["bundle", "unbundle", str(path)])
        return _write_commit(git, commit, shown, write)


def write_url(url: GitUrl, scratch: Path, write: TreeWriter, limits: Limits, token: CancellationToken) -> str:
    """Fetch the commit at the HEAD of a URL, without its history, and write its files; returns its id."""
    git = GitProgram(scratch / "repository", token)
    fetch = ["fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance"]
    credentials = Credentials(url.host, url.user, url.password) if url.user or url.password else None
    with _told(url.address):
        git.initialise()
        try:
            git.run([*fetch, "--depth=1", "--", url.address, "HEAD"], url.protocols, credentials, limits.total_bytes)
        except GitFailedError as failure:
            if "dumb http" not in str(failure):
                raise
            git.run([*fetch, "--", url.address, "HEAD"], url.protocols, credentials, limits.total_bytes)
        with (git.repository / "FETCH_HEAD").open("rb") as file:
            found = _OBJECT_ID.match(file.read(100))
        if not found:
            raise GitFailedError("couldn't find remote ref HEAD")
        return _write_commit(git, found[0].decode(), url.address, write)


@contextlib.contextmanager
def _told(shown: str) -> Iterator[None]:
    """Say in one line, with a next step, what git said."""
    try:
        yield
    except GitFailedError as failure:
        said = str(failure)
        for pattern, why, next_step in _FAILURES:
            if re.search(pattern, said, re.IGNORECASE):
                raise SourceError(f"cannot open {shown}", why, next_step) from None
        raise SourceError(f"cannot open {shown}", said.removeprefix("fatal: "), "clone it and give the folder") from None


def _write_commit(git: GitProgram, revision_: str, shown: str, write: TreeWriter) -> str:
    """Write the files of a commit, or of the commit that a tag stands for; returns the commit's id."""
    with git.talking(["cat-file", "--batch"]) as (ask, answer):
        commit, kind, size = _ask(ask, answer, f"{revision_}^{{commit}}".encode())
        if kind != b"commit" or size > _MAX_HEADER:
            raise GitFailedError(f"the commit {revision_} is missing or damaged")
        found = _COMMIT_TIME.search(_exactly(answer, size))
        _exactly(answer, 1)
        modified = float(found[1]) if found else 0.0
        with contextlib.closing(_entries(git, commit.decode())) as entries:
            for entry in entries:
                _write_entry(entry, modified, ask, answer, write)
    if write.empty:
        raise SourceError(f"cannot open {shown}", "its commit holds no files", "give another source")
    return commit.decode()


def _write_entry(entry: _Entry, modified: float, ask: IO[bytes], answer: IO[bytes], write: TreeWriter) -> None:
    match entry.mode:
        case b"100644" | b"100755" | b"100664":
            if not entry.size.isdigit():
                write.fail(entry.path, "its content is missing from the repository")
                return
            size = int(entry.size)
            write.add_file(entry.path, size, modified, lambda: _open_blob(ask, answer, entry.object_id))
        case b"120000":
            write.skip(entry.path, SkipReason.SYMLINK)
        case b"160000":
            write.skip(entry.path + b"/", SkipReason.SUBMODULE)
        case _:
            write.skip(entry.path, SkipReason.SPECIAL)


def _entries(git: GitProgram, commit: str) -> Generator[_Entry, None, None]:
    """The files of a commit. They are read one by one: a small tree may name itself without end."""
    pending = b""
    with contextlib.closing(git.pieces(["ls-tree", "-r", "-z", "-l", "--full-tree", commit])) as pieces:
        for piece in pieces:
            *lines, pending = (pending + piece).split(b"\x00")
            for line in lines:
                about, _, path = line.partition(b"\t")
                mode, _, object_id, size = about.split()
                yield _Entry(mode, object_id, size, path)
            if len(pending) > _MAX_LINE:
                raise GitFailedError("the tree of its commit holds names without end")


def _ask(ask: IO[bytes], answer: IO[bytes], name: bytes) -> tuple[bytes, bytes, int]:
    """An object's id, kind and size; its content is next to be read."""
    try:
        ask.write(name + b"\n")
        ask.flush()
    except OSError:
        raise GitFailedError("git ended while objects were read; the repository is damaged") from None
    head = answer.readline(_MAX_LINE).split()
    if len(head) != 3 or not head[2].isdigit():
        raise GitFailedError(f"the object {name.decode('ascii', 'replace')} is missing or damaged")
    return head[0], head[1], int(head[2])


def _open_blob(ask: IO[bytes], answer: IO[bytes], object_id: bytes) -> _Blob:
    _, _, size = _ask(ask, answer, object_id)
    return _Blob(answer, size)


class _Blob:
    """The content that `git cat-file` is about to send, and the line feed after it."""

    def __init__(self, answer: IO[bytes], size: int) -> None:
        self._answer = answer
        self._left = size
        self._ended = False

    def read(self, size: int, /) -> bytes:
        if self._ended:
            return b""
        piece = _exactly(self._answer, min(size, self._left))
        self._left -= len(piece)
        if not self._left:
            _exactly(self._answer, 1)
            self._ended = True
        return piece


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise GitFailedError("git ended while objects were read; the repository is damaged")
    return data


def _read_bundle_header(path: Path, shown: str) -> tuple[str, str]:
    """The object format of a bundle and the commit to take."""
    references: dict[bytes, bytes] = {}
    object_format, read = "sha1", 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(_MAX_LINE), b"\n"):
            read += len(line)
            if not line.endswith(b"\n") or read > _MAX_HEADER:
                raise SourceError(f"cannot open {shown}", "the bundle is damaged or ends early", "make it anew")
            if line.startswith(b"-"):
                why = "it holds only what changed since an earlier commit"
                raise SourceError(f"cannot open {shown}", why, "make a whole one: 'git bundle create FILE --all'")
            if line.startswith(b"@object-format="):
                object_format = _SHA256 if line.strip().endswith(b"sha256") else "sha1"
            object_id, _, name = line.strip().partition(b" ")
            if _OBJECT_ID.fullmatch(object_id):
                references[name] = object_id
    branches = sorted(name for name in references if name.startswith(b"refs/heads/"))
    for name in (b"HEAD", b"refs/heads/main", b"refs/heads/master", *branches, *references):
        if name in references:
            return object_format, references[name].decode()
    raise SourceError(
        f"cannot open {shown}", "the bundle holds no branch", "make a whole one: 'git bundle create FILE --all'"
    )
