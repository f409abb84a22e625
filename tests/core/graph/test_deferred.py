"""Imports that do not happen when a module is loaded."""

from __future__ import annotations

from core.graph.deferred import DeferredImports
from core.model.symbol import SymbolKind
from tests.fakes import MemoryReader, symbol

PYTHON = """import a
if TYPE_CHECKING:
    import b
    if True:
        import c
if other:
    import d
def f():
    import e
"""
SCRIPT = "import type { A } from './a';\nimport { B } from './b';\n"


def test_imports_within_functions_and_for_type_checkers_are_deferred() -> None:
    symbols = [
        symbol(0, "m", SymbolKind.MODULE, "m.py", end_line=9),
        symbol(1, "m.f", path="m.py", start_line=8, end_line=9, parent=0),
    ]
    reader = MemoryReader(symbols, contents={"m.py": PYTHON.encode(), "n.ts": SCRIPT.encode()})
    deferred = DeferredImports(reader, reader)
    assert [line for line in range(12) if deferred("m.py", line)] == [3, 4, 5, 9]
    assert [line for line in (1, 2) if deferred("n.ts", line)] == [1]
