"""The formats other programs read."""

import io
from xml.etree import ElementTree

import networkx as nx
import pytest

from core.graph.formats import callgraph, graphml
from core.model.graph import CodeGraph, Confidence, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import edge, symbol

GRAPH = CodeGraph(
    (
        symbol(0, "m", SymbolKind.MODULE, "m.py"),
        symbol(1, "m.f", SymbolKind.FUNCTION, "m.py"),
        symbol(2, "m.A", SymbolKind.CLASS, "m.py"),
        symbol(3, "m.<lambda1>", SymbolKind.LAMBDA, "m.py"),
        symbol(4, "os.path.join", SymbolKind.EXTERNAL),
    ),
    (
        edge(0, 2, confidence=Confidence.INFERRED, path="m.py", line=3),
        edge(0, 4, path="m.py", line=4),
        edge(0, 4, path="m.py", line=5),
        edge(1, 0, EdgeKind.REFERENCES, path="m.py"),
        edge(0, 1, EdgeKind.CONTAINS, path="m.py"),
    ),
)


def test_callers_with_their_callees():
    assert callgraph(GRAPH) == {"m": ["m.A", "os.path.join"], "m.<lambda1>": [], "m.f": []}


def test_graphml_is_read_by_networkx():
    graph = nx.read_graphml(io.BytesIO(graphml(GRAPH).encode()), force_multigraph=True)
    assert graph.is_directed()
    assert set(graph.nodes) == {one.id for one in GRAPH.symbols}
    assert graph.nodes["m.<lambda1>"]["kind"] == "lambda"
    assert len(graph.edges) == len(GRAPH.edges)
    assert {data["line"] for _, _, data in graph.edges(data=True)} == {1, 3, 4, 5}
    assert {data["confidence"] for _, _, data in graph.edges("m", data=True)} == {"exact", "inferred"}


@pytest.mark.parametrize("name", ['a<b>&"c"', "tab\there", "zero\x00 bell\x07", "\ud800 alone", "emoji 🎉", "]]>"])
def test_graphml_holds_any_name(name):
    odd = Symbol(0, name, name, name, SymbolKind.FUNCTION, "python", "m.py", 1, 2, name, "", -1)
    text = graphml(CodeGraph((odd,), (edge(0, 0),)))
    root = ElementTree.fromstring(text.encode())
    assert len(root.findall(".//{*}node")) == 1


def test_an_edge_without_its_end_is_a_bug():
    with pytest.raises(KeyError):
        graphml(CodeGraph(GRAPH.symbols[:1], GRAPH.edges))
