"""What is asked and answered: packs, answers, their cost, and what would be sent."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from desktop.qt.replies import PlaceReply


class ExcerptReply(TypedDict):
    """Excerpt `[n]` of a pack."""

    n: int
    path: str
    start_line: int
    end_line: int
    role: str
    tokens: int
    why: str
    text: str
    symbol: NotRequired[str]


class PackReply(TypedDict):
    """What a model is sent, or what an answer without one rests on."""

    question: str
    budget: int
    tokens: int
    tokenizer: str
    whole_source_tokens: int
    excerpts: list[ExcerptReply]
    text: str
    redactions: int
    flagged_instructions: int
    cost: dict[str, float]


class BudgetCost(TypedDict):
    """What a prompt that fills a budget costs."""

    budget: int
    kv_cache_bytes: int
    attention_flops: float
    attention_ratio: float
    usd: NotRequired[float]


class CostsReply(TypedDict):
    """The costs of several budgets, beside the whole source."""

    whole_source_tokens: int
    costs: list[BudgetCost]


class SentenceReply(TypedDict):
    """A sentence of an answer and whether its citations hold."""

    text: str
    citations: list[int]
    supported: bool


class AnswerReply(TypedDict):
    """A whole answer."""

    question: str
    provider: str
    model: str
    text: str
    citations: list[dict[str, Any]]
    sentences: list[SentenceReply]
    pack: PackReply
    usage: dict[str, Any]
    sent_to: str | None
    interrupted: NotRequired[str]
    understood: NotRequired[str]
    steps: NotRequired[list[StepReply]]
    number: NotRequired[int]
    conversation: NotRequired[int]
    accepted: NotRequired[bool]
    not_kept: NotRequired[str]


class StepReply(TypedDict):
    """A step of a deep question; nothing is told of one that has only begun."""

    kind: str
    number: int
    total: int
    question: str
    told: str


class EarlierReply(TypedDict):
    """An answer as the history lists it."""

    number: int
    conversation: int
    when: float
    question: str
    understood: str
    provider: str
    model: str
    accepted: bool
    places: list[PlaceReply]


class SentMessage(TypedDict):
    """One message of a request to a model."""

    role: str
    content: str


class SendingReply(TypedDict):
    """What a question would send to a model; `host` is None where that is this machine."""

    provider: str
    model: str
    host: str | None
    bytes: int
    tokens: int
    messages: list[SentMessage]
