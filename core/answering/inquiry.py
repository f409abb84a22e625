"""A question made ready: as it stands alone, with its ranking and what people want in the pack or out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.answering.follow_ups import stand_alone
from core.answering.notes import FoundNote, find_notes, note_passage, notes_section
from core.answering.statements import Section, Statement
from core.answering.tools import Rank
from core.answering.wording import lines_in_words
from core.context.passages import Passage, Texts
from core.context.redact import redact
from core.errors import UsageError
from core.model.context import ExcerptRole
from core.model.conversation import Background
from core.model.ranking import Hit, Ranking
from core.model.source import Place
from core.ports import IndexReader

_NOTED_HITS = 3
"""Hits whose notes are shown though their words are others."""
MAX_PINNED = 20
_OPENING = 120


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question as it was `asked` and as it is looked up."""

    asked: str
    question: str
    ranking: Ranking
    notes: tuple[FoundNote, ...]
    pinned: tuple[Passage, ...]
    removed: tuple[Place, ...]

    @property
    def understood(self) -> str:
        """The question as it is looked up where that is another than was asked, else nothing."""
        return self.question if self.question != self.asked else ""

    @property
    def wanted(self) -> list[Passage]:
        """What goes into a pack first."""
        return [*self.pinned, *map(note_passage, self.notes)]

    def wanted_sections(self, texts: Texts) -> list[Section]:
        """The same as parts of an answer without a model."""
        pinned = [_pinned_statement(passage, texts) for passage in self.pinned]
        return [*([Section("Pinned", tuple(pinned))] if pinned else []), *notes_section(self.notes)]


def inquire(asked: str, background: Background, rank: Rank, reader: IndexReader, texts: Texts) -> Inquiry:
    """Make a question ready. Raises UsageError for a pinned place that is not in the index."""
    question = stand_alone(asked, background.turns, reader)
    ranking = rank(question)
    removed = background.removed
    if removed:
        ranking = replace(ranking, hits=tuple(hit for hit in ranking.hits if not any(_touches(hit, out) for out in removed)))
    about = [Place(hit.path, hit.start_line, hit.end_line, hit.symbol) for hit in ranking.hits[:_NOTED_HITS]]
    notes = find_notes(question, background.notes, about, texts) if background.notes else []
    pinned = tuple(_pinned(place, reader, texts) for place in background.pinned[:MAX_PINNED])
    return Inquiry(asked, question, ranking, tuple(notes), pinned, removed)


def _touches(hit: Hit, place: Place) -> bool:
    """Whether a hit is nearly what was removed: a long hit that merely holds it is shown without it."""
    return hit.path == place.path and place.start_line <= hit.start_line and hit.end_line <= place.end_line


def _pinned(place: Place, reader: IndexReader, texts: Texts) -> Passage:
    if not any(file.path == place.path for file in reader.files()):
        raise UsageError(f"{place.path} cannot be pinned", "it is not in the index", "take the pin away, or index again")
    lines = texts.clamp(place.path, place.start_line, place.end_line)
    return Passage(place.path, (lines,), lines, place.symbol, ExcerptRole.HIT, "pinned", 1.0)


def _pinned_statement(passage: Passage, texts: Texts) -> Statement:
    # Redacted with what stands around: a line of a key says nothing of itself.
    lines, _ = redact(texts.lines(passage.path), passage.start_line, passage.end_line, passage.path)
    first = next((line.strip() for line in lines if any(map(str.isalnum, line))), "")
    said = first.replace("`", "")[:_OPENING]
    text = f"`{passage.path}`, {lines_in_words(passage.start_line, passage.end_line)}, is pinned"
    return Statement(f"{text}: `{said}`" if said else text, (passage,))
