"""Source files and places in them.

A *path* is a `str` relative to the root of the source, with `/` between its parts. Bytes that are not UTF-8 stand as
`\\xNN` and a backslash as `\\\\`, so that every file name can be printed, stored as text and given back.

The *text* of a file is its content decoded and encoded again as UTF-8; of a PDF or Word document what was taken out of it.
Every byte offset counts in that text, every line from 1; only a line feed ends a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of bytes `[start, end)` of a text and the lines it touches, both ends included, from 1."""

    start: int
    end: int
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path, its lines (from 1, both ends included) and the qualified name around them."""

    path: str
    start_line: int
    end_line: int
    symbol: str = ""


class FileRole(StrEnum):
    """What a file is to a reader; a question for the code itself prefers the first."""

    SOURCE = "source"
    TEST = "test"
    EXAMPLE = "example"
    DOCUMENT = "document"
    DATA = "data"
    VENDORED = "vendored"
    GENERATED = "generated"


class SkipReason(StrEnum):
    """Why a file was left out of the index, each with its own row in the report."""

    IGNORED = "ignored"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    SYMLINK = "symlink"
    SPECIAL = "special"
    VERSION_CONTROL = "version_control"
    SUBMODULE = "submodule"
    """A git submodule whose files are not there; nothing is fetched unasked."""
    NEEDS_EXTRA = "needs_extra"
    """A document that the extra `documents`, which is not installed, would read."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that is to be indexed, as the scan saw it.

    `language` names a language of the registry ("python"), or "text". `size` is in bytes, `modified_ns` in nanoseconds
    since the epoch.
    """

    path: str
    language: str
    role: FileRole
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file (or a whole folder, its path ending in `/`) that the scan left out."""

    path: str
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that should have been indexed and could not be."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file of the index. `content_hash` is the XXH3-128 of its bytes in hexadecimal, `lines` counts its lines."""

    path: str
    language: str
    role: FileRole
    size: int
    modified_ns: int
    content_hash: str
    encoding: str
    lines: int
