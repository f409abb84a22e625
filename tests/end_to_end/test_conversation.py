"""Conversations, history, notes and deep questions through the command."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from core.cancellation import CancellationToken
from core.errors import UsageError
from desktop import assembly
from desktop.engine import methods
from tests.end_to_end.command import Run

QUESTION = "how is a parcel saved"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    folder = tmp_path_factory.mktemp("source") / "a project"
    shutil.copytree(sample, folder)
    return folder


@pytest.fixture(scope="module")
def built(run: Run, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a copy of the sample."""
    index = tmp_path_factory.mktemp("built") / "index"
    done = run("index", str(project), "--index", str(index), "--quiet")
    assert done.code == 0, done.err
    return index


@pytest.fixture
def index(built: Path, tmp_path: Path) -> list[str]:
    """The options that name such an index, which nobody has asked anything."""
    folder = tmp_path / f"index-{tmp_path.name}"
    shutil.copytree(built, folder)
    return ["--index", str(folder)]


def test_a_follow_up_is_answered_by_what_came_before(run: Run, index: list[str]) -> None:
    nothing = run("ask", "and who calls it?", "--continue", *index)
    assert nothing.code == 2
    assert "there is no conversation to continue" in nothing.err
    first = run("ask", "where is ParcelStore.save defined", *index, "--json").json
    assert (first["number"], first["conversation"], first["understood"]) == (1, 1, "")
    second = run("ask", "and who calls it?", "--continue", *index, "--json").json
    assert second["question"] == "and who calls it?"
    assert second["understood"] == "who calls `ParcelStore.save`?"
    assert (second["number"], second["conversation"]) == (2, 1)
    direct = run("ask", "who calls ParcelStore.save", *index, "--json").json
    assert direct["text"] == second["text"]
    assert direct["conversation"] == 3
    unrelated = run("ask", "and who calls it?", *index, "--json").json
    assert unrelated["understood"] == ""


def test_the_history_is_listed_searched_shown_exported_and_deleted(
    run: Run, index: list[str], project: Path, tmp_path: Path
) -> None:
    assert run("history", *index).code == 1
    first = run("ask", QUESTION, *index, "--json").json
    run("ask", "and who calls it?", "--continue", *index)
    run("ask", "how are prices computed", *index)
    listed = run("history", *index, "--json").json
    assert [entry["number"] for entry in listed] == [3, 2, 1]
    assert [entry["number"] for entry in run("history", "--search", "PRICES", *index, "--json").json] == [3]
    assert run("history", "--search", "submarine", *index).code == 1
    shown = run("history", "--show", "1", *index, "--json").json
    assert shown["answer"]["text"] == first["text"]
    assert shown["answer"]["pack"] == first["pack"]
    assert first["text"].splitlines()[0] in run("history", "--show", "1", *index).out

    folder = tmp_path / "notes here"
    folder.mkdir()
    file = folder / "talk.md"
    assert run("history", "--export", str(file), "--show", "1", *index).code == 0
    text = file.read_text()
    assert "## how is a parcel saved" in text
    assert "_Understood as: who calls" in text
    assert "prices" not in text
    links = re.findall(r"\]\(([^)]+)#L(\d+)-L(\d+)\)", text)
    assert len(links) > 10
    for path, start, end in links:
        target = (folder / unquote(path)).resolve()
        assert target.is_relative_to(project.resolve())
        assert 1 <= int(start) <= int(end) <= len(target.read_text().split("\n"))

    assert run("history", "--remove", "2", *index).code == 0
    assert [entry["number"] for entry in run("history", *index, "--json").json] == [3, 1]
    assert run("history", "--clear", *index).code == 0
    assert run("history", *index).code == 1


def test_what_is_asked_stays_when_the_index_is_built_anew(run: Run, index: list[str], project: Path) -> None:
    run("ask", QUESTION, *index)
    run("explain", *index)
    done = run("index", str(project), *index, "--rebuild", "--quiet")
    assert done.code == 0, done.err
    assert len(run("history", *index, "--json").json) == 1


def test_an_accepted_answer_and_a_note_are_evidence_until_their_code_changes(run: Run, sample: Path, tmp_path: Path) -> None:
    project, index = tmp_path / "changing", ["--index", str(tmp_path / "index-changing")]
    shutil.copytree(sample, project)
    assert run("index", str(project), *index, "--quiet").code == 0
    run("ask", QUESTION, *index)
    assert run("history", "--accept", "1", *index).code == 0
    assert run("note", "parcels/models.py:55", "Parcels are archived, never deleted", *index).code == 0
    assert run("note", *index, "--json").json == [
        {"path": "parcels/models.py", "line": 55, "note": "Parcels are archived, never deleted"}
    ]
    accepted = run("ask", "how is a parcel kept and saved", *index, "--json").json
    (excerpt,) = [excerpt for excerpt in accepted["pack"]["excerpts"] if excerpt["role"] == "note"]
    assert excerpt["n"] in {cited["n"] for cited in accepted["citations"]}
    noted = run("ask", "are parcels archived or deleted", *index, "--json").json
    assert "Parcels are archived, never deleted" in noted["text"]
    assert "stale" not in noted["text"]

    models = project / "parcels" / "models.py"
    lines = models.read_text().split("\n")
    models.write_text("\n".join(["# A line more.", *lines]))
    assert run("index", str(project), *index, "--quiet").code == 0
    moved = run("ask", "are parcels archived or deleted", *index, "--json").json
    assert "A note on `parcels/models.py`, line 56 says" in moved["text"]
    assert "stale" not in moved["text"]
    models.write_text("\n".join([*lines[:54], f"{lines[54]}  # changed", *lines[55:]]))
    assert run("index", str(project), *index, "--quiet").code == 0
    stale = run("ask", "are parcels archived or deleted", *index, "--json").json
    assert "(stale: what it is about has changed since)" in stale["text"]
    assert run("note", "parcels/models.py:55", "--remove", *index).code == 0
    assert "archived, never" not in run("ask", "are parcels archived or deleted", *index, "--json").json["text"]


def test_a_deep_question_tells_its_steps_and_cites_every_part(run: Run, index: list[str], project: Path) -> None:
    done = run("ask", "--deep", "how is a parcel saved and who is notified of delays?", *index, "--json")
    answer = done.json
    kinds = [step["kind"] for step in answer["steps"]]
    assert (kinds[0], kinds[-1]) == ("plan", "whole")
    parts = [step["question"] for step in answer["steps"] if step["kind"] == "part"]
    assert parts[:2] == ["how is a parcel saved?", "who is notified of delays?"]
    assert "part 1 of" in done.err
    assert all(sentence["citations"] for sentence in answer["sentences"])
    for cited in answer["citations"]:
        lines = (project / cited["path"]).read_text().split("\n")
        assert 1 <= cited["start_line"] <= cited["end_line"] <= len(lines)
    assert run("history", "--show", "1", *index, "--json").json["answer"]["steps"] == answer["steps"]


def test_pins_and_removals_choose_the_pack(run: Run, index: list[str]) -> None:
    pinned = run("ask", QUESTION, "--pin", "parcels/errors.py:1-5", *index, "--json").json
    assert any((e["path"], e["start_line"]) == ("parcels/errors.py", 1) for e in pinned["pack"]["excerpts"])
    plain = run("ask", QUESTION, *index, "--json").json
    out = plain["pack"]["excerpts"][0]
    place = f"{out['path']}:{out['start_line']}-{out['end_line']}"
    without = run("ask", QUESTION, "--without", place, *index, "--json").json
    assert without["pack"]["excerpts"]
    for excerpt in without["pack"]["excerpts"]:
        apart = excerpt["end_line"] < out["start_line"] or out["end_line"] < excerpt["start_line"]
        assert excerpt["path"] != out["path"] or apart


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "x", "--calls", "5"], "--calls and --tokens are for --deep"),
        (["ask", "x", "--deep", "--calls", "1"], "--calls"),
        (["ask", "x", "--pin", "nowhere.py"], "nowhere.py cannot be pinned"),
        (["ask", "x", "--pin", "a.py:9-3"], "is no place"),
        (["history", "--show", "77"], "there is no answer 77"),
        (["history", "--accept", "77"], "there is no answer 77"),
        (["history", "--accept", "1", "--clear"], "give one of"),
        (["history", "--export", "x.txt"], "x.txt"),
        (["history", "--export", "x.md"], "there is nothing to export"),
        (["note", "nowhere.py:1", "hm"], "nowhere.py"),
        (["note", "parcels/models.py:99999", "hm"], "lines"),
        (["note", "parcels/models.py:1"], "the note is empty"),
        (["note", "parcels/models.py:1", "--remove"], "there is no note"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(run: Run, index: list[str], arguments: list[str], told: str) -> None:
    done = run(*arguments, *index)
    assert done.code == 2
    assert told in done.err
    assert len(done.err.strip().split("\n")) == 1


def test_the_engine_answers_what_the_window_asks(index: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    settings = assembly.settings_for()
    answers = methods.query_methods(assembly.open_service(settings), settings)
    events: list[dict[str, Any]] = []

    def call(method: str, **params: Any) -> Any:
        return answers[method]({"index": index[1], **params}, events.append, CancellationToken())

    first = call("ask", question=QUESTION)
    assert (first["number"], first["conversation"], first["understood"]) == (1, 1, "")
    second = call("ask", question="and who calls it?", conversation=1)
    assert (second["number"], second["conversation"]) == (2, 1)
    assert second["understood"].startswith("who calls `")
    place = {"path": "parcels/errors.py", "start_line": 1, "end_line": 5}
    pinned = call("ask", question=QUESTION, pinned=[place], removed=[first["pack"]["excerpts"][0]])
    kept = [(excerpt["path"], excerpt["start_line"]) for excerpt in pinned["pack"]["excerpts"]]
    assert ("parcels/errors.py", 1) in kept
    assert (first["citations"][0]["path"], first["citations"][0]["start_line"]) not in kept

    events.clear()
    deep = call("ask", question="how is a parcel saved and who is notified of delays?", deep=True)
    steps = [event["step"] for event in events if event["event"] == "step"]
    assert steps == deep["steps"]
    assert [event["event"] for event in events[-2:]] == ["pack", "text"]

    listed = call("history")
    assert ([entry["number"] for entry in listed["answers"]], listed["problems"]) == ([4, 3, 2, 1], [])
    assert [entry["number"] for entry in call("history", search="notified")["answers"]] == [4]
    opened = call("history_answer", number=2)
    assert (opened["conversation"], opened["answer"]["text"]) == (1, second["text"])
    assert call("history_accept", number=1)["accepted"] is True
    assert any(e["role"] == "note" for e in call("ask", question="how is a parcel kept and saved")["pack"]["excerpts"])
    assert call("history_accept", number=1, accepted=False)["accepted"] is False
    saved = call("history_export", conversation=1, file=str(tmp_path / "talk.md"))
    assert (tmp_path / "talk.md").stat().st_size == saved["bytes"]
    assert call("history_remove", number=2) == {"removed": 1}
    assert call("history_remove") == {"removed": 4}
    assert call("history")["answers"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"pinned": "x"},
        {"pinned": [1]},
        {"pinned": [{"path": "a", "start_line": 3, "end_line": 1}]},
        {"removed": [{"path": 1}]},
        {"pinned": [{"path": "nowhere.py", "start_line": 1, "end_line": 1}]},
        {"conversation": "one"},
        {"conversation": -1},
        {"deep": "yes"},
        {"deep": True, "calls": 1},
        {"deep": True, "tokens": 3},
    ],
)
def test_a_mistake_of_a_client_is_told_to_it(built: Path, params: dict[str, Any]) -> None:
    settings = assembly.settings_for()
    ask = methods.query_methods(assembly.open_service(settings), settings)["ask"]
    with pytest.raises(UsageError):
        ask({"index": str(built), "question": QUESTION, **params}, lambda _event: None, CancellationToken())
