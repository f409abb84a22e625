"""What a protocol of model servers is to us: one stream of responses, and how to read each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from core.model.answer import Message, Reported
from core.model.language_model import ModelInfo
from desktop.adapters.connections import Connections
from desktop.adapters.providers import Endpoint


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to one model. `answer_tokens` is how long the answer may get where that has to be said;
    `context_window` is what a person set, 0 where nothing was; `prompt_tokens` is our own count of the messages."""

    endpoint: Endpoint
    model: str
    messages: Sequence[Message]
    prompt_tokens: int
    answer_tokens: int
    context_window: int = 0


class Ending(StrEnum):
    """How a model says that it is done."""

    WHOLE = "whole"
    CUT = "cut"
    """At the most tokens it may answer with."""
    WITHHELD = "withheld"
    """By a filter of the provider, or the model's own refusal."""


class FailureKind(StrEnum):
    """What went wrong with a server."""

    KEY = "key"
    MODEL = "model"
    BUSY = "busy"
    STATUS = "status"
    TIME = "time"
    DROPPED = "dropped"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as the server or the library words it (which may hold anything), and the HTTP status, 0 for none."""

    kind: FailureKind
    detail: str
    status: int = 0


class ModelProtocol(Protocol):
    """One protocol, through its llama-index package."""

    http: str
    """The HTTP library that the package is built on."""

    def warm_up(self) -> None:
        """Import what `stream` needs, which takes seconds. Raises ImportError where it is missing."""
        ...

    def stream(self, request: ModelRequest, connections: Connections) -> Iterator[Any]:
        """Send the request; llama-index's chat responses as they come."""
        ...

    def ending(self, response: Any) -> Ending | None:
        """How a response ends the answer, None while there is more."""
        ...

    def reported(self, response: Any) -> Reported | None:
        """The LLM tokens that a response says were read and written."""
        ...

    def failure(self, error: Exception) -> Failure | None:
        """What an error says of the server, None for one that says nothing of it."""
        ...

    def forwarded_to(self, model: str) -> str | None:
        """The host that a server on this machine hands the text on to, as the model's name tells."""
        ...

    def models(self, endpoint: Endpoint, client: Any) -> list[ModelInfo]:
        """The models there are; `client` is of the library that `http` names, and its errors are let through."""
        ...
