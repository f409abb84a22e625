"""The server: requests come in, the router picks a handler, answers and errors go out as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from parcels.api import handlers
from parcels.api.application import Application
from parcels.errors import WaybillError

Handler = Callable[[Application, dict], dict]

ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    ("POST", re.compile(r"/parcels"), handlers.book_parcel),
    ("GET", re.compile(r"/parcels/(?P<code>[^/]+)"), handlers.show_parcel),
    ("POST", re.compile(r"/scans"), handlers.record_scans),
    ("POST", re.compile(r"/depots/(?P<code>[A-Z]{3})/close"), handlers.close_depot),
]
MAX_BODY_BYTES = 1_000_000


def dispatch(application: Application, method: str, path: str, body: dict) -> tuple[int, dict]:
    """Find the handler for a request and run it; returns an HTTP status and what to write."""
    for wanted, pattern, handler in ROUTES:
        match = pattern.fullmatch(path)
        if match and method == wanted:
            try:
                return 200, handler(application, {**body, **match.groupdict()})
            except WaybillError as error:
                return error.http_status, {"error": str(error)}
            except (KeyError, TypeError, ValueError) as error:
                return 400, {"error": f"the request lacks or garbles {error}"}
    return 404, {"error": f"nothing answers {method} {path}"}


def make_server(application: Application, port: int) -> ThreadingHTTPServer:
    """A server on this machine that answers for an application."""

    class Requests(BaseHTTPRequestHandler):
        """Reads a request, lets `dispatch` answer it."""

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), MAX_BODY_BYTES)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, answer = dispatch(application, method, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return ThreadingHTTPServer(("127.0.0.1", port), Requests)
