"""Who last changed each line of a file, as git's history tells.

As in `changes.py`, git runs in a repository of our own that only borrows the objects. It is asked about the file as it was
committed; which of its lines are still there in the text that was indexed, a comparison tells.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from core.cancellation import CancellationToken
from core.paths import to_os
from indexing.intake.git_program import GitFailedError, GitProgram
from indexing.intake.history import reading_history

MOST_BYTES = 50_000_000
"""What git may say about a file: its lines, and a head for each run of them."""
MOST_COMPARED = 20_000
"""Lines between the first and the last that have changed, up to which these are told apart."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as a line tells of it: its id, who wrote it, when (seconds since 1970), the first line of what was said."""

    id: str
    author: str
    seconds: int
    summary: str


@dataclass(frozen=True, slots=True)
class Blame:
    """`lines` has the place in `commits` of the commit that last changed each line, -1 for one that was never committed."""

    commits: tuple[Commit, ...]
    lines: tuple[int, ...]


def blame(folder: Path, commit: str, path: str, lines: Sequence[str], cancellation: CancellationToken) -> Blame:
    """Who last changed each of `lines`, the text of the file `path` below `folder` (a work tree, a part of one, or a bare
    repository), up to `commit`. Raises SourceError where there is no history, MissingPartError without git."""
    with reading_history(folder, commit, path, cancellation) as (git, prefix):
        try:
            said = _said(git, ["blame", "--porcelain", commit, "--", to_os(prefix + path)], cancellation)
        except GitFailedError as failure:
            if "no such path" not in str(failure):
                raise
            return Blame((), (-1,) * len(lines))
    commits, owners, committed = _read(said)
    return Blame(commits, tuple(_carried(owners, committed, lines)))


def _said(git: GitProgram, arguments: Sequence[str], cancellation: CancellationToken) -> bytes:
    pieces: list[bytes] = []
    with contextlib.closing(git.pieces(arguments)) as said:
        for piece in said:
            cancellation.check("reading the history")
            pieces.append(piece)
            if sum(map(len, pieces)) > MOST_BYTES:
                raise GitFailedError("the file is too large")
    return b"".join(pieces)


def _read(said: bytes) -> tuple[tuple[Commit, ...], list[int], list[str]]:
    """The commits, the place of its commit for each line, and the lines (`git-blame(1)`, the porcelain format)."""
    heads: dict[str, dict[str, str]] = {}
    order: dict[str, int] = {}
    owners: list[int] = []
    lines: list[str] = []
    current = ""
    for raw in said.split(b"\n")[:-1]:
        line = raw.decode("utf-8", "replace")
        if line.startswith("\t"):
            owners.append(order[current])
            lines.append(line[1:].removesuffix("\r"))
            current = ""
        elif not current:
            current = line.partition(" ")[0]
            order.setdefault(current, len(order))
        else:
            name, _, value = line.partition(" ")
            heads.setdefault(current, {})[name] = value
    commits = tuple(_commit(name, heads.get(name, {})) for name in order)
    return commits, owners, lines


def _commit(name: str, head: dict[str, str]) -> Commit:
    seconds = head.get("author-time", "")
    return Commit(name, head.get("author", ""), int(seconds) if seconds.isdecimal() else 0, head.get("summary", ""))


def _carried(owners: Sequence[int], before: Sequence[str], after: Sequence[str]) -> Iterator[int]:
    """For each line of `after` the owner of the line of `before` that it still is, else -1."""
    first = _same(zip(before, after, strict=False))
    rest = min(len(before), len(after)) - first
    last = min(rest, _same(zip(reversed(before), reversed(after), strict=False)))
    yield from owners[:first]
    one, other = before[first : len(before) - last], after[first : len(after) - last]
    middle = [-1] * len(other)
    if max(len(one), len(other)) <= MOST_COMPARED:
        for start, place, size in SequenceMatcher(None, one, other).get_matching_blocks():
            middle[place : place + size] = owners[first + start : first + start + size]
    yield from middle
    yield from owners[len(owners) - last :]


def _same(pairs: Iterable[tuple[str, str]]) -> int:
    """How many of the first pairs are two of the same."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count
