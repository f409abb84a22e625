"""A variable that is assigned again means its last value from then on, and all of them to other scopes."""

from __future__ import annotations

from core.model.graph import Confidence
from tests.indexing.linking.sources import calls, confidence, link_sources

ONE_TWO = "def one(): pass\ndef two(): pass\n"


def called(body: str, caller: str = "m") -> list[str]:
    return calls(link_sources({"m.py": ONE_TWO + body})).get(caller, [])


def test_a_use_sees_the_assignment_before_it() -> None:
    assert called("def f():\n    x = one\n    x()\n    x = two\n", "m.f") == ["m.one"]
    assert called("def f():\n    x = one\n    x = two\n    x()\n", "m.f") == ["m.two"]
    assert called("def f():\n    x, y = one, two\n    x, y = y, x\n    x()\n", "m.f") == ["m.two"]


def test_what_may_be_assigned_in_a_branch_or_loop_adds_to_it() -> None:
    assert called("def f(c):\n    x = one\n    if c:\n        x = two\n    x()\n", "m.f") == ["m.one", "m.two"]
    assert called("def f(c):\n    x = one\n    while c:\n        x()\n        x = two\n", "m.f") == ["m.one", "m.two"]


def test_other_scopes_see_all_values() -> None:
    assert called("x = one\ndef f():\n    x()\nx = two\n", "m.f") == ["m.one", "m.two"]
    linked = link_sources({"m.py": ONE_TWO + "x = one\nx = two\n", "n.py": "from m import x\nx()\n"})
    assert calls(linked)["n"] == ["m.one", "m.two"]


def test_a_global_variable_that_a_function_sets_has_all_values() -> None:
    assert called("x = one\ndef f():\n    global x\n    x = two\nf()\nx = one\nx()\n") == ["m.f", "m.one", "m.two"]


def test_a_parameter_assigned_anew_is_what_it_was_assigned() -> None:
    text = """
    class Path:
        def open(self): pass
    def load(path):
        path = Path()
        path.open()
    load(3)
    """
    linked = link_sources({"m.py": text})
    assert calls(linked)["m.load"] == ["m.Path", "m.Path.open"]
    assert confidence(linked, "m.load", "m.Path.open") is Confidence.EXACT
    nested = "def f(x):\n    def g():\n        x()\n    x = two\n    return g\nf(one)\n"
    assert called(nested, "m.f.g") == ["m.one", "m.two"]


def test_javascript_does_the_same() -> None:
    text = "function one() {}\nfunction two() {}\nlet x = one;\nlet y = x;\nx = two;\ny();\n[x, y] = [y, x];\nx();\n"
    assert calls(link_sources({"m.js": text}))["m"] == ["m.one"]


def test_decorators_see_the_value_where_they_stand() -> None:
    body = "def use(f): return f\nx = one\nx = use\n@x\ndef g(): pass\n"
    assert called(body) == ["m.use"]


def test_two_assignments_in_one_line_are_not_told_apart() -> None:
    assert called("x = one; x(); x = two\n") == ["m.one", "m.two"]
    assert called("x = one;" * 5_000 + "\n") == []
