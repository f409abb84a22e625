"""How often the files of a source were changed: the commits that touched each, as git's history tells.

As in `changes.py`, git runs in a repository of our own that only borrows the objects.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.paths import escape
from indexing.intake.git import Repository, is_bare_repository, repository_around, revision
from indexing.intake.git_program import GitFailedError, GitProgram
from indexing.intake.stamp import repository_in

MOST_COMMITS = 20_000
"""The latest commits that are counted: what was busy before them is calm now."""
_MARK = b"\x01"


def commits_by_file(folder: Path, commit: str, cancellation: CancellationToken) -> Mapping[str, int]:
    """By path below `folder` (a work tree, a part of one, or a bare repository), how many of the latest commits up to
    `commit` touched it; merges are not counted. Raises SourceError where there is no history, MissingPartError without git.
    """
    counts: Counter[str] = Counter()
    options = ["--no-renames", "--no-merges", "--name-only", "-z", "--format=%x01", f"--max-count={MOST_COMMITS}"]
    pending = b""
    with reading_history(folder, commit, str(folder), cancellation) as (git, prefix):
        with contextlib.closing(git.pieces(["log", *options, commit, "--"])) as pieces:
            for piece in pieces:
                cancellation.check("reading the history")
                *names, pending = (pending + piece).split(b"\0")
                _count(names, prefix, counts)
        _count([pending], prefix, counts)
    return counts


@contextlib.contextmanager
def reading_history(
    folder: Path, commit: str, what: str, cancellation: CancellationToken
) -> Iterator[tuple[GitProgram, str]]:
    """Git on a repository that sees the objects of the one of `folder`, and what the paths of its files begin with there.

    A failure of git becomes a SourceError about `what`; so does a folder without a history.
    """
    repository, prefix = _found(folder)
    with tempfile.TemporaryDirectory(prefix="codestrata-git-", ignore_cleanup_errors=True) as scratch:
        git = GitProgram(Path(scratch) / "repository", cancellation)
        try:
            git.initialise("sha256" if len(commit) == 64 else "sha1", repository.common / "objects")
            yield git, prefix
        except GitFailedError as failure:
            why = str(failure).removeprefix("fatal: ")
            raise SourceError(f"the history of {what} cannot be read", why, "index the repository again") from None


def _found(folder: Path) -> tuple[Repository, str]:
    """The repository of a source, and what the paths of its files begin with there; SourceError where there is none."""
    if is_bare_repository(folder):
        return repository_in(folder), ""
    repository = repository_around(folder)
    if repository is None or revision(repository) is None:
        raise SourceError(f"{folder} has no history", "it is not under git", "index a folder of a git repository")
    below = folder.resolve().relative_to(repository.folder.resolve()).as_posix()
    return repository, "" if below == "." else f"{below}/"


def _count(names: list[bytes], prefix: str, counts: Counter[str]) -> None:
    for name in names:
        # The mark of a commit stands alone, or, with a line end, before the first name of the commit.
        plain = name.replace(_MARK, b"").lstrip(b"\n")
        if plain:
            path = escape(plain)
            if path.startswith(prefix):
                counts[path[len(prefix) :]] += 1
