"""The whole code graph as DOT, for programs that read it; nothing here is laid out."""

from __future__ import annotations

from core.model.graph import CodeGraph, Confidence

_STYLES = {Confidence.EXACT: "solid", Confidence.INFERRED: "dashed", Confidence.NAME: "dotted"}


def code_graph_dot(graph: CodeGraph) -> str:
    """Nodes by the symbols' ids with their kind and place, edges with their kind and confidence."""
    import graphviz

    dot = graphviz.Digraph("codestrata")
    ids = {symbol.key: symbol.id for symbol in graph.symbols}
    for symbol in graph.symbols:
        place = f"{symbol.path}:{symbol.start_line}" if symbol.path else ""
        dot.node(_quoted(symbol.id), label=_quoted(symbol.name), kind=str(symbol.kind), place=_quoted(place))
    for edge in graph.edges:
        kind, confidence = str(edge.kind), str(edge.confidence)
        style = _STYLES[edge.confidence]
        # `Digraph.edge` would read a colon in an id as a port.
        dot.body.append(
            f"\t{_name(ids[edge.source])} -> {_name(ids[edge.target])}"
            f" [kind={graphviz.quoting.quote(kind)} confidence={graphviz.quoting.quote(confidence)} style={style}]\n"
        )
    return str(dot.source)


def _quoted(text: str) -> str:
    """Text as the library takes it, neither HTML (`<…>`) nor an escape (a backslash); its type tells the library so."""
    import graphviz

    escaped: str = graphviz.escape(text)
    return escaped


def _name(text: str) -> str:
    import graphviz

    name: str = graphviz.quoting.quote(_quoted(text))
    return name
