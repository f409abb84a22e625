"""The code graph for other programs: GraphML, and callers with their callees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from core.model.graph import CodeGraph, EdgeKind
from core.model.symbol import SymbolKind

_CALLERS = frozenset(
    {SymbolKind.MODULE, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA, SymbolKind.MACRO}
)
_NODE_FIELDS = ("name", "qualified_name", "kind", "language", "path", "start_line", "end_line", "signature")
_EDGE_FIELDS = ("kind", "confidence", "path", "line")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def callgraph(graph: CodeGraph) -> dict[str, list[str]]:
    """`{caller: [callee, …]}` by qualified name, both sorted: every confidence, external callees, and what could call but
    does not with an empty list. Symbols that share a qualified name share a line."""
    names = {symbol.key: symbol.qualified_name for symbol in graph.symbols}
    callees: dict[str, set[str]] = {symbol.qualified_name: set() for symbol in graph.symbols if symbol.kind in _CALLERS}
    for edge in graph.edges:
        if edge.kind is EdgeKind.CALLS:
            callees.setdefault(names[edge.source], set()).add(names[edge.target])
    return {caller: sorted(called) for caller, called in sorted(callees.items())}


def graphml(graph: CodeGraph) -> str:
    """A GraphML document (http://graphml.graphdrawing.org/specification.html): a directed multigraph whose nodes are named
    by the ids of symbols. An edge whose end is not among the symbols raises KeyError."""
    return "\n".join(_graphml_lines(graph)) + "\n"


def _graphml_lines(graph: CodeGraph) -> Iterator[str]:
    # A writer that builds a tree first would hold the graph of a large source several times over.
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for target, fields in (("node", _NODE_FIELDS), ("edge", _EDGE_FIELDS)):
        for field in fields:
            kind = "int" if field.endswith("line") else "string"
            yield f'  <key id="{target}_{field}" for="{target}" attr.name="{field}" attr.type="{kind}"/>'
    yield '  <graph edgedefault="directed">'
    ids = {symbol.key: _attribute(symbol.id) for symbol in graph.symbols}
    for symbol in graph.symbols:
        data = "".join(_data(f"node_{field}", getattr(symbol, field)) for field in _NODE_FIELDS)
        yield f"    <node id={ids[symbol.key]}>{data}</node>"
    for edge in graph.edges:
        data = "".join(_data(f"edge_{field}", getattr(edge, field)) for field in _EDGE_FIELDS)
        yield f"    <edge source={ids[edge.source]} target={ids[edge.target]}>{data}</edge>"
    yield "  </graph>"
    yield "</graphml>"


def _data(key: str, value: object) -> str:
    return f'<data key="{key}">{escape(_clean(str(value)))}</data>'


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
