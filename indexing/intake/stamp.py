"""Whether a source that is no folder has changed since it was indexed, told without unpacking it again.

The stamp of an archive or a bundle is its size and time, that of a bare repository the commit at its HEAD; what lies behind
a URL is never looked up.
"""

from __future__ import annotations

import os
from pathlib import Path

from core.paths import to_os
from indexing.intake.git import Repository, revision

REMOTE = "remote"
_FILE, _COMMIT = "file", "commit"


def stamp_of_file(status: os.stat_result) -> str:
    """The stamp of an archive or a bundle."""
    return f"{_FILE} {status.st_size} {status.st_mtime_ns}"


def stamp_of_commit(commit: str) -> str:
    """The stamp of a repository."""
    return f"{_COMMIT} {commit}"


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
