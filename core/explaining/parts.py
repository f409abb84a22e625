"""The parts: what each is for, what matters most in it, and what it needs of the others."""

from __future__ import annotations

from core.diagrams.wording import count, size
from core.explaining.sentences import listed, place_of, sentence, told_of_folder, whole_file
from core.explaining.survey import Survey
from core.model.diagram import DiagramNode
from core.model.explanation import Chapter, Paragraph, Told

_PARTS, _CENTRAL, _NEEDS = 24, 4, 4


def parts(survey: Survey) -> Chapter | None:
    """The chapter; None for a source of one part."""
    if len(survey.parts) < 2:
        return None
    found = tuple(_part(survey, part) for part in survey.parts[:_PARTS])
    return Chapter("The parts, the largest first", found)


def _part(survey: Survey, part: DiagramNode) -> Paragraph:
    files = survey.files_of(part)
    told: list[Told] = []
    main = survey.source.main_file(files, part.scope.rstrip("/"))
    here = whole_file(survey, main.path if main else files[0].path)
    if purpose := told_of_folder(survey, part.scope):
        told.append(sentence(purpose[0], purpose[1]))
    measure = size(len(files), sum(file.lines for file in files)).replace(" · ", " with ")
    largest = max(files, key=lambda file: (file.lines, file.path))
    if len(files) > 1:
        told.append(
            sentence(
                f"`{part.scope}` holds {measure}, most of them in `{largest.path}`"
                if largest.lines * 2 > sum(file.lines for file in files)
                else f"`{part.scope}` holds {measure}; its largest file is `{largest.path}`",
                whole_file(survey, largest.path),
            )
        )
    else:
        told.append(sentence(f"`{part.scope}` is a file of {count(files[0].lines, 'line')}", here))
    central = survey.central(frozenset(file.path for file in files), _CENTRAL)
    if central:
        told.append(sentence(f"Most used of it: {listed(central)}", *(place_of(survey, symbol) for symbol in central)))
    told += _needs(survey, part)
    return Paragraph(part.scope.rstrip("/"), tuple(told))


def _needs(survey: Survey, part: DiagramNode) -> list[Told]:
    told: list[Told] = []
    for opening, ends in (("Of the others it uses most", survey.uses[0]), ("It is used most by", survey.uses[1])):
        chosen = ends.get(f"`{part.scope.rstrip('/')}`", [])[:_NEEDS]
        if chosen:
            names = ", ".join(f"{end} ({count(uses, 'time')})" for uses, end, _ in chosen)
            told.append(sentence(f"{opening} {names}", *(place for _, _, place in chosen)))
    return told
