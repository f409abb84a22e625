"""Follow-ups put so that they stand alone, over a shop whose graph is known line by line."""

from __future__ import annotations

import pytest

from core.answering.follow_ups import stand_alone
from core.model.conversation import Turn
from core.model.source import Place
from core.retrieval.structural import Relation, read_structural
from tests.core.answering import shop

ORDER = Place("shop/main.py", 6, 9, "shop.main.place_order")
PRICE = Place("shop/prices.py", 1, 3, "shop.prices.total_price")
TILL = Place("shop/till.py", 1, 6, "shop.till.Till")
CHARGE = Place("shop/till.py", 4, 6, "shop.till.Till.charge")


def turn(question: str, *places: Place, understood: str = "") -> Turn:
    return Turn(question, understood or question, "", places)


HOW = turn("how is an order paid", ORDER, TILL, CHARGE)
CALLERS = turn("who calls total_price", PRICE, ORDER)


@pytest.mark.parametrize(
    ("question", "before", "alone"),
    [
        ("and who calls it?", HOW, "who calls `place_order`?"),
        ("who calls it", HOW, "who calls `place_order`?"),
        ("What does that function call?", HOW, "What does `place_order` call?"),
        ("which tests test that class?", HOW, "which tests test `Till`?"),
        ("where is this method defined", HOW, "where is `Till.charge` defined?"),
        ("what does the second one call?", HOW, "what does `Till` call?"),
        ("what does the last one call?", HOW, "what does `charge` call?"),
        ("what are its callers?", HOW, "what are the callers of `place_order`?"),
        ("where is it tested", CALLERS, "where is `total_price` tested?"),
        ("what does the first caller call?", CALLERS, "what does `place_order` call?"),
        ("and `tax`?", CALLERS, "who calls `tax`?"),
        ("what about tax", CALLERS, "who calls `tax`?"),
        ("what happens when it fails", CALLERS, "what happens when `total_price` fails?"),
        ("explain it", CALLERS, "explain `total_price`?"),
        ("what does the file define", CALLERS, "what does `shop/prices.py` define?"),
        ("what does the function call", CALLERS, "what does `total_price` call?"),
        ("and by `tax`?", CALLERS, "who calls `tax`?"),
        ("explain that class", turn("who takes money", CHARGE), "explain `Till`?"),
        ("callers?", HOW, "who calls `place_order`?"),
        ("why?", HOW, "how is an order paid: why?"),
        ("and refunds?", HOW, "how is an order paid: refunds?"),
        ("what about refunds?", HOW, "how is an order paid: refunds?"),
    ],
)
def test_what_leans_on_the_last_turn_is_put_by_name(question: str, before: Turn, alone: str) -> None:
    given = stand_alone(question, [turn("something else", TILL), before], shop.reader())
    # The shortest unique name may be spelt longer where a name is not unique.
    assert given.replace("Till.charge", "charge") == alone.replace("Till.charge", "charge")


@pytest.mark.parametrize(
    "question",
    [
        "who calls tax?",
        "When an order is lost, how is it replaced?",
        "how does `Till` work when it is full?",
        "what are the main parts",
        "which functions call main and use it",
        "Traceback (most recent call last)\n" * 200,
        "the function tax returns what?",
        "what does `it` do",
        "who calls the IT desk",
        "tax",
        "`Till`",
        "",
        "???",
    ],
)
def test_a_question_of_its_own_is_left_as_it_is(question: str) -> None:
    assert stand_alone(question, [HOW], shop.reader()) == question


def test_a_name_alone_is_no_follow_up_after_a_structural_question_either() -> None:
    assert stand_alone("tax", [CALLERS], shop.reader()) == "tax"
    assert stand_alone("Till.charge?", [CALLERS], shop.reader()) == "Till.charge?"


def test_what_the_answer_names_first_is_meant_where_one_excerpt_shows_several_definitions() -> None:
    text = "`Till.charge` is a method, `Till` a class (shop/till.py:1-6). `place_order` calls it (shop/main.py:6-9)."
    before = Turn("how is money taken", "how is money taken", text, (TILL, ORDER))
    assert stand_alone("who calls it", [before], shop.reader()) == "who calls `charge`?"
    assert stand_alone("what does the second one call?", [before], shop.reader()) == "what does `Till` call?"
    assert stand_alone("what does the last one call?", [before], shop.reader()) == "what does `place_order` call?"


def test_a_place_that_is_no_longer_there_is_passed_over() -> None:
    gone = turn("how is it done", Place("shop/gone.py", 1, 3, "shop.gone.f"), ORDER)
    assert stand_alone("who calls it", [gone], shop.reader()) == "who calls `place_order`?"


def test_without_an_earlier_turn_nothing_is_changed() -> None:
    assert stand_alone("and who calls it?", [], shop.reader()) == "and who calls it?"


def test_where_nothing_fits_nothing_is_changed() -> None:
    assert stand_alone("who calls it", [turn("how is it done")], shop.reader()) == "who calls it"
    assert stand_alone("what does the fifth one call", [HOW], shop.reader()) == "what does the fifth one call"


def test_what_comes_out_is_read_by_the_graph() -> None:
    reader = shop.reader()
    for question, relation in (
        ("and who calls it?", Relation.CALLERS),
        ("what are its callers?", Relation.CALLERS),
        ("what breaks if it changes?", Relation.IMPACT),
        ("which tests test it?", Relation.TESTS),
    ):
        read = read_structural(stand_alone(question, [HOW], reader))
        assert read is not None, question
        assert (read.relation, read.names) == (relation, ("place_order",))
