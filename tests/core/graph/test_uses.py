"""Uses on arrays are those that are found edge by edge."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from core.graph.uses import Uses
from core.model.graph import Edge, EdgeKind
from tests.fakes import MemoryReader, edge, symbol

_COUNT = 9
_USES = {EdgeKind.CALLS, EdgeKind.REFERENCES, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS}
kinds = st.sampled_from([kind for kind in EdgeKind if kind is not EdgeKind.CONTAINS])
drawn = st.lists(st.tuples(st.integers(0, _COUNT - 1), st.integers(0, _COUNT - 1), kinds), max_size=40)
outer = st.lists(st.integers(-1, _COUNT - 2), min_size=_COUNT, max_size=_COUNT)


@given(drawn, outer)
def test_by_their_ends(edges: Sequence[tuple[int, int, EdgeKind]], above: Sequence[int]) -> None:
    parents = [min(parent, number - 1) for number, parent in enumerate(above)]
    symbols = {
        number: symbol(number, f"m.n{number}", language="markdown" if number == 3 else "python", parent=parent)
        for number, parent in enumerate(parents)
    }
    made = [edge(source, target, kind) for source, target, kind in edges]
    of_code = [one for one in made if one.source != 3]
    uses = Uses(MemoryReader(symbols.values(), made).edge_rows(), symbols)

    def is_within(inner: int, around: int) -> bool:
        while inner >= 0:
            if inner == around:
                return True
            inner = parents[inner]
        return False

    users: dict[int, set[int]] = {}
    for one in of_code:
        if one.kind in _USES and not is_within(one.source, one.target):
            users.setdefault(one.target, set()).add(one.source)
    assert {key: set(found) for key, found in uses.users.items()} == users
    assert list(uses.users) == list(users)  # the first that is used comes first
    assert uses.calling == {one.source for one in of_code if one.kind is EdgeKind.CALLS}
    assert uses.overridden == _grouped(of_code, EdgeKind.OVERRIDES)
    assert uses.imports.keys() == {one.target for one in of_code if one.kind is EdgeKind.IMPORTS}
    assert uses.parents.tolist() == parents


def _grouped(edges: Sequence[Edge], kind: EdgeKind) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one in edges:
        if one.kind is kind:
            found.setdefault(one.source, []).append(one.target)
    return found
