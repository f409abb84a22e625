"""The bookmarks of a project as a file beside its index: places a person has marked, with a note each.

The window keeps them; questions find the notes as evidence, from wherever they are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.fingerprint import digest_at
from core.model.conversation import KeptPlace, Note, NoteKind
from core.model.source import Place
from desktop.private_json import read_json, write_json

NAME = "bookmarks.json"
MOST = 5_000
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line (from 1) of a file, what it said when it was marked, and what the person says of it.

    `start` to `end` are the lines of the definition around it when the note was written, `digest` what they said
    (`core.fingerprint`); nothing where it was marked before notes were evidence.
    """

    path: str
    line: int
    text: str = ""
    note: str = ""
    start: int = 0
    end: int = 0
    digest: str = ""


def project_folder(data: Path, index: str | Path) -> Path:
    """The folder below `data`, that of the person's own files, for what belongs to the project of an index."""
    return data / "window" / Path(index).name


def read_bookmarks(file: Path) -> list[Bookmark]:
    """Those in a file; what is no bookmark is passed over."""
    stored = read_json(file)
    return [mark for entry in stored if (mark := _bookmark(entry))][:MOST] if isinstance(stored, list) else []


def write_bookmarks(file: Path, marks: Iterable[Bookmark]) -> bool:
    """Put them in the file's place; whether that could be done."""
    return write_json(file, [asdict(mark) for mark in marks])


def about(mark: Bookmark, lines: Sequence[str], start: int, end: int) -> Bookmark:
    """The bookmark with what its note is about: these lines of its file as they are now."""
    values = {**asdict(mark), "start": start, "end": end, "digest": digest_at(lines, start, end)}
    return Bookmark(**values)


def as_notes(marks: Iterable[Bookmark]) -> list[Note]:
    """The notes that bookmarks hold."""
    return [Note(NoteKind.NOTE, "", mark.note, (_kept(mark),)) for mark in marks if mark.note.strip()]


def _kept(mark: Bookmark) -> KeptPlace:
    if mark.digest and 1 <= mark.start <= mark.end:
        return KeptPlace(Place(mark.path, mark.start, mark.end), mark.digest)
    line = Place(mark.path, mark.line, mark.line)
    return KeptPlace(line, digest_at([mark.text], 1, 1)) if mark.text else KeptPlace(line, "")


def _bookmark(entry: object) -> Bookmark | None:
    """A bookmark as it was written; None for anything else."""
    if not isinstance(entry, dict) or set(entry) - {field.name for field in fields(Bookmark)}:
        return None
    numbers = [entry.get("line"), entry.get("start", 0), entry.get("end", 0)]
    path = entry.get("path")
    if not isinstance(path, str) or not all(isinstance(number, int) for number in numbers) or entry["line"] < 1:
        return None
    text, note, digest = (str(entry.get(name, "")) for name in ("text", "note", "digest"))
    return Bookmark(path, entry["line"], text, note, entry.get("start", 0), entry.get("end", 0), digest)
