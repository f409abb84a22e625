"""Who calls a class calls its constructor."""

from __future__ import annotations

from core.graph.constructors import constructors_of
from core.graph.walks import callers
from core.model.symbol import SymbolKind
from tests.fakes import MemoryReader, edge, symbol

READER = MemoryReader(
    [
        symbol(0, "shop.main", SymbolKind.FUNCTION, "shop.py"),
        symbol(1, "shop.Till", SymbolKind.CLASS, "shop.py", start_line=3, end_line=9),
        symbol(2, "shop.Till.__init__", SymbolKind.CONSTRUCTOR, "shop.py", start_line=4, parent=1),
        symbol(3, "shop.Till.pay", SymbolKind.METHOD, "shop.py", start_line=6, parent=1),
        symbol(4, "shop.Drawer", SymbolKind.CLASS, "shop.py", start_line=11),
        symbol(5, "shop.other", SymbolKind.FUNCTION, "shop.py", start_line=12),
    ],
    [edge(0, 2), edge(5, 3), edge(5, 4)],
)


def test_callers_of_a_class_are_those_of_its_constructor() -> None:
    till, drawer, main = READER.symbols([1, 4, 0])
    assert constructors_of(READER, [till, drawer, main]) == {2: 1}
    found = callers(READER, till)
    assert [(one.source, one.target) for one in found.edges] == [(0, 2)]
    assert {one.key for one in found.symbols} == {1, 2, 0}
    assert {one.key for one in callers(READER, drawer).symbols} == {4, 5}
    assert {one.key for one in callers(READER, main).symbols} == {0}
