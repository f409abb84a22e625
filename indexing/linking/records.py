"""What goes into linking and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Facts, Symbol


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of the source with its facts; `language` is a name of the registry, or "text".

    Where `facts` are only a part of what the file says (see `slices.py`), `ordinals` tells the place that each definition
    has among all definitions of the file; else it is None.
    """

    path: str
    language: str
    facts: Facts
    ordinals: Sequence[int] | None = None

    def ordinal(self, definition: int) -> int:
        """The place of a definition of `facts` among all of the file's."""
        return definition if self.ordinals is None else self.ordinals[definition]


class LinkTarget(NamedTuple):
    """A definition by its file and its place among the file's definitions; or, with an empty path, a name from outside."""

    path: str
    definition: int
    external: str = ""
    language: str = ""
    """Of a name from outside, the first language of the family that uses it."""


class Link(NamedTuple):
    """An edge from the definition `source` of one file. `contains` edges are not told: they follow from the definitions."""

    source: int
    target: LinkTarget
    kind: EdgeKind
    confidence: Confidence
    line: int


@dataclass(frozen=True, slots=True)
class FileLinks:
    """The edges that start in a file, and the number of its calls that no edge came from."""

    path: str
    links: Sequence[Link]
    unresolved: int


@dataclass(frozen=True, slots=True)
class Linked:
    """The whole code graph of a few files.

    `symbols` stand in the order of their keys, which count from 0: the definitions file by file in the order of paths,
    then the names outside of the source. `keys[path][i]` is the key of definition `i` of that file. `unresolved` counts
    the call sites of each file that no edge came from; files without any are left out.
    """

    symbols: list[Symbol]
    edges: list[Edge]
    keys: Mapping[str, range]
    unresolved: Mapping[str, int]
