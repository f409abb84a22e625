"""Anthropic's messages protocol."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from core.model.answer import Reported
from core.model.language_model import ModelInfo
from desktop.adapters.connections import Connections
from desktop.adapters.failures import of_client, of_sdk
from desktop.adapters.protocol import Ending, Failure, ModelRequest
from desktop.adapters.providers import Endpoint

_VERSION = "2023-06-01"
"""Of the protocol, as the header `anthropic-version` names it."""
_PAGE = 1_000
_CONTEXT_WINDOW = 200_000
_ENDINGS = {
    "max_tokens": Ending.CUT,
    "model_context_window_exceeded": Ending.CUT,
    "refusal": Ending.WITHHELD,
}


class AnthropicProtocol:
    """A `ModelProtocol`."""

    http = "httpx2"

    def warm_up(self) -> None:
        import llama_index.llms.anthropic  # noqa: F401

    def stream(self, request: ModelRequest, connections: Connections) -> Iterator[Any]:
        from llama_index.core.llms import ChatMessage

        endpoint = request.endpoint
        llm = _any_model()(
            model=request.model,
            base_url=endpoint.base_url,
            api_key=endpoint.key,
            max_tokens=request.answer_tokens,
            max_retries=0,
            timeout=endpoint.timeout_seconds,
        )
        # The package takes no HTTP client, and one of its own could not be shut down.
        llm._client = llm._client.with_options(http_client=connections.client)
        turns = [ChatMessage(role=message.role, content=message.content) for message in request.messages]
        yield from llm.stream_chat(turns)

    def ending(self, response: Any) -> Ending | None:
        reason = response.message.additional_kwargs.get("stop_reason")
        return _ENDINGS.get(reason, Ending.WHOLE) if reason else None

    def reported(self, response: Any) -> Reported | None:
        usage = response.message.additional_kwargs.get("usage")
        if not usage or not self.ending(response):
            return None
        return Reported(usage["input_tokens"] or 0, usage["output_tokens"] or 0)

    def failure(self, error: Exception) -> Failure | None:
        import httpx2

        return of_sdk(error, "anthropic", "AnthropicError") or of_client(error, httpx2)

    def forwarded_to(self, model: str) -> str | None:
        del model  # a name tells nothing here
        return None

    def models(self, endpoint: Endpoint, client: Any) -> list[ModelInfo]:
        headers = {"x-api-key": endpoint.key, "anthropic-version": _VERSION}
        found: list[ModelInfo] = []
        after: dict[str, str] = {}
        while True:
            answer = client.get(f"{endpoint.base_url}/v1/models", params={"limit": _PAGE, **after}, headers=headers)
            answer.raise_for_status()
            page = answer.json()
            found += [ModelInfo(str(entry["id"]), entry.get("max_input_tokens")) for entry in page["data"]]
            if not page.get("has_more") or not page.get("last_id"):
                return found
            after = {"after_id": page["last_id"]}


@functools.cache
def _any_model() -> Any:
    """The package's class, for models that it does not know yet as well: it looks their window up in a table of its own and
    refuses those that are not in it, and sends a temperature, which newer ones refuse. Nothing is decided by the window."""
    from llama_index.core.base.llms.types import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    class AnyModel(Anthropic):  # type: ignore[misc, unused-ignore] # the package may be missing where this is checked
        @property
        def _model_kwargs(self) -> dict[str, Any]:
            return {"model": self.model, "max_tokens": self.max_tokens}

        @property
        def metadata(self) -> Any:
            return LLMMetadata(
                context_window=_CONTEXT_WINDOW,
                num_output=self.max_tokens,
                is_chat_model=True,
                model_name=self.model,
                is_function_calling_model=False,
            )

    return AnyModel
