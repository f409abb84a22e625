"""Nothing passes to a model unasked and unrecorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import pytest

from core.answering.prices import cost_in_usd, price_table
from core.answering.sending import RecordedModel, exact_text
from core.cancellation import CancellationToken
from core.errors import CancelledError, ConsentNeededError, ProviderError
from core.model.answer import Delta, Message, Reported
from core.model.language_model import Price
from core.model.ledger import Fate, Sending, SendingOutcome

MESSAGES = [Message("system", "Explain."), Message("user", 'What is "x" — ✓?')]
SECRET = "ghp_" + "a1B2c3D4e5F6" * 3


class Words:
    """Counts words."""

    name = "words"

    def count(self, text: str) -> int:
        return len(text.split())


class Script:
    """A model that says what it is given to say."""

    provider = "openai"
    model = "gpt-4o-mini-2024-07-18"
    host = "api.openai.com"

    def __init__(self, *said: Delta | BaseException) -> None:
        self.said = said
        self.asked = 0

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        self.asked += 1
        for piece in self.said:
            if isinstance(piece, BaseException):
                raise piece
            yield piece


class Book:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.sent: list[Sending] = []
        self.outcomes: dict[int, SendingOutcome] = {}

    def begin(self, sending: Sending) -> int:
        self.sent.append(sending)
        return len(self.sent)

    def finish(self, number: int, outcome: SendingOutcome) -> None:
        self.outcomes[number] = outcome


class Says:
    """Consents that agree to everything, or to nothing."""

    def __init__(self, agreed: bool = True) -> None:
        self.agreed = agreed

    def check(self, host: str | None, provider: str, model: str) -> None:
        if not self.agreed:
            raise ConsentNeededError(host or "", provider, model)


def recorded(model: Script, book: Book, agreed: bool = True, question: str = "What is x?") -> RecordedModel:
    return RecordedModel(model, question, Words(), book, Says(agreed))


def test_the_ledger_knows_what_was_sent_where_and_what_it_cost() -> None:
    book = Book()
    model = recorded(Script(Delta("An "), Delta("answer"), Delta("", Reported(1_000_000, 500_000))), book)
    assert "".join(delta.text for delta in model.stream(MESSAGES, CancellationToken())) == "An answer"
    (sent,) = book.sent
    text = '[{"role":"system","content":"Explain."},{"role":"user","content":"What is \\"x\\" — ✓?"}]'.encode()
    assert (sent.bytes, sent.sha256) == (len(text), hashlib.sha256(text).hexdigest())
    assert exact_text(MESSAGES) == text
    assert (sent.host, sent.provider, sent.model) == ("api.openai.com", "openai", "gpt-4o-mini-2024-07-18")
    assert sent.tokens == 6
    outcome = book.outcomes[1]
    assert (outcome.fate, outcome.input_tokens, outcome.output_tokens) == (Fate.DONE, 1_000_000, 500_000)
    assert outcome.reported
    assert outcome.usd == pytest.approx(0.15 + 0.30)


def test_what_nobody_reported_is_counted() -> None:
    book = Book()
    list(recorded(Script(Delta("three words here")), book).stream(MESSAGES, CancellationToken()))
    assert (book.outcomes[1].input_tokens, book.outcomes[1].output_tokens, book.outcomes[1].reported) == (6, 3, False)


def test_without_consent_nothing_is_sent_or_noted() -> None:
    book, script = Book(), Script(Delta("never"))
    with pytest.raises(ConsentNeededError):
        list(recorded(script, book, agreed=False).stream(MESSAGES, CancellationToken()))
    assert script.asked == 0
    assert book.sent == []


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ((Delta("Half"), ProviderError("dropped")), Fate.INTERRUPTED),
        ((ProviderError("refused"),), Fate.FAILED),
        ((Delta("Half"), CancelledError("cancelled")), Fate.CANCELLED),
        ((ZeroDivisionError(),), Fate.FAILED),
    ],
)
def test_every_end_is_noted(said: tuple[Delta | BaseException, ...], fate: Fate) -> None:
    book = Book()
    with pytest.raises((ProviderError, CancelledError, ZeroDivisionError)):
        list(recorded(Script(*said), book).stream(MESSAGES, CancellationToken()))
    assert book.outcomes[1].fate is fate
    assert (book.outcomes[1].usd is None) == (len(said) == 1)


def test_a_reader_that_stops_early_is_noted_as_cancelled() -> None:
    book = Book()
    stream = recorded(Script(Delta("one"), Delta("two")), book).stream(MESSAGES, CancellationToken())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert book.outcomes[1].fate is Fate.CANCELLED


def test_no_secret_of_a_question_or_a_failure_is_kept() -> None:
    book = Book()
    model = recorded(Script(ProviderError(f"refused {SECRET}")), book, question=f"why is {SECRET} refused")
    with pytest.raises(ProviderError):
        list(model.stream(MESSAGES, CancellationToken()))
    assert SECRET not in str((book.sent, book.outcomes))


def test_a_ledger_that_cannot_be_written_stops_the_request() -> None:
    class Full(Book):
        def begin(self, sending: Sending) -> int:
            raise ProviderError("the disk is full")

    script = Script(Delta("never"))
    with pytest.raises(ProviderError, match="disk"):
        list(recorded(script, Full()).stream(MESSAGES, CancellationToken()))
    assert script.asked == 0


def test_prices_are_dated_and_hold_for_versions_of_a_model() -> None:
    table = price_table()
    assert table.checked.startswith("20")
    assert "http" in table.source
    assert table.find("api.anthropic.com", "claude-sonnet-4-5-20250929") is not None
    assert table.find("api.anthropic.com", "claude-sonnet-4-5") == table.find(
        "api.anthropic.com", "claude-sonnet-4-5-latest"
    )
    assert table.find("api.openai.com", "gpt-4o-realtime-preview") is None
    assert cost_in_usd(None, "gpt-4o", 1, 1) is None
    assert cost_in_usd("elsewhere.example.com", "gpt-4o", 1, 1) is None
    for models in table.hosts.values():
        assert all(info.price and 0 < info.price.input_usd <= info.price.output_usd for info in models.values())


def test_a_long_prompt_costs_the_long_price_throughout() -> None:
    price = Price(3.0, 15.0, long_from=200_000, long_input_usd=6.0, long_output_usd=22.5)
    assert price.usd(200_000, 0) == pytest.approx(0.6)
    assert price.usd(300_000, 100_000) == pytest.approx(1.8 + 2.25)
