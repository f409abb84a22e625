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
