"""The history of a project: every answer in a file of its own, and an index of them, in a folder beside the index.

    answers/index.json     what was asked when, what it cited, which were accepted: all that lists and follow-ups need
    answers/000017.json    the same of one answer, with the answer itself

Nothing is lost silently. A damaged index is moved aside and made again from the records; a damaged record is told, and
kept. Only the oldest answers go, once there are more than `MOST`, and never one that was accepted. Questions and texts are
redacted before they are written. No rebuild of the index touches the folder.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from core.context.redact import redact_text
from core.errors import BrokenIndexError, UsageError
from core.model.conversation import KeptPlace, Note, NoteKind, Turn
from core.model.source import Place
from desktop.private_json import write_json
from indexing.stores.maintenance import ANSWERS_FOLDER

MOST = 500
"""Answers that are kept."""
MAX_TEXT = 2_500
"""Characters of an answer that the index holds."""
MAX_PLACES = 30
MAX_TURNS = 24
"""Turns of a conversation that a follow-up looks back on."""
_INDEX = "index.json"
_FORMAT = 1
_LOCK_SECONDS = 10.0
_log = logging.getLogger(__name__)

Json = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An answer as the index has it. `conversation` is the number of its first answer; `when` is in seconds since the
    epoch; `kept` are the places it cites, as they then were."""

    number: int
    conversation: int
    when: float
    provider: str
    model: str
    turn: Turn
    kept: tuple[KeptPlace, ...]
    accepted: bool = False


class AnswerLog:
    """The history of the index in `folder`; threads and processes may share it. `problems` tells what was found damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / ANSWERS_FOLDER
        self._kept: tuple[tuple[int, int], list[LoggedAnswer]] | None = None
        self.problems: list[str] = []

    def add(self, turn: Turn, kept: Sequence[KeptPlace], answer: Json, conversation: int = 0) -> LoggedAnswer:
        """Keep an answer, in a conversation or as the first of one. Raises BrokenIndexError where it cannot be kept."""
        turn = replace(
            turn,
            question=redact_text(turn.question)[0],
            understood=redact_text(turn.understood)[0],
            text=redact_text(turn.text)[0][:MAX_TEXT],
            places=turn.places[:MAX_PLACES],
        )

        def put(entries: list[LoggedAnswer]) -> LoggedAnswer:
            number = max((entry.number for entry in entries), default=0) + 1
            number = max(number, max((int(file.stem) for file in self._records()), default=0) + 1)
            new = LoggedAnswer(
                number,
                conversation or number,
                time.time(),
                str(answer["provider"]),
                str(answer["model"]),
                turn,
                tuple(kept[:MAX_PLACES]),
            )
            self._write(self._file_of(number), {"format": _FORMAT, "entry": asdict(new), "answer": _redacted(answer)})
            entries.append(new)
            for old in [entry for entry in entries if not entry.accepted][: max(0, len(entries) - MOST)]:
                entries.remove(old)
                self._file_of(old.number).unlink(missing_ok=True)
            return new

        return self._changing(put)

    def entries(self) -> list[LoggedAnswer]:
        """All of them, the latest first."""
        return list(reversed(self._read_index())) if self._folder.is_dir() else []

    def search(self, words: str, limit: int = MOST) -> list[LoggedAnswer]:
        """Those whose question or text holds every one of the words, the latest first."""
        wanted = words.lower().split()
        found = (entry for entry in self.entries() if all(word in _searched(entry) for word in wanted))
        return [entry for entry, _ in zip(found, range(limit), strict=False)]

    def find(self, number: int) -> LoggedAnswer:
        """One of them; UsageError where there is none of that number."""
        for entry in self.entries():
            if entry.number == number:
                return entry
        raise UsageError(f"there is no answer {number}", "", "see 'codestrata history' for those that are kept")

    def answer(self, number: int) -> Json:
        """The whole answer as it was given. Raises UsageError where there is none, BrokenIndexError for a damaged record."""
        self.find(number)
        file = self._file_of(number)
        try:
            answer = json.loads(file.read_text("utf-8"))["answer"]
            if not isinstance(answer, dict):
                raise ValueError("it holds no answer")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BrokenIndexError(f"answer {number} cannot be read", f"{file}: {error}", "the others can") from None
        return answer

    def conversation(self, number: int) -> list[LoggedAnswer]:
        """The answers of one conversation, the first first; the last `MAX_TURNS`."""
        return [entry for entry in self._read_index() if entry.conversation == number][-MAX_TURNS:] if number else []

    def last_conversation(self) -> int:
        """The number of the conversation of the latest answer; 0 where there is none."""
        return next((entry.conversation for entry in self.entries()), 0)

    def accept(self, number: int, *, accepted: bool) -> LoggedAnswer:
        """Mark an answer as right, or no longer. UsageError where there is none of that number."""

        def mark(entries: list[LoggedAnswer]) -> LoggedAnswer:
            for place, entry in enumerate(entries):
                if entry.number == number:
                    entries[place] = replace(entry, accepted=accepted)
                    record = {"format": _FORMAT, "entry": asdict(entries[place]), "answer": self.answer(number)}
                    self._write(self._file_of(number), record)
                    return entries[place]
            raise UsageError(f"there is no answer {number}", "", "see 'codestrata history' for those that are kept")

        return self._changing(mark)

    def remove(self, number: int | None = None) -> int:
        """Delete an answer, or all; returns how many are gone."""
        if number is not None:
            self.find(number)

        def drop(entries: list[LoggedAnswer]) -> int:
            gone = [entry for entry in entries if number in (None, entry.number)]
            for entry in gone:
                self._file_of(entry.number).unlink(missing_ok=True)
                entries.remove(entry)
            return len(gone)

        return self._changing(drop) if self._folder.is_dir() else 0

    def accepted_notes(self) -> list[Note]:
        """The accepted answers as evidence for later questions, the latest first; those that cited nothing are none."""
        return [
            Note(NoteKind.ANSWER, entry.turn.question, entry.turn.text, entry.kept)
            for entry in self.entries()
            if entry.accepted and entry.kept
        ]

    def _changing(self, change: Callable[[list[LoggedAnswer]], Result]) -> Result:
        """Change the list of entries, alone among processes."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with FileLock(self._folder / ".lock", timeout=_LOCK_SECONDS):
                entries = self._read_index()
                result = change(entries)
                self._write(self._folder / _INDEX, {"format": _FORMAT, "entries": [asdict(entry) for entry in entries]})
                return result
        except (OSError, Timeout) as error:
            why = "another process holds it" if isinstance(error, Timeout) else error.strerror or str(error)
            raise BrokenIndexError(f"{self._folder} cannot be written", why, "see to that, then ask again") from None

    def _write(self, file: Path, value: Json) -> None:
        if not write_json(file, value):
            raise BrokenIndexError(f"{file} cannot be written", "the system refused", "see to its folder, then ask again")

    def _read_index(self) -> list[LoggedAnswer]:
        """The entries, the oldest first; a damaged index is moved aside and made again from the records."""
        file = self._folder / _INDEX
        try:
            status = file.stat()
            stamp = (status.st_mtime_ns, status.st_ino)  # it is replaced whole
            if self._kept is None or self._kept[0] != stamp:
                stored = json.loads(file.read_text("utf-8"))
                self._kept = (stamp, [_entry(entry) for entry in stored["entries"]])
            return list(self._kept[1])
        except FileNotFoundError:
            return self._from_records() if self._folder.is_dir() else []
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            aside = self._aside(file)
            self._tell(
                f"the index of answers was damaged ({error}); it is kept as {aside.name} and made again from the records"
            )
            with contextlib.suppress(OSError):
                file.replace(aside)
            entries = self._from_records()
            write_json(file, {"format": _FORMAT, "entries": [asdict(entry) for entry in entries]})
            return entries

    def _from_records(self) -> list[LoggedAnswer]:
        found: list[LoggedAnswer] = []
        for file in self._records():
            try:
                found.append(_entry(json.loads(file.read_text("utf-8"))["entry"]))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                self._tell(f"{file.name} is damaged and left as it is: {error}")
        return found

    def _records(self) -> Iterator[Path]:
        return iter(sorted(file for file in self._folder.glob("*.json") if file.stem.isdecimal() and len(file.stem) < 12))

    def _aside(self, file: Path) -> Path:
        taken = sum(1 for _ in self._folder.glob(f"{file.name}.damaged*"))
        return file.with_name(f"{file.name}.damaged{taken + 1}")

    def _file_of(self, number: int) -> Path:
        return self._folder / f"{number:06}.json"

    def _tell(self, problem: str) -> None:
        if problem not in self.problems:
            _log.warning(problem)
            self.problems.append(problem)


def _searched(entry: LoggedAnswer) -> str:
    return f"{entry.turn.question}\n{entry.turn.understood}\n{entry.turn.text}".lower()


def _entry(stored: Mapping[str, Any]) -> LoggedAnswer:
    """An entry as it was written; KeyError, TypeError or ValueError for anything else."""
    turn = stored["turn"]
    return LoggedAnswer(
        int(stored["number"]),
        int(stored["conversation"]),
        float(stored["when"]),
        str(stored["provider"]),
        str(stored["model"]),
        Turn(
            str(turn["question"]),
            str(turn["understood"]),
            str(turn["text"]),
            tuple(_place(place) for place in turn["places"]),
        ),
        tuple(KeptPlace(_place(kept["place"]), str(kept["digest"])) for kept in stored["kept"]),
        bool(stored["accepted"]),
    )


def _place(stored: Mapping[str, Any]) -> Place:
    return Place(str(stored["path"]), int(stored["start_line"]), int(stored["end_line"]), str(stored["symbol"]))


def _redacted(answer: Json) -> Json:
    """An answer without what looks like a secret in what people and models wrote; packs are redacted already."""
    texts: Json = {name: redact_text(str(answer[name]))[0] for name in ("question", "understood", "text") if name in answer}
    sentences = [{**sentence, "text": redact_text(sentence["text"])[0]} for sentence in answer["sentences"]]
    pack = {**answer["pack"], "question": redact_text(answer["pack"]["question"])[0]}
    return {**answer, **texts, "sentences": sentences, "pack": pack}
