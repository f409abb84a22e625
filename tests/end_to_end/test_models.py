"""Asking models of every provider through the commands and the engine: consent, keys, the ledger, and what goes wrong.

The commands run in this process, since each would import llama-index anew; a host elsewhere is a name that leads here.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from core.answering.sending import exact_text
from core.cancellation import CancellationToken
from core.errors import CancelledError, ConsentNeededError, LocalOnlyError
from core.model.answer import Message
from desktop import assembly
from desktop.cli.main import run as run_command
from desktop.engine import methods, wire
from tests.desktop.adapters.model_servers import (
    ANTHROPIC,
    KEY,
    OLLAMA,
    OPENAI,
    SPEECHES,
    Handler,
    Server,
    serving,
)
from tests.desktop.adapters.test_keys import MemoryKeyring
from tests.end_to_end.command import Done

QUESTION = "how is a parcel delivered"
HOST = "models.example.com"
PRICED = "api.openai.com"
Do = Callable[..., Done]


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """Somebody with a keychain, no preferences, no keys in the environment, and names that lead to this machine."""
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "OLLAMA_HOST", "CODESTRATA_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    resolve = socket.getaddrinfo

    def lead_here(host: Any, *rest: Any, **more: Any) -> Any:
        return resolve("127.0.0.1" if host in (HOST, PRICED) else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lead_here)
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    assembly.open_keys.cache_clear()
    yield ring
    keyring.set_keyring(before)
    assembly.open_keys.cache_clear()


@pytest.fixture
def do(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Do:
    """Runs a command in this process."""

    def start(*arguments: str, stdin: str = "") -> Done:
        capfd.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = run_command(arguments)
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return start


@pytest.fixture
def index(sample_index: Path) -> Iterator[Path]:
    """The sample's index, with nothing in its ledger."""
    (sample_index / "user.db").unlink(missing_ok=True)
    yield sample_index
    (sample_index / "user.db").unlink(missing_ok=True)


@pytest.fixture(params=SPEECHES, ids=str)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(request.param) as running:
        running.behave = answer
        yield running


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    with serving(OPENAI) as running:
        running.behave = answer
        yield running


def interrupting(server: Server) -> Callable[[Handler], None]:
    """Stops the command in the middle of an answer that goes on until nobody listens."""

    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("one ")
        signal.raise_signal(signal.SIGINT)
        while not server.release.wait(0.02):
            handler.chunk(server.speech.keep_alive)

    return behave


def answer(handler: Handler) -> None:
    handler.stream(["A parcel is delivered ", "by a courier [1]."])


def options(server: Server, host: str = "127.0.0.1", model: str = "tiny") -> list[str]:
    url = server.url.replace("127.0.0.1", host)
    return ["--provider", server.speech.provider, "--base-url", url, "--model", model]


def settings_of(tmp_path: Path) -> str:
    file = tmp_path / "config" / "preferences.toml"
    return file.read_text() if file.exists() else ""


def test_a_model_answers_and_the_ledger_holds_what_left(do: Do, index: Path, server: Server, person: MemoryKeyring) -> None:
    person.set_password("codestrata", "127.0.0.1", KEY)
    done = do("ask", QUESTION, *options(server), "--index", str(index), "--json")
    assert done.code == 0, done.err
    told = done.json
    assert told["text"] == "A parcel is delivered by a courier [1]."
    assert (told["provider"], told["model"], told["sent_to"]) == (server.speech.provider, "tiny", None)
    assert (told["usage"]["input_tokens"], told["usage"]["output_tokens"], told["usage"]["reported"]) == (1_000, 20, True)
    assert told["usage"]["usd"] is None
    (entry,) = do("ledger", "--index", str(index), "--json").json
    assert (entry["outcome"], entry["host"], entry["question"]) == ("done", None, QUESTION)
    assert entry["usage"] == {"input_tokens": 1_000, "output_tokens": 20, "reported": True, "usd": None}
    messages = received(server)
    sent = exact_text(messages)
    assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(sent).hexdigest(), len(sent))
    assert told["pack"]["text"].strip() in messages[-1].content
    printed = do("ledger", "--index", str(index)).out
    assert "this machine" in printed
    assert "1,000 LLM tokens in, 20 out" in printed


def received(server: Server) -> list[Message]:
    """The messages that the server was sent, in the order of roles that all providers share."""
    body = server.chats()[-1][2]
    turns = [(turn["role"], turn["content"]) for turn in body["messages"]]
    if "system" in body:
        turns.insert(0, ("system", body["system"]))
    texts = [(role, content if isinstance(content, str) else content[0]["text"]) for role, content in turns]
    return [Message(role, content) for role, content in texts]


def test_a_key_in_the_environment_selects_no_provider(
    do: Do, index: Path, elsewhere: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "OPENAI_BASE_URL": elsewhere.url}.items():
        monkeypatch.setenv(name, value)
    assert do("ask", QUESTION, "--index", str(index), "--json").json["provider"] == ""
    assert elsewhere.requests == []


def test_a_follow_up_takes_what_came_before_along(do: Do, index: Path, elsewhere: Server) -> None:
    shutil.rmtree(index / "answers", ignore_errors=True)
    do("ask", "where is ParcelStore.save defined", *options(elsewhere), "--index", str(index))
    told = do("ask", "and who calls it?", "--continue", *options(elsewhere), "--index", str(index), "--json").json
    assert told["understood"] == "who calls `ParcelStore.save`?"
    system, user = received(elsewhere)
    assert "Earlier in this conversation" in user.content
    assert "Q: where is ParcelStore.save defined\nA: A parcel is delivered by a courier (" in user.content
    assert user.content.endswith("Question: and who calls it? (meaning: who calls `ParcelStore.save`?)")
    assert "[1]" in system.content
    assert told["pack"]["excerpts"][0]["path"]


def test_a_deep_question_asks_for_a_plan_each_part_and_the_whole(do: Do, index: Path, elsewhere: Server) -> None:
    def plan_then_answer(handler: Handler) -> None:
        asked = handler.server.requests[-1][2]["messages"]
        if "take a question about a codebase apart" in asked[0]["content"]:
            handler.stream(["1. Where is `ParcelStore.save` defined?\n", "2. Who calls `ParcelStore.save`?"])
        else:
            answer(handler)

    elsewhere.behave = plan_then_answer
    done = do("ask", "--deep", QUESTION, *options(elsewhere, HOST), "--index", str(index), "--yes", "--json")
    told = done.json
    assert [step["kind"] for step in told["steps"]] == ["plan", "part", "part", "whole"]
    assert [step["question"] for step in told["steps"][1:3]] == [
        "Where is `ParcelStore.save` defined?",
        "Who calls `ParcelStore.save`?",
    ]
    assert (told["text"], told["sent_to"]) == ("A parcel is delivered by a courier [1].", HOST)
    assert told["usage"]["input_tokens"] == 4_000
    assert len(elsewhere.chats()) == 4
    entries = do("ledger", "--index", str(index), "--json").json
    assert [(entry["host"], entry["outcome"], entry["question"]) for entry in entries] == [(HOST, "done", QUESTION)] * 4
    assert do("ask", "--deep", QUESTION, *options(elsewhere, HOST), "--index", str(index)).code == 2
    assert len(elsewhere.chats()) == 4


def test_stopping_a_deep_question_closes_the_connection_and_asks_nothing_more(do: Do, index: Path) -> None:
    with serving(OPENAI) as server:
        server.behave = interrupting(server)
        done = do("ask", "--deep", QUESTION, *options(server), "--index", str(index))
        assert done.code == 130
        assert server.hung_up.wait(5)
        assert len(server.chats()) == 1


def test_nothing_is_sent_to_another_host_before_somebody_agreed(
    do: Do, index: Path, elsewhere: Server, tmp_path: Path
) -> None:
    asked = ["ask", QUESTION, *options(elsewhere, HOST), "--index", str(index), "--json"]
    refused = do(*asked)
    assert (refused.code, refused.out) == (2, "")
    assert HOST in refused.err
    assert f"codestrata consent {HOST}" in refused.err
    assert refused.err.count("\n") == 1
    assert elsewhere.requests == []
    assert do("ledger", "--index", str(index), "--json").json == []

    once = do(*asked, "--yes")
    assert once.json["sent_to"] == HOST
    assert settings_of(tmp_path) == ""
    assert do(*asked).code == 2

    assert do("consent", HOST, "--json").json == {"hosts": [HOST], "local_only": False}
    assert do(*asked).json["sent_to"] == HOST
    assert [entry["host"] for entry in do("ledger", "--index", str(index), "--json").json] == [HOST, HOST]

    do("consent", "--local-only")
    before = len(elsewhere.requests)
    off = do(*asked, "--yes")
    assert off.code == 2
    assert "local only" in off.err
    assert do("models", *options(elsewhere, HOST)[:4], "--yes").code == 2
    assert len(elsewhere.requests) == before
    do("consent", HOST, "--revoke", "--no-local-only")
    assert do(*asked).code == 2


@pytest.mark.parametrize(("said", "code"), [(True, 0), (False, 130)])
def test_at_a_terminal_consent_is_asked_once(
    do: Do, index: Path, elsewhere: Server, monkeypatch: pytest.MonkeyPatch, said: bool, code: int
) -> None:
    questions: list[str] = []

    def confirm(text: str, **_: Any) -> bool:
        import click

        questions.append(text)
        if not said:
            raise click.Abort
        return said

    monkeypatch.setattr("click.confirm", confirm)
    monkeypatch.setattr("desktop.cli.agreeing.sys", type("Terminal", (), {"stdin": Tty, "stderr": Tty}))
    for _ in range(2):
        assert do("ask", QUESTION, *options(elsewhere, HOST), "--index", str(index)).code == code
    assert len(questions) == (1 if said else 2)
    assert HOST in questions[0]
    assert bool(elsewhere.requests) == said


class Tty:
    isatty = staticmethod(lambda: True)


def test_a_known_price_is_told(do: Do, index: Path, elsewhere: Server, person: MemoryKeyring) -> None:
    person.set_password("codestrata", PRICED, KEY)
    asked = options(elsewhere, PRICED, "gpt-4o-mini")
    asked[1] = "openai"
    done = do("ask", QUESTION, *asked, "--index", str(index), "--yes", "--json")
    expected = (1_000 * 0.15 + 20 * 0.60) / 1_000_000
    assert done.json["usage"]["usd"] == pytest.approx(expected)
    assert done.json["pack"]["cost"]["usd"] > 0
    assert do("ledger", "--index", str(index), "--json").json[0]["usage"]["usd"] == pytest.approx(expected)
    plain = do("ask", QUESTION, *asked, "--index", str(index), "--yes")
    assert "gpt-4o-mini read 1,000 and wrote 20, about $0.0002" in plain.err


def test_the_models_are_listed_with_their_windows(do: Do, server: Server, person: MemoryKeyring) -> None:
    person.set_password("codestrata", "127.0.0.1", KEY)
    found = do("models", *options(server)[:4], "--json").json
    assert found["models"][0]["name"].startswith("tiny")
    assert found["models"][0]["context_window"] in (4_096, 131_072, 200_000)
    assert found["host"] is None
    assert "tiny" in do("models", *options(server)[:4]).out


def test_a_key_appears_in_no_output_and_no_file(
    do: Do, index: Path, server: Server, person: MemoryKeyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    said: list[str] = []

    def note(done: Done) -> Done:
        said.extend((done.out, done.err))
        return done

    where = options(server)[:4]
    kept = note(do("key", "set", server.speech.provider, *where[2:], stdin=f"{KEY}\n"))
    assert kept.code == 0, kept.err
    assert person.kept == {("codestrata", "127.0.0.1"): KEY}
    server.behave = lambda handler: handler.fail(401, f"Incorrect API key provided: {KEY}")
    for path in server.pages:
        server.pages[path] = (401, server.speech.refusal(f"bad key {KEY}"))
    assert note(do("ask", QUESTION, *options(server), "--index", str(index), "--json")).code == 2
    assert KEY in str(server.requests), "it did go to its host"
    assert note(do("models", *where)).code == 2
    for command in (["providers"], ["providers", "--json"], ["doctor"], ["doctor", "--json"], ["consent", "--json"]):
        note(do(*command))
    note(do("ledger", "--index", str(index)))
    note(do("ledger", "--index", str(index), "--json"))
    assert note(do("key", "remove", server.speech.provider, *where[2:])).code == 0
    assert person.kept == {}
    assert KEY not in "".join(said)
    assert KEY not in caplog.text
    files = [file for folder in (tmp_path, index) for file in folder.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if KEY.encode() in file.read_bytes()]


def test_a_key_is_no_argument_and_nothing_is_kept_where_there_is_no_keychain(
    do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert do("key", "set", "anthropic", KEY).code == 2
    assert do("key", "set", "anthropic", stdin="two words\n").code == 2
    monkeypatch.setattr("desktop.adapters.keys._keyring", lambda: None)
    done = do("key", "set", "anthropic", stdin=KEY)
    assert done.code == 2
    assert "no keychain" in done.err
    assert "ANTHROPIC_API_KEY" in done.err
    assert KEY not in done.err


def test_providers_tell_what_is_missing_and_contact_nobody(do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("somebody was contacted"))
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    rows = {row["name"]: row for row in do("providers", "--json").json}
    assert set(rows) == {"openai-like", "openai", "ollama", "anthropic", "gemini"}
    assert not any(row["chosen"] for row in rows.values())
    assert (rows["anthropic"]["key"], rows["openai"]["key"]) == ("environment", None)
    assert (rows["ollama"]["host"], rows["openai"]["host"]) == (None, "api.openai.com")
    assert "codestrata key set openai" in do("providers").out


def test_a_server_killed_in_the_middle_keeps_what_came_and_says_so(do: Do, index: Path, server: Server) -> None:
    def behave(handler: Handler) -> None:
        handler.open()
        handler.piece("A parcel is delivered by a courier [1]. And ")
        handler.kill()

    server.behave = behave
    if server.speech is ANTHROPIC:
        do("key", "set", "anthropic", *options(server)[2:4], stdin=KEY)
    done = do("ask", QUESTION, *options(server), "--index", str(index))
    assert done.out.startswith("A parcel is delivered by a courier [1]. And ")
    assert "dropped the connection" in done.err
    (entry,) = do("ledger", "--index", str(index), "--json").json
    assert entry["outcome"] == "interrupted"
    assert "dropped the connection" in entry["detail"]


def test_stopping_a_command_closes_the_connection_and_is_noted(do: Do, index: Path) -> None:
    with serving(OLLAMA) as server:
        server.behave = interrupting(server)
        done = do("ask", QUESTION, *options(server), "--index", str(index))
        assert done.code == 130
        assert server.hung_up.wait(5)
    assert do("ledger", "--index", str(index), "--json").json[0]["outcome"] == "cancelled"


@pytest.fixture
def engine() -> dict[str, Any]:
    """The methods of a query process."""
    settings = assembly.settings_for()
    return methods.query_methods(assembly.open_service(settings), settings)


def call(
    engine: dict[str, Any], method: str, token: CancellationToken | None = None, **params: Any
) -> tuple[Any, list[Any]]:
    events: list[Any] = []
    return engine[method](params, events.append, token or CancellationToken()), events


def test_the_engine_shows_what_would_be_sent_before_it_asks_for_consent(
    engine: dict[str, Any], index: Path, elsewhere: Server
) -> None:
    provider, base_url, model = options(elsewhere, HOST)[1::2]
    params = {"index": str(index), "question": QUESTION, "provider": provider, "base_url": base_url, "model": model}
    events: list[Any] = []
    with pytest.raises(ConsentNeededError) as needed:
        engine["ask"](params, events.append, CancellationToken())
    assert wire.error(needed.value)["consent"] == {"host": HOST, "provider": provider, "model": model}
    assert [event["event"] for event in events] == ["pack"]
    assert elsewhere.requests == []
    assert call(engine, "consent", host=HOST)[0] == {"hosts": [HOST], "local_only": False}
    told, events = call(engine, "ask", **params)
    assert told["sent_to"] == HOST
    assert "".join(event["text"] for event in events if event["event"] == "text") == told["text"]
    assert call(engine, "ledger", index=str(index))[0][0]["host"] == HOST
    call(engine, "consent", local_only=True)
    with pytest.raises(LocalOnlyError):
        call(engine, "ask", **params)
    rows = {row["name"]: row for row in call(engine, "providers")[0]}
    assert rows["openai"]["switched_off"]
    assert not rows["ollama"]["switched_off"]


def test_the_engine_keeps_keys_and_lists_models(
    engine: dict[str, Any], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, base_url = options(server)[1:4:2]
    where = {"provider": provider, "base_url": base_url}
    kept = {"host": "127.0.0.1", "kept": "keychain", "removed": False, "notice": ""}
    assert call(engine, "key", key=KEY, **where)[0] == kept
    assert call(engine, "models", **where)[0]["models"][0]["name"].startswith("tiny")
    assert call(engine, "key", **where)[0]["removed"]
    monkeypatch.setattr("desktop.adapters.keys._keyring", lambda: None)
    told = call(engine, "key", key=KEY, **where)[0]
    assert told["kept"] == "session"
    assert re.search("no keychain", told["notice"])
    assert KEY not in json.dumps(told)
    assert call(engine, "models", **where)[0]["models"]


def test_the_engine_stops_an_answer(engine: dict[str, Any], index: Path) -> None:
    token = CancellationToken()
    with serving(OLLAMA) as server:

        def behave(handler: Handler) -> None:
            handler.open()
            token.cancel()
            while not server.release.wait(0.02):
                handler.piece("more ")

        server.behave = behave
        provider, base_url, model = options(server)[1::2]
        params = {"index": str(index), "question": QUESTION, "provider": provider, "base_url": base_url, "model": model}
        with pytest.raises(CancelledError):
            call(engine, "ask", token, **params)
        assert server.hung_up.wait(5)
    assert call(engine, "ledger", index=str(index))[0][0]["outcome"] == "cancelled"
