"""The code graph as DOT survives any name."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.graph import CodeGraph, Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from desktop.drawing.graph_dot import code_graph_dot

# A leading % means a nameless node to Graphviz itself.
NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=20).filter(
    lambda name: name[0] != "%"
)


def symbol(key: int, name: str) -> Symbol:
    return Symbol(key, name, name, name, SymbolKind.FUNCTION, "python", "a.py", 1, 2, "", "", -1)


def read(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Nodes and edges as Graphviz reads them."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=text)
    return set(graph.nodes()), set(graph.edges())


def test_lambdas_colons_and_quotes_are_names() -> None:
    symbols = (symbol(0, "a.f"), symbol(1, "a.<lambda1>"), symbol(2, "x:y"), symbol(3, '"q"'))
    edges = tuple(Edge(0, key, EdgeKind.CALLS, Confidence.EXACT, "a.py", 1) for key in (1, 2, 3))
    nodes, links = read(code_graph_dot(CodeGraph(symbols, edges)))
    assert nodes == {"a.f", "a.<lambda1>", "x:y", '"q"'}
    assert links == {("a.f", "a.<lambda1>"), ("a.f", "x:y"), ("a.f", '"q"')}


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_any_names_give_as_many_nodes_and_edges(names: list[str]) -> None:
    symbols = tuple(symbol(key, name) for key, name in enumerate(names))
    edges = tuple(Edge(0, key, EdgeKind.CALLS, Confidence.NAME, "a.py", 1) for key in range(1, len(names)))
    nodes, links = read(code_graph_dot(CodeGraph(symbols, edges)))
    assert (len(nodes), len(links)) == (len(names), len(names) - 1)
