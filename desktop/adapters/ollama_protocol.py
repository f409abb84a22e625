"""Ollama's own protocol. Unlike its OpenAI address it lets us say how long a prompt it is to read; beyond `num_ctx`, which
is small unless said, it drops the beginning of a prompt without a word."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import UsageError
from core.model.answer import Reported
from core.model.language_model import ModelInfo
from desktop.adapters.connections import Connections
from desktop.adapters.failures import kind_of_status, of_client
from desktop.adapters.protocol import Ending, Failure, FailureKind, ModelRequest
from desktop.adapters.providers import Endpoint

_CLOUD = "ollama.com"
_CLOUD_TAGS = ("cloud", "-cloud")
_TEMPERATURE = 0.1
_OTHER_TOKENIZERS = 1.3
"""Models cut text otherwise than the tokenizer that counts here, some into that many times as many LLM tokens."""
_STEP = 1_024
"""Windows come in steps, so that questions of about the same length do not make Ollama load the model again."""
_MOST_DESCRIBED = 50
"""Models whose window is asked for, one small request each."""


class OllamaProtocol:
    """A `ModelProtocol`."""

    http = "httpx"

    def warm_up(self) -> None:
        import llama_index.llms.ollama  # noqa: F401

    def stream(self, request: ModelRequest, connections: Connections) -> Iterator[Any]:
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.ollama import Ollama
        from ollama import Client

        endpoint = request.endpoint
        described = _described(endpoint, request.model, connections.client)
        if described.remote and not self.forwarded_to(request.model):  # by its name it would have passed for a local one
            raise UsageError(
                f"{request.model} is answered by {described.remote}, not by this machine", "", "choose another --model"
            )
        largest = request.context_window or described.context_window
        llm = Ollama(
            model=request.model,
            base_url=endpoint.base_url,
            temperature=_TEMPERATURE,
            context_window=window_for(request, largest),
            request_timeout=endpoint.timeout_seconds,
            is_function_calling_model=False,
            client=Client(endpoint.base_url, headers=_headers(endpoint), **connections.options),
        )
        turns = [ChatMessage(role=message.role, content=message.content) for message in request.messages]
        yield from llm.stream_chat(turns)

    def ending(self, response: Any) -> Ending | None:
        if not response.raw.get("done"):
            return None
        return Ending.CUT if response.raw.get("done_reason") == "length" else Ending.WHOLE

    def reported(self, response: Any) -> Reported | None:
        read, written = response.raw.get("prompt_eval_count"), response.raw.get("eval_count")
        return Reported(read, written) if read and written is not None else None

    def failure(self, error: Exception) -> Failure | None:
        import httpx

        library = sys.modules.get("ollama")
        if library is not None and isinstance(error, library.ResponseError):
            status = max(0, error.status_code)
            return Failure(kind_of_status(status) if status else FailureKind.DROPPED, str(error.error), status)
        if isinstance(error, ConnectionError):
            return Failure(FailureKind.UNREACHABLE, "nobody listens there; is 'ollama serve' running?")
        return of_client(error, httpx)

    def forwarded_to(self, model: str) -> str | None:
        return _CLOUD if model.partition(":")[2].endswith(_CLOUD_TAGS) else None

    def models(self, endpoint: Endpoint, client: Any) -> list[ModelInfo]:
        answer = client.get(f"{endpoint.base_url}/api/tags", headers=_headers(endpoint))
        answer.raise_for_status()
        names = [str(entry.get("model") or entry["name"]) for entry in answer.json()["models"]]
        described = [_described(endpoint, name, client) for name in names[:_MOST_DESCRIBED]]
        return [*described, *map(ModelInfo, names[_MOST_DESCRIBED:])]


def window_for(request: ModelRequest, largest: int | None) -> int:
    """The context to load a model with: room for the prompt and the answer, at most what the model was made for.

    Raises UsageError for a prompt that does not fit into that.
    """
    prompt = round(request.prompt_tokens * _OTHER_TOKENIZERS)
    wanted = -(-(prompt + request.answer_tokens) // _STEP) * _STEP
    if largest is None or wanted <= largest:
        return wanted
    if request.prompt_tokens >= largest:
        raise UsageError(
            f"the question does not fit: {request.prompt_tokens:,} LLM tokens, of which {request.model} reads {largest:,}",
            "",
            f"pass a smaller --budget, such as {max(500, largest // 2)}",
        )
    return largest


def _described(endpoint: Endpoint, model: str, client: Any) -> ModelInfo:
    answer = client.post(f"{endpoint.base_url}/api/show", json={"model": model}, headers=_headers(endpoint))
    answer.raise_for_status()
    told = answer.json()
    details: Mapping[str, Any] = told.get("model_info") or {}
    window = next((value for name, value in details.items() if name.endswith(".context_length")), None)
    host = str(told.get("remote_host") or "").removeprefix("https://").partition(":")[0] or None
    return ModelInfo(model, window if isinstance(window, int) else None, remote=host)


def _headers(endpoint: Endpoint) -> dict[str, str]:
    return {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
