"""A function that returns what it was given gives each caller its own back; a class may be made by `__new__`."""

from __future__ import annotations

from core.model.graph import Confidence
from tests.indexing.linking.sources import calls, confidence, link_sources


def test_a_decorator_that_marks_and_returns_does_not_mix_what_it_decorates() -> None:
    text = """
    def mark(f):
        f.marked = True
        return f
    @mark
    def one(): pass
    @mark
    def two(): pass
    def use():
        one()
    """
    linked = link_sources({"m.py": text})
    assert calls(linked)["m.use"] == ["m.one"]
    assert confidence(linked, "m.use", "m.one") is Confidence.EXACT


def test_arguments_come_back_by_position_and_by_name() -> None:
    text = """
    def second(a, b):
        return b
    def one(): pass
    def two(): pass
    def f():
        second(one, two)()
    def g():
        second(b=one, a=two)()
    def h(*args):
        second(*args)()
    h(one, two)
    """
    called = calls(link_sources({"m.py": text}))
    assert called["m.f"] == ["m.second", "m.two"]
    assert called["m.g"] == ["m.one", "m.second"]
    assert {"m.second", "m.two"} <= set(called["m.h"])


def test_a_default_may_come_back_as_well() -> None:
    text = "def one(): pass\ndef two(): pass\ndef give(f=one):\n    return f\ndef use():\n    give(two)()\n"
    assert calls(link_sources({"m.py": text}))["m.use"] == ["m.give", "m.one", "m.two"]


def test_a_class_without_a_constructor_is_made_by_its_allocator() -> None:
    text = "class Token(str):\n    def __new__(cls, text):\n        return str.__new__(cls, text)\nToken('a')\n"
    assert calls(link_sources({"m.py": text}))["m"] == ["m.Token.__new__"]
