"""What a question would send to a model, word by word; nothing leaves, and nothing is recorded.

The question is put as if it were asked, to a model that keeps its messages and says nothing: what is shown is made by the
very code that sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.answering.sending import exact_text
from core.cancellation import CancellationToken
from core.model.answer import Delta, Message
from core.settings import Settings
from desktop import assembly
from desktop.engine import run_wire
from desktop.engine.budget_costs import host_of
from desktop.engine.conversation_desk import background_of
from desktop.engine.params import Params, identity, path_text, places, text, whole
from desktop.engine.provider_methods import provider_settings
from desktop.engine.service import Service


@dataclass(slots=True)
class _Silent:
    """A `LanguageModel` that keeps what it is sent."""

    provider: str
    model: str
    host: str | None = None
    messages: list[Message] = field(default_factory=list)

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        cancellation.check("answering")
        self.messages = list(messages)
        return iter(())


def would_send(service: Service, settings: Settings, params: Params, token: CancellationToken) -> run_wire.Json:
    """The messages of a question's request, with their size; of a deep question, what it would send were it none."""
    chosen = provider_settings(settings.provider, params)
    index = Path(path_text(params, "index"))
    silent = _Silent(chosen.provider, chosen.model)
    budget = whole(params, "budget", settings.retrieval.budget)
    background = background_of(index, identity(params, "conversation"), places(params, "pinned"), places(params, "removed"))
    for _ in service.ask(index, text(params, "question"), budget, silent, token, background):
        token.check("answering")
    counter = assembly.open_counter()
    return {
        "provider": chosen.provider,
        "model": chosen.model,
        "host": host_of(chosen),
        "bytes": len(exact_text(silent.messages)),
        "tokens": sum(counter.count(message.content) for message in silent.messages),
        "messages": [{"role": message.role, "content": message.content} for message in silent.messages],
    }
