"""Clone classes: places that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from core.model.source import Place


class CloneType(IntEnum):
    """How much two places differ: only in layout and comments (1), also in consistently changed local names (2), in a few
    statements (3)."""

    LAYOUT = 1
    RENAMED = 2
    EDITED = 3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a chunk is recognised by: three hashes from the strictest to the loosest, as hexadecimal XXH3-128.

    `exact` covers its bytes, `layout` its tokens without comments and white space, `renamed` its tokens with local names
    numbered by first appearance (empty where the chunk may not fold so). `tokens` counts the tokens.
    """

    exact: str
    layout: str
    renamed: str
    tokens: int


@dataclass(frozen=True, slots=True)
class CloneMember:
    """A chunk of a class with its likeness to the representative (1.0: alike but for what the type allows)."""

    chunk: int
    place: Place
    type: CloneType
    similarity: float


@dataclass(frozen=True, slots=True)
class CloneClass:
    """Chunks that fold into `representative`, which is not among `members`. `bytes_saved` sums the members' bytes."""

    id: int
    type: CloneType
    similarity: float
    bytes_saved: int
    representative: CloneMember
    members: tuple[CloneMember, ...]


@dataclass(frozen=True, slots=True)
class FoldingSummary:
    """How much is left after each step, cumulatively, in bytes and files.

    `raw_bytes` counts every indexed file, `code_bytes` the hand-written code alone.
    """

    raw_bytes: int
    code_bytes: int
    after_identical_files: int
    after_type1: int
    after_type2: int
    after_type3: int
    generated_bytes: int
    vendored_bytes: int
    files: int
    files_after_identical: int
