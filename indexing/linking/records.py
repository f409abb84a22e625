"""What goes into linking and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.model.graph import Edge
from core.model.symbol import Facts, Symbol


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of the source with its facts; `language` is a name of the registry, or "text"."""

    path: str
    language: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Linked:
    """The whole code graph.

    `symbols` stand in the order of their keys, which count from 0: the definitions file by file in the order of paths,
    then the names outside of the source. `keys[path][i]` is the key of definition `i` of that file. `unresolved` counts
    the call sites of each file that no edge came from; files without any are left out.
    """

    symbols: list[Symbol]
    edges: list[Edge]
    keys: Mapping[str, range]
    unresolved: Mapping[str, int]
