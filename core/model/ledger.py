"""The ledger: what was sent to language models, one record a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a request."""

    UNDER_WAY = "under way"
    """Also where the program ended before the answer did."""
    DONE = "done"
    INTERRUPTED = "interrupted"
    """Something came, not all of it."""
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Sending:
    """A request as it leaves. `when` is in seconds since the epoch; `host` is empty for this machine; `question` is
    redacted; `bytes` and `sha256` are those of the exact text, which is the messages as JSON (see `exact_text`);
    `tokens` is our count of it."""

    when: float
    provider: str
    model: str
    host: str
    question: str
    bytes: int
    tokens: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SendingOutcome:
    """How a request ended: LLM tokens as the provider reported them, else (`reported` false) as counted here."""

    fate: Fate
    detail: str = ""
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    reported: bool = False
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A request with its number, from 1, and what became of it."""

    number: int
    sending: Sending
    outcome: SendingOutcome
