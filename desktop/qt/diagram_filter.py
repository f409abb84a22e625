"""What of a diagram is to be seen: kinds of arrows, how sure they are, folders, and boxes hidden one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from desktop.qt.diagram_replies import DiagramEdgeReply, DiagramNodeReply, DiagramReply

Facet = Literal["kinds", "confidences", "folders"]
FACETS: tuple[Facet, ...] = ("kinds", "confidences", "folders")
_SURE = ("exact", "inferred", "name")


@dataclass(slots=True)
class DiagramFilter:
    """What is hidden; nothing at first."""

    kinds: set[str] = field(default_factory=set)
    confidences: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    boxes: set[str] = field(default_factory=set)

    @property
    def is_active(self) -> bool:
        return bool(self.kinds or self.confidences or self.folders or self.boxes)

    def clear(self) -> None:
        for hidden in (self.kinds, self.confidences, self.folders, self.boxes):
            hidden.clear()

    def set_hidden(self, facet: Facet, name: str, hidden: bool) -> None:
        """Hide or show all of one kind, confidence or folder."""
        chosen: set[str] = getattr(self, facet)
        (chosen.add if hidden else chosen.discard)(name)

    def hidden_boxes(self, diagram: DiagramReply) -> set[str]:
        """The boxes that are not to be seen, by hand or for their folder."""
        if not self.folders:
            return {node["id"] for node in diagram["nodes"]} & self.boxes
        homes = folders_of(diagram)
        return {node["id"] for node in diagram["nodes"] if node["id"] in self.boxes or homes[node["id"]] in self.folders}

    def hides(self, edge: DiagramEdgeReply, boxes: set[str]) -> bool:
        """Whether an arrow is not to be seen, where `boxes` are hidden."""
        if edge["source"] in boxes or edge["target"] in boxes:
            return True
        return edge["kind"] in self.kinds or edge["confidence"] in self.confidences

    def params(self, diagram: DiagramReply) -> dict[str, list[str]]:
        """What the engine is told to leave out of a picture."""
        return {
            "boxes": sorted(self.hidden_boxes(diagram)),
            "kinds": sorted(self.kinds),
            "confidences": sorted(self.confidences),
        }


def choices(diagram: DiagramReply) -> dict[Facet, list[tuple[str, int]]]:
    """What can be hidden of a diagram, and how much of it there is; a facet with one choice offers none."""
    kinds = Counter(edge["kind"] for edge in diagram["edges"])
    sure = Counter(edge["confidence"] for edge in diagram["edges"])
    homes = Counter(folders_of(diagram).values())
    found: dict[Facet, list[tuple[str, int]]] = {
        "kinds": sorted(kinds.items()),
        "confidences": [(name, sure[name]) for name in _SURE if sure[name]],
        "folders": sorted(homes.items()),
    }
    return {facet: names if len(names) > 1 else [] for facet, names in found.items()}


def folders_of(diagram: DiagramReply) -> dict[str, str]:
    """For each box the folder it counts to: the first below what the paths of all have in common; empty for what lies in
    none of them or outside."""
    nodes = diagram["nodes"]
    common = _common([_folder(node) for node in nodes if node["place"] is not None and not node["external"]])
    return {node["id"]: _below(node, common) for node in nodes}


def _folder(node: DiagramNodeReply) -> list[str]:
    """The folder a box stands for, or that of its file."""
    assert node["place"] is not None
    scope = node["scope"]
    path = scope if scope.endswith("/") else node["place"]["path"].rpartition("/")[0]
    return [part for part in path.split("/") if part]


def _common(paths: Iterable[list[str]]) -> int:
    """How many parts all paths begin with alike."""
    first: list[str] | None = None
    length = 0
    for path in paths:
        if first is None:
            first, length = path, len(path)
        length = next((at for at in range(min(length, len(path))) if first[at] != path[at]), min(length, len(path)))
    return length


def _below(node: DiagramNodeReply, common: int) -> str:
    if node["place"] is None or node["external"]:
        return ""
    parts = _folder(node)
    return "/".join(parts[: common + 1]) if len(parts) > common else ""
