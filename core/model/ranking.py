"""Rankings: the places found for a question, best first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.clone import CloneMember

MOST_COPIED = 5
"""Copies of a hit that are named."""


class Origin(StrEnum):
    """A kind of evidence that brought a hit up."""

    LEXICAL = "lexical"
    DENSE = "dense"
    SYMBOL = "symbol"
    GRAPH = "graph"
    PATH = "path"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which chunks may be ranked: a glob over paths, a language, a kind of chunk or symbol; empty admits all."""

    path: str = ""
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked chunk. `score` is higher for better and comparable within one ranking only; `copies` counts its clones, the
    first of which are `copied`, each with its likeness to the representative and its difference."""

    chunk: int
    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    score: float
    origins: tuple[Origin, ...]
    copies: int
    copied: tuple[CloneMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits for `query`, best first, no two overlapping; `stale_files` counts indexed files that have since changed, and
    `nowhere` holds the words of the query that stand nowhere in the source."""

    query: str
    milliseconds: float
    hits: tuple[Hit, ...]
    stale_files: int = 0
    nowhere: tuple[str, ...] = ()
