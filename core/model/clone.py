"""Clone classes: places that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from core.model.source import Place


class CloneType(IntEnum):
    """How much two places differ: only in layout and comments (1), also in consistently changed local names (2), in a few
    statements (3)."""

    LAYOUT = 1
    RENAMED = 2
    EDITED = 3


class Verdict(StrEnum):
    """What is done with a copy."""

    FOLDED = "folded"
    """The representative stands for it everywhere."""
    INDEXED = "indexed"
    """The representative stands for it in the vectors and rankings; nothing is left out of what is written."""
    SUGGESTED = "suggested"
    """Alike, and left as it is."""
    APART = "apart"
    """Differs only in values, operators, conditions or what is called: never folded, however alike."""
    UNFOLDED = "unfolded"
    """Would fold, had a person not chosen otherwise."""

    @property
    def is_masked(self) -> bool:
        """Whether the representative stands for the copy in a search."""
        return self in (Verdict.FOLDED, Verdict.INDEXED)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a chunk is recognised by: three hashes from the strictest to the loosest, as hexadecimal XXH3-128.

    `exact` covers its bytes, `layout` its tokens without comments and white space, `renamed` its tokens with local names
    numbered by first appearance (empty where the chunk may not fold so). `tokens` counts the tokens, `plain` their bytes.
    `sketch` holds the minima by which similar functions are found (`indexing.folding.sketch`), `stream` the tokens by which
    they are compared (`indexing.folding.streams`), or nothing.

    A function in several chunks is one *unit*: all but its first chunk have `continues`; `renamed` of its first covers the
    whole unit, and so does the `renamed` of its second, which there holds the hash of the layout.
    """

    exact: str
    layout: str
    renamed: str
    tokens: int
    plain: int = 0
    continues: bool = False
    sketch: bytes = b""
    stream: bytes = b""


class Change(NamedTuple):
    """Tokens that stand in the representative alone and, in their place, in the copy alone; a space between tokens.

    A tuple, for workers hand over a hundred thousand of them: the records of `dataclasses` take ten times as long.
    """

    removed: str
    added: str


class Difference(NamedTuple):
    """How a copy differs from its representative: local names under which it says the same (representative's, copy's),
    and, beyond these, its changes in the order of the text."""

    renamed: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()

    def told(self, most: int) -> str:
        """In one line of at most `most` characters: what is gone (-) and added (+), then what is renamed."""
        parts = [
            " ".join(f"{sign}{{{tokens}}}" for sign, tokens in (("-", c.removed), ("+", c.added)) if tokens)
            for c in self.changes
        ]
        told = " ".join("; ".join([*parts, *(f"{mine} is {theirs}" for mine, theirs in self.renamed)]).split())
        return told if len(told) <= most else told[: most - 2] + " …"


NO_DIFFERENCE = Difference()


@dataclass(frozen=True, slots=True)
class CloneMember:
    """A place of a class with its likeness to the representative (1.0: alike but for what the type allows).

    `chunk` is its first chunk, `parts` the number of its chunks, whose ids follow each other. `threshold` is the likeness
    that `verdict` took (1.0 where nothing but layout and local names may differ).
    """

    chunk: int
    place: Place
    type: CloneType
    similarity: float
    verdict: Verdict = Verdict.FOLDED
    threshold: float = 1.0
    parts: int = 1
    difference: Difference = NO_DIFFERENCE


@dataclass(frozen=True, slots=True)
class CloneClass:
    """Places that say what `representative` says, which is not among `members`. Similarity and type are those of the
    member that is least alike; `bytes_saved` sums the bytes of the members that are folded, without
    comments and layout."""

    id: int
    type: CloneType
    similarity: float
    bytes_saved: int
    representative: CloneMember
    members: tuple[CloneMember, ...]


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A clone class as a list shows it, without its members: `copies` counts them, `folded` those that the representative
    stands for, `unfolded` those a person chose not to fold. `representative` is its first chunk."""

    id: int
    type: CloneType
    similarity: float
    bytes_saved: int
    representative: int
    copies: int
    folded: int
    unfolded: int


@dataclass(frozen=True, slots=True)
class CopiedSpan:
    """Lines of a file that are a member of a clone class of so many others, of which `folded` say so much the same that one
    stands for all; `represents` where these lines are what stands for the others."""

    class_id: int
    start_line: int
    end_line: int
    copies: int
    folded: int
    represents: bool


@dataclass(frozen=True, slots=True)
class ClonePair:
    """Two places and how alike they are; `apart` where they differ only in values, operators, conditions or callees."""

    one: Place
    other: Place
    type: CloneType
    similarity: float
    apart: bool


@dataclass(frozen=True, slots=True)
class CloneBlock:
    """A run of tokens that stands at several places, most often inside of functions: `tokens` many, the same at each but
    for comments and white space."""

    tokens: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PlainFunnel:
    """How much of the hand-written code is left after each step, cumulatively, in bytes without licence headers, comments
    and layout, with which it begins: `bytes`."""

    bytes: int = 0
    after_identical_files: int = 0
    after_type1: int = 0
    after_type2: int = 0
    after_type3: int = 0


@dataclass(frozen=True, slots=True)
class FoldingSummary:
    """How much is left after each step, cumulatively, in bytes as written, and in files.

    `raw_bytes` counts every indexed file, `code_bytes` the hand-written code alone, `plain` the same without comments.
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
    plain: PlainFunnel = PlainFunnel()
