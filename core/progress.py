"""Progress: yielded by long work, never printed by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The stages of indexing, in order."""

    INTAKE = "intake"
    SCAN = "scan"
    INDEX = "index"
    """Parse, chunk, words and vectors, a batch of files at a time."""
    LINK = "link"
    FOLD = "fold"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of a stage (0: not known yet); `path` is the file last touched, `bytes_done` of
    `bytes_total` its size in bytes, `searchable` the number of files a search already covers."""

    stage: Stage
    done: int
    total: int
    bytes_done: int = 0
    bytes_total: int = 0
    path: str = ""
    searchable: int = 0
