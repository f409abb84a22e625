"""A small Qdrant server for tests: its REST protocol, as far as the store speaks it, over the engine that comes with the
client. Bodies are read by the client's own models, so what a real server would not take is refused here, too.
"""

from __future__ import annotations

import contextlib
import json
import threading
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from qdrant_client import QdrantClient, models


def engine_in_memory() -> QdrantClient:
    """The client's own engine, without its words about what it is not made for."""
    warnings.filterwarnings("ignore", message=".*local.*", module="qdrant_client")
    warnings.filterwarnings("ignore", message=".*Payload indexes.*")
    return QdrantClient(":memory:")


class QdrantServer:
    """Serves `engine` at `url`; `faults` are the statuses of the next answers (0 hangs up), `requests` what was asked."""

    def __init__(self, key: str = "") -> None:
        self.engine = engine_in_memory()
        self.key = key
        self.faults: list[int] = []
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.fail_after: int | None = None
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.answer(self)

            do_PUT = do_GET  # noqa: N815 - http.server's names
            do_POST = do_GET  # noqa: N815
            do_DELETE = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[QdrantServer]:
        """Serve in a thread."""
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One request."""
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        path = request.path.partition("?")[0].strip("/")
        with self._lock:
            self.requests.append((request.command, path))
            self.bodies.append(body)
            if self.fail_after is not None:
                self.fail_after -= 1
            if self.fail_after is not None and self.fail_after < 0:
                status, result = 503, "stopped"
            elif self.key and request.headers.get("api-key") != self.key:
                status, result = 403, "Forbidden"
            elif self.faults:
                status, result = self.faults.pop(0), "a fault"
            else:
                status, result = self._carried_out(request.command, path, body)
        if status == 0:
            request.close_connection = True
            return
        content = json.dumps(
            {"result": result, "status": "ok", "time": 0.0} if status == 200 else {"status": {"error": result}}
        )
        request.send_response(status)
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(content)))
        if status == 429:
            request.send_header("retry-after", "0")
        request.end_headers()
        request.wfile.write(content.encode())

    def _carried_out(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        _, _, rest = path.partition("collections")
        _, name, *what = [*rest.split("/"), ""][:4] if rest else ("", "", "")
        try:
            if not name:
                return 200, _plain(self.engine.get_collections())
            if method == "GET" and what[0] == "exists":
                return 200, {"exists": self.engine.collection_exists(name)}
            if method == "DELETE":
                return 200, self.engine.delete_collection(name)
            if method == "PUT" and not what[0]:
                asked = models.CreateCollection.model_validate_json(body)
                return 200, self.engine.create_collection(name, asked.vectors)
            if not self.engine.collection_exists(name):
                return 404, f"Not found: Collection `{name}` doesn't exist!"
            return 200, _plain(self._of_points(method, "/".join(filter(None, what)), name, body))
        except (ValidationError, ValueError) as error:
            return 400, str(error)

    def _of_points(self, method: str, what: str, name: str, body: bytes) -> Any:
        engine, read = self.engine, reader_of(body)
        if what == "index":
            asked = read(models.CreateFieldIndex)
            return engine.create_payload_index(name, asked.field_name, asked.field_schema)
        if (method, what) == ("PUT", "points"):
            sent = read(models.PointInsertOperations)
            return engine.upsert(name, sent.batch if isinstance(sent, models.PointsBatch) else sent.points)
        if (method, what) == ("POST", "points"):
            asked = read(models.PointRequest)
            return engine.retrieve(name, asked.ids, with_payload=asked.with_payload)
        if what == "points/delete":
            return engine.delete(name, read(models.PointsSelector))
        if what == "points/payload":
            asked = read(models.SetPayload)
            return engine.set_payload(name, asked.payload, asked.filter if asked.filter else asked.points)
        if what == "points/count":
            return engine.count(name, read(models.CountRequest).filter)
        if what == "points/scroll":
            asked = read(models.ScrollRequest)
            vectors = bool(asked.with_vector)
            points, offset = engine.scroll(
                name, asked.filter, asked.limit, offset=asked.offset, with_payload=False, with_vectors=vectors
            )
            return {"points": _plain(points), "next_page_offset": offset}
        if what == "points/query":
            asked = read(models.QueryRequest)
            return engine.query_points(name, asked.query, query_filter=asked.filter, limit=asked.limit, with_payload=False)
        raise ValueError(f"{method} {what} is not spoken here")


def reader_of(body: bytes) -> Callable[[Any], Any]:
    """Reads a body as one of the client's models, or a choice of them."""
    return lambda kind: TypeAdapter(kind).validate_json(body)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return [_plain(item) for item in value] if isinstance(value, list) else value
