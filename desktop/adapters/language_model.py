"""Language models behind the OpenAI protocol, through llama-index: one class, any base URL.

The request runs in a thread of its own, which hands its pieces over in a queue. So cancelling never waits for a slow server:
the caller is released at once, and the connection is shut down under the thread, which makes the server stop as well.
Nothing is sent, resolved or downloaded before `stream` is called.
"""

from __future__ import annotations

import ipaddress
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.cancellation import CancellationToken
from core.context.redact import redact_text
from core.errors import CodestrataError, MissingPartError, NotThereYetError, ProviderError, UsageError
from core.model.answer import Delta, Message
from core.settings import ProviderSettings

if TYPE_CHECKING:
    from desktop.adapters.connections import Connections

OPENAI_BASE_URL = "https://api.openai.com/v1"
KEYRING_SERVICE = "codestrata"

_NO_KEY = "none"
"""What is sent where no key is set: local servers want some key and look at none."""
_CONTEXT_WINDOW = 128_000
"""Only stops llama-index from asking a tokenizer; how long a prompt may be is decided by the budget of the pack."""
_TEMPERATURE = 0.1
_CONNECT_SECONDS = 10.0
_POLL_SECONDS = 0.05
"""How late a cancellation may be noticed."""
_MAX_WAITING = 1_000
"""Pieces that may wait to be taken before reading from the server pauses."""
_FAMILIES = ("openai-like", "openai")
_PLANNED = {
    "ollama": "an Ollama server also answers at its /v1 address as openai-like",
    "anthropic": "use openai-like with the base URL of a gateway",
}


def open_language_model(settings: ProviderSettings, environment: Mapping[str, str]) -> OpenAILanguageModel:
    """The model that `settings` name, ready to stream; sends nothing.

    The base URL and the key come from the settings, else from OPENAI_BASE_URL and OPENAI_API_KEY of `environment`, the key
    else from the system's keyring. Raises NotThereYetError for a provider of another family and UsageError for a model or
    base URL that is missing or no address.
    """
    provider = settings.provider
    if provider not in _FAMILIES:
        remedy = _PLANNED.get(provider, "choose openai-like or openai")
        raise NotThereYetError(
            f"the provider {provider!r} is not supported yet", "its llama-index adapter is missing", remedy
        )
    base_url = settings.base_url or environment.get("OPENAI_BASE_URL", "")
    if not base_url and provider == "openai":
        base_url = OPENAI_BASE_URL
    if not base_url:
        raise UsageError(
            "no address for the provider openai-like", "", "pass --base-url, for example http://localhost:8000/v1"
        )
    if not settings.model:
        raise UsageError(f"no model chosen for the provider {provider}", "", "pass --model NAME")
    parts = _checked_url(base_url)
    key = environment.get("OPENAI_API_KEY", "") or _key_from_keyring(parts.hostname or provider)
    return OpenAILanguageModel(provider, settings.model, base_url.rstrip("/"), key, settings.timeout_seconds)


class OpenAILanguageModel:
    """A `core.ports.LanguageModel` that speaks the chat protocol of OpenAI."""

    def __init__(self, provider: str, model: str, base_url: str, key: str, timeout_seconds: float) -> None:
        self._provider = provider
        self._model = model
        self._base_url = base_url
        self._key = key
        self._timeout = timeout_seconds

    @property
    def provider(self) -> str:
        return self._provider

    @property
    def model(self) -> str:
        return self._model

    @property
    def host(self) -> str | None:
        """Where the text goes; None for an address of this very machine."""
        return remote_host(self._base_url)

    def __repr__(self) -> str:
        return f"OpenAILanguageModel({self._provider!r}, {self._model!r}, {self._base_url!r})"

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        """Pieces as they come. Raises ProviderError where the server cannot be reached, refuses, or drops the connection
        (after what came was yielded), and CancelledError once cancelled; the connection is closed in every case."""
        cancellation.check("asking the language model")
        connections, llm = self._open()
        pieces: queue.Queue[Delta | CodestrataError | BaseException | None] = queue.Queue(_MAX_WAITING)
        stopped = threading.Event()
        arguments = (llm, list(messages), pieces, stopped)
        threading.Thread(target=self._read, args=arguments, name="language model", daemon=True).start()
        try:
            while True:
                cancellation.check("asking the language model")
                try:
                    piece = pieces.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
        finally:
            stopped.set()
            connections.close()

    def _open(self) -> tuple[Connections, Any]:
        """A fresh client, so that closing it ends this request and no other."""
        try:
            from llama_index.llms.openai_like import OpenAILike

            from desktop.adapters.connections import Connections
        except ImportError as error:
            raise MissingPartError(
                "language models need llama-index", str(error), "pip install llama-index-llms-openai-like"
            ) from error
        connections = Connections(connect_seconds=min(_CONNECT_SECONDS, self._timeout), read_seconds=self._timeout)
        llm = OpenAILike(
            model=self._model,
            api_base=self._base_url,
            api_key=self._key or _NO_KEY,
            context_window=_CONTEXT_WINDOW,
            is_chat_model=True,
            is_function_calling_model=False,
            temperature=_TEMPERATURE,
            max_retries=0,
            timeout=self._timeout,
            http_client=connections.client,
        )
        return connections, llm

    def _read(
        self,
        llm: Any,
        messages: Sequence[Message],
        pieces: queue.Queue[Delta | CodestrataError | BaseException | None],
        stopped: threading.Event,
    ) -> None:
        """Run the request to its end, in a thread: pieces into the queue, then None or what went wrong."""
        from llama_index.core.llms import ChatMessage

        def put(piece: Delta | BaseException | None) -> bool:
            while not stopped.is_set():
                try:
                    pieces.put(piece, timeout=_POLL_SECONDS)
                except queue.Full:
                    continue
                return True
            return False

        finished = False
        try:
            turns = [ChatMessage(role=message.role, content=message.content) for message in messages]
            for response in llm.stream_chat(turns):
                finished = finished or _finish_reason(response.raw)
                if response.delta and not put(Delta(response.delta)):
                    return
            put(None if finished else ProviderError(f"{self._told()} ended its answer before it was done"))
        except Exception as error:  # noqa: BLE001 - whatever ends this thread must reach the caller, bugs included
            put(_as_provider_error(error, self._told(), self._model, self._timeout, self._key) or error)

    def _told(self) -> str:
        return f"the model server at {urlsplit(self._base_url).netloc}"


def remote_host(base_url: str) -> str | None:
    """The host a URL leads to, None where that is this machine."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        return None if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host


def _finish_reason(raw: Any) -> bool:
    """Whether a chunk says that the answer is whole."""
    return any(choice.finish_reason for choice in getattr(raw, "choices", None) or ())


def _checked_url(base_url: str) -> Any:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            f"{redact_text(base_url)[0]!r} is no address of a model server", "", "pass --base-url http(s)://HOST[:PORT]/v1"
        )
    return parts


def _key_from_keyring(user: str) -> str:
    """The key kept for a host, or none; a machine without a keyring has none."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return ""
    try:
        return keyring.get_password(KEYRING_SERVICE, user) or ""
    except (keyring.errors.KeyringError, RuntimeError, OSError):
        return ""


def _as_provider_error(error: Exception, server: str, model: str, timeout: float, key: str) -> ProviderError | None:
    """What went wrong with a server, in one line without the key; None for what is no failure of the server."""
    import httpx
    import openai

    def detail() -> str:
        text = str(getattr(error, "message", "") or error)
        text = text.replace(key, "[key]") if key else text
        return redact_text(" ".join(text.split())[:300])[0]

    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return ProviderError(f"{server} refused the key", detail(), "set OPENAI_API_KEY to a valid one")
    if isinstance(error, openai.NotFoundError):
        return ProviderError(f"{server} knows no {model!r} at this address", detail(), "check --model and --base-url")
    if isinstance(error, openai.RateLimitError):
        return ProviderError(f"{server} takes no more requests for now", detail(), "wait a little, or check the quota")
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return ProviderError(f"{server} did not answer", f"nothing came for {timeout:g} s", "try again or raise the timeout")
    if isinstance(error, openai.APIStatusError):
        return ProviderError(f"{server} failed with status {error.status_code}", detail(), "look at its log, or try again")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return ProviderError(f"{server} dropped the connection", detail(), "try again")
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError):
        reason = str(error.__cause__ or error)
        return ProviderError(f"{server} cannot be reached", redact_text(reason)[0], "check that it runs and --base-url")
    if isinstance(error, openai.OpenAIError | ValueError):
        return ProviderError(
            f"{server} gave an answer that cannot be read", detail(), "check that it speaks the OpenAI protocol"
        )
    return None
