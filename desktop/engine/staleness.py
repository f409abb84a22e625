"""How far an index is behind its source, by sizes and time stamps alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from core.model.source import IndexedFile
from core.paths import unescape
from indexing.intake.stamp import has_changed, parts_of
from indexing.packed import UNSETTLED
from indexing.stores.sqlite.reader import SnapshotReader


def count_stale(files: Sequence[IndexedFile], reader: SnapshotReader) -> int:
    """Indexed files whose size or time stamp is no longer that of the index, and those that are gone; of a source that was
    unpacked, all or none."""
    updated = float(reader.meta("updated", "0"))
    stale = 0
    for top, source, stamp in parts_of(reader.meta("source"), reader.meta("stamp")):
        own = [file for file in files if file.path.startswith(top)] if top else files
        if stamp:
            stale += len(own) if has_changed(source, stamp) else 0
        else:
            stale += _changed(own, unescape(source), len(top), updated)
    return stale


def _changed(files: Iterable[IndexedFile], root: bytes, skip: int, updated: float) -> int:
    """How many files below `root` differ, their paths beginning with `skip` characters that are not part of it."""
    changed = 0
    for file in files:
        try:
            status = os.stat(root + b"/" + unescape(file.path[skip:]), follow_symlinks=False)  # noqa: PTH116 - a path of bytes
        except OSError:
            changed += 1
            continue
        if file.modified_ns == UNSETTLED:
            changed += status.st_size != file.size or status.st_mtime > updated
        else:
            changed += (status.st_size, status.st_mtime_ns) != (file.size, file.modified_ns)
    return changed
