"""The largest repeated logic: what is written several times, so that a change of one is a change of all."""

from __future__ import annotations

import math

from core.context.passages import nesting
from core.diagrams.wording import count
from core.explaining.sentences import sentence
from core.explaining.survey import Survey
from core.model.clone import CloneClass, Verdict
from core.model.explanation import Chapter, Paragraph, Told
from core.model.source import Place

_CLASSES, _COPIES = 8, 3
_LEAST = 0.85
"""How alike a copy is that is told of."""
_ALIKE = frozenset({Verdict.FOLDED, Verdict.INDEXED})


def repetition(survey: Survey) -> Chapter | None:
    """The chapter; None where nothing is repeated."""
    found: list[Told] = []
    for clones in survey.reader.clone_classes():
        told = _told(survey, clones)
        if told:
            found.append(told)
        if len(found) == _CLASSES:
            break
    return Chapter("The largest repeated logic", (Paragraph("", tuple(found)),)) if found else None


def _told(survey: Survey, clones: CloneClass) -> Told | None:
    kept = clones.representative.place
    members = [
        member
        for member in clones.members
        if member.verdict in _ALIKE and member.similarity >= _LEAST and _is_definition(survey, member.place)
    ]
    if not members or not _is_definition(survey, kept):
        return None
    shown = members[:_COPIES]
    more = f" and {count(len(members) - len(shown), 'more place')}" if len(members) > len(shown) else ""
    listed = ", ".join(_written(member.place) for member in shown)
    least = min(member.similarity for member in members)
    about = "at least " if len(members) > 1 else ""
    alike = ", but for layout and local names, the same" if least >= 1.0 else f" {about}{math.floor(100 * least)} % the same"
    lines = count(kept.end_line - kept.start_line + 1, "line")
    text = f"{_written(kept)} ({lines}) is{alike} as {listed}{more}"
    return sentence(text, kept, *(member.place for member in shown))


def _is_definition(survey: Survey, place: Place) -> bool:
    """Whether something is defined at a place of the hand-written code: others are tables, licences and lists of imports."""
    if place.path not in survey.code_paths or not nesting(place.path, place.symbol):
        return False
    return any(
        symbol.qualified_name == place.symbol and place.start_line <= symbol.start_line <= place.end_line
        for symbol in survey.reader.symbols_of(place.path)
    )


def _written(place: Place) -> str:
    return f"`{nesting(place.path, place.symbol) or place.symbol}` at `{place.path}`, line {place.start_line}"
