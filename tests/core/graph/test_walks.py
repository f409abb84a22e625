"""Walks along calls."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.graph.walks import COSTS, callees, callers, path_between
from core.model.graph import Confidence, Edge, EdgeKind
from tests.fakes import MemoryReader, edge, symbol


def reader_of(count: int, edges: list[Edge]) -> MemoryReader:
    return MemoryReader([symbol(i, f"m.f{i}") for i in range(count)], edges)


def chain(reader: MemoryReader, source: int, target: int) -> list[int]:
    found = path_between(reader, *reader.symbols([source, target]))
    return [one.key for one in found.symbols]


CHAIN = reader_of(5, [edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 1), edge(4, 1, EdgeKind.REFERENCES)])


def test_depth_and_cycles():
    start = CHAIN.symbols([1])[0]
    assert [one.key for one in callees(CHAIN, start).symbols] == [1, 2]
    everything = callees(CHAIN, start, depth=9)
    assert [one.key for one in everything.symbols] == [1, 2, 3]
    assert {(one.source, one.target) for one in everything.edges} == {(1, 2), (2, 3), (3, 1)}
    assert {one.key for one in callers(CHAIN, start).symbols} == {1, 0, 3}
    assert {one.key for one in callers(CHAIN, start, kinds=(EdgeKind.REFERENCES,)).symbols} == {1, 4}


def test_the_surest_edges_keep_their_place_within_the_limit():
    reader = reader_of(4, [edge(0, 1, confidence=Confidence.NAME), edge(0, 2), edge(0, 3, confidence=Confidence.INFERRED)])
    found = callees(reader, reader.symbols([0])[0], limit=3)
    assert [one.key for one in found.symbols] == [0, 2, 3]
    assert {one.target for one in found.edges} == {2, 3}


def test_a_certain_detour_beats_a_guess():
    edges = [edge(0, 3, confidence=Confidence.NAME), edge(0, 1), edge(1, 2), edge(2, 3)]
    assert chain(reader_of(4, edges), 0, 3) == [0, 1, 2, 3]
    assert chain(reader_of(4, [edge(0, 3, confidence=Confidence.INFERRED), *edges[1:3]]), 0, 3) == [0, 3]


def test_no_way_is_an_empty_graph():
    found = path_between(CHAIN, *CHAIN.symbols([3, 0]))
    assert (found.symbols, found.edges) == ((), ())
    assert chain(CHAIN, 2, 2) == [2]
    bounded = path_between(CHAIN, *CHAIN.symbols([0, 3]), max_symbols=1)
    assert bounded.edges == ()


def test_walks_stop_when_cancelled():
    token = CancellationToken()
    token.cancel()
    one, other = CHAIN.symbols([0, 3])
    for walk in (callers, callees):
        with pytest.raises(CancelledError):
            walk(CHAIN, one, cancellation=token)
    with pytest.raises(CancelledError):
        path_between(CHAIN, one, other, cancellation=token)


_EDGES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(list(Confidence))),
    max_size=25,
    unique_by=lambda item: item[:2],
)


@given(_EDGES)
def test_walks_agree_with_networkx(items):
    reader = reader_of(8, [edge(source, target, confidence=confidence) for source, target, confidence in items])
    graph = nx.DiGraph()
    graph.add_nodes_from(range(8))
    graph.add_weighted_edges_from((source, target, COSTS[confidence]) for source, target, confidence in items)
    start, end = reader.symbols([0, 7])
    for depth in range(4):
        within = set(nx.single_source_shortest_path_length(graph, 0, cutoff=depth))
        assert {one.key for one in callees(reader, start, depth).symbols} == within
        back = set(nx.single_source_shortest_path_length(graph.reverse(), 0, cutoff=depth))
        assert {one.key for one in callers(reader, start, depth).symbols} == back
    found = path_between(reader, start, end)
    if not nx.has_path(graph, 0, 7):
        assert found.edges == ()
        return
    assert sum(COSTS[one.confidence] for one in found.edges) == nx.dijkstra_path_length(graph, 0, 7)
    ways = [(one.source, one.target) for one in found.edges]
    assert [source for source, _ in ways] + [7] == [one.key for one in found.symbols]
    assert all(before[1] == after[0] for before, after in pairwise(ways))
