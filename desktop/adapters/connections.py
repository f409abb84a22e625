"""An HTTP client whose connections can be shut down from another thread, whatever they wait for.

Closing a client does not wake a thread that reads from its socket; shutting the socket down does. The transport tells each
new connection to a `trace` callback, which is where they are noted.
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import functools
import socket
import threading
from collections.abc import Mapping
from types import ModuleType
from typing import Any


class Connections:
    """The connections of one request and its repetitions.

    `http` is httpx or a library of the same shape; `direct` passes by the proxies that the environment names, which text for
    this very machine must not go through.
    """

    def __init__(self, http: ModuleType, connect_seconds: float, read_seconds: float, *, direct: bool) -> None:
        self._http = http
        self._streams: list[Any] = []
        self._closed = False
        self._lock = threading.Lock()
        self.retry_after: float | None = None
        """Seconds that the last answer asked to wait before trying again."""
        self.options: dict[str, Any] = {
            "timeout": http.Timeout(read_seconds, connect=connect_seconds),
            "event_hooks": {"request": [self._watch], "response": [self._read_headers]},
            "follow_redirects": False,
            "trust_env": not direct,
            "verify": _certificates(http),
        }
        """How a client is made whose connections are noted here."""

    @functools.cached_property
    def client(self) -> Any:
        """A client; it ends with `close`."""
        return self._http.Client(**self.options)

    def close(self) -> None:
        """Shut every connection down, now and from now on; may be called twice."""
        with self._lock:
            self._closed = True
            streams, self._streams = self._streams, []
        for stream in streams:
            _shut_down(stream)
        if "client" in self.__dict__:
            self.client.close()

    def _watch(self, request: Any) -> None:
        request.extensions = {**request.extensions, "trace": self._note}

    def _read_headers(self, response: Any) -> None:
        self.retry_after = seconds_to_wait(response.headers.get("Retry-After", ""))

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        if event not in {"connection.connect_tcp.complete", "connection.start_tls.complete", "proxy.start_tls.complete"}:
            return
        with self._lock:
            if not self._closed:
                self._streams.append(info["return_value"])
                return
        _shut_down(info["return_value"])


def seconds_to_wait(value: str) -> float | None:
    """What a `Retry-After` says, in seconds from now: it is a number of them or a date; None for neither."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        due = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if due.tzinfo is None:
        due = due.replace(tzinfo=datetime.UTC)
    return max(0.0, (due - datetime.datetime.now(datetime.UTC)).total_seconds())


@functools.cache
def _certificates(http: ModuleType) -> Any:
    """Which servers are trusted, as the library has it by default: read once, since that takes 45 ms a client."""
    return http.create_ssl_context()


def _shut_down(stream: Any) -> None:
    connection = stream.get_extra_info("socket")
    if connection is None:
        return
    with contextlib.suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
