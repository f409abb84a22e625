"""How often the files of an index were changed, where its source is still there and under git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.paths import to_os
from indexing.intake.git import repository_around, revision
from indexing.intake.history import commits_by_file
from indexing.intake.stamp import commit_of, parts_of
from indexing.stores.sqlite.reader import SnapshotReader


def commits(reader: SnapshotReader, cancellation: CancellationToken) -> Mapping[str, int]:
    """The commits that touched each file, by the paths of the index, up to the revision that was indexed; `SourceError`
    where the source has no history."""
    found: dict[str, int] = {}
    parts = parts_of(reader.meta("source"), reader.meta("stamp"))
    for top, source, stamp in parts:
        folder = Path(to_os(source))
        commit = commit_of(stamp) or (reader.meta("revision") if len(parts) == 1 else _head(folder))
        if not commit or not folder.is_dir():
            raise SourceError(f"{source} has no history", "it is not under git", "index a folder of a git repository")
        for path, number in commits_by_file(folder, commit, cancellation).items():
            found[top + path] = number
    return found


def _head(folder: Path) -> str:
    repository = repository_around(folder)
    return (revision(repository) or "") if repository is not None else ""
