"""Diagrams, and where everything in them lies."""

from __future__ import annotations

from typing import TypedDict

from desktop.qt.replies import PlaceReply


class DiagramNodeReply(TypedDict):
    """A box."""

    id: str
    label: str
    detail: str
    kind: str
    place: PlaceReply | None
    cluster: str
    weight: int
    scope: str
    external: bool
    mark: str
    heat: float | None


class DiagramEdgeReply(TypedDict):
    """An arrow."""

    source: str
    target: str
    kind: str
    confidence: str
    count: int
    places: list[PlaceReply]
    label: str
    mark: str


class DiagramClusterReply(TypedDict):
    """A frame around boxes."""

    id: str
    label: str
    parent: str


class OmittedReply(TypedDict):
    """What a diagram leaves out."""

    what: str
    count: int


class DiagramReply(TypedDict):
    """A diagram's content."""

    kind: str
    title: str
    subtitle: str
    nodes: list[DiagramNodeReply]
    edges: list[DiagramEdgeReply]
    clusters: list[DiagramClusterReply]
    omitted: list[OmittedReply]


class RouteReply(TypedDict):
    """A cubic Bézier path: the start, then three points a segment."""

    points: list[list[float]]
    tip: list[float]
    label: list[float] | None


class LayoutReply(TypedDict):
    """Where everything lies, in points."""

    width: float
    height: float
    nodes: dict[str, list[float]]
    clusters: dict[str, list[float]]
    routes: list[RouteReply]
    bars: list[list[float]]
    """Calls that last, on the lifelines of a sequence."""


class DrawingReply(TypedDict):
    """A diagram laid out."""

    diagram: DiagramReply
    layout: LayoutReply
