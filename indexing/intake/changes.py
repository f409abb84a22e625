"""Which lines of a folder under git a range of commits changed: `main..topic`, `HEAD~3..`.

Git compares the two trees in a repository of our own that only borrows the objects (`git_program.py`); the names in the
range are looked up among copies of the repository's references.
"""

from __future__ import annotations

import ast
import contextlib
import re
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError, UsageError
from core.paths import escape
from indexing.intake.git import Repository, references, repository_around, revision
from indexing.intake.git_program import GitFailedError, GitProgram

_RANGE = re.compile(r"(?P<left>[^\s-][^\s]*?)?(?P<dots>\.{2,3})(?P<right>[^\s.-][^\s]*)?")
_REVISION = re.compile(r"[\w./@{}^~+#-]{1,250}")
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_NEW_FILE = re.compile(
    rb"\+\+\+ (?:b/(?P<plain>[^\t\"]+)|\"b/(?P<quoted>(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*)\")\t?"
)
"""With what is odd in the path as in C: octal, or a letter."""
_MAX_LINE = 1 << 20
_MAX_HUNKS = 500_000

ChangedLines = Mapping[str, list[tuple[int, int]]]
"""By path below the folder, first and last line of each stretch that is new or beside which something went."""


def is_range(text: str) -> bool:
    """Whether `text` is written as a range of commits."""
    return "../" not in text and "/.." not in text and _RANGE.fullmatch(text) is not None


def changed_lines(folder: Path, commits: str, cancellation: CancellationToken) -> ChangedLines:
    """The lines of the newer end of the range `commits` that differ from the older end.

    Raises UsageError for what is no range or names no commits, SourceError where `folder` is not under git, MissingPartError
    without git.
    """
    found = _RANGE.fullmatch(commits)
    older, newer = (found["left"] or "HEAD", found["right"] or "HEAD") if found else ("", "")
    if found is None or not _REVISION.fullmatch(older) or not _REVISION.fullmatch(newer):
        raise UsageError(f"{commits!r} is no range of commits", "", "write it as 'main..topic' or 'HEAD~3..'")
    repository = repository_around(folder)
    head = revision(repository) if repository is not None else None
    if repository is None or head is None:
        why = "it is not under git" if repository is None else "there is no commit yet"
        raise SourceError(f"cannot compare commits of {folder}", why, "name a symbol instead")
    below = folder.resolve().relative_to(repository.folder.resolve()).as_posix()
    prefix = "" if below == "." else f"{below}/"
    with tempfile.TemporaryDirectory(prefix="codestrata-git-", ignore_cleanup_errors=True) as scratch:
        git = GitProgram(Path(scratch) / "repository", cancellation)
        try:
            borrow(git, repository, head)
            return _changes(git, f"{older}{found['dots']}{newer}", prefix, cancellation)
        except GitFailedError as failure:
            why = str(failure).removeprefix("fatal: ")
            raise UsageError(f"cannot compare {commits}", why, "give two commits that are in the repository") from None


def borrow(git: GitProgram, repository: Repository, head: str) -> None:
    """Make `git` a repository that sees the objects and the references of another, with `head` checked out."""
    git.initialise("sha256" if len(head) == 64 else "sha1", repository.common / "objects")
    lines = (f"{object_id} {name}\n" for name, object_id in sorted(references(repository).items()))
    (git.repository / "packed-refs").write_text("# pack-refs with: sorted\n" + "".join(lines), "utf-8", "surrogateescape")
    (git.repository / "HEAD").write_text(f"{head}\n", "utf-8")


def _changes(git: GitProgram, commits: str, prefix: str, cancellation: CancellationToken) -> ChangedLines:
    options = ["--no-color", "--no-ext-diff", "--no-textconv", "--unified=0", "--find-renames"]
    changes: dict[str, list[tuple[int, int]]] = {}
    spans: list[tuple[int, int]] | None = None
    count = 0
    with contextlib.closing(_lines(git, ["diff", *options, commits, "--"])) as lines:
        for line in lines:
            if line.startswith(b"diff --git "):
                spans = None
            elif spans is None and (found := _NEW_FILE.fullmatch(line)):
                path = escape(found["plain"] or ast.literal_eval(f'b"{found["quoted"].decode("ascii")}"'))
                spans = changes.setdefault(path[len(prefix) :], []) if path.startswith(prefix) else []
            elif spans is not None and (hunk := _HUNK.match(line)):
                cancellation.check("comparing commits")
                first, size = int(hunk[1]), int(hunk[2] or 1)
                spans.append((max(first, 1), max(first + size - 1, 1) if size else first + 1))
                count += 1
                if count >= _MAX_HUNKS:
                    break
    return changes


def _lines(git: GitProgram, arguments: list[str]) -> Generator[bytes, None, None]:
    """Lines of what git prints, the longest of them cut."""
    pending = b""
    with contextlib.closing(git.pieces(arguments)) as pieces:
        for piece in pieces:
            *whole, pending = (pending + piece).split(b"\n")
            yield from whole
            pending = pending[:_MAX_LINE]
    if pending:
        yield pending
