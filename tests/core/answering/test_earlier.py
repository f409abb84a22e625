"""Earlier turns in a prompt: within a bound, without numbers of other packs, without secrets."""

from __future__ import annotations

import re

from core.answering.earlier import compacted, turn_of
from core.answering.grounding import citations_of
from core.answering.prompt import messages_for
from core.model.answer import Answer, Sentence, Usage
from core.model.conversation import Turn
from tests.core.answering import shop


def answered(text: str, sentences: tuple[Sentence, ...]) -> Answer:
    reader = shop.reader()
    pack = shop.builder(reader).build("q", shop.ranked("q", ["shop.main.place_order", "shop.prices.tax"], reader), 400)
    return Answer("q", "p", "m", text, citations_of(sentences, pack), sentences, pack, Usage(1, 1, None), None)


def test_a_turn_keeps_what_held_with_places_in_the_place_of_numbers() -> None:
    sentences = (
        Sentence("It starts in `place_order` [1].", (1,), True),
        Sentence("It invents `refund` [1].", (1,), False),
        Sentence("Nothing is cited here.", (), False),
    )
    answer = answered(" ".join(sentence.text for sentence in sentences), sentences)
    turn = turn_of(answer)
    cited = answer.citations[0]
    assert turn.text == f"It starts in `place_order` ({cited.path}:{cited.start_line}-{cited.end_line})."
    assert [place.path for place in turn.places] == [cited.path]
    assert not re.search(r"\[\d", turn.text)


def test_an_answer_that_cites_nothing_was_about_what_was_sent() -> None:
    answer = answered("It is so.", (Sentence("It is so.", (), False),))
    turn = turn_of(answer)
    assert turn.text == ""
    assert [place.path for place in turn.places] == [excerpt.path for excerpt in answer.pack.excerpts[:3]]


def turns(count: int) -> list[Turn]:
    text = " ".join(f"Sentence {n} says something long about orders." for n in range(30))
    return [Turn(f"question number {n}", f"question number {n}", text, ()) for n in range(count)]


def test_whatever_the_bound_it_is_kept_and_the_last_turn_goes_first() -> None:
    counter = shop.WordCounter()
    before = 0
    for limit in (0, 20, 40, 80, 200, 400, 1_000, 5_000):
        text = compacted(turns(20), counter, limit)
        assert counter.count(text) <= limit
        asked = re.findall(r"question number (\d+)", text)
        assert asked == [str(n) for n in range(20 - len(asked), 20)]
        assert len(asked) >= before
        before = len(asked)
    assert "(8 earlier questions left out)" in text
    assert text.count("Sentence 0 says") == 12
    assert text.count("Sentence 7 says") == 1


def test_nothing_earlier_is_an_empty_text() -> None:
    assert compacted([], shop.WordCounter(), 1_000) == ""


def test_an_answer_cannot_end_the_block_it_stands_in() -> None:
    text = compacted([Turn("q", "q", "It prints ````` and\n```\nmore.", ())], shop.WordCounter(), 1_000)
    fence = text.split("\n")[1]
    assert set(fence) == {"`"}
    assert text.count(fence) == 2


def test_no_secret_is_carried_along() -> None:
    secret = "AKIA" + "QZ3M7XK2" * 2
    turn = Turn(f"is {secret} used?", f"where is {secret}?", f"It says {secret} there.", ())
    text = compacted([turn], shop.WordCounter(), 2_000)
    assert secret not in text
    assert text.count("[redacted") == 3


def test_what_came_before_stands_between_the_excerpts_and_the_question() -> None:
    reader = shop.reader()
    pack = shop.builder(reader).build("who calls `tax`?", shop.ranked("q", ["shop.prices.tax"], reader), 400)
    user = messages_for(pack, "and who calls it?", "Earlier: …")[1].content
    assert user.index(pack.text.strip()) < user.index("Earlier: …") < user.index("Question: and who calls it?")
    assert user.endswith("(meaning: who calls `tax`?)")
    assert messages_for(pack)[1].content.endswith("Question: who calls `tax`?")
