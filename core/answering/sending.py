"""The one way out: a language model through which nothing passes unasked and unrecorded."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence

from core.answering.prices import cost_in_usd
from core.cancellation import CancellationToken
from core.context.redact import redact_text
from core.errors import CancelledError, CodestrataError
from core.model.answer import Delta, Message, Reported
from core.model.ledger import Fate, Sending, SendingOutcome
from core.ports import Consents, LanguageModel, Ledger, TokenCounter


def exact_text(messages: Sequence[Message]) -> bytes:
    """The messages as they are sent, in UTF-8: a JSON list of `{"role", "content"}`, without spaces around its marks."""
    turns = [{"role": message.role, "content": message.content} for message in messages]
    return json.dumps(turns, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class RecordedModel:
    """A `LanguageModel` that asks for consent before each request, notes it in the ledger before it leaves, and notes what
    became of it, however it ended."""

    def __init__(
        self, model: LanguageModel, question: str, counter: TokenCounter, ledger: Ledger, consents: Consents
    ) -> None:
        self._model = model
        self._question = redact_text(question)[0]
        self._counter = counter
        self._ledger = ledger
        self._consents = consents

    @property
    def provider(self) -> str:
        return self._model.provider

    @property
    def model(self) -> str:
        return self._model.model

    @property
    def host(self) -> str | None:
        return self._model.host

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        """As the model's; raises ConsentNeededError or LocalOnlyError before anything is sent."""
        self._consents.check(self.host, self.provider, self.model)
        text = exact_text(messages)
        tokens = sum(self._counter.count(message.content) for message in messages)
        sending = Sending(
            when=time.time(),
            provider=self.provider,
            model=self.model,
            host=self.host or "",
            question=self._question,
            bytes=len(text),
            tokens=tokens,
            sha256=hashlib.sha256(text).hexdigest(),
        )
        number = self._ledger.begin(sending)
        began = time.perf_counter()
        pieces: list[str] = []
        reported: Reported | None = None
        fate, detail = Fate.FAILED, ""
        try:
            for delta in self._model.stream(messages, cancellation):
                pieces.append(delta.text)
                reported = delta.reported or reported
                yield delta
            fate = Fate.DONE
        except (CancelledError, GeneratorExit):
            fate = Fate.CANCELLED
            raise
        except CodestrataError as error:
            fate, detail = Fate.INTERRUPTED if any(pieces) else Fate.FAILED, redact_text(str(error))[0]
            raise
        finally:
            seconds = time.perf_counter() - began
            self._ledger.finish(number, self._outcome(fate, detail, seconds, tokens, "".join(pieces), reported))

    def _outcome(
        self, fate: Fate, detail: str, seconds: float, tokens: int, text: str, reported: Reported | None
    ) -> SendingOutcome:
        """What nobody was charged for, because nothing came, costs nothing that could be told."""
        counted = reported or Reported(tokens, self._counter.count(text))
        usd = cost_in_usd(self.host, self.model, counted.input_tokens, counted.output_tokens) if text or reported else None
        return SendingOutcome(fate, detail, seconds, counted.input_tokens, counted.output_tokens, reported is not None, usd)
