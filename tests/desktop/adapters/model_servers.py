"""Small HTTP servers that stream as OpenAI, Ollama and Anthropic document it, well and badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-proj-" + "a1B2c3D4e5F6g7H8i9J0" * 2
Behaviour = Callable[["Handler"], None]


class Server(ThreadingHTTPServer):
    """Answers chats with `behave`, everything else with `pages`; notes what it was asked and what hung up on it."""

    daemon_threads = True

    def __init__(self, speech: Speech) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.speech = speech
        self.behave: Behaviour = lambda handler: handler.stream(["Hello", " world"])
        self.pages: dict[str, tuple[int, Any]] = dict(speech.pages)
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.hung_up = threading.Event()
        self.release = threading.Event()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return self.root + self.speech.base

    def chats(self) -> list[tuple[str, dict[str, str], dict[str, Any]]]:
        return [request for request in self.requests if request[0] == self.speech.path]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        if self.path == self.server.speech.path:
            self.server.behave(self)
        else:
            self.page()

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers), {}))
        self.page()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def page(self) -> None:
        self.answer(*self.server.pages.get(self.path.partition("?")[0], (404, {"error": "no such page"})))

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.server.speech.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, text: str) -> None:
        data = text.encode()
        try:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        except OSError:
            self.server.hung_up.set()
            raise

    def open(self) -> None:
        """The headers, and what comes before the first piece."""
        self.begin()
        for text in self.server.speech.before:
            self.chunk(text)

    def piece(self, text: str) -> None:
        self.chunk(self.server.speech.piece(text))

    def conclude(self, why: str = "") -> None:
        for text in self.server.speech.after(why or self.server.speech.whole):
            self.chunk(text)
        self.chunk("")

    def stream(self, texts: list[str], why: str = "") -> None:
        self.open()
        for text in texts:
            self.piece(text)
        self.conclude(why)

    def fail(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self.answer(status, self.server.speech.refusal(message), headers)

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def kill(self) -> None:
        """Be gone in the middle of whatever it was."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Speech:
    """How one provider's server talks."""

    provider: str
    base: str
    path: str
    content_type: str
    key_header: tuple[str, str]
    piece: Callable[[str], str]
    after: Callable[[str], list[str]]
    refusal: Callable[[str], Any]
    keep_alive: str
    """What comes while nothing does."""
    whole: str
    cut: str
    before: tuple[str, ...] = ()
    pages: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.provider


def _event(kind: str, **values: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **values})}\n\n"


def _openai_chunk(choices: list[Any], **more: Any) -> str:
    event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}
    return f"data: {json.dumps(event)}\n\n"


def _openai_piece(text: str) -> str:
    return _openai_chunk([{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}])


def _openai_after(why: str) -> list[str]:
    return [
        _openai_chunk([{"index": 0, "delta": {}, "finish_reason": why}]),
        _openai_chunk([], usage={"prompt_tokens": 1_000, "completion_tokens": 20, "total_tokens": 1_020}),
        "data: [DONE]\n\n",
    ]


def _ollama_line(text: str, **more: Any) -> str:
    message = {"role": "assistant", "content": text}
    line = {"model": "tiny", "created_at": "2026-01-01T00:00:00.000000Z", "message": message, "done": False, **more}
    return json.dumps(line) + "\n"


OPENAI = Speech(
    provider="openai-like",
    base="/v1",
    path="/v1/chat/completions",
    content_type="text/event-stream",
    key_header=("Authorization", f"Bearer {KEY}"),
    piece=_openai_piece,
    after=_openai_after,
    refusal=lambda message: {"error": {"message": message, "type": "t", "code": "c"}},
    keep_alive=": still thinking\n\n",
    whole="stop",
    cut="length",
    pages={"/v1/models": (200, {"object": "list", "data": [{"id": "tiny", "max_model_len": 4096}, {"id": "other"}]})},
)
OLLAMA = Speech(
    provider="ollama",
    base="",
    path="/api/chat",
    content_type="application/x-ndjson",
    key_header=("Authorization", f"Bearer {KEY}"),
    piece=_ollama_line,
    after=lambda why: [
        _ollama_line("", done=True, done_reason=why, total_duration=1, prompt_eval_count=1_000, eval_count=20)
    ],
    refusal=lambda message: {"error": message},
    keep_alive=_ollama_line(""),
    whole="stop",
    cut="length",
    pages={
        "/api/tags": (200, {"models": [{"name": "tiny:latest", "model": "tiny:latest", "size": 1}]}),
        "/api/show": (200, {"model_info": {"general.architecture": "llama", "llama.context_length": 131_072}}),
    },
)
ANTHROPIC = Speech(
    provider="anthropic",
    base="",
    path="/v1/messages",
    content_type="text/event-stream",
    key_header=("X-Api-Key", KEY),
    before=(
        _event(
            "message_start",
            message={
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "content": [],
                "model": "tiny",
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 1_000, "output_tokens": 1},
            },
        ),
        _event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        _event("ping"),
    ),
    piece=lambda text: _event("content_block_delta", index=0, delta={"type": "text_delta", "text": text}),
    after=lambda why: [
        _event("content_block_stop", index=0),
        _event("message_delta", delta={"stop_reason": why, "stop_sequence": None}, usage={"output_tokens": 20}),
        _event("message_stop"),
    ],
    refusal=lambda message: {"type": "error", "error": {"type": "t", "message": message}},
    keep_alive=_event("ping"),
    whole="end_turn",
    cut="max_tokens",
    pages={
        "/v1/models": (
            200,
            {
                "data": [{"type": "model", "id": "tiny", "display_name": "Tiny", "max_input_tokens": 200_000}],
                "has_more": False,
                "first_id": "tiny",
                "last_id": "tiny",
            },
        )
    },
)
SPEECHES = (OPENAI, OLLAMA, ANTHROPIC)


@contextmanager
def answering(server: ThreadingHTTPServer) -> Iterator[None]:
    """A server answers, on a thread that is gone at the end."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(speech: Speech) -> Iterator[Server]:
    """A server on a free port, gone at the end."""
    running = Server(speech)
    with answering(running):
        try:
            yield running
        finally:
            running.release.set()
