"""Where the files of an index lie now."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from core.paths import to_os
from indexing.intake.stamp import parts_of


class MetaReader(Protocol):
    """What an index says of itself."""

    def meta(self, name: str, default: str = "") -> str: ...


def file_on_disk(reader: MetaReader, path: str) -> Path | None:
    """Where a file of the index lies now; None where its source is no folder, or it is gone."""
    for top, source, own in parts_of(reader.meta("source"), reader.meta("stamp")):
        if not own and path.startswith(top):
            file = Path(to_os(source)) / to_os(path[len(top) :])
            return file if file.is_file() else None
    return None
