"""The adapter against a real HTTP server that speaks the streaming protocol of OpenAI, well and badly."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, NotThereYetError, ProviderError, UsageError
from core.model.answer import Message
from core.settings import ProviderSettings
from desktop.adapters.language_model import OpenAILanguageModel, open_language_model, remote_host

KEY = "sk-proj-" + "a1B2c3D4e5F6g7H8i9J0" * 2
MESSAGES = [Message("system", "You explain code."), Message("user", "What is `x`?")]


class Server(ThreadingHTTPServer):
    """Answers every request with `behave`; notes what it was asked and when a connection was closed under it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave: Callable[[Handler], None] = lambda handler: handler.stream(["Hello", " world"])
        self.requests: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.hung_up = threading.Event()
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.server.behave(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
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

    def piece(self, text: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.chunk(f"data: {json.dumps(event)}\n\n")

    def stream(self, texts: list[str]) -> None:
        self.begin()
        for text in texts:
            self.piece(text)
        self.piece("", "stop")
        self.chunk("data: [DONE]\n\n")
        self.chunk("")

    def fail(self, status: int, message: str) -> None:
        data = json.dumps({"error": {"message": message, "type": "t", "code": "c"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.release.set()
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: None)


def model_at(url: str, timeout: float = 5.0, key: str = KEY) -> OpenAILanguageModel:
    settings = ProviderSettings("openai-like", "tiny", url, timeout_seconds=timeout)
    return open_language_model(settings, {"OPENAI_API_KEY": key})


def text_of(model: OpenAILanguageModel) -> str:
    return "".join(delta.text for delta in model.stream(MESSAGES, CancellationToken()))


def test_pieces_come_in_order_and_the_request_is_what_the_protocol_asks_for(server: Server) -> None:
    server.behave = lambda handler: handler.stream(["It ", "is ", "naïve — ✓", "\n`x`"])
    assert text_of(model_at(server.url)) == "It is naïve — ✓\n`x`"
    ((path, headers, body),) = server.requests
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "tiny"
    assert body["stream"] is True
    assert body["messages"] == [{"role": m.role, "content": m.content} for m in MESSAGES]


def test_pieces_are_given_on_before_the_stream_ends(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.piece("first")
        server.release.wait(10)
        handler.piece("second", "stop")
        handler.chunk("data: [DONE]\n\n")
        handler.chunk("")

    server.behave = behave
    stream = model_at(server.url).stream(MESSAGES, CancellationToken())
    assert next(stream).text == "first"
    server.release.set()
    assert [delta.text for delta in stream] == ["second"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, "refused the key"),
        (403, "refused the key"),
        (404, "knows no 'tiny'"),
        (429, "takes no more requests"),
        (400, "status 400"),
        (500, "status 500"),
        (503, "status 503"),
    ],
)
def test_a_refusal_is_one_clear_line_without_the_key(server: Server, status: int, expected: str) -> None:
    server.behave = lambda handler: handler.fail(status, f"No good: key {KEY}\nsecond line")
    with pytest.raises(ProviderError) as caught:
        text_of(model_at(server.url))
    line = str(caught.value)
    assert expected in line
    assert "\n" not in line
    assert KEY not in line
    assert "No good" in line
    assert len(server.requests) == 1, "nothing is tried again behind a person's back"


def test_a_short_key_is_not_told_either(server: Server) -> None:
    server.behave = lambda handler: handler.fail(401, "Incorrect key provided: hunter22.")
    with pytest.raises(ProviderError) as caught:
        text_of(model_at(server.url, key="hunter22"))
    assert "hunter22" not in str(caught.value)


def test_nobody_listens() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ProviderError, match="cannot be reached"):
        text_of(model_at(f"http://127.0.0.1:{port}/v1"))


def test_an_unknown_host_name() -> None:
    with pytest.raises(ProviderError, match="cannot be reached"):
        text_of(model_at("http://no-such-host.invalid/v1"))


def test_a_server_that_says_nothing_runs_out_of_time(server: Server) -> None:
    server.behave = lambda handler: server.release.wait(20)  # type: ignore[assignment, return-value]
    began = time.perf_counter()
    with pytest.raises(ProviderError, match=r"nothing came for 0\.3 s"):
        text_of(model_at(server.url, timeout=0.3))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("how", ["closed in the middle", "ended without a finish"])
def test_a_dropped_stream_keeps_what_came(server: Server, how: str) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.piece("Half an ")
        handler.piece("answer")
        if how == "closed in the middle":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            handler.chunk("")

    server.behave = behave
    got: list[str] = []
    with pytest.raises(ProviderError, match=r"dropped the connection|before it was done"):
        collect(model_at(server.url), got)
    assert "".join(got) == "Half an answer"


def collect(model: OpenAILanguageModel, got: list[str]) -> None:
    for delta in model.stream(MESSAGES, CancellationToken()):
        got.append(delta.text)


def test_what_is_not_the_protocol_is_told(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.chunk("data: <html>not json</html>\n\n")
        handler.chunk("")

    server.behave = behave
    with pytest.raises(ProviderError, match="cannot be read"):
        text_of(model_at(server.url))


def test_cancelling_ends_the_wait_and_closes_the_connection(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.piece("first")
        while not server.release.wait(0.02):
            handler.chunk(": still thinking\n\n")

    server.behave = behave
    token = CancellationToken()
    stream = model_at(server.url, timeout=60).stream(MESSAGES, token)
    assert next(stream).text == "first"
    threading.Timer(0.1, token.cancel).start()
    began = time.perf_counter()
    with pytest.raises(CancelledError):
        next(stream)
    assert time.perf_counter() - began < 2
    assert server.hung_up.wait(5), "the server must see that nobody listens any more"


def test_cancelling_before_the_first_byte(server: Server) -> None:
    closed = threading.Event()

    def behave(handler: Handler) -> None:
        if handler.connection.recv(1) == b"":
            closed.set()
        handler.close_connection = True

    server.behave = behave
    token = CancellationToken()
    threading.Timer(0.2, token.cancel).start()
    with pytest.raises(CancelledError):
        next(model_at(server.url, timeout=60).stream(MESSAGES, token))
    assert closed.wait(5)


def test_a_reader_that_stops_early_closes_the_connection(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        while not server.release.wait(0.01):
            handler.piece("more ")

    server.behave = behave
    stream = model_at(server.url).stream(MESSAGES, CancellationToken())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)


def test_nothing_is_sent_before_streaming(server: Server) -> None:
    stream = model_at(server.url).stream(MESSAGES, CancellationToken())
    time.sleep(0.1)
    assert server.requests == []
    assert stream is not None


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(model_at("http://localhost:1/v1"))


def test_a_key_from_the_keyring_is_used_where_the_environment_has_none(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, user: f"{service}/{user}")
    assert text_of(model_at(server.url, key="")) == "Hello world"
    assert server.requests[0][1]["Authorization"] == "Bearer codestrata/127.0.0.1"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:11434/v1", None),
        ("http://127.0.0.1/v1", None),
        ("http://127.8.8.8/v1", None),
        ("http://[::1]:80/v1", None),
        ("https://api.openai.com/v1", "api.openai.com"),
        ("http://192.168.1.7:8000/v1", "192.168.1.7"),
        ("http://localhost.example.com/v1", "localhost.example.com"),
    ],
)
def test_only_loopback_stays_on_this_machine(url: str, host: str | None) -> None:
    assert remote_host(url) == host
    assert model_at(url).host == host


def test_addresses_and_providers() -> None:
    openai = open_language_model(ProviderSettings("openai", "m"), {})
    assert openai.host == "api.openai.com"
    assert open_language_model(ProviderSettings("openai", "m"), {"OPENAI_BASE_URL": "http://h/v1"}).host == "h"
    preferred = ProviderSettings("openai", "m", "http://mine/v1")
    assert open_language_model(preferred, {"OPENAI_BASE_URL": "http://h/v1"}).host == "mine"
    with pytest.raises(UsageError, match="--base-url"):
        open_language_model(ProviderSettings("openai-like", "m"), {})
    with pytest.raises(UsageError, match="--model"):
        open_language_model(ProviderSettings("openai-like", "", "http://h/v1"), {})
    with pytest.raises(UsageError, match="no address"):
        open_language_model(ProviderSettings("openai-like", "m", "localhost:80"), {})
    with pytest.raises(NotThereYetError, match="anthropic"):
        open_language_model(ProviderSettings("anthropic", "m"), {})
