"""The largest repeated logic: what is written several times, so that a change of one is a change of all."""

from __future__ import annotations

from core.context.passages import nesting
from core.diagrams.wording import count
from core.explaining.sentences import sentence
from core.explaining.survey import Survey
from core.model.clone import CloneClass, Verdict
from core.model.explanation import Chapter, Paragraph, Told
from core.model.source import Place

_CLASSES, _COPIES = 8, 3
_ALIKE = frozenset({Verdict.FOLDED, Verdict.INDEXED, Verdict.SUGGESTED})


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
        member.place for member in clones.members if member.verdict in _ALIKE and member.place.path in survey.code_paths
    ]
    if kept.path not in survey.code_paths or not members or not nesting(kept.path, kept.symbol):
        return None  # what stands in no definition is a licence or a list of imports
    shown = members[:_COPIES]
    more = f" and {count(len(members) - len(shown), 'more place')}" if len(members) > len(shown) else ""
    listed = ", ".join(_written(place) for place in shown)
    alike = "the same" if all(member.similarity >= 1.0 for member in clones.members) else "nearly the same"
    lines = count(kept.end_line - kept.start_line + 1, "line")
    return sentence(f"{_written(kept)} ({lines}) says {alike} as {listed}{more}", kept, *shown)


def _written(place: Place) -> str:
    return f"`{nesting(place.path, place.symbol) or place.symbol}` in `{place.path}`"
