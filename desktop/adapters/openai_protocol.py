"""OpenAI's chat protocol, which many servers speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.model.answer import Reported
from core.model.language_model import ModelInfo
from desktop.adapters.connections import Connections
from desktop.adapters.failures import of_client, of_sdk
from desktop.adapters.protocol import Ending, Failure, ModelRequest
from desktop.adapters.providers import Endpoint

_NO_KEY = "none"
"""What is sent where no key is set: local servers want some key and look at none."""
_CONTEXT_WINDOW = 128_000
"""Only stops llama-index from asking a tokenizer; how long a prompt may be is decided by the budget of the pack."""
_TEMPERATURE = 0.1
"""Where the server is not a provider's own, whose newest models take no temperature but their own."""
_ENDINGS = {"length": Ending.CUT, "content_filter": Ending.WITHHELD}
_WINDOWS = ("context_window", "context_length", "max_model_len", "max_context_length")
"""What servers call the window in their list: this one, OpenRouter, vLLM, LM Studio."""


class OpenAIProtocol:
    """A `ModelProtocol`."""

    http = "httpx"

    def warm_up(self) -> None:
        import llama_index.llms.openai_like  # noqa: F401

    def stream(self, request: ModelRequest, connections: Connections) -> Iterator[Any]:
        import openai
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike

        endpoint = request.endpoint
        llm = OpenAILike(
            model=request.model,
            api_base=endpoint.base_url,
            api_key=endpoint.key or _NO_KEY,
            context_window=request.context_window or _CONTEXT_WINDOW,
            is_chat_model=True,
            is_function_calling_model=False,
            temperature=_TEMPERATURE,
            max_retries=0,
            timeout=endpoint.timeout_seconds,
            http_client=connections.client,
        )
        options: dict[str, Any] = {} if endpoint.provider.name == "openai-like" else {"temperature": openai.omit}
        if endpoint.provider.reports_usage:
            options["stream_options"] = {"include_usage": True}
        turns = [ChatMessage(role=message.role, content=message.content) for message in request.messages]
        yield from llm.stream_chat(turns, **options)

    def ending(self, response: Any) -> Ending | None:
        reasons = [choice.finish_reason for choice in getattr(response.raw, "choices", None) or () if choice.finish_reason]
        return _ENDINGS.get(reasons[0], Ending.WHOLE) if reasons else None

    def reported(self, response: Any) -> Reported | None:
        usage = getattr(response.raw, "usage", None)
        if usage is None or not usage.prompt_tokens:
            return None
        return Reported(usage.prompt_tokens, usage.completion_tokens or 0)

    def failure(self, error: Exception) -> Failure | None:
        import httpx

        return of_sdk(error, "openai", "OpenAIError") or of_client(error, httpx)

    def forwarded_to(self, model: str) -> str | None:
        del model  # a name tells nothing here
        return None

    def models(self, endpoint: Endpoint, client: Any) -> list[ModelInfo]:
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        answer = client.get(f"{endpoint.base_url}/models", headers=headers)
        answer.raise_for_status()
        return [ModelInfo(str(entry["id"]).removeprefix("models/"), _window(entry)) for entry in answer.json()["data"]]


def _window(entry: dict[str, Any]) -> int | None:
    """The context window as the server names it, one of llama.cpp among its details."""
    details = entry.get("meta") or {}
    found = next((entry[name] for name in _WINDOWS if entry.get(name)), None) or details.get("n_ctx_train")
    return found if isinstance(found, int) else None
