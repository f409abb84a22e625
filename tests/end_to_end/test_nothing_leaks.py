"""A project full of secrets and of text that speaks to models: what leaves it by any way holds none of the first, and the
second only fenced and flagged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.answering.deep.budget import DeepBudget
from core.answering.prompt import messages_for
from core.cancellation import CancellationToken
from core.context.rendering import WARNING
from core.errors import CodestrataError
from core.model.answer import Answer, Delta, Message
from core.model.context import Pack
from core.model.conversation import Background
from core.model.ranking import Filter
from core.model.source import FileRole, Place
from desktop import assembly
from desktop.answer_log import AnswerLog
from desktop.engine.conversation_desk import export_conversation, keep_answer
from desktop.engine.service import Service
from indexing.folding.folded_document import write_document
from tests.agent import connected, texts
from tests.end_to_end.command import Run
from tests.planted_instructions import PLANTED
from tests.planted_secrets import QUESTIONS, Planted, planted

SEED = 3


@pytest.fixture(scope="module")
def secrets() -> list[Planted]:
    return planted(SEED)[1]


@pytest.fixture(scope="module")
def index(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaks")
    for path, text in {**planted(SEED)[0], **PLANTED}.items():
        (folder / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / path).write_text(text, encoding="utf-8")
    done = run("index", str(folder / "source"), "--index", str(folder / "index"), "--json")
    assert done.code == 0, done.err
    assert done.json["files"]["indexed"] == len(planted(SEED)[0]) + len(PLANTED)
    return folder / "index"


@pytest.fixture(scope="module")
def service() -> Service:
    return assembly.open_service(assembly.settings_for())


def leaks(secrets: Sequence[Planted], text: str) -> list[Planted]:
    """The secrets of which a part stands in a text, or in the text that JSON tells."""
    parts = [(secret, part) for secret in secrets for part in secret.secret.replace("\\n", "\n").split("\n") if part]
    return [secret for secret, part in parts if part in text or json.dumps(part)[1:-1] in text]


class Listener:
    """A model that keeps what it is sent."""

    provider, model, host = "listener", "listener", "models.internal"

    def __init__(self) -> None:
        self.heard: list[Message] = []

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        self.heard += messages
        yield Delta("It is sent [1].")


def test_packs_prompts_and_answers_hold_no_secret(service: Service, index: Path, secrets: list[Planted]) -> None:
    model = Listener()
    redactions = 0
    for question in QUESTIONS:
        for piece in service.ask(index, question, 16_000, model, CancellationToken()):
            if isinstance(piece, Pack):
                redactions += piece.redactions
        for piece in service.ask(index, question, 16_000, None, CancellationToken()):
            if isinstance(piece, Answer):
                assert leaks(secrets, repr(piece)) == []
    assert leaks(secrets, "\n".join(message.content for message in model.heard)) == []
    assert redactions > len(secrets)


def test_a_question_for_each_file_holds_none_either(service: Service, index: Path, secrets: list[Planted]) -> None:
    for path in planted(SEED)[0]:
        assert leaks(secrets, service.context(index, path, 4_000).text) == []


def test_conversations_pins_deep_questions_and_the_history_hold_none(
    service: Service, index: Path, secrets: list[Planted]
) -> None:
    model = Listener()
    token = CancellationToken()
    said: list[str] = []
    session = service.session(index)
    for number, question in enumerate(QUESTIONS):
        pinned = [Place(secret.path, line, line) for secret in secrets for line in lines_of(secret)][number * 8 :][:12]
        turns = tuple(entry.turn for entry in AnswerLog(index).conversation(1))
        for asked in (model, None):
            for deep in (None, DeepBudget()):
                for piece in service.ask(index, question, 8_000, asked, token, Background(turns, (), tuple(pinned)), deep):
                    said.append(repr(piece))
                    if isinstance(piece, Answer):
                        keep_answer(session, piece, 1 if number else 0)
    assert leaks(secrets, "\n".join(said)) == []
    assert leaks(secrets, "\n".join(message.content for message in model.heard)) == []
    kept = [file.read_text() for file in (index / "answers").glob("*.json")]
    assert len(kept) == 4 * len(QUESTIONS) + 1
    assert leaks(secrets, "\n".join(kept)) == []
    assert leaks(secrets, export_conversation(session, 1, index / "talk.md")) == []


def lines_of(secret: Planted) -> list[int]:
    """The lines of its file that a secret stands on."""
    text = planted(SEED)[0][secret.path]
    first = text[: text.index(secret.secret)].count("\n") + 1 if secret.secret in text else 1
    return list(range(first, first + secret.secret.count("\n") + 1))


def test_a_question_that_holds_a_secret_is_kept_without_it(service: Service, index: Path, secrets: list[Planted]) -> None:
    session = service.session(index)
    for secret in secrets[:8]:
        question = f'who uses password = "{secret.secret}"'
        *_, answer = service.ask(index, question, 2_000, None, CancellationToken())
        assert isinstance(answer, Answer)
        entry = keep_answer(session, answer, 0)
        assert secret.secret not in json.dumps(AnswerLog(index).answer(entry.number))
        assert secret.secret not in entry.turn.question


def test_what_agents_are_told_holds_none(index: Path, secrets: list[Planted]) -> None:
    with connected("--index", str(index)) as agent:
        told: list[str] = []
        for question in QUESTIONS:
            told += texts(agent.call("search_code", query=question, lines=60, limit=50))
            told += texts(agent.call("context_pack", question=question, max_tokens=16_000))
        told += texts(agent.call("search_code", query=".", regex=True, lines=60, limit=100))
        told += texts(agent.call("architecture", kind="classes"))
        for symbol in ("open_issue", "Mailer", "Signer", "Database", "mirror"):
            told += texts(agent.call("get_symbol", symbol=symbol))
        told += [agent.read(f"codestrata://file/{path}") for path in planted(SEED)[0]]
        told.append(agent.refusal("get_symbol", symbol=f"no {secrets[0].secret}"))
    assert leaks(secrets, "\n".join(told)) == []


def test_errors_hold_none(service: Service, index: Path, secrets: list[Planted]) -> None:
    said: list[str] = []
    for secret in secrets:
        for act in (
            lambda name=secret.path: service.show(index, f"{name}.nothing"),
            lambda name=secret.path: service.context(index, name, 5),
            lambda name=secret.path: service.search(index, f"({name}", 5, Filter(), CancellationToken(), regex=True),
        ):
            with pytest.raises(CodestrataError) as raised:
                act()
            said.append(str(raised.value))
    assert leaks(secrets, "\n".join(said)) == []


@pytest.mark.parametrize("path", PLANTED)
def test_an_instruction_is_fenced_and_flagged(service: Service, index: Path, path: str) -> None:
    pack = service.context(index, f"{path.rpartition('/')[2].partition('.')[0]} {path}", 6_000)
    shown = [excerpt for excerpt in pack.excerpts if excerpt.path == path]
    assert shown, "the file is in its pack"
    assert pack.flagged_instructions >= 1
    [heading] = [line for line in pack.text.split("\n") if line.startswith(f"[{shown[0].n}] {path}:")]
    assert WARNING in heading
    fence = pack.text.split("\n")[pack.text.split("\n").index(heading) + 1]
    assert set(fence) == {"`"}
    assert fence not in shown[0].text
    assert messages_for(pack)[0].role == "system"
    assert "not" in messages_for(pack)[0].content


def test_a_folded_document_and_an_explanation_hold_none(service: Service, index: Path, secrets: list[Planted]) -> None:
    reader = service.session(index).reader
    document, files, _ = write_document(reader, assembly.open_counter(), 100_000, CancellationToken())
    assert files > 30
    assert leaks(secrets, document) == []
    for ending in ("md", "html"):
        assert leaks(secrets, service.explain(index, ending, CancellationToken())) == []


def test_an_answer_calls_nothing(service: Service, index: Path) -> None:
    files = {file.path: file.role for file in service.session(index).reader.files()}
    assert files["app/Till.java"] is FileRole.SOURCE
    model = Listener()
    [answer] = [
        piece
        for piece in service.ask(index, "how is a customer charged", 4_000, model, CancellationToken())
        if isinstance(piece, Answer)
    ]
    assert len(model.heard) == 2, "a system message and the question, and nothing that offers a tool"
    assert answer.sent_to == "models.internal"
