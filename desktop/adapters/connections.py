"""An HTTP client whose connections can be shut down from another thread, whatever they wait for.

Closing a client does not wake a thread that reads from its socket; shutting the socket down does. httpcore tells each new
connection to a `trace` callback, which is where they are noted.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any

import httpx


class Connections:
    """One httpx client and the connections it has opened."""

    def __init__(self, connect_seconds: float, read_seconds: float) -> None:
        self._streams: list[Any] = []
        self._closed = False
        self._lock = threading.Lock()
        timeout = httpx.Timeout(read_seconds, connect=connect_seconds)
        self.client = httpx.Client(timeout=timeout, event_hooks={"request": [self._watch]}, follow_redirects=False)

    def close(self) -> None:
        """Shut every connection down, now and from now on; may be called twice."""
        with self._lock:
            self._closed = True
            streams, self._streams = self._streams, []
        for stream in streams:
            _shut_down(stream)
        self.client.close()

    def _watch(self, request: httpx.Request) -> None:
        request.extensions = {**request.extensions, "trace": self._note}

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        if event not in {"connection.connect_tcp.complete", "connection.start_tls.complete", "proxy.start_tls.complete"}:
            return
        with self._lock:
            if not self._closed:
                self._streams.append(info["return_value"])
                return
        _shut_down(info["return_value"])


def _shut_down(stream: Any) -> None:
    connection = stream.get_extra_info("socket")
    if connection is None:
        return
    with contextlib.suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
