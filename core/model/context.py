"""Packs: the few cited excerpts that answer a question within a budget of LLM tokens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ExcerptRole(StrEnum):
    """Why an excerpt is in a pack."""

    HIT = "hit"
    DEFINITION = "definition"
    CALLER = "caller"
    CALLEE = "callee"
    OUTLINE = "outline"
    SUMMARY = "summary"
    NOTE = "note"
    """What a person wrote of the lines, or an answer that was accepted."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Excerpt `[n]`: lines of a file as they were indexed, its LLM tokens, and in a few words why it was chosen."""

    n: int
    path: str
    start_line: int
    end_line: int
    symbol: str
    role: ExcerptRole
    tokens: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What sending a pack costs a model.

    `kv_cache_bytes` and `attention_flops` follow 2·L·H_kv·d·n and 4·L·H·d·n² for a model of common size;
    `attention_ratio` is the attention of the whole source over that of the pack; `usd` is known only with a price.
    """

    kv_cache_bytes: int
    attention_flops: float
    attention_ratio: float
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """What would be sent for `question`: `text` is exact, fenced and redacted, and counts `tokens` ≤ `budget`."""

    question: str
    budget: int
    tokens: int
    tokenizer: str
    whole_source_tokens: int
    excerpts: tuple[Excerpt, ...]
    text: str
    redactions: int
    flagged_instructions: int
    cost: Cost
