"""PageRank."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graph.ranks import rank_links

_PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=30, unique=True
)


def ranked(pairs, count, weights=None, personal=None):
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return rank_links(ends[:, 0], ends[:, 1], np.ones(len(ends)) if weights is None else np.array(weights), count, personal)


@given(_PAIRS)
def test_agrees_with_networkx(pairs):
    graph = nx.DiGraph(pairs)
    graph.add_nodes_from(range(10))
    expected = nx.pagerank(graph, tol=1e-10, max_iter=1_000)
    np.testing.assert_allclose(ranked(pairs, 10), [expected[key] for key in range(10)], atol=1e-6)


def test_heavier_links_hand_on_more():
    ranks = ranked([(0, 1), (0, 2)], 3, weights=[1.0, 0.1])
    assert ranks[1] > ranks[2]


def test_the_walk_returns_to_where_it_began():
    ranks = ranked([(0, 1), (2, 3)], 4, personal={2: 5.0})
    assert ranks.sum() == pytest.approx(1.0)
    assert ranks[0] == ranks[1] == 0
    assert ranks[2] > ranks[3] > 0


def test_without_links_all_are_alike():
    np.testing.assert_allclose(ranked([], 2), [0.5, 0.5])
    assert ranked([], 0).shape == (0,)
