"""Every provider's adapter against a real HTTP server that speaks its protocol, well and badly."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, MissingPartError, ProviderError, UsageError
from core.model.answer import Delta, Message, Reported
from core.settings import ProviderSettings
from desktop.adapters import language_model
from desktop.adapters.keys import KeyStore
from desktop.adapters.language_model import StreamedModel, list_models, open_language_model
from desktop.adapters.ollama_protocol import window_for
from desktop.adapters.protocol import ModelRequest
from desktop.adapters.providers import PROVIDERS, Endpoint
from desktop.adapters.tokens import TiktokenCounter
from tests.desktop.adapters.model_servers import KEY, OLLAMA, OPENAI, SPEECHES, Handler, Server, Speech, serving

MESSAGES = [Message("system", "You explain code."), Message("user", "What is `x`?")]
COUNTER = TiktokenCounter()


@pytest.fixture(params=SPEECHES, ids=str)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(request.param) as running:
        yield running


@pytest.fixture
def openai() -> Iterator[Server]:
    with serving(OPENAI) as running:
        yield running


@pytest.fixture
def ollama() -> Iterator[Server]:
    with serving(OLLAMA) as running:
        yield running


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: None)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "_FIRST_PAUSE", 0.01)


def model_at(
    speech: Speech, url: str, timeout: float = 5.0, key: str = KEY, provider: str = "", **more: object
) -> StreamedModel:
    settings = ProviderSettings(provider or speech.provider, "tiny", url, timeout_seconds=timeout, **more)  # type: ignore[arg-type]
    variable = PROVIDERS[settings.provider].key_variable
    return open_language_model(settings, {variable: key}, KeyStore(), COUNTER)


def model_of(server: Server, timeout: float = 5.0, key: str = KEY, **more: object) -> StreamedModel:
    return model_at(server.speech, server.url, timeout, key, **more)


def text_of(model: StreamedModel) -> str:
    return "".join(delta.text for delta in model.stream(MESSAGES, CancellationToken()))


def collect(model: StreamedModel, got: list[str]) -> None:
    for delta in model.stream(MESSAGES, CancellationToken()):
        got.append(delta.text)


def test_pieces_come_in_order_and_the_request_is_what_the_protocol_asks_for(server: Server) -> None:
    server.behave = lambda handler: handler.stream(["It ", "is ", "naïve — ✓", "\n`x`"])
    assert text_of(model_of(server)) == "It is naïve — ✓\n`x`"
    ((_, headers, body),) = server.chats()
    name, value = server.speech.key_header
    assert {name.lower(): given for name, given in headers.items()}[name.lower()] == value
    assert body["model"] == "tiny"
    assert body["stream"] is True
    sent = str(body)
    assert all(message.content in sent for message in MESSAGES)


def test_what_the_provider_counted_comes_with_the_last_piece(server: Server) -> None:
    reported = [delta.reported for delta in model_of(server).stream(MESSAGES, CancellationToken()) if delta.reported]
    assert reported[-1] == Reported(1_000, 20)


def test_pieces_are_given_on_before_the_stream_ends(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("first")
        server.release.wait(10)
        handler.piece("second")
        handler.conclude()

    server.behave = behave
    stream = model_of(server).stream(MESSAGES, CancellationToken())
    assert next(stream).text == "first"
    server.release.set()
    assert "".join(delta.text for delta in stream) == "second"


@pytest.mark.parametrize(
    ("status", "expected", "tries"),
    [
        (401, "refused the key", 1),
        (403, "refused the key", 1),
        (404, "knows no 'tiny'", 1),
        (429, "takes no more requests", 3),
        (400, "status 400", 1),
        (500, "status 500", 3),
        (503, "status 503", 3),
    ],
)
def test_a_refusal_is_one_clear_line_without_the_key(server: Server, status: int, expected: str, tries: int) -> None:
    server.behave = lambda handler: handler.fail(status, f"No good: key {KEY}\nsecond line")
    with pytest.raises(ProviderError) as caught:
        text_of(model_of(server))
    line = str(caught.value)
    assert expected in line
    assert "\n" not in line
    assert KEY not in line
    assert "No good" in line
    assert len(server.chats()) == tries


@pytest.mark.parametrize("status", [429, 503])
def test_a_passing_refusal_is_tried_again_after_what_was_asked_for(server: Server, status: int) -> None:
    def behave(handler: Handler) -> None:
        if len(server.chats()) == 1:
            handler.fail(status, "later", {"Retry-After": "0.3"})
        else:
            handler.stream(["Hello", " world"])

    server.behave = behave
    began = time.perf_counter()
    assert text_of(model_of(server)) == "Hello world"
    assert time.perf_counter() - began >= 0.3


def test_a_wait_beyond_the_bound_is_told_instead(server: Server) -> None:
    server.behave = lambda handler: handler.fail(429, "later", {"Retry-After": "3600"})
    with pytest.raises(ProviderError, match="wait 3600 s"):
        text_of(model_of(server))
    assert len(server.chats()) == 1


def test_an_exhausted_quota_is_not_tried_again(openai: Server) -> None:
    openai.behave = lambda handler: handler.fail(429, "You exceeded your quota (insufficient_quota)")
    with pytest.raises(ProviderError, match="takes no more requests"):
        text_of(model_of(openai))
    assert len(openai.chats()) == 1


def test_a_wait_between_tries_ends_when_cancelled(openai: Server) -> None:
    openai.behave = lambda handler: handler.fail(429, "later", {"Retry-After": "15"})
    token = CancellationToken()
    stream = model_of(openai).stream(MESSAGES, token)
    with pytest.raises(CancelledError):
        cancel_once(stream, token, lambda: bool(openai.chats()))


def cancel_once(stream: Iterator[Delta], token: CancellationToken, ready: object) -> None:
    """Cancel as soon as `ready()`, while the stream is waited for."""
    import threading

    def watch() -> None:
        while not ready():  # type: ignore[operator]
            time.sleep(0.01)
        time.sleep(0.05)
        token.cancel()

    threading.Thread(target=watch, daemon=True).start()
    next(stream)


def test_a_short_key_is_not_told_either(server: Server) -> None:
    server.behave = lambda handler: handler.fail(401, "Incorrect key provided: hunter22.")
    with pytest.raises(ProviderError) as caught:
        text_of(model_of(server, key="hunter22"))
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize("speech", SPEECHES, ids=str)
def test_nobody_listens(speech: Speech) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ProviderError, match="cannot be reached"):
        text_of(model_at(speech, f"http://127.0.0.1:{port}"))


def test_an_unknown_host_name() -> None:
    with pytest.raises(ProviderError, match="cannot be reached"):
        text_of(model_at(OPENAI, "http://no-such-host.invalid/v1"))


def test_a_server_that_says_nothing_runs_out_of_time(server: Server) -> None:
    server.behave = lambda handler: server.release.wait(20)  # type: ignore[assignment, return-value]
    began = time.perf_counter()
    with pytest.raises(ProviderError, match=r"nothing came for 0\.3 s"):
        text_of(model_of(server, timeout=0.3))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("how", ["killed", "ended without a finish"])
def test_a_dropped_stream_keeps_what_came(server: Server, how: str) -> None:
    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("Half an ")
        handler.piece("answer")
        if how == "killed":
            handler.kill()
        else:
            handler.chunk("")

    server.behave = behave
    got: list[str] = []
    with pytest.raises(ProviderError, match=r"dropped the connection|before it was done"):
        collect(model_of(server), got)
    assert "".join(got) == "Half an answer"
    assert len(server.chats()) == 1, "what began to answer is not asked again"


def test_an_answer_cut_at_its_limit_is_told_after_it_came(server: Server) -> None:
    server.behave = lambda handler: handler.stream(["Half an answer"], server.speech.cut)
    got: list[str] = []
    with pytest.raises(ProviderError, match="stopped at the most it may answer"):
        collect(model_of(server), got)
    assert "".join(got) == "Half an answer"


@pytest.mark.parametrize("garbage", ["data: <html>not json</html>\n\n", 'event: message_start\ndata: {"type"\n\n', "{]\n"])
def test_what_is_not_the_protocol_is_told(server: Server, garbage: str) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.chunk(garbage)
        handler.chunk("")

    server.behave = behave
    with pytest.raises(ProviderError, match=r"cannot be read|before it was done"):
        text_of(model_of(server))


def test_an_error_in_the_middle_of_a_stream_is_told(server: Server) -> None:
    error = {
        "openai-like": 'data: {"error": {"message": "out of memory", "type": "t"}}\n\n',
        "ollama": '{"error": "out of memory"}\n',
        "anthropic": 'event: error\ndata: {"type": "error", "error": {"type": "t", "message": "out of memory"}}\n\n',
    }[server.speech.provider]

    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("Half")
        handler.chunk(error)
        handler.chunk("")

    server.behave = behave
    got: list[str] = []
    with pytest.raises(ProviderError, match="out of memory"):
        collect(model_of(server), got)
    assert "".join(got) == "Half"


def test_cancelling_ends_the_wait_and_closes_the_connection_in_time(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("first")
        while not server.release.wait(0.02):
            handler.chunk(server.speech.keep_alive)

    server.behave = behave
    token = CancellationToken()
    stream = model_of(server, timeout=60).stream(MESSAGES, token)
    while not next(stream).text:
        pass
    token.cancel()
    began = time.perf_counter()
    with pytest.raises(CancelledError):
        list(stream)
    assert time.perf_counter() - began < 0.2
    assert server.hung_up.wait(5), "the server must see that nobody listens any more"
    assert time.perf_counter() - began < 0.4


def test_cancelling_before_the_first_byte(server: Server) -> None:
    def behave(handler: Handler) -> None:
        if handler.connection.recv(1) == b"":
            server.hung_up.set()
        handler.close_connection = True

    server.behave = behave
    token = CancellationToken()
    with pytest.raises(CancelledError):
        cancel_once(model_of(server, timeout=60).stream(MESSAGES, token), token, lambda: bool(server.chats()))
    assert server.hung_up.wait(5)


def test_a_reader_that_stops_early_closes_the_connection(server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.open()
        while not server.release.wait(0.01):
            handler.piece("more ")

    server.behave = behave
    stream = model_of(server).stream(MESSAGES, CancellationToken())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)


def test_nothing_is_sent_before_streaming(server: Server) -> None:
    stream = model_of(server).stream(MESSAGES, CancellationToken())
    time.sleep(0.05)
    assert server.requests == []
    assert stream is not None


def test_a_redirect_is_not_followed(server: Server) -> None:
    """It would carry the evidence to a host that nobody agreed to."""
    server.behave = lambda handler: handler.answer(307, {}, {"Location": f"{server.root}/elsewhere"})
    with pytest.raises(ProviderError, match="status 307"):
        text_of(model_of(server))
    assert not any("elsewhere" in path for path, *_ in server.requests)


def test_a_proxy_of_the_environment_is_passed_by_for_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://no-such-proxy.invalid:3128")
    assert text_of(model_of(server)) == "Hello world"


def test_the_models_are_what_the_server_tells(server: Server) -> None:
    settings = ProviderSettings(server.speech.provider, "", server.url)
    found = list_models(settings, {PROVIDERS[settings.provider].key_variable: KEY}, KeyStore())
    windows = {"openai-like": 4_096, "ollama": 131_072, "anthropic": 200_000}
    assert found[0].name.removesuffix(":latest") == "tiny"
    assert found[0].context_window == windows[server.speech.provider]


def test_a_list_that_is_refused_is_one_line_without_the_key(server: Server) -> None:
    for path in server.pages:
        server.pages[path] = (401, server.speech.refusal(f"bad key {KEY}"))
    settings = ProviderSettings(server.speech.provider, "", server.url)
    with pytest.raises(ProviderError, match="refused the key") as caught:
        list_models(settings, {PROVIDERS[settings.provider].key_variable: KEY}, KeyStore())
    assert KEY not in str(caught.value)


def test_ollama_is_told_how_long_a_prompt_it_is_to_read(ollama: Server) -> None:
    long = [Message("user", "word " * 9_000)]
    "".join(delta.text for delta in model_of(ollama).stream(long, CancellationToken()))
    window = ollama.chats()[0][2]["options"]["num_ctx"]
    assert 9_000 + 4_096 < window < 131_072
    assert window % 1_024 == 0


def test_ollama_is_never_asked_for_more_than_the_model_reads(ollama: Server) -> None:
    ollama.pages["/api/show"] = (200, {"model_info": {"llama.context_length": 2_048}})
    text_of(model_of(ollama))
    assert ollama.chats()[0][2]["options"]["num_ctx"] == 2_048


def test_a_prompt_longer_than_the_window_is_not_sent() -> None:
    endpoint = Endpoint(PROVIDERS["ollama"], "http://127.0.0.1:1", "")
    request = ModelRequest(endpoint, "tiny", MESSAGES, prompt_tokens=3_000, answer_tokens=1_000)
    with pytest.raises(UsageError, match="--budget, such as 1024"):
        window_for(request, 2_048)


def test_a_window_set_by_a_person_holds(openai: Server) -> None:
    with pytest.raises(UsageError, match="does not fit"):
        text_of(model_of(openai, context_window=5))
    assert openai.requests == []


def test_a_local_name_of_a_model_elsewhere_is_refused(ollama: Server) -> None:
    ollama.pages["/api/show"] = (200, {"model_info": {}, "remote_host": "https://ollama.com:443", "remote_model": "big"})
    with pytest.raises(UsageError, match=r"ollama\.com"):
        text_of(model_of(ollama))
    assert ollama.chats() == []


@pytest.mark.parametrize(
    ("model", "host"), [("gpt-oss:120b-cloud", "ollama.com"), ("glm:cloud", "ollama.com"), ("q:7b", None)]
)
def test_a_cloud_model_of_ollama_does_not_stay_on_this_machine(model: str, host: str | None) -> None:
    settings = ProviderSettings("ollama", model)
    assert open_language_model(settings, {}, KeyStore(), COUNTER).host == host


def test_hosted_models_are_asked_without_a_temperature_and_for_their_count(openai: Server) -> None:
    text_of(model_at(OPENAI, openai.url, provider="openai"))
    text_of(model_of(openai))
    hosted, local = (body for _, _, body in openai.chats())
    assert "temperature" not in hosted
    assert hosted["stream_options"] == {"include_usage": True}
    assert local["temperature"] == 0.1
    assert "stream_options" not in local


def test_a_missing_package_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise ImportError("No module named 'llama_index.llms.anthropic'")

    monkeypatch.setattr("desktop.adapters.anthropic_protocol.AnthropicProtocol.warm_up", missing)
    settings = ProviderSettings("anthropic", "m", "http://127.0.0.1:1")
    model = open_language_model(settings, {"ANTHROPIC_API_KEY": KEY}, KeyStore(), COUNTER)
    with pytest.raises(MissingPartError, match=r"codestrata\[anthropic\]"):
        text_of(model)


@pytest.mark.parametrize("speech", SPEECHES, ids=str)
def test_the_key_is_not_in_the_repr(speech: Speech) -> None:
    model = model_at(speech, "http://localhost:1")
    assert KEY not in repr(model)
    assert KEY not in repr(vars(model))


def test_without_a_model_it_is_told_how_to_find_one() -> None:
    with pytest.raises(UsageError, match="--model NAME"):
        open_language_model(ProviderSettings("openai-like", "", "http://h/v1"), {}, KeyStore(), COUNTER)
