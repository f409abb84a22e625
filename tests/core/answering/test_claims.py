"""What sentences claim of two names, in many wordings, and whether a small shop bears it out."""

from __future__ import annotations

import pytest

from core.answering.claims import Relation, claims_in
from core.answering.grounding import ground
from core.answering.holding import Claims
from core.model.context import Cost, Excerpt, ExcerptRole, Pack
from core.model.graph import EdgeKind
from core.model.symbol import SymbolKind
from tests.fakes import MemoryReader, edge, symbol

SHOP = '''class Drawer:
    """Holds money; never calls charge()."""

    def open_drawer(self):
        raise LockedError


class Till(Drawer):
    def charge(self, amount, currency="EUR"):
        # open_drawer() is no part of this
        self.held = amount


def place_order(item):
    return Till().charge(total_price(item))


def total_price(item):
    return Price(item)
'''


@pytest.fixture(scope="module")
def shop() -> MemoryReader:
    function, method, class_ = SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS
    path = "shop/till.py"
    symbols = [
        symbol(0, "shop.till", SymbolKind.MODULE, path, start_line=1, end_line=19),
        symbol(1, "shop.till.Drawer", class_, path, start_line=1, end_line=5, parent=0),
        symbol(2, "shop.till.Drawer.open_drawer", method, path, start_line=4, end_line=5, parent=1),
        symbol(3, "shop.till.Till", class_, path, start_line=8, end_line=11, parent=0),
        symbol(4, "shop.till.Till.charge", method, path, start_line=9, end_line=11, parent=3),
        symbol(5, "shop.till.place_order", function, path, start_line=14, end_line=15, parent=0),
        symbol(6, "shop.till.total_price", function, path, start_line=18, end_line=19, parent=0),
    ]
    edges = [
        edge(3, 1, EdgeKind.INHERITS, path=path, line=8),
        edge(5, 4, path=path, line=15),
        edge(5, 6, path=path, line=15),
    ]
    return MemoryReader(symbols, edges, contents={path: SHOP.encode()})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("`a_b` calls `c_d`.", [("calls", "a_b", "c_d")]),
        ("`a_b` is called by `c_d`.", [("calls", "c_d", "a_b")]),
        ("`a_b` falls back on `c_d`.", [("uses", "a_b", "c_d")]),
        ("`a_b` calls `c_d`, `e_f` and `g_h`.", [("calls", "a_b", name) for name in ("c_d", "e_f", "g_h")]),
        ("Inside `a_b`, the rest is done by `c_d`.", [("uses", "a_b", "c_d")]),
        ("`Ab` extends `Cd`.", [("inherits", "Ab", "Cd")]),
        ("`Ab` is the base class of `Cd`.", [("inherits", "Cd", "Ab")]),
        ("`run` is a method of `Task`.", [("within", "run", "Task")]),
        ("`Task` lives in `app/task.py`.", [("within", "Task", "app/task.py")]),
        ("`run` takes the parameter `limit`.", [("has parameter", "run", "limit")]),
        ("One of the parameters of `run` is `limit`.", [("has parameter", "run", "limit")]),
        ("`run` raises `TaskError`.", [("raises", "run", "TaskError")]),
        ("`run` of `Task` raises `TaskError`.", [("within", "run", "Task"), ("raises", "run", "TaskError")]),
        ("`a_b` and `c_d` are both slow.", []),
        ("`a_b` runs before `c_d` does.", []),
        ("`a_b` runs before and after `c_d` does.", []),
        ("Sent by `a_b`: `c_d` before and `e_f` after.", [("uses", "a_b", "c_d"), ("uses", "a_b", "e_f")]),
        ("`a_b` calls `c_d` first, then `e_f`.", [("calls", "a_b", "c_d"), ("calls", "a_b", "e_f")]),
        ("`a_b` puts `Cd` outermost and `Ef` innermost.", [("uses", "a_b", "Cd"), ("uses", "a_b", "Ef")]),
        ("`a_b` calls `c_d`, which calls `e_f`.", [("calls", "a_b", "c_d"), ("calls", "c_d", "e_f")]),
        ("`a_b`, which `c_d` calls, is slow.", [("uses", "c_d", "a_b")]),
        ("`a_b` runs `c_d` over all and sorts them with `e_f`.", [("uses", "a_b", "c_d"), ("uses", "a_b", "e_f")]),
        ("`a_b` uses `c_d`, which opens it and reads it with `e_f`.", [("uses", "a_b", "c_d"), ("uses", "c_d", "e_f")]),
        ("`a_b` tests the layers before it calls `c_d`.", [("calls", "a_b", "c_d")]),
        ("Once `a_b` knows the step, the terms are added up by `c_d`.", []),
        ("Inside `a_b`, the terms are added up by `c_d`.", [("uses", "a_b", "c_d")]),
        ("It is done by `a_b`, and whatever comes out is handed to `c_d`.", []),
        ("It goes to the function that `a_b` returns, and `c_d` ends.", []),
        ("Whether `a_b` makes a `Cd` is decided by `e_f`.", [("uses", "a_b", "Cd")]),
        ("`a_b` decides the order in the heap into which `c_d` inserts the handle.", []),
        ("It is only one [3].", []),
        ("`Chain.invoke` calls `Chain.empty?` [1].", [("calls", "Chain.invoke", "Chain.empty?")]),
        ("`apply.<lambda1>` calls `apply.<lambda1>.add` [1].", [("calls", "apply.<lambda1>", "apply.<lambda1>.add")]),
    ],
)
def test_claims(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(claim.relation.value, claim.subject.name, claim.object.name) for claim in claims_in(sentence)]
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("`place_order` calls `total_price`.", True),
        ("`total_price` calls `place_order`.", False),
        ("`charge` is called by `place_order`.", True),
        ("`charge` is called by `total_price`.", False),
        ("`charge` calls `open_drawer`.", False),
        ("`Drawer` calls `charge`.", False),
        ("`Till` inherits from `Drawer`.", True),
        ("`Drawer` inherits from `Till`.", False),
        ("`Till` has the method `open_drawer`.", True),
        ("`Drawer` has the method `charge`.", False),
        ("`Till` lives in `shop/till.py`.", True),
        ("`Till` lives in `shop/prices.py`.", False),
        ("`charge` takes the argument `currency`.", True),
        ("`charge` takes the argument `country`.", False),
        ("`open_drawer` raises `LockedError`.", True),
        ("`charge` raises `LockedError`.", False),
        ("`total_price` returns a `Price`.", True),
        ("`nowhere` calls `charge`.", None),
    ],
)
def test_claims_are_held_against_the_index(shop: MemoryReader, sentence: str, holds: bool | None) -> None:
    (claim,) = claims_in(sentence)
    assert Claims(shop).holds(claim) is holds


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("`place_order` charges with `Till.charge` [1].", True),
        ("`Drawer.charge` takes the money [1].", False),
        ("`total_price` asks `charge_twice` for more [1].", False),
        ("Money is held [1].", True),
        ("Money is held.", False),
    ],
)
def test_a_sentence_is_supported_by_code_and_index(shop: MemoryReader, sentence: str, supported: bool) -> None:
    excerpt = Excerpt(1, "shop/till.py", 1, 19, "shop.till", ExcerptRole.HIT, 9, "hit", SHOP)
    (found,) = ground(sentence, Pack("q", 100, 9, "words", 99, (excerpt,), "", 0, 0, Cost(0, 0.0, 0.0)), shop)
    assert found.supported is supported


def test_every_relation_has_a_judge(shop: MemoryReader) -> None:
    assert set(Claims(shop)._judges) == set(Relation)


def test_a_file_at_the_root_is_where_something_stands_and_not_what_is_called() -> None:
    assert list(claims_in("`open_it` calls it at `main.c`, line 6 [2].")) == []
    assert [claim.object.name for claim in claims_in("`open_it` calls `os.path` [2].")] == ["os.path"]


def test_a_test_whose_name_is_a_sentence_is_not_taken_for_one_whose_name_begins_alike() -> None:
    path = "test/multi_test.exs"
    symbols = [
        symbol(0, "multi_test.insert_all", SymbolKind.FUNCTION, path, start_line=1, end_line=2),
        symbol(1, "multi_test.insert_all fun", SymbolKind.FUNCTION, path, start_line=3, end_line=4),
        symbol(2, "multi_test.transact", SymbolKind.FUNCTION, path, start_line=5, end_line=6),
    ]
    reader = MemoryReader(symbols, [edge(1, 2, path=path, line=4)], contents={path: b"test\n" * 6})
    claims = Claims(reader)
    [claim] = claims_in("`multi_test.insert_all fun` calls `transact`")
    assert claims.holds(claim)
    [claim] = claims_in("`multi_test.insert_all` calls `transact`")
    assert claims.holds(claim) is False


def test_a_caller_of_the_same_name_is_told_from_what_it_calls() -> None:
    path = "shop/clip.js"
    code = b"""class Clip {
  toJSON() {
    return this.track.toJSON();
  }
}
class Track {
  toJSON() {
    return this.type.toJSON();
  }
}
"""
    symbols = [
        symbol(0, "shop.clip.Clip", SymbolKind.CLASS, path, start_line=1, end_line=5),
        symbol(1, "shop.clip.Clip.toJSON", SymbolKind.METHOD, path, start_line=2, end_line=4, parent=0),
        symbol(2, "shop.clip.Track", SymbolKind.CLASS, path, start_line=6, end_line=10),
        symbol(3, "shop.clip.Track.toJSON", SymbolKind.METHOD, path, start_line=7, end_line=9, parent=2),
    ]
    claims = Claims(MemoryReader(symbols, [edge(1, 3, path=path, line=3)], contents={path: code}))
    [claim] = claims_in("`Track.toJSON` is called by `Clip.toJSON`")
    assert claims.holds(claim) is True
    [claim] = claims_in("`Clip.toJSON` is called by `Track.toJSON`")
    assert claims.holds(claim) is False
