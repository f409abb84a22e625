"""Whether a source that is no folder has changed since it was indexed, told without unpacking it again.

The stamp of an archive or a bundle is its size and time, that of a bare repository the commit at its HEAD; what lies behind
a URL is never looked up. That of several sources holds theirs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from core.paths import to_os
from indexing.intake.git import Repository, revision

REMOTE = "remote"
_FILE, _COMMIT, _SEVERAL = "file", "commit", "several"


def stamp_of_file(status: os.stat_result) -> str:
    """The stamp of an archive or a bundle."""
    return f"{_FILE} {status.st_size} {status.st_mtime_ns}"


def stamp_of_commit(commit: str) -> str:
    """The stamp of a repository."""
    return f"{_COMMIT} {commit}"


def stamp_of_several(parts: Sequence[tuple[str, str, str]]) -> str:
    """The stamp of several sources, each by its top folder, identity and stamp."""
    return f"{_SEVERAL} {json.dumps(parts)}"


def parts_of(identity: str, stamp: str) -> list[tuple[str, str, str]]:
    """Each source of a workspace: what its paths begin with (nothing, or a name and `/`), its identity, its stamp."""
    kind, _, rest = stamp.partition(" ")
    if kind != _SEVERAL:
        return [("", identity, stamp)]
    return [(f"{name}/", source, inner) for name, source, inner in json.loads(rest)]


def commit_of(stamp: str) -> str:
    """The commit that a repository's stamp names; empty for another stamp."""
    kind, _, rest = stamp.partition(" ")
    return rest if kind == _COMMIT else ""


def has_changed(identity: str, stamp: str) -> bool:
    """Whether the source `identity` no longer answers to its stamp; what is gone has changed."""
    kind = stamp.partition(" ")[0]
    if kind == REMOTE:
        return False
    path = Path(to_os(identity))
    try:
        if kind == _COMMIT:
            commit = revision(repository_in(path))
            return commit is None or stamp != stamp_of_commit(commit)
        return stamp != stamp_of_file(path.stat())
    except OSError:
        return True


def repository_in(folder: Path) -> Repository:
    """A git directory as a repository without a work tree."""
    return Repository(folder, folder, folder)
