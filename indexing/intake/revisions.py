"""Another revision of a source under git, as a source of its own: `v1.0`, `main`, `HEAD~20`."""

from __future__ import annotations

import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError, UsageError
from core.paths import from_os
from indexing.intake.changes import borrow
from indexing.intake.git import Repository, is_bare_repository, repository_around, revision
from indexing.intake.git_program import GitFailedError, GitProgram
from indexing.intake.opening import unpack
from indexing.intake.private_folder import PrivateFolder
from indexing.intake.repositories import write_commit
from indexing.intake.stamp import repository_in, stamp_of_commit
from indexing.intake.tree import Limits, TreeWriter
from indexing.intake.workspace import Workspace

_NAME = re.compile(r"[\w][\w./@{}^~+#-]{0,250}")
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class SourceRevision:
    """A commit of the repository that a source is; `identity` is what an index of it is found by."""

    repository: Repository
    name: str
    commit: str
    identity: str


def find_revision(source: Path, name: str, cancellation: CancellationToken) -> SourceRevision:
    """The commit that `name` names in the repository at `source`. Raises UsageError where it names none, SourceError where
    `source` is no whole repository, MissingPartError without git."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no revision", "", "give a branch, a tag or a commit, or the folder of an index")
    repository = repository_in(source) if is_bare_repository(source) else repository_around(source)
    head = revision(repository) if repository is not None else None
    if repository is None or head is None:
        raise SourceError(f"there is no {name} of {source}", "it is not under git", "give the folder of another index")
    if not is_bare_repository(source) and repository.folder.resolve() != source.resolve():
        why = "only a part of the repository is indexed"
        raise SourceError(f"{name} cannot be compared", why, f"index {repository.folder}, or give another index")
    with tempfile.TemporaryDirectory(prefix="codestrata-git-", ignore_cleanup_errors=True) as scratch:
        git = GitProgram(Path(scratch) / "repository", cancellation)
        try:
            borrow(git, repository, head)
            answer = b"".join(git.pieces(["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"])).decode().strip()
        except GitFailedError:
            answer = ""
    if not _OBJECT_ID.fullmatch(answer):
        next_step = "give a branch, a tag or a commit of it, or the folder of an index"
        raise UsageError(f"{source} has no revision {name}", "", next_step)
    named = source.parent if source.name == ".git" else source
    identity = from_os(source.resolve().as_posix()) + "@" + answer
    return SourceRevision(repository, from_os(named.name.removesuffix(".git")), answer, identity)


def open_revision(found: SourceRevision, cancellation: CancellationToken) -> Workspace:
    """The files of a commit; goes with the workspace."""

    def fill(write: TreeWriter, folder: PrivateFolder) -> str:
        return write_commit(found.repository, found.commit, found.identity, folder.scratch, write, cancellation)

    stamp = stamp_of_commit(found.commit)
    return unpack(fill, found.identity, found.name, found.identity, stamp, Limits(), time.time(), cancellation)
