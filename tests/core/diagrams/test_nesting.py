"""How deep functions are nested, in any indentation."""

import pytest

from core.diagrams import SourceMap, draw
from core.diagrams.nesting import nesting
from core.errors import SourceError
from core.model.symbol import Symbol, SymbolKind
from tests.core.diagrams.projects import Project


def function(start: int, end: int, kind: SymbolKind = SymbolKind.FUNCTION) -> Symbol:
    return Symbol(start, "f", "f", "f", kind, "python", "a.py", start, end, "", "", -1)


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
def test_levels_below_the_function_count_whatever_the_indentation(indent):
    lines = ["def f():", "@a", "@if b:", "@@c", "@@if d:", "@@@e"]
    text = "\n".join(line.replace("@", indent) for line in lines)
    assert nesting(text, [function(1, 6)]) == pytest.approx((0 + 0 + 1 + 1 + 2) / 5)


def test_a_method_is_no_deeper_than_a_function_and_the_outermost_counts():
    text = "class C:\n    def m(self):\n        a\n\n        def g():\n            b\nx = 1\n"
    symbols = [function(1, 6, SymbolKind.CLASS), function(2, 6, SymbolKind.METHOD), function(5, 6)]
    assert nesting(text, symbols) == pytest.approx(1 / 3)


def test_nothing_is_known_without_functions():
    assert nesting("x = 1\n", []) is None


def test_tiles_are_as_warm_as_their_files_are_busy():
    project = Project().file("a/quiet.py").file("a/busy.py").file("a/never.py")
    commits = {"a/quiet.py": 1, "a/busy.py": 30}
    diagram = draw("churn", "", project.reader(), source=SourceMap(project.reader(), history=lambda _: commits))
    heat = {node.label: node.heat for node in diagram.nodes}
    told = {node.label: node.detail for node in diagram.nodes}
    assert heat["never.py"] == 0.0 < heat["quiet.py"] < heat["busy.py"] == 1.0
    assert told["busy.py"].startswith("30 commits")
    with pytest.raises(SourceError, match="history"):
        draw("churn", "", project.reader())
