"""Answers with a model that streams, breaks off or never begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from core.answering.answer import answer_with_model
from core.answering.prompt import messages_for
from core.cancellation import CancellationToken
from core.context.builder import PackBuilder
from core.errors import ProviderError
from core.model.answer import Answer, Delta, Message
from core.model.context import Pack
from core.model.ranking import Hit, Ranking
from tests.fakes import MemoryReader


class WordCounter:
    name = "words"

    def count(self, text: str) -> int:
        return len(text.split())


class ScriptedModel:
    """A LanguageModel that says what it was given to say, then perhaps fails."""

    provider = "scripted"
    model = "parrot"
    host = "models.example"

    def __init__(self, pieces: Sequence[str], error: ProviderError | None = None) -> None:
        self._pieces = pieces
        self._error = error
        self.heard: list[Message] = []

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        self.heard = list(messages)
        for piece in self._pieces:
            cancellation.check("speaking")
            yield Delta(piece)
        if self._error:
            raise self._error


def pack() -> Pack:
    reader = MemoryReader(contents={"shop/cart.py": b"def total(cart):\n    return sum($prices)\n"})
    hits = (Hit(1, "shop/cart.py", 1, 2, "shop.cart.total", "function", 1.0, (), 0),)
    return PackBuilder(reader, WordCounter()).build("How is the $total made?", Ranking("q", 1.0, hits), 200)


def test_the_prompt_holds_the_pack_as_it_is_and_the_question_after_it() -> None:
    system, user = messages_for(pack())
    assert (system.role, user.role) == ("system", "user")
    assert pack().text.strip() in user.content
    assert user.content.endswith("How is the $total made?")
    assert "[1]" in system.content


def test_pieces_first_then_the_whole_answer() -> None:
    model = ScriptedModel(["`total` sums ", "the prices [1]. ", "", "`refund` too [1]."])
    *pieces, answer = answer_with_model(model, pack(), WordCounter(), CancellationToken())
    assert [piece.text for piece in pieces if isinstance(piece, Delta)] == [
        "`total` sums ",
        "the prices [1]. ",
        "`refund` too [1].",
    ]
    assert isinstance(answer, Answer)
    assert answer.text == "`total` sums the prices [1]. `refund` too [1]."
    assert [(s.citations, s.supported) for s in answer.sentences] == [((1,), True), ((1,), False)]
    assert [(c.n, c.path) for c in answer.citations] == [(1, "shop/cart.py")]
    assert (answer.provider, answer.model, answer.sent_to) == ("scripted", "parrot", "models.example")
    assert answer.usage.input_tokens == sum(len(message.content.split()) for message in model.heard)
    assert answer.usage.output_tokens == 8
    assert answer.usage.seconds_to_first_token is not None
    assert answer.interrupted == ""


def test_a_broken_stream_gives_what_came() -> None:
    model = ScriptedModel(["Half an ans"], ProviderError("the server dropped the connection"))
    *_, answer = answer_with_model(model, pack(), WordCounter(), CancellationToken())
    assert isinstance(answer, Answer)
    assert answer.text == "Half an ans"
    assert answer.interrupted == "the server dropped the connection"


def test_a_stream_that_never_began_is_an_error() -> None:
    model = ScriptedModel([], ProviderError("cannot be reached"))
    with pytest.raises(ProviderError):
        list(answer_with_model(model, pack(), WordCounter(), CancellationToken()))
