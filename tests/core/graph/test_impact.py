"""What a change touches."""

from hypothesis import given
from hypothesis import strategies as st

from core.graph.impact import impact, symbols_at, with_members
from core.model.graph import EdgeKind
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import MemoryReader, edge, symbol

MODULE, BASE, BASE_RUN, OWN, OWN_RUN, CALLER, TEST = range(7)
NAMES = ["m", "m.Base", "m.Base.run", "m.Own", "m.Own.run", "m.call", "t.test_call"]
KINDS = {0: SymbolKind.MODULE, 1: SymbolKind.CLASS, 3: SymbolKind.CLASS}
READER = MemoryReader(
    [symbol(key, name, kind=KINDS.get(key, SymbolKind.FUNCTION)) for key, name in enumerate(NAMES)],
    [
        edge(BASE, BASE_RUN, EdgeKind.CONTAINS),
        edge(OWN, OWN_RUN, EdgeKind.CONTAINS),
        edge(OWN, BASE, EdgeKind.INHERITS),
        edge(OWN_RUN, BASE_RUN, EdgeKind.OVERRIDES),
        edge(CALLER, BASE_RUN),
        edge(TEST, CALLER),
    ],
)


def reached(key: int, depth: int = 5) -> list[int]:
    return [found.key for found in impact(READER, READER.symbols([key]), depth).reached]


def test_callers_of_callers_nearest_first():
    assert reached(BASE_RUN) == [CALLER, TEST]
    assert reached(BASE_RUN, depth=1) == [CALLER]


def test_an_override_is_reached_through_what_it_overrides():
    assert reached(OWN_RUN) == [BASE_RUN, CALLER, TEST]


def test_a_changed_base_touches_what_inherits_from_it_but_not_what_it_inherits_from():
    assert reached(BASE) == [OWN]
    assert reached(OWN) == []


def test_a_type_changes_with_its_members():
    changed = with_members(READER, READER.symbols([OWN])[0])
    assert [found.key for found in changed] == [OWN, OWN_RUN]
    assert [found.key for found in impact(READER, changed).reached] == [BASE_RUN, CALLER, TEST]


def test_the_bound_counts_what_is_reached():
    assert len(impact(READER, READER.symbols([BASE_RUN]), limit=1).reached) == 1


@st.composite
def nested(draw: st.DrawFn) -> list[Symbol]:
    """A module and definitions within definitions, on lines of their own."""
    symbols = [symbol(0, "m", SymbolKind.MODULE, "m.py")]
    waiting = [(1, 60)]
    while waiting and len(symbols) < 12:
        first, last = waiting.pop()
        start = draw(st.integers(first, last))
        end = draw(st.integers(start, last))
        symbols.append(symbol(len(symbols), f"m.f{len(symbols)}", path="m.py", start_line=start, end_line=end))
        waiting += [(low, high) for low, high in ((start + 1, end - 1), (end + 1, last)) if low <= high]
    return symbols


@given(nested(), st.lists(st.tuples(st.integers(1, 70), st.integers(0, 5)), max_size=4))
def test_the_innermost_symbols_of_lines(symbols: list[Symbol], spans: list[tuple[int, int]]):
    wanted = set()
    for first, more in spans:
        for line in range(first, first + more + 1):
            around = [s for s in symbols if s.kind is SymbolKind.MODULE or s.start_line <= line <= s.end_line]
            wanted.add(min(around, key=lambda s: (s.kind is SymbolKind.MODULE, s.end_line - s.start_line, -s.key)).key)
    changes = {symbols[0].path: [(first, first + more) for first, more in spans], "elsewhere.py": [(1, 2)]}
    assert {found.key for found in symbols_at(MemoryReader(symbols), changes)} == wanted
