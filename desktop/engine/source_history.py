"""How often the files of an index were changed and by whom, where its source is still there and under git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.paths import to_os
from indexing.intake.blame import Blame, blame
from indexing.intake.git import repository_around, revision
from indexing.intake.history import commits_by_file
from indexing.intake.stamp import commit_of, parts_of
from indexing.stores.sqlite.reader import SnapshotReader


def commits(reader: SnapshotReader, cancellation: CancellationToken) -> Mapping[str, int]:
    """The commits that touched each file, by the paths of the index, up to the revision that was indexed; `SourceError`
    where the source has no history."""
    return {
        top + path: number
        for top, source, stamp in _parts(reader)
        for path, number in commits_by_file(*_history(reader, source, stamp), cancellation).items()
    }


def blame_of(reader: SnapshotReader, path: str, cancellation: CancellationToken) -> Blame:
    """Who last changed each line of a file as it was indexed; raises as `commits` does, and where `path` is not indexed."""
    lines = [line.removesuffix("\r") for line in reader.text(path).removesuffix("\n").split("\n")]
    top, source, stamp = next(part for part in _parts(reader) if path.startswith(part[0]))
    return blame(*_history(reader, source, stamp), path.removeprefix(top), lines, cancellation)


def _parts(reader: SnapshotReader) -> Iterator[tuple[str, str, str]]:
    """What the paths of each part of the source begin with, the part, its stamp."""
    yield from parts_of(reader.meta("source"), reader.meta("stamp"))


def _history(reader: SnapshotReader, source: str, stamp: str) -> tuple[Path, str]:
    """Where the history of a part of the source lies, and the commit that was indexed."""
    folder = Path(to_os(source))
    is_only = len(list(_parts(reader))) == 1
    commit = commit_of(stamp) or (reader.meta("revision") if is_only else _head(folder))
    if not commit or not folder.is_dir():
        raise SourceError(f"{source} has no history", "it is not under git", "index a folder of a git repository")
    return folder, commit


def _head(folder: Path) -> str:
    repository = repository_around(folder)
    return (revision(repository) or "") if repository is not None else ""
