"""Methods named by a string, whole or by its beginning."""

from __future__ import annotations

import pytest

from core.model.graph import Confidence
from indexing.linking.dispatch import MAX_METHODS
from tests.indexing.linking.sources import calls, confidence, link_sources

VISITOR = """
class Visitor:
    def visit(self, node):
        {choice}
        return method(node)

    def visit_name(self, node): pass
    def visit_call(self, node):
        node()
    def other(self, node): pass

class Deeper(Visitor):
    def visit_loop(self, node): pass

def leaf(): pass
"""
CHOSEN = ["m.Deeper.visit_loop", "m.Visitor.visit_call", "m.Visitor.visit_name"]


def called(choice: str) -> list[str]:
    linked = link_sources({"m.py": VISITOR.replace("{choice}", choice.replace("\n", "\n        "))})
    return [name for name in calls(linked)["m.Visitor.visit"] if not name.startswith("<builtin>")]


@pytest.mark.parametrize(
    "choice",
    [
        'method = getattr(self, f"visit_{node.kind}")',
        'method = getattr(self, "visit_" + node.kind, None)',
        'method = getattr(self, "visit_%s" % node.kind)',
        'method = getattr(self, "visit_{}".format(node.kind))',
        'name = "visit_" + node.kind\nmethod = getattr(self, name.lower())',
    ],
)
def test_the_beginning_of_a_name_means_all_methods_that_begin_so(choice: str) -> None:
    assert called(choice) == CHOSEN


def test_a_default_may_be_meant_as_well() -> None:
    assert called('method = getattr(self, f"visit_{node.kind}", self.other)') == sorted([*CHOSEN, "m.Visitor.other"])


def test_a_whole_name_is_the_attribute() -> None:
    linked = link_sources({"m.py": VISITOR.replace("{choice}", 'method = getattr(self, "visit_name")')})
    assert confidence(linked, "m.Visitor.visit", "m.Visitor.visit_name") is Confidence.EXACT


def test_what_may_begin_anything_means_nothing() -> None:
    assert called("method = getattr(self, node.kind)") == []
    assert called('method = getattr(self, f"v{node.kind}")') == []


def test_arguments_reach_the_methods_chosen() -> None:
    text = VISITOR.replace("{choice}", 'method = getattr(self, f"visit_{node.kind}")') + "Visitor().visit(leaf)\n"
    assert "m.leaf" in calls(link_sources({"m.py": text}))["m.Visitor.visit_call"]


def test_a_beginning_that_very_many_share_tells_nothing() -> None:
    many = "".join(f"    def visit_{n}(self, node): pass\n" for n in range(MAX_METHODS + 1))
    text = f'class V:\n    def visit(self, node):\n        getattr(self, f"visit_{{node}}")(node)\n{many}'
    assert "m.V.visit_1" not in calls(link_sources({"m.py": text})).get("m.V.visit", [])


def test_keywords_and_rests_are_not_given_to_the_receiver() -> None:
    text = """
    class A:
        def run(self, one, two):
            self.step()
            two()
        def step(self): pass
    def f(): pass
    def g(a, *args, **kwargs):
        A().run(a, *args, **kwargs)
    g(0, f, self=f)
    """
    linked = link_sources({"m.py": text})
    assert confidence(linked, "m.A.run", "m.A.step") is Confidence.EXACT
    assert calls(linked)["m.A.run"] == ["m.A.step", "m.f"]
