"""What depends on itself by way of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.graph.cycles import CycleKind, CycleLevel, CycleQuery, Tangle, find_cycles
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import MemoryReader, edge, symbol

SYMBOL = CycleQuery(CycleKind.CALLS, CycleLevel.SYMBOL)
links = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=60)


def tangles_of(
    edges: Sequence[Edge],
    symbols: Mapping[int, Symbol],
    query: CycleQuery,
    is_deferred: Callable[[str, int], bool] = lambda _path, _line: False,
    token: CancellationToken | None = None,
) -> list[Tangle]:
    reader = MemoryReader(symbols=list(symbols.values()), edges=edges)
    rows = reader.edge_rows(query.edge_kinds)
    return find_cycles(rows, reader.edges_at, symbols, query, is_deferred, token or CancellationToken())


def found(pairs: list[tuple[int, int]]) -> list[Tangle]:
    symbols = {i: symbol(i, f"m.f{i}") for i in range(13)}
    return tangles_of([edge(a, b) for a, b in pairs], symbols, SYMBOL)


@settings(deadline=None)
@given(links)
def test_tangles_are_the_strongly_connected_components(pairs: list[tuple[int, int]]) -> None:
    graph = nx.DiGraph(pairs)
    wanted = {frozenset(f"m.f{i}" for i in group) for group in nx.strongly_connected_components(graph) if len(group) > 1}
    assert {frozenset(tangle.nodes) for tangle in found(pairs)} == wanted


@settings(deadline=None)
@given(links)
def test_the_cycle_is_a_shortest_and_without_the_breaks_there_is_none(pairs: list[tuple[int, int]]) -> None:
    for tangle in found(pairs):
        names = set(tangle.nodes)
        graph = nx.DiGraph((f"m.f{a}", f"m.f{b}") for a, b in pairs if a != b)
        graph = nx.DiGraph(graph.subgraph(names))
        round_ = [(link.source, link.target) for link in tangle.cycle]
        assert all(graph.has_edge(*pair) for pair in round_)
        assert [a for a, _ in round_[1:]] + [round_[0][0]] == [b for _, b in round_]
        assert len(round_) == min(len(cycle) for cycle in nx.simple_cycles(graph, length_bound=len(round_)))
        graph.remove_edges_from([(link.source, link.target) for link in tangle.breaks])
        assert nx.is_directed_acyclic_graph(graph)
        for link in tangle.breaks:  # none too many
            graph.add_edge(link.source, link.target)
            assert not nx.is_directed_acyclic_graph(graph)
            graph.remove_edge(link.source, link.target)


def test_files_and_folders_are_tangled_by_what_their_symbols_do() -> None:
    symbols = {
        0: symbol(0, "p.a", SymbolKind.MODULE, path="p/a.py"),
        1: symbol(1, "q.b", SymbolKind.MODULE, path="q/b.py"),
        2: symbol(2, "q.c", SymbolKind.MODULE, path="q/c.py"),
        3: symbol(3, "p.a.f", path="p/a.py"),
    }
    edges = [
        Edge(0, 1, EdgeKind.IMPORTS, Confidence.EXACT, "p/a.py", 1),
        Edge(1, 2, EdgeKind.IMPORTS, Confidence.EXACT, "q/b.py", 1),
        Edge(2, 3, EdgeKind.IMPORTS, Confidence.EXACT, "q/c.py", 7),
        Edge(1, 0, EdgeKind.CALLS, Confidence.EXACT, "q/b.py", 9),
    ]

    def tangles(query: CycleQuery) -> list[Tangle]:
        return tangles_of(edges, symbols, query, lambda path, line: (path, line) == ("q/c.py", 7))

    [files] = tangles(CycleQuery())
    assert files.nodes == ("p/a.py", "q/b.py", "q/c.py")
    [deferred] = [link for link in files.cycle if link.deferred]
    assert [(place.path, place.line, place.target) for place in deferred.places] == [("q/c.py", 7, "p.a.f")]
    [folders] = tangles(CycleQuery(level=CycleLevel.FOLDER))
    assert folders.nodes == ("p", "q")
    assert tangles(CycleQuery(CycleKind.CALLS)) == []
    assert tangles(CycleQuery(within=lambda path: path.startswith("q/"))) == []


def test_a_guess_closes_no_cycle_unless_it_may() -> None:
    symbols = {i: symbol(i, f"m.f{i}") for i in range(2)}
    edges = [edge(0, 1), edge(1, 0, confidence=Confidence.INFERRED)]
    for guesses, count in ((False, 0), (True, 1)):
        query = CycleQuery(CycleKind.CALLS, CycleLevel.SYMBOL, guesses=guesses)
        assert len(tangles_of(edges, symbols, query)) == count


def test_the_links_with_the_fewest_places_break_a_cycle() -> None:
    [tangle] = found([(0, 1)] * 5 + [(1, 0)])
    assert [(link.source, link.target, link.count) for link in tangle.breaks] == [("m.f1", "m.f0", 1)]


def test_looking_for_cycles_can_be_cancelled() -> None:
    token = CancellationToken()
    token.cancel()
    with pytest.raises(CancelledError):
        tangles_of([edge(0, 1)], {i: symbol(i, f"m.f{i}") for i in range(2)}, SYMBOL, token=token)
