"""What an index knows of the files it holds, to tell which of them have changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexing.stores.sqlite import schema
from indexing.stores.sqlite.rows import Rows


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it stands in the index. `content_hash` is 16 bytes; `current` is false where it was parsed by an older
    feature version."""

    path: str
    language: str
    role: str
    size: int
    modified_ns: int
    content_hash: bytes
    current: bool


def known_files(folder: Path) -> dict[str, KnownFile]:
    """Every file of the last commit by its path. Raises BrokenIndexError where there is no index."""
    rows = Rows(folder)
    try:
        found = rows.all(
            "SELECT path, files.language, role, size, modified_ns, hash, feature_version FROM files"
            " JOIN contents ON contents.id = files.content"
        )
    finally:
        rows.close()
    return {
        path: KnownFile(path, language, role, size, modified, digest, version == schema.FEATURE_VERSION)
        for path, language, role, size, modified, digest, version in found
    }
