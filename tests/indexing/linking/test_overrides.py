"""Calls on what may be of a class below reach the overrides of that class, too."""

from __future__ import annotations

from core.model.graph import Confidence
from indexing.linking.overrides import MAX_OVERRIDES
from tests.indexing.linking.sources import calls, confidence, link_sources

SHAPES = """
class Shape:
    def draw(self):
        self.fill()

    def fill(self):
        pass

class Disc(Shape):
    def fill(self):
        pass

class Ring(Disc):
    def fill(self):
        super().fill()
"""


def test_a_call_on_self_reaches_the_overrides_below() -> None:
    linked = link_sources({"shapes.py": SHAPES})
    called = calls(linked)
    assert called["shapes.Shape.draw"] == ["shapes.Disc.fill", "shapes.Ring.fill", "shapes.Shape.fill"]
    assert confidence(linked, "shapes.Shape.draw", "shapes.Shape.fill") is Confidence.EXACT
    assert confidence(linked, "shapes.Shape.draw", "shapes.Ring.fill") is Confidence.INFERRED
    assert called["shapes.Ring.fill"] == ["<builtin>.super", "shapes.Disc.fill"]  # `super()` means one class


def test_what_a_constructor_made_is_of_its_class_and_of_none_below() -> None:
    linked = link_sources({"shapes.py": SHAPES, "main.py": "from shapes import Disc\nd = Disc()\nd.fill()\n"})
    assert calls(linked)["main"] == ["shapes.Disc", "shapes.Disc.fill"]


def test_what_is_declared_to_be_of_a_class_may_be_of_one_below() -> None:
    main = """
    from shapes import Disc

    class Board:
        def __init__(self, disc: Disc):
            self.disc = disc

        def show(self):
            self.disc.fill()
    """
    called = calls(link_sources({"shapes.py": SHAPES, "main.py": main}))
    assert called["main.Board.show"] == ["shapes.Disc.fill", "shapes.Ring.fill"]


def test_javascript_dispatches_on_this() -> None:
    text = "class A { run() { this.step() } step() {} }\nclass B extends A { step() {} }\n"
    assert calls(link_sources({"m.js": text}))["m.A.run"] == ["m.A.step", "m.B.step"]


def test_a_protocol_of_the_whole_program_is_not_spelled_out() -> None:
    below = "".join(f"class C{n}(Shape):\n    def fill(self):\n        pass\n" for n in range(MAX_OVERRIDES + 1))
    called = calls(link_sources({"shapes.py": SHAPES + below}))
    assert called["shapes.Shape.draw"] == ["shapes.Shape.fill"]


def test_untyped_calls_of_a_name_that_thousands_of_classes_have_stay_unresolved() -> None:
    classes = "".join(f"class C{n}:\n    def run(self):\n        pass\n" for n in range(3_000))
    untyped = "".join(f"def f{n}(x):\n    x.run()\n" for n in range(3_000))
    linked = link_sources({"classes.py": classes, "calls.py": untyped})
    assert linked.unresolved == {"calls.py": 3_000}
    assert not calls(linked)
