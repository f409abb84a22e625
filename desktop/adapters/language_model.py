"""A language model of any provider, as the rest of the program knows it.

The request runs in a thread of its own, which hands its pieces over in a queue. So cancelling never waits for a slow server:
the caller is released at once, and the connection is shut down under the thread, which makes the server stop as well.
Nothing is sent, resolved or downloaded before `stream` is called.
"""

from __future__ import annotations

import importlib
import queue
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from core.cancellation import CancellationToken
from core.errors import CodestrataError, MissingPartError, ProviderError, UsageError
from core.model.answer import Delta, Message
from core.model.language_model import ModelInfo
from core.ports import TokenCounter
from core.settings import ProviderSettings
from desktop.adapters.connections import Connections
from desktop.adapters.failures import is_passing, told
from desktop.adapters.keys import KeyStore
from desktop.adapters.protocol import Ending, Failure, ModelProtocol, ModelRequest
from desktop.adapters.protocols import PROTOCOLS
from desktop.adapters.providers import Endpoint, Provider, find_endpoint

_CONNECT_SECONDS = 10.0
_LIST_SECONDS = 30.0
_POLL_SECONDS = 0.05
"""How late a cancellation may be noticed."""
_MAX_WAITING = 1_000
"""Pieces that may wait to be taken before reading from the server pauses."""
_TRIES = 3
_FIRST_PAUSE = 0.5
"""Seconds before the second try; each further pause is twice as long, and up to a quarter longer by chance, so that many
who were refused together do not come back together."""
_LONGEST_PAUSE = 20.0
"""A server that asks for more patience is told of instead."""
_ENDED = {
    Ending.CUT: "stopped at the most it may answer",
    Ending.WITHHELD: "withheld the rest of its answer",
}

Piece = Delta | BaseException | None


def open_language_model(
    settings: ProviderSettings, environment: Mapping[str, str], keys: KeyStore, counter: TokenCounter
) -> StreamedModel:
    """The model that `settings` name, ready to stream; sends nothing.

    Raises UsageError for an unknown provider, an address or a model that is missing or no good, and a missing key.
    """
    endpoint = find_endpoint(settings, environment, keys)
    if not settings.model:
        name = endpoint.provider.name
        raise UsageError(
            f"no model chosen for the provider {name}", "", f"pass --model NAME; see 'codestrata models --provider {name}'"
        )
    return StreamedModel(endpoint, settings, counter)


def list_models(settings: ProviderSettings, environment: Mapping[str, str], keys: KeyStore) -> list[ModelInfo]:
    """The models of the provider that `settings` name, as its server tells them. Raises ProviderError and UsageError."""
    endpoint = find_endpoint(settings, environment, keys)
    protocol = PROTOCOLS[endpoint.provider.protocol]
    connections = _connections(endpoint, protocol, min(_LIST_SECONDS, endpoint.timeout_seconds))
    try:
        return protocol.models(endpoint, connections.client)
    except Exception as error:
        failure = protocol.failure(error)
        if failure is None:
            raise
        raise told(failure, endpoint, "", connections.retry_after) from error
    finally:
        connections.close()


def warm_up(provider: Provider) -> None:
    """Import what asking the provider needs, so that the first question does not wait for it. A missing package is told when
    something is asked."""
    try:
        PROTOCOLS[provider.protocol].warm_up()
    except ImportError:
        return


class StreamedModel:
    """A `core.ports.LanguageModel`: one model at one endpoint."""

    def __init__(self, endpoint: Endpoint, settings: ProviderSettings, counter: TokenCounter) -> None:
        self._endpoint = endpoint
        self._settings = settings
        self._counter = counter
        self._protocol = PROTOCOLS[endpoint.provider.protocol]

    @property
    def provider(self) -> str:
        return self._endpoint.provider.name

    @property
    def model(self) -> str:
        return self._settings.model

    @property
    def host(self) -> str | None:
        """Where the text goes; None where it stays on this very machine."""
        return self._endpoint.host or self._protocol.forwarded_to(self.model)

    def __repr__(self) -> str:
        return f"StreamedModel({self.provider!r}, {self.model!r}, {self._endpoint.base_url!r})"

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        """Pieces as they come. Raises ProviderError where the server cannot be reached, refuses, or drops the connection
        (after what came was yielded), and CancelledError once cancelled; the connection is closed in every case."""
        cancellation.check("asking the language model")
        connections = _connections(self._endpoint, self._protocol, self._endpoint.timeout_seconds)
        pieces: queue.Queue[Piece] = queue.Queue(_MAX_WAITING)
        stopped = threading.Event()
        arguments = (list(messages), connections, pieces, stopped)
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

    def _read(
        self, messages: list[Message], connections: Connections, pieces: queue.Queue[Piece], stopped: threading.Event
    ) -> None:
        """Run the request to its end, in a thread: pieces into the queue, then None or what went wrong."""

        def put(piece: Piece) -> bool:
            while not stopped.is_set():
                try:
                    pieces.put(piece, timeout=_POLL_SECONDS)
                except queue.Full:
                    continue
                return True
            return False

        try:
            request = self._request(messages)
            self._check_package()
        except Exception as error:  # noqa: BLE001 - whatever ends this thread must reach the caller, bugs included
            put(error)
            return
        for tried in range(1, _TRIES + 1):
            if stopped.is_set():
                return
            came = False

            def put_piece(piece: Piece) -> bool:
                nonlocal came
                came = True
                return put(piece)

            try:
                put(self._stream_once(request, connections, put_piece))
                return
            except CodestrataError as error:
                put(error)
                return
            except Exception as error:  # noqa: BLE001 - as above
                failure = self._protocol.failure(error)
                if failure is None:
                    put(error)
                    return
                pause = None if came else pause_before_retry(failure, tried, connections.retry_after)
                if pause is None:
                    put(told(failure, self._endpoint, self.model, connections.retry_after))
                    return
            if stopped.wait(pause):
                return

    def _stream_once(
        self, request: ModelRequest, connections: Connections, put: Callable[[Piece], bool]
    ) -> ProviderError | None:
        """Send the request and put its pieces; returns what the answer ended with, None for a whole one."""
        ending: Ending | None = None
        for response in self._protocol.stream(request, connections):
            ending = self._protocol.ending(response) or ending
            reported = self._protocol.reported(response)
            if (response.delta or reported) and not put(Delta(response.delta or "", reported)):
                return None
        if ending is Ending.WHOLE:
            return None
        how = _ENDED[ending] if ending else "ended its answer before it was done"
        return ProviderError(f"{self._endpoint.told} {how}")

    def _request(self, messages: list[Message]) -> ModelRequest:
        """Raises UsageError for messages that leave the window no room."""
        tokens = sum(self._counter.count(message.content) for message in messages)
        window = self._settings.context_window
        if window and tokens >= window:
            raise UsageError(
                f"the question does not fit: {tokens:,} LLM tokens, and the preferences give {self.model} {window:,}",
                "",
                f"pass a smaller --budget, such as {max(500, window // 2)}",
            )
        return ModelRequest(self._endpoint, self.model, messages, tokens, self._settings.answer_tokens, window)

    def _check_package(self) -> None:
        try:
            self._protocol.warm_up()
        except ImportError as error:
            raise _missing(self._endpoint.provider, error) from error


def pause_before_retry(failure: Failure, tried: int, asked: float | None) -> float | None:
    """Seconds to wait before trying a request once more, `asked` being what the server asked for; None for giving up."""
    if tried >= _TRIES or not is_passing(failure):
        return None
    if asked is not None:
        return asked if asked <= _LONGEST_PAUSE else None
    return _FIRST_PAUSE * 2.0 ** (tried - 1) * random.uniform(1.0, 1.25)


def _connections(endpoint: Endpoint, protocol: ModelProtocol, read_seconds: float) -> Connections:
    try:
        http = importlib.import_module(protocol.http)
    except ImportError as error:
        raise _missing(endpoint.provider, error) from error
    connect = min(_CONNECT_SECONDS, endpoint.timeout_seconds)
    return Connections(http, connect, read_seconds, direct=endpoint.host is None)


def _missing(provider: Provider, error: ImportError) -> MissingPartError:
    what = f"the provider {provider.name} needs a package that is not installed"
    return MissingPartError(what, str(error), f"pip install {provider.install}")
