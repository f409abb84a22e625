"""Language models as their providers describe them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million LLM tokens. A prompt of more than `long_from` tokens costs the long prices throughout;
    0 means that there are none."""

    input_usd: float
    output_usd: float
    long_from: int = 0
    long_input_usd: float = 0.0
    long_output_usd: float = 0.0

    def usd(self, input_tokens: int, output_tokens: int) -> float:
        """What a request cost."""
        is_long = self.long_from and input_tokens > self.long_from
        a_million_in, a_million_out = (
            (self.long_input_usd, self.long_output_usd) if is_long else (self.input_usd, self.output_usd)
        )
        return (input_tokens * a_million_in + output_tokens * a_million_out) / 1_000_000


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model of a provider; what is not known is None. `remote` is the host a local server hands text on to."""

    name: str
    context_window: int | None = None
    price: Price | None = None
    remote: str | None = None
