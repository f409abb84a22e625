"""Diagrams as GraphML (http://graphml.graphdrawing.org/specification.html), for yEd, Gephi and the like."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from core.model.diagram import Diagram, DiagramNode
from desktop.drawing.strokes import is_directed
from desktop.drawing.writing import escaped

_NODE_FIELDS = (
    ("label", "string"),
    ("detail", "string"),
    ("kind", "string"),
    ("cluster", "string"),
    ("weight", "int"),
    ("external", "boolean"),
    ("mark", "string"),
    ("path", "string"),
    ("line", "int"),
)
_EDGE_FIELDS = (
    ("kind", "string"),
    ("confidence", "string"),
    ("count", "int"),
    ("label", "string"),
    ("mark", "string"),
    ("path", "string"),
    ("line", "int"),
)


def diagram_graphml(diagram: Diagram) -> str:
    """Boxes named by their position (their ids as data), frames by name in `cluster`; the same for the same diagram."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for target, fields in (("node", (("id", "string"), *_NODE_FIELDS)), ("edge", _EDGE_FIELDS)):
        for name, kind in fields:
            yield f'  <key id="{target}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"/>'
    yield f'  <graph id={quoteattr(diagram.kind)} edgedefault="directed">'
    yield f"    <desc>{escaped(diagram.title)}</desc>"
    frames = {cluster.id: cluster.label for cluster in diagram.clusters}
    numbers = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes)}
    for node in diagram.nodes:
        data = "".join(_data(f"node_{name}", value) for name, value in _node(node, frames).items())
        yield f'    <node id="{numbers[node.id]}">{data}</node>'
    for edge in diagram.edges:
        place = edge.places[0] if edge.places else None
        values: dict[str, object] = {
            "kind": edge.kind,
            "confidence": edge.confidence,
            "count": edge.count,
            "label": edge.label,
            "mark": edge.mark,
            "path": place.path if place else "",
            "line": place.start_line if place else "",
        }
        data = "".join(_data(f"edge_{name}", value) for name, value in values.items())
        undirected = "" if is_directed(edge.kind) else ' directed="false"'
        yield f'    <edge source="{numbers[edge.source]}" target="{numbers[edge.target]}"{undirected}>{data}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _node(node: DiagramNode, frames: dict[str, str]) -> dict[str, object]:
    return {
        "id": node.id,
        "label": node.label,
        "detail": node.detail,
        "kind": node.kind,
        "cluster": frames.get(node.cluster, ""),
        "weight": node.weight,
        "external": str(node.external).lower(),
        "mark": node.mark,
        "path": node.place.path if node.place else "",
        "line": node.place.start_line if node.place else "",
    }


def _data(key: str, value: object) -> str:
    """A datum; none for what is empty."""
    return f'<data key="{key}">{escaped(str(value))}</data>' if value != "" else ""
