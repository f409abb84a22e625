"""What a reader says about a document: its parts, and what it names.

A *part* begins at a heading, a key, an element or a target and reaches to the next part of its own or an outer level. A
*section* is a run of parts that becomes a chunk (or, where it is long, several).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.model.symbol import SymbolKind
from indexing.languages.lines import Lines

MAX_PARTS = 10_000
"""Parts of one file; what comes behind the last is cut by size."""
MAX_SYMBOLS = 500
"""Symbols of one file: more are data, not names that somebody looks for."""
MAX_TITLE = 120
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named stretch of a document.

    `start` is the byte from which it is cut, comments above included, `at` the byte at which it begins itself. `level`
    counts from 1, the outermost. `kind` is None for what is no symbol; `name` is the symbol's, the title unless given.
    `alone` keeps a part from being joined to what stands before it.
    """

    start: int
    at: int
    level: int
    title: str
    kind: SymbolKind | None = None
    name: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A path or a name that a document writes, as it stands there, and the byte it stands at."""

    target: str
    at: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a document in the order of their bytes, and what it mentions.

    `prose` is cut at every heading; other structures only as far as their parts do not fit into one chunk.
    """

    parts: Sequence[Part]
    mentions: Sequence[Mention] = field(default=())
    prose: bool = False


Reader = Callable[[bytes, Lines], Reading]
"""From the text of a file and its lines; never raises, whatever the text."""


def title_of(raw: bytes) -> str:
    """A title from the bytes that hold it: one line of bounded length."""
    return " ".join(raw[: 4 * MAX_TITLE].decode("utf-8", "replace").split())[:MAX_TITLE]


def with_comments(text: bytes, at: int, marker: bytes | tuple[bytes, ...], floor: int) -> int:
    """The first byte of the comment lines directly above the line of `at`, not before `floor`.

    A comment line is one that `marker` begins. At most 100 are taken along.
    """
    start = text.rfind(b"\n", floor, at) + 1 or floor
    if text[start:at].strip():
        return at
    for _ in range(100):
        if start <= floor:
            break
        above = text.rfind(b"\n", floor, start - 1) + 1 or floor
        if not text[above:start].lstrip().startswith(marker):
            break
        start = above
    return start
