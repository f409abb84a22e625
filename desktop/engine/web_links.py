"""Where the code of an index can be read on the web: its repository's pages, at the revision that was indexed."""

from __future__ import annotations

from pathlib import Path

from core.errors import UsageError
from core.paths import from_os, to_os
from desktop.drawing.links import LinkPattern, link_pattern, web_pattern
from indexing.intake.git import is_bare_repository, remote_address, repository_around
from indexing.intake.stamp import parts_of, repository_in
from indexing.stores.sqlite.reader import SnapshotReader


def web_links(reader: SnapshotReader) -> LinkPattern:
    """The pattern of links; `UsageError` where the source has no remote with pages."""
    parts = parts_of(reader.meta("source"), reader.meta("stamp"))
    folder = Path(to_os(parts[0][1]))
    bare = len(parts) == 1 and is_bare_repository(folder)
    repository = repository_in(folder) if bare else repository_around(folder) if len(parts) == 1 else None
    pattern = ""
    if repository is not None:
        below = "" if bare else folder.resolve().relative_to(repository.folder.resolve()).as_posix()
        remote = remote_address(repository)
        pattern = web_pattern(remote, reader.meta("revision"), "" if below == "." else from_os(below))
    if not pattern:
        why = "its source is no git repository with a remote on the web"
        raise UsageError("this index does not say where its code is on the web", why, "give --link-pattern an address")
    return link_pattern(pattern)
