"""Components of units, beside those of networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.folding.components import connected


@settings(deadline=None)
@given(data=st.data(), count=st.integers(1, 40))
def test_components_are_those_of_the_graph(data, count):
    rows = st.integers(0, count - 1)
    ties = data.draw(st.lists(st.tuples(rows, rows), max_size=60))
    numbers = connected(count, np.array(ties, np.int64).reshape(-1, 2))
    graph = nx.Graph(ties)
    graph.add_nodes_from(range(count))
    found = {frozenset(np.flatnonzero(numbers == number).tolist()) for number in range(int(numbers.max()) + 1)}
    assert found == set(map(frozenset, nx.connected_components(graph)))


def test_a_long_chain_in_any_order_is_one_component():
    rows = np.random.default_rng(1).permutation(100_000)
    ties = np.stack([rows[:-1], rows[1:]], axis=1)
    assert not connected(len(rows), ties).any()
