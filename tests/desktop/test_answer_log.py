"""The history of a project: kept, found, bounded, and nothing lost silently."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from core.errors import BrokenIndexError, UsageError
from core.model.conversation import KeptPlace, NoteKind, Turn
from core.model.source import Place
from desktop import answer_log
from desktop.answer_log import AnswerLog

PLACE = Place("a.py", 1, 2, "a.f")
SECRET = "AKIA" + "QZ3M7XK2" * 2


def answer(text: str) -> dict[str, object]:
    return {
        "question": text,
        "provider": "",
        "model": "",
        "text": text,
        "understood": "",
        "citations": [{"n": 1, "path": "a.py", "start_line": 1, "end_line": 2}],
        "sentences": [{"text": text, "citations": [1], "supported": True}],
        "pack": {"question": text, "text": "", "excerpts": []},
        "sent_to": None,
    }


def add(log: AnswerLog, question: str, conversation: int = 0) -> int:
    turn = Turn(question, question, f"It is {question}.", (PLACE,))
    return log.add(turn, [KeptPlace(PLACE, "digest")], answer(question), conversation).number


def test_answers_are_kept_by_conversation_and_found_by_words(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path)
    assert (log.entries(), log.last_conversation(), log.search("x")) == ([], 0, [])
    assert not (tmp_path / "answers").exists()
    first = add(log, "how is a parcel saved")
    second = add(log, "who calls it", first)
    third = add(log, "where is the till")
    assert (first, second, third) == (1, 2, 3)
    again = AnswerLog(tmp_path)
    assert [entry.number for entry in again.entries()] == [3, 2, 1]
    assert [entry.turn.question for entry in again.conversation(first)] == ["how is a parcel saved", "who calls it"]
    assert again.last_conversation() == third
    assert [entry.number for entry in again.search("PARCEL saved")] == [1]
    assert again.search("parcel till") == []
    assert again.answer(2)["text"] == "who calls it"
    assert again.find(1).turn.places == (PLACE,)
    with pytest.raises(UsageError, match="no answer 9"):
        again.answer(9)


def test_the_oldest_go_when_there_are_too_many_but_never_an_accepted_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_log, "MOST", 5)
    log = AnswerLog(tmp_path)
    add(log, "number 0")
    log.accept(1, accepted=True)
    for n in range(1, 10):
        add(log, f"number {n}")
    assert [entry.number for entry in log.entries()] == [10, 9, 8, 7, 1]
    assert len(list((tmp_path / "answers").glob("0*.json"))) == 5


def test_an_accepted_answer_is_a_note_until_it_is_taken_back(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path)
    add(log, "how is a parcel saved")
    assert log.accepted_notes() == []
    log.accept(1, accepted=True)
    (note,) = AnswerLog(tmp_path).accepted_notes()
    assert (note.kind, note.title, note.places) == (
        NoteKind.ANSWER,
        "how is a parcel saved",
        (KeptPlace(PLACE, "digest"),),
    )
    log.accept(1, accepted=False)
    assert log.accepted_notes() == []
    with pytest.raises(UsageError, match="no answer 4"):
        log.accept(4, accepted=True)


@pytest.mark.parametrize("damage", ["{", '{"entries": [{}]}', "[]", '{"entries": 7}', "\x00", '"x"'])
def test_a_damaged_index_is_kept_told_and_made_again(tmp_path: Path, damage: str) -> None:
    log = AnswerLog(tmp_path)
    add(log, "one")
    add(log, "two")
    log.accept(2, accepted=True)
    index = tmp_path / "answers" / "index.json"
    index.write_text(damage)
    log = AnswerLog(tmp_path)
    assert [(entry.number, entry.accepted) for entry in log.entries()] == [(2, True), (1, False)]
    (problem,) = log.problems
    assert "index.json.damaged1" in problem
    assert (tmp_path / "answers" / "index.json.damaged1").read_text() == damage
    assert json.loads(index.read_text())["entries"]
    assert AnswerLog(tmp_path).problems == []
    assert add(log, "three") == 3


def test_a_lost_index_is_made_again(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path)
    add(log, "one")
    (tmp_path / "answers" / "index.json").unlink()
    assert [entry.turn.question for entry in AnswerLog(tmp_path).entries()] == ["one"]
    assert add(AnswerLog(tmp_path), "two") == 2


def test_a_damaged_record_is_told_and_left_and_its_number_is_not_taken(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path)
    add(log, "one")
    add(log, "two")
    record = tmp_path / "answers" / "000002.json"
    record.write_text("{broken")
    with pytest.raises(BrokenIndexError, match="answer 2 cannot be read"):
        log.answer(2)
    (tmp_path / "answers" / "index.json").write_text("broken")
    log = AnswerLog(tmp_path)
    assert [entry.number for entry in log.entries()] == [1]
    assert any("000002.json is damaged" in problem for problem in log.problems)
    assert add(log, "three") == 3
    assert record.read_text() == "{broken"


def test_answers_are_deleted_by_number_and_all(tmp_path: Path) -> None:
    log = AnswerLog(tmp_path)
    assert log.remove() == 0
    for n in range(3):
        add(log, f"number {n}")
    assert log.remove(2) == 1
    with pytest.raises(UsageError):
        log.remove(2)
    assert log.remove() == 2
    assert not list((tmp_path / "answers").glob("0*.json"))


def test_no_secret_is_written(tmp_path: Path) -> None:
    add(AnswerLog(tmp_path), f"where is {SECRET} used")
    written = "".join(file.read_text() for file in (tmp_path / "answers").glob("*.json"))
    assert SECRET not in written
    assert "[redacted" in written


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file is in the way")
    with pytest.raises(BrokenIndexError, match="cannot be written"):
        add(AnswerLog(tmp_path), "one")


def _add_some(folder: str) -> None:
    for n in range(5):
        add(AnswerLog(Path(folder)), f"number {n}")


def test_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_add_some, args=(str(tmp_path),)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
        assert other.exitcode == 0
    assert sorted(entry.number for entry in AnswerLog(tmp_path).entries()) == list(range(1, 11))
