"""Diagrams as Mermaid flowcharts, for README files and wikis."""

from __future__ import annotations

from core.model.diagram import Diagram, DiagramNode
from core.model.graph import Confidence
from desktop.drawing.sequence import message_of
from desktop.drawing.strokes import is_directed
from desktop.drawing.text import clean

_ARROWS = {Confidence.EXACT: "-->", Confidence.INFERRED: "-.->", Confidence.NAME: "-.->"}


def mermaid(diagram: Diagram) -> str:
    """A flowchart with frames as subgraphs, or a sequence diagram; boxes are named by their position, so no label can be
    read as syntax."""
    if diagram.kind == "sequence":
        return _sequence(diagram)
    direction = "LR" if diagram.kind in ("calls", "flow") else "TB"
    lines = [
        "---",
        f"title: {_title(diagram.title)}",
        "---",
        f"flowchart {direction}",
    ]
    names = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes)}
    inside: dict[str, list[DiagramNode]] = {}
    for node in diagram.nodes:
        inside.setdefault(node.cluster, []).append(node)
    children: dict[str, list[int]] = {}
    for number, cluster in enumerate(diagram.clusters):
        children.setdefault(cluster.parent, []).append(number)
    lines += [f"  {_node(names[node.id], node)}" for node in inside.get("", ())]
    stack: list[tuple[int, int, bool]] = [(number, 1, False) for number in reversed(children.get("", []))]
    while stack:
        number, depth, closing = stack.pop()
        indent = "  " * depth
        if closing:
            lines.append(f"{indent}end")
            continue
        cluster = diagram.clusters[number]
        lines.append(f'{indent}subgraph c{number} ["{quoted(cluster.label)}"]')
        lines += [f"{indent}  {_node(names[node.id], node)}" for node in inside.get(cluster.id, ())]
        stack.append((number, depth, True))
        stack += [(child, depth + 1, False) for child in reversed(children.get(cluster.id, []))]
    for edge in diagram.edges:
        label = f'|"{edge.kind} × {edge.count}"|'
        arrow = _ARROWS[edge.confidence] if is_directed(edge.kind) else "---"
        lines.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
    lines += [f"  %% left out: {omitted.count} {clean(omitted.what)}" for omitted in diagram.omitted]
    return "\n".join(lines) + "\n"


def _sequence(diagram: Diagram) -> str:
    names = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes)}
    lines = ["---", f"title: {_title(diagram.title)}", "---", "sequenceDiagram"]
    lines += [f"  participant {names[node.id]} as {quoted(node.label)}" for node in diagram.nodes]
    for edge in diagram.edges:
        arrow = "->>" if edge.confidence == Confidence.EXACT else "-->>"
        lines.append(f"  {names[edge.source]}{arrow}{names[edge.target]}: {quoted(message_of(edge))}")
    lines += [f"  %% left out: {omitted.count} {clean(omitted.what)}" for omitted in diagram.omitted]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """`text` for a place between double quotes: what Mermaid or the HTML it makes would read is written as a numbered
    entity (`#35;`), which is Mermaid's own way."""
    return "".join(f"#{ord(character)};" if character in '"#&<>`\\|{}[]()%;' else character for character in clean(text))


def _node(name: str, node: DiagramNode) -> str:
    text = quoted(node.label) + (f"<br/><small>{quoted(node.detail)}</small>" if node.detail else "")
    return f'{name}["{text}"]'


def _title(text: str) -> str:
    """A YAML scalar between double quotes."""
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
