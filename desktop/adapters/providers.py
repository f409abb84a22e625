"""The providers a person can choose from, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose models are asked; an empty `base_url` has to be given."""

    name: str
    title: str
    base_url: str


PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider("openai-like", "Any server that speaks OpenAI's protocol", ""),
        Provider("openai", "OpenAI", "https://api.openai.com/v1"),
    )
}
"""By the name that `--provider` and the preferences use."""
