"""The code graph: who calls, imports, inherits what, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.symbol import Symbol


class EdgeKind(StrEnum):
    """What the source of an edge does with its target."""

    CALLS = "calls"
    IMPORTS = "imports"
    INHERITS = "inherits"
    IMPLEMENTS = "implements"
    OVERRIDES = "overrides"
    REFERENCES = "references"
    CONTAINS = "contains"


class Confidence(StrEnum):
    """How an edge was found: by scope, import or type (`exact`), by evidence with a guess in it (`inferred`), or by the
    bare name (`name`), which never crosses languages."""

    EXACT = "exact"
    INFERRED = "inferred"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Edge:
    """From symbol key `source` to symbol key `target`, stated at `path:line`."""

    source: int
    target: int
    kind: EdgeKind
    confidence: Confidence
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class CodeGraph:
    """A part of the graph, or all of it."""

    symbols: tuple[Symbol, ...]
    edges: tuple[Edge, ...]
