"""How many of 64 planted secrets of 16 kinds leave by each way there is, and how many of 12 planted instructions are fenced
and flagged, for three draws of the secrets: none, and all.

What each way is asked for is everything: a question for every file, and eight that fit many.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.answering.sending import RecordedModel
from core.cancellation import CancellationToken
from core.context.rendering import WARNING
from core.errors import CodestrataError
from core.model.answer import Answer, Delta, Message
from core.model.context import Pack
from desktop import assembly
from desktop.engine.conversation_desk import export_conversation, keep_answer
from desktop.engine.server import failed_inside
from desktop.engine.service import Service
from desktop.qt.reports import Reports
from desktop.redacted_log import RedactingFormatter
from indexing.stores.ledger import SqliteLedger
from tests.benchmarks import command, machine
from tests.planted_instructions import PLANTED
from tests.planted_secrets import QUESTIONS, Planted, planted

SEEDS = (3, 17, 42)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Listener:
    """A model that keeps what it is sent."""

    provider, model, host = "listener", "listener", None

    def __init__(self) -> None:
        self.heard: list[Message] = []

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        self.heard += messages
        yield Delta("It is sent [1].")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_leaves(seed: int, tmp_path: Path) -> None:
    files, secrets = planted(seed)
    index = tmp_path / "index"
    for path, text in {**files, **PLANTED}.items():
        (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / path).write_text(text, encoding="utf-8")
    command.index(tmp_path / "source", index)
    service = assembly.open_service(assembly.settings_for())
    ways = {
        **asked(service, index, [*QUESTIONS, *files]),
        **failures(service, index, secrets, files, tmp_path / "reports"),
    }
    kinds = len({secret.kind for secret in secrets})
    rows = [("way", "texts", "characters", f"of {len(secrets)} secrets of {kinds} kinds")]
    found = {way: leaks(secrets, "\n".join(texts)) for way, texts in ways.items()}
    for way, texts in ways.items():
        rows.append((way, f"{len(texts):,}", f"{sum(map(len, texts)):,}", f"{len(found[way])} left"))
    flagged = [path for path in PLANTED if is_fenced_and_flagged(service, index, path)]
    rows.append(("instructions to a model", str(len(PLANTED)), "", f"{len(flagged)} fenced and flagged"))
    machine.show(f"leaks_{seed}", f"seed {seed}", rows)
    assert all(ways.values())
    assert not any(found.values()), found
    assert flagged == list(PLANTED)


def asked(service: Service, index: Path, questions: Sequence[str]) -> dict[str, list[str]]:
    """What leaves as packs, prompts, answers, the history, its export and the ledger."""
    model, session = Listener(), service.session(index)
    packs: list[str] = []
    answers: list[str] = []
    for question in questions:
        through = RecordedModel(model, question, assembly.open_counter(), SqliteLedger(index), assembly.open_consents())
        for asked_model in (through, None):
            for piece in service.ask(index, question, 16_000, asked_model, CancellationToken()):
                if isinstance(piece, Pack):
                    packs.append(piece.text)
                elif isinstance(piece, Answer):
                    answers.append(repr(piece))
                    keep_answer(session, piece, 0)
    entries = [repr(entry) for entry in SqliteLedger(index).entries()]
    history = [file.read_text(encoding="utf-8") for file in (index / "answers").glob("*.json")]
    exported = [export_conversation(session, number, index / "talk.md") for number in range(1, len(history), 7)]
    return {
        "packs": packs,
        "prompts": [message.content for message in model.heard],
        "answers": answers,
        "ledger": [*entries, (index / "user.db").read_bytes().decode("latin-1")],
        "history": [*history, *exported],
    }


def failures(
    service: Service, index: Path, secrets: Sequence[Planted], files: dict[str, str], folder: Path
) -> dict[str, list[str]]:
    """What is told of failures that quote the source: error lines, the log, and the report of a crash."""
    folder.mkdir()
    errors: list[str] = []
    crashes: list[str] = []
    reports = Reports(folder)
    handler = logging.FileHandler(folder / "window.log")
    handler.setFormatter(RedactingFormatter("%(asctime)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        for secret in secrets:
            shown = lambda at=secret: service.show(index, f"{at.path}.nothing")  # noqa: E731
            packed = lambda at=secret: service.context(index, at.path, 5)  # noqa: E731
            for act in (shown, packed):
                try:
                    act()
                except CodestrataError as error:
                    errors.append(str(error))
            broken = ValueError(f"cannot read {secret.path}: {files[secret.path]}")
            errors.append(str(failed_inside("search", broken)))
            reports.take(ValueError, broken, None)
            crashes.append(reports.text())
            logging.getLogger("engine").warning("%s is no good: %r", secret.path, files[secret.path])
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    log = (folder / "window.log").read_text(encoding="utf-8")
    return {"errors": errors, "log": [log], "crash reports": crashes}


def leaks(secrets: Sequence[Planted], text: str) -> list[str]:
    """The secrets of which a part stands in a text, or in the text that JSON tells."""
    parts = [(secret, part) for secret in secrets for part in re.split(r"\\n|\n", secret.secret) if part]
    return [f"{secret.kind} of {secret.path}" for secret, part in parts if part in text or json.dumps(part)[1:-1] in text]


def is_fenced_and_flagged(service: Service, index: Path, path: str) -> bool:
    pack = service.context(index, f"{path.rpartition('/')[2].partition('.')[0]} {path}", 6_000)
    lines = pack.text.split("\n")
    for excerpt in pack.excerpts:
        if excerpt.path == path:
            at = next(number for number, line in enumerate(lines) if line.startswith(f"[{excerpt.n}] {path}:"))
            return WARNING in lines[at] and set(lines[at + 1]) == {"`"} and lines[at + 1] not in excerpt.text
    return False
