"""A proxy before a real server, which passes on what it says, well or badly: as the first part of the path asks.

| path | what happens |
| --- | --- |
| `/plain`, and any other | everything is passed on as it comes |
| `/keyed` | who brings another key than `KEY` is refused with 401 |
| `/busy` | 429, with a pause that is too long to be waited for |
| `/later` | 429 with a short pause the first time, then as `/plain` |
| `/slow` | every piece is held back a while |
| `/mute` | the request is taken, and nothing is said |
| `/malformed` | after some pieces comes what is no JSON |
"""

from __future__ import annotations

import http.client
import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.desktop.adapters.model_servers import answering

KEY = "sk-" + "Kj4pQ9zX2mT7vB1n" * 3
GARBAGE = b'data: {"choices": [{"delta": {"content": <p>Bad gateway</p>\n\n'
BEFORE_GARBAGE = 5
SLOW_SECONDS = 0.15
SLOW_PIECES = 20
"""Pieces that a slow answer has; then the proxy says that it is whole."""
SHORT_PAUSE, LONG_PAUSE = "0.3", "3600"
DONE = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",'
    b'"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)


@dataclass(slots=True)
class Passed:
    """A request that came by; seconds are those of `time.monotonic`, the same in every process."""

    how: str
    arrived: float
    first_piece: float = 0.0
    gone: float = 0.0
    """When who asked had hung up, 0 where that was not seen."""


class Proxy(ThreadingHTTPServer):
    """Passes requests on to `upstream`, and notes them."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream)
        self.passed: list[Passed] = []

    def url(self, how: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{how}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        noted = Passed(self.path.split("/")[1], time.monotonic())
        self.server.passed.append(noted)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        again = sum(one.how == noted.how for one in self.server.passed) > 1
        match noted.how:
            case "keyed" if self.headers.get("Authorization") != f"Bearer {KEY}":
                self._refuse(401, f"Incorrect API key provided: {self.headers.get('Authorization')}")
            case "busy":
                self._refuse(429, "Rate limit reached", LONG_PAUSE)
            case "later" if not again:
                self._refuse(429, "Rate limit reached", SHORT_PAUSE)
            case "mute":
                self._wait_until_gone(noted)
            case _:
                with suppress(OSError, http.client.HTTPException):
                    self._pass_on(noted, body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _refuse(self, status: int, message: str, wait: str = "") -> None:
        data = json.dumps({"error": {"message": message, "type": "t", "code": "c"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if wait:
            self.send_header("Retry-After", wait)
        self.end_headers()
        self.wfile.write(data)

    def _pass_on(self, noted: Passed, body: bytes) -> None:
        to = self.server.upstream
        upstream = http.client.HTTPConnection(to.hostname or "", to.port)
        upstream.request("POST", self.path.removeprefix(f"/{noted.how}"), body, {"Content-Type": "application/json"})
        to_server = upstream.sock
        answer = upstream.getresponse()
        watch = threading.Thread(target=self._hang_up_with_the_asker, args=(noted, to_server), daemon=True)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", ""))
        self.send_header("Connection", "close")
        self.end_headers()
        watch.start()
        pieces = 0
        while line := answer.readline():
            if noted.how == "malformed" and pieces == BEFORE_GARBAGE:
                self.wfile.write(GARBAGE)
                break
            if b'"content"' in line:
                noted.first_piece = noted.first_piece or time.monotonic()
                pieces += 1
                if noted.how == "slow":
                    time.sleep(SLOW_SECONDS)
            if noted.how in ("slow", "later", "keyed") and pieces > SLOW_PIECES:
                self.wfile.write(DONE)
                break
            self.wfile.write(line)
        upstream.close()

    def _wait_until_gone(self, noted: Passed) -> None:
        select.select([self.connection], [], [], 60)
        noted.gone = time.monotonic()

    def _hang_up_with_the_asker(self, noted: Passed, to_server: socket.socket) -> None:
        """Hang up on the server as soon as somebody hangs up here."""
        with suppress(OSError, ValueError):
            select.select([self.connection], [], [])
            noted.gone = time.monotonic()
            to_server.shutdown(socket.SHUT_RDWR)


@contextmanager
def before(upstream: str) -> Iterator[Proxy]:
    """A proxy on a free port before the server at `upstream`."""
    proxy = Proxy(upstream)
    with answering(proxy):
        yield proxy
