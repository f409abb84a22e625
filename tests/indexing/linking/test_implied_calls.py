"""Python calls methods whose names no one wrote: loops, `with`, built-ins, properties, `raise`."""

from __future__ import annotations

from core.model.graph import Confidence
from tests.indexing.linking.sources import calls, confidence, link_sources

QUEUE = '''
class Queue:
    """A property is .size, which this text does not read."""

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __len__(self):
        return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @property
    def size(self):
        return len(self)
'''


def callees(body: str) -> list[str]:
    text = QUEUE + "def use(queue: Queue, other):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return calls(link_sources({"q.py": text})).get("q.use", [])


def test_loops_ask_for_an_iterator_and_then_for_values() -> None:
    assert callees("for _ in queue:\n    pass") == ["q.Queue.__iter__", "q.Queue.__next__"]
    assert callees("return [one for one in queue]") == ["q.Queue.__iter__", "q.Queue.__next__"]


def test_with_enters_and_leaves() -> None:
    assert callees("with queue:\n    pass") == ["q.Queue.__enter__", "q.Queue.__exit__"]


def test_built_ins_ask_their_argument() -> None:
    assert callees("return len(queue)") == ["<builtin>.len", "q.Queue.__len__"]
    assert callees("return repr(queue)") == ["<builtin>.repr"]  # it has none of its own


def test_reading_a_property_calls_it_and_assigning_does_not() -> None:
    assert callees("if queue.size > 1:\n    pass") == ["q.Queue.size"]
    assert callees("queue.size = 1") == []
    assert callees("return other.size") == []


def test_raising_a_class_constructs_it() -> None:
    errors = "class Lost(Exception):\n    def __init__(self):\n        pass\n\nclass Late(Exception):\n    pass\n"
    linked = link_sources(
        {"e.py": errors + "def f(x):\n    raise Lost\ndef g(x):\n    raise Late\ndef h(x):\n    raise x\n"}
    )
    assert calls(linked) == {"e.f": ["e.Lost.__init__"], "e.g": ["e.Late"]}
    assert confidence(linked, "e.f", "e.Lost.__init__") is Confidence.EXACT


def test_what_is_implied_of_something_unknown_is_no_unresolved_call() -> None:
    assert link_sources({"m.py": "def f(x):\n    for y in x:\n        pass\n    with x:\n        pass\n"}).unresolved == {}


def test_an_implied_call_may_go_below() -> None:
    text = QUEUE + "class Deque(Queue):\n    def __len__(self):\n        return 1\n"
    called = calls(link_sources({"q.py": text}))
    assert called["q.Queue.size"] == ["<builtin>.len", "q.Deque.__len__", "q.Queue.__len__"]


def test_what_is_handed_to_sorted_and_map_is_called() -> None:
    linked = link_sources(
        {"m.py": "def size(x): pass\ndef f(xs):\n    xs.sort(key=size)\n    return sorted(xs, key=lambda x: 1)\n"}
    )
    assert calls(linked)["m.f"] == ["<builtin>.sorted", "m.f.<lambda1>", "m.size"]
    assert confidence(linked, "m.f", "m.size") is Confidence.INFERRED


def test_slices_move_entries_to_the_front() -> None:
    text = (
        "def a(): pass\ndef b(): pass\ndef c(): pass\nxs = [a, b, c]\ndef f():\n    xs[1:][0]()\ndef g():\n    xs[:2][0]()\n"
    )
    assert calls(link_sources({"m.py": text})) == {"m.f": ["m.b"], "m.g": ["m.a"]}


def test_a_loop_that_slices_has_an_end() -> None:
    text = "def a(): pass\nxs = [a, a, a]\ndef f(xs):\n    while xs:\n        xs[0]()\n        xs = xs[1:]\nf(xs)\n"
    assert calls(link_sources({"m.py": text}))["m.f"] == ["m.a"]


def test_a_field_that_only_classes_below_assign() -> None:
    below = "class B(A):\n    def __init__(self):\n        self.child = self.step\n    def step(self): pass\n"
    linked = link_sources({"m.py": "class A:\n    def run(self):\n        self.child()\n" + below})
    assert calls(linked)["m.A.run"] == ["m.B.step"]
