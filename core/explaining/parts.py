"""The parts: what each is for, what matters most in it, and what it needs of the others."""

from __future__ import annotations

from core.diagrams.wording import count, size
from core.explaining.sentences import named, place_of, sentence, told_of_folder, whole_file
from core.explaining.survey import Survey
from core.model.diagram import DiagramNode
from core.model.explanation import Chapter, Paragraph, Told
from core.model.source import Place

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
        listed = "; ".join(named(symbol) for symbol in central)
        told.append(sentence(f"Most used of it: {listed}", *(place_of(survey, symbol) for symbol in central)))
    told += _needs(survey, part)
    return Paragraph(part.scope.rstrip("/"), tuple(told))


def _needs(survey: Survey, part: DiagramNode) -> list[Told]:
    labels = {node.id: node for node in survey.diagram.nodes}
    arrows = sorted(
        (edge for edge in survey.diagram.edges if edge.places and labels[edge.source].scope and labels[edge.target].scope),
        key=lambda edge: -edge.count,
    )
    told: list[Told] = []
    for verb, mine in (("It needs", [edge for edge in arrows if edge.source == part.id]),
                       ("It is needed by", [edge for edge in arrows if edge.target == part.id])):  # fmt: skip
        chosen = mine[:_NEEDS]
        if chosen:
            ends = [labels[edge.target if verb == "It needs" else edge.source].scope.rstrip("/") for edge in chosen]
            listed = ", ".join(f"`{end}` ({count(edge.count, 'use')})" for end, edge in zip(ends, chosen, strict=True))
            places: list[Place] = [edge.places[0] for edge in chosen]
            told.append(sentence(f"{verb} {listed}", *places))
    return told
