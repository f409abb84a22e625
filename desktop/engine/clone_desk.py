"""What a view of clones asks: a page of classes, one class with what was chosen for it, a copy beside what represents it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from core.errors import UsageError
from core.model.clone import CloneClass, CloneMember, CloneType, FoldingSummary, ListedClass
from core.model.source import Place
from core.paths import glob_matcher
from desktop.engine.highlight import Span, highlight
from desktop.engine.session import IndexSession
from indexing.folding.aligning import Row, RowKind, align, words_of
from indexing.stores.choices import Chosen, fold_choices
from indexing.stores.sqlite.reader import SnapshotReader

MOST_CLASSES = 200
MOST_MEMBERS = 500
"""Members of a page of one class; a copied licence header can have thousands."""
MOST_LINES = 2_000
"""Lines of each side of a comparison."""
LONGEST_LINE = 1_000
_Record = TypeVar("_Record")


class Treatment(StrEnum):
    """Which classes are listed by what was done with their copies."""

    ANY = ""
    FOLDED = "folded"
    ALIKE = "alike"
    """No copy is folded: they are kept apart, or only suggested."""
    UNFOLDED = "unfolded"
    """A person chose so."""


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """Which classes are listed; a type of 0 admits all, `path` is a glob that a member's path has to answer to."""

    type: int = 0
    min_similarity: float = 0.0
    path: str = ""
    treatment: Treatment = Treatment.ANY

    def __post_init__(self) -> None:
        if self.type and self.type not in set(CloneType):
            raise UsageError(f"there are no clones of type {self.type}", "", "choose 1, 2 or 3, or 0 for all")
        if not 0.0 <= self.min_similarity <= 1.0:
            raise UsageError(f"{self.min_similarity} is no similarity", "", "give a number between 0 and 1")


@dataclass(frozen=True, slots=True)
class ClassPage:
    """Some of the classes that a filter admits, with the place that represents each; `total`, `copies` and `bytes_saved`
    are of all that it admits, `types` counts these by type."""

    offset: int
    total: int
    copies: int
    bytes_saved: int
    types: Mapping[int, int]
    classes: tuple[tuple[ListedClass, Place], ...]
    folding: FoldingSummary


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class, a page of its members from `offset`, and what a person chose for definitions by (path, qualified name)."""

    found: CloneClass
    offset: int
    members: tuple[CloneMember, ...]
    choices: Chosen


@dataclass(frozen=True, slots=True)
class DiffSide:
    """One of two definitions: its lines, shortened where they are very long, and their colours."""

    place: Place
    language: str
    lines: tuple[str, ...]
    highlights: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class CloneDiff:
    """A member beside the representative; `cut` where not all their lines are here."""

    member: CloneMember
    left: DiffSide
    right: DiffSide
    rows: tuple[Row, ...]
    cut: bool

    def counts(self) -> dict[str, int]:
        """Rows by kind."""
        counted = Counter(row.kind for row in self.rows)
        return {str(kind): counted[kind] for kind in RowKind}


def list_classes(session: IndexSession, chosen: ClassFilter, offset: int, limit: int) -> ClassPage:
    """A page of the classes that a filter admits, what saves most first."""
    reader = session.reader
    admitted = [found for found in reader.listed_classes() if _admits(chosen, found)]
    if chosen.path:
        matches = glob_matcher(chosen.path)
        admitted = [found for found in admitted if any(map(matches, reader.paths_of_class(found.id)))]
    shown = _page(admitted, offset, limit, MOST_CLASSES)
    places = {made.id: made.representative.place for made in reader.clone_classes_by_id([found.id for found in shown])}
    return ClassPage(
        offset,
        len(admitted),
        sum(found.copies for found in admitted),
        sum(found.bytes_saved for found in admitted),
        Counter(int(found.type) for found in admitted),
        tuple((found, places[found.id]) for found in shown if found.id in places),
        reader.folding(),
    )


def show_class(
    session: IndexSession, path: str, line: int, offset: int = 0, limit: int = 100, class_id: int = 0
) -> ClassView:
    """The class of the definition at a place, with a page of its members; where it is in several, the one of `class_id`,
    else the one that saves most. UsageError where nothing there is in a class."""
    found = class_at(session.reader, path, line, class_id)
    members = _page(found.members, offset, limit, MOST_MEMBERS)
    return ClassView(found, offset, tuple(members), fold_choices(session.folder))


def class_at(reader: SnapshotReader, path: str, line: int, class_id: int = 0) -> CloneClass:
    """See `show_class`."""
    around = [chunk.id for chunk in reader.chunks_of(path) if chunk.span.start_line <= line <= chunk.span.end_line]
    classes = {found.id: found for group in reader.classes_of(around[::-1]).values() for found in group}
    if not classes:
        raise UsageError(f"nothing is like the code at {path}:{line}", "", "see 'codestrata clones' for what is alike")
    return classes.get(class_id) or min(
        classes.values(), key=lambda found: (_length(found, path, line), -found.bytes_saved, found.id)
    )


def show_diff(session: IndexSession, path: str, line: int, class_id: int = 0) -> CloneDiff:
    """The copy at a place beside the representative of its class; of the representative itself, its first copy."""
    found = class_at(session.reader, path, line, class_id)
    member = _member_at(found, path, line) or found.members[0]
    left, cut_left = _side(session.reader, found.representative.place)
    right, cut_right = _side(session.reader, member.place)
    words = [words_of(side.lines, side.highlights, side.language) for side in (left, right)]
    rows = align(words[0], words[1], member.difference.renamed)
    return CloneDiff(member, left, right, tuple(rows), cut_left or cut_right)


def _admits(chosen: ClassFilter, found: ListedClass) -> bool:
    by_treatment = {
        Treatment.ANY: True,
        Treatment.FOLDED: found.folded > 0,
        Treatment.ALIKE: found.folded == 0,
        Treatment.UNFOLDED: found.unfolded > 0,
    }[chosen.treatment]
    return by_treatment and chosen.type in (0, found.type) and found.similarity >= chosen.min_similarity


def _page(records: Sequence[_Record], offset: int, limit: int, most: int) -> Sequence[_Record]:
    if offset < 0 or limit < 1:
        raise UsageError(f"there is no page of {limit} from {offset}", "", "ask from 0 on for at least 1")
    return records[offset : offset + min(limit, most)]


def _length(found: CloneClass, path: str, line: int) -> int:
    """Lines of the innermost member around a place."""
    places = [member.place for member in (found.representative, *found.members)]
    return min((place.end_line - place.start_line for place in places if _holds(place, path, line)), default=1_000_000_000)


def _member_at(found: CloneClass, path: str, line: int) -> CloneMember | None:
    around = [member for member in found.members if _holds(member.place, path, line)]
    return min(around, key=lambda member: member.place.end_line - member.place.start_line, default=None)


def _holds(place: Place, path: str, line: int) -> bool:
    return place.path == path and place.start_line <= line <= place.end_line


def _side(reader: SnapshotReader, place: Place) -> tuple[DiffSide, bool]:
    """The lines of a place and whether some are left out."""
    text = reader.text(place.path)
    language = reader.language(place.path)
    last = min(place.end_line, place.start_line + MOST_LINES - 1)
    chosen = slice(place.start_line - 1, last)
    lines = text.split("\n")[chosen]
    colours = highlight(text, language)[chosen]
    cut = last < place.end_line or any(len(line) > LONGEST_LINE for line in lines)
    shown = tuple(line[:LONGEST_LINE] for line in lines)
    spans = tuple(tuple(span for span in row if span[0] < LONGEST_LINE) for row in colours)
    return DiffSide(place, language, shown, spans), cut
