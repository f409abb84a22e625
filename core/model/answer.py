"""Answers: sentences, each with the citations it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.context import Pack


@dataclass(frozen=True, slots=True)
class Citation:
    """`[n]` in an answer: an excerpt of the pack, opened in the code."""

    n: int
    path: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer; `supported` says whether its citations hold what it names."""

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model reported or we counted, in LLM tokens and seconds; `usd` is what it cost, None where that is unknown."""

    input_tokens: int
    output_tokens: int
    seconds_to_first_token: float | None
    usd: float | None = None
    reported: bool = False
    """Whether the tokens are the provider's own count."""


class StepKind(StrEnum):
    """What a deep question goes through."""

    PLAN = "plan"
    """It was taken apart into questions."""
    PART = "part"
    """One of them was answered."""
    LEFT_OUT = "left out"
    """One of them was not, since the budget was spent."""
    WHOLE = "whole"
    """The answer was put together."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a deep question: `number` of `total`, the question it was about, what came of it in a few words, and the
    calls and LLM tokens (in and out) that it took of the budget."""

    kind: StepKind
    number: int
    total: int
    question: str
    told: str = ""
    calls: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; without a model `provider` and `model` are empty and `sent_to` is None.

    `interrupted` says in one line why a stream ended early; it is empty for a whole answer.
    """

    question: str
    provider: str
    model: str
    text: str
    citations: tuple[Citation, ...]
    sentences: tuple[Sentence, ...]
    pack: Pack
    usage: Usage
    sent_to: str | None
    interrupted: str = ""
    understood: str = ""
    """The question as it was looked up, where it leaned on what came before."""
    steps: tuple[Step, ...] = ()
    """How a deep question was answered."""


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of a conversation with a model; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The LLM tokens that a provider says it read and wrote."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a streamed answer; one of the last may bring what the provider counted, with an empty text."""

    text: str
    reported: Reported | None = None
