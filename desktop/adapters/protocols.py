"""The protocols by the names that `providers.py` uses."""

from __future__ import annotations

from desktop.adapters.anthropic_protocol import AnthropicProtocol
from desktop.adapters.ollama_protocol import OllamaProtocol
from desktop.adapters.openai_protocol import OpenAIProtocol
from desktop.adapters.protocol import ModelProtocol

PROTOCOLS: dict[str, ModelProtocol] = {
    "openai": OpenAIProtocol(),
    "ollama": OllamaProtocol(),
    "anthropic": AnthropicProtocol(),
}
