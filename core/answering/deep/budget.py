"""What a deep question may use of a model, and what it has used."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UsageError

DEFAULT_CALLS = 8
DEFAULT_TOKENS = 60_000
LEAST_CALLS = 3
"""A plan, a part and the whole."""
LEAST_TOKENS = 4_000
ANSWER_TOKENS = 800
"""LLM tokens that an answer is reckoned to have before it is there."""


@dataclass(frozen=True, slots=True)
class DeepBudget:
    """Requests to a model, and LLM tokens read and written in all of them together. Raises UsageError for too little."""

    calls: int = DEFAULT_CALLS
    tokens: int = DEFAULT_TOKENS

    def __post_init__(self) -> None:
        if self.calls < LEAST_CALLS:
            raise UsageError(f"{self.calls} calls are too few for a deep question", "", f"allow at least {LEAST_CALLS}")
        if self.tokens < LEAST_TOKENS:
            raise UsageError(
                f"{self.tokens} LLM tokens are too few for a deep question", "", f"allow {LEAST_TOKENS:,} or more"
            )


class Spending:
    """What is left of a budget. The last call is kept back for the whole answer, with the LLM tokens that needs."""

    def __init__(self, budget: DeepBudget, kept_back: int) -> None:
        self._budget = budget
        self._kept_back = kept_back
        self.calls = 0
        self.tokens = 0

    def affords(self, tokens: int) -> bool:
        """Whether a request of so many LLM tokens leaves enough for the whole answer."""
        after = self.tokens + tokens + ANSWER_TOKENS + self._kept_back
        return self.calls + 1 < self._budget.calls and after <= self._budget.tokens

    @property
    def parts(self) -> int:
        """Requests that are left before the last."""
        return max(0, self._budget.calls - self.calls - 1)

    @property
    def left(self) -> int:
        """LLM tokens that are left before the whole answer."""
        return max(0, self._budget.tokens - self.tokens - self._kept_back)

    def spend(self, tokens: int) -> None:
        """Note a request with what it read and wrote."""
        self.calls += 1
        self.tokens += tokens
