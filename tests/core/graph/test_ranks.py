"""PageRank and what it adds up to."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graph.ranks import file_ranks, folder_ranks, page_rank
from core.model.graph import Confidence, EdgeKind
from tests.fakes import MemoryReader, edge, symbol

_PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=30, unique=True
)


@given(_PAIRS)
def test_agrees_with_networkx(pairs):
    reader = MemoryReader(edges=[edge(source, target) for source, target in pairs])
    graph = nx.DiGraph(pairs)
    graph.add_nodes_from(range(10))
    expected = nx.pagerank(graph, tol=1e-10, max_iter=1_000)
    np.testing.assert_allclose(page_rank(reader, 10), [expected[key] for key in range(10)], atol=1e-6)


def test_certain_edges_weigh_more():
    ranks = page_rank(MemoryReader(edges=[edge(0, 1), edge(0, 2, confidence=Confidence.NAME)]), 3)
    assert ranks[1] > ranks[2]


def test_the_walk_returns_to_where_it_began():
    reader = MemoryReader(edges=[edge(0, 1), edge(2, 3)])
    ranks = page_rank(reader, 4, personal={2: 5.0})
    assert ranks.sum() == pytest.approx(1.0)
    assert ranks[0] == ranks[1] == 0
    assert ranks[2] > ranks[3] > 0


def test_other_kinds_and_nothing_at_all():
    reader = MemoryReader(edges=[edge(0, 1, EdgeKind.CONTAINS), edge(1, 1)])
    np.testing.assert_allclose(page_rank(reader, 2), [0.5, 0.5])
    assert page_rank(MemoryReader(), 0).shape == (0,)


def test_files_and_folders_add_up():
    symbols = [symbol(0, "a.b.c", path="a/b/c.py"), symbol(1, "a.d", path="a/d.py"), symbol(2, "os", path="")]
    files = file_ranks(symbols, np.array([0.2, 0.5, 0.3]))
    assert files == {"a/d.py": 0.5, "a/b/c.py": 0.2}
    assert list(files) == ["a/d.py", "a/b/c.py"]
    assert folder_ranks(files) == pytest.approx({"": 0.7, "a": 0.7, "a/b": 0.2})
