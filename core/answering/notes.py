"""A person's notes and accepted answers as evidence: which of them speak of a question, and whether they are still true.

A note is *stale* when the code it is about no longer says what it said, wherever in its file that may stand now. A stale
note is shown as one, never left out: that somebody once thought so may matter, and hiding it would lose it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.answering.statements import Section, Statement
from core.answering.wording import lines_in_words
from core.context.passages import Passage, Texts
from core.context.question import question_terms
from core.errors import CodestrataError
from core.fingerprint import find_again
from core.model.context import ExcerptRole
from core.model.conversation import KeptPlace, Note, NoteKind
from core.model.source import Place
from core.retrieval.words import spaced_terms

MAX_NOTES = 4
"""Notes that one pack holds."""
MAX_LOOKED_AT = 5_000
_LEAST_SHARE = 0.5
"""Of the question's terms that a note has to speak of."""
_NAMED = 6
"""Places whose names count among the words of a note."""
_SAID = 240
"""Characters of a note that an answer quotes."""
_LONGEST = 600
"""Characters of a note in a pack."""
_VALUE = 0.8
_SENTENCE_END = re.compile(r"[.!?]\s+")
"""Put otherwise in a quotation, which is to stay one sentence with one citation."""
_CITATION = re.compile(r"\[(\d[\d,;–\s-]*)\]")


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note that speaks of a question: where its first place stands now, and what it is about that has changed."""

    note: Note
    place: Place
    changed: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether anything it is about has changed or is gone."""
        return bool(self.changed)


def find_notes(question: str, notes: Sequence[Note], places: Sequence[Place], texts: Texts) -> list[FoundNote]:
    """The notes that speak of the question in words, or stand on what it is about (`places`), the closest first."""
    terms = question_terms(question)
    scored: list[tuple[float, int, Note]] = []
    for number, note in enumerate(notes[:MAX_LOOKED_AT]):
        names = " ".join(kept.place.symbol for kept in note.places[:_NAMED])
        said = set(spaced_terms(f"{note.title} {note.text[:_LONGEST]} {names}").split())
        share = len(terms & said) / len(terms) if terms else 0.0
        on_it = note.kind is NoteKind.NOTE and any(_touches(note.places[0].place, place) for place in places)
        if share >= _LEAST_SHARE or on_it:
            scored.append((-(share + on_it), -number, note))
    scored.sort(key=lambda entry: entry[:2])
    return [found for *_, note in scored[:MAX_NOTES] if (found := _found(note, texts)) is not None]


def note_passage(found: FoundNote) -> Passage:
    """The passage that shows a note at the place it is about."""
    place = found.place
    lines = (place.start_line, place.end_line)
    why = f"{_told(found.note)} of a person{', stale' if found.stale else ''}"
    return Passage(place.path, (lines,), lines, place.symbol, ExcerptRole.NOTE, why, _VALUE, outline=_outline(found))


def notes_section(found: Sequence[FoundNote]) -> list[Section]:
    """What notes say, each cited; nothing where there is none."""
    statements = []
    for each in found:
        place = each.place
        where = f"`{place.path}`, {lines_in_words(place.start_line, place.end_line)}"
        said = _SENTENCE_END.sub("; ", _quoted(each.note, _SAID))
        if each.note.kind is NoteKind.ANSWER:
            text = f"An answer accepted before, to “{_bare(each.note.title)}”, begins: “{said}”"
        else:
            text = f"A note on {where} says: “{said}”"
        if each.stale:
            text += " (stale: what it is about has changed since)"
        statements.append(Statement(text, (note_passage(each),)))
    return [Section("Noted by people", tuple(statements))] if statements else []


def _found(note: Note, texts: Texts) -> FoundNote | None:
    """A note with where it stands now; None where its file is no longer in the index."""
    now: list[Place] = []
    changed: list[str] = []
    for kept in note.places:
        place, holds = _stands(kept, texts)
        if place is not None:
            now.append(place)
        if not holds:
            changed.append(kept.place.path)
    return FoundNote(note, now[0], tuple(dict.fromkeys(changed))) if now else None


def _stands(kept: KeptPlace, texts: Texts) -> tuple[Place | None, bool]:
    """Where a place stands now, and whether it says what it said; None where its file is gone."""
    place = kept.place
    try:
        lines = texts.lines(place.path)
    except CodestrataError:
        return None, False
    again = find_again(lines, place.start_line, place.end_line, kept.digest)
    start, end = again or texts.clamp(place.path, place.start_line, place.end_line)
    return Place(place.path, start, end, place.symbol), again is not None


def _outline(found: FoundNote) -> str:
    note = found.note
    head = f"{_told(note).capitalize()} of a person, not code"
    if found.stale:
        head += f"; stale, since this has changed: {', '.join(found.changed[:3])}"
    asked = [f"Question: {_bare(note.title)}"] if note.title else []
    return "\n".join([head, *asked, _quoted(note, _LONGEST)])


def _told(note: Note) -> str:
    return "accepted answer" if note.kind is NoteKind.ANSWER else "note"


def _quoted(note: Note, longest: int) -> str:
    said = _bare(note.text)
    return said if len(said) <= longest else f"{said[:longest].rsplit(' ', 1)[0]} …"


def _bare(text: str) -> str:
    """On one line, without what would end the quotation or be taken for a citation."""
    return " ".join(_CITATION.sub(r"(\1)", text).replace("“", "'").replace("”", "'").split()).rstrip(".")


def _touches(one: Place, other: Place) -> bool:
    return one.path == other.path and one.start_line <= other.end_line and other.start_line <= one.end_line
