"""`codestrata needle --provider` against a server of OpenAI's protocol that reads the two ends of a prompt alone."""

from __future__ import annotations

import email
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from indexing.needles.templates import NAME, needles
from tests.desktop.adapters.model_servers import OPENAI, Handler, Server, serving
from tests.end_to_end.command import Run

READ = 6_000
"""Characters at each end of a prompt that the server looks at."""


def read_the_ends(handler: Handler) -> None:
    """Says what fact it is asked for, where it stands in the part that is looked at."""
    content = handler.server.requests[-1][2]["messages"][-1]["content"]
    seen = " ".join((content[:READ] + content[-READ:]).replace("# ", " ").split())
    for needle in needles():
        if needle.ask and needle.ask in content:
            told = max(needle.text.split(NAME), key=len).strip(" ,;.:")[:40]
            handler.stream([f"It is {needle.answer[0]} [1]." if told in seen else "The excerpts do not say."])
            return
    handler.stream(["What?"])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The packages `json` and `email`, indexed."""
    root = tmp_path_factory.mktemp("library") / "source"
    for module in (json, email):
        folder = Path(module.__file__).parent
        shutil.copytree(folder, root / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    assert run("index", str(root), "--quiet").code == 0
    return root


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(OPENAI) as running:
        running.behave = read_the_ends
        yield running


def options(server: Server) -> list[str]:
    return ["--provider", "openai-like", "--base-url", server.url, "--model", "tiny"]


def test_a_pack_is_compared_with_stuffed_prompts_of_every_length(
    run: Run, source: Path, server: Server, tmp_path: Path
) -> None:
    picture = tmp_path / "grid.svg"
    arguments = ["--sizes", "0.1,0.3", "--depths", "3", "--window", "20000", "--lengths", "4000,20000", "--budget", "1500"]
    done = run("needle", str(source), *options(server), *arguments, "--json", "-o", str(picture))
    assert done.code == 0, done.err
    asked = done.json["asked"]
    assert (asked["model"], asked["window"]) == ("tiny", 20_000)
    columns = {(column["way"], column["size_mb"], column["length"]): column for column in asked["columns"]}
    assert [key[0] for key in columns] == ["pack", "pack", "stuffed", "stuffed"]
    assert {key[2] for key in columns if key[0] == "stuffed"} == {4_000, 20_000}
    assert all(column["of"] == 3 for column in columns.values())
    assert len(server.chats()) == len(asked["trials"]) == 12
    for trial in asked["trials"]:
        if trial["way"] == "pack":
            assert trial["right"] == trial["holds_fact"]
            assert trial["error"] == ""
    # It reads the ends alone: of the longest prompts the one with the fact in the middle is answered wrongly.
    longest = {t["depth"]: t["right"] for t in asked["trials"] if t["length"] == 20_000}
    assert longest[0.5] is False
    assert sum(column["right"] for key, column in columns.items() if key[0] == "pack") >= 5
    texts = {"".join(item.itertext()) for item in ElementTree.parse(tmp_path / "grid-answers.svg").iter()}
    assert {"right", "wrong", "stuffed", "20 k tokens"} <= {text.strip() for text in texts}
    ledger = run("ledger", "--source", str(source), "--json").json
    assert len(ledger) == 12
    assert {entry["question"] for entry in ledger} <= {needle.ask for needle in needles()}


def test_what_is_told_to_a_person(run: Run, source: Path, server: Server) -> None:
    arguments = ["--sizes", "0.1", "--depths", "1", "--window", "8000", "--lengths", "4000", "--budget", "1500"]
    done = run("needle", str(source), *options(server), *arguments)
    assert done.code == 0, done.err
    assert "tiny: right answers, by depth and prompt" in done.out
    assert "2 requests to tiny at this machine" in done.err
    for row in ("right", "tokens", "time", "cost"):
        assert any(line.strip().startswith(row) for line in done.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--model", "unheard-of"], "the window of the model is not known"),
        (["--window", "8000", "--lengths", "9000"], "'9000' is no length"),
        (["--window", "8000", "--lengths", "x"], "'x' is no length"),
        (["--window", "100000", "--tokens", "5000"], "LLM tokens would be sent"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_measured(
    run: Run, source: Path, server: Server, arguments: list[str], told: str
) -> None:
    done = run("needle", str(source), *options(server), "--depths", "3", *arguments)
    assert done.code == 2
    assert told in done.err
    assert not server.chats()


def test_without_a_provider_its_options_are_refused_and_without_an_index_it_is_told(
    run: Run, source: Path, server: Server, tmp_path: Path
) -> None:
    assert "no model is asked" in run("needle", str(source), "--window", "8000").err
    other = tmp_path / "other"
    shutil.copytree(source / "json", other)
    done = run("needle", str(other), *options(server), "--window", "8000", "--depths", "1")
    assert (done.code, server.chats()) == (2, [])
    assert "is not indexed" in done.err
