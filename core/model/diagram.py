"""Diagrams: what is drawn (`Diagram`), and where everything lies once it is laid out (`Drawing`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.graph import Confidence, EdgeKind
from core.model.source import Place

TILED = frozenset({"treemap", "churn", "complexity"})
"""Kinds drawn as tiles by `DiagramNode.weight`, without arrows."""


class Tie(StrEnum):
    """What joins two boxes and is no edge of the code graph."""

    SHARES = "shares"
    """Repeated logic, in both alike; the count is its bytes."""


class Mark(StrEnum):
    """What sets a box or an arrow apart from the others."""

    NONE = ""
    FORBIDDEN = "forbidden"
    """Against a rule."""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DiagramNode:
    """A box. `id` is unique in its diagram, `detail` a second, smaller line, `weight` its size in lines of code.

    `place` is what a click opens, `scope` what a double click draws next (a SCOPE of the same kind), either may be empty.
    `external` marks what lies outside of the source, `heat` (0 to 1) says how warm a tile is, None that nothing is known.
    """

    id: str
    label: str
    detail: str
    kind: str
    place: Place | None
    cluster: str = ""
    weight: int = 0
    scope: str = ""
    external: bool = False
    mark: Mark = Mark.NONE
    heat: float | None = None


@dataclass(frozen=True, slots=True)
class DiagramEdge:
    """An arrow that stands for `count` edges of the graph; `places` are some of them, best first.

    `label` is what it is called, where it has a name. In a sequence the arrows stand in the order of time, `depth` says how
    many calls a call is within, and an arrow may end where it began.
    """

    source: str
    target: str
    kind: EdgeKind | Tie
    confidence: Confidence
    count: int
    places: tuple[Place, ...] = ()
    label: str = ""
    depth: int = 0
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class DiagramCluster:
    """A frame around nodes; `parent` is another cluster's id or empty."""

    id: str
    label: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Omitted:
    """What was left out, told under the picture ("+214 more files")."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram before layout."""

    kind: str
    title: str
    subtitle: str
    nodes: tuple[DiagramNode, ...]
    edges: tuple[DiagramEdge, ...]
    clusters: tuple[DiagramCluster, ...]
    omitted: tuple[Omitted, ...]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In points, y downwards; `x`, `y` is the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """A cubic Bézier path: the start, then three points for every segment; the arrow head points at `tip`."""

    points: tuple[tuple[float, float], ...]
    tip: tuple[float, float]
    label: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram with its layout: `nodes` and `clusters` by id, `routes` in the order of `diagram.edges`."""

    diagram: Diagram
    width: float
    height: float
    nodes: dict[str, Rectangle]
    clusters: dict[str, Rectangle]
    routes: tuple[Route, ...]
