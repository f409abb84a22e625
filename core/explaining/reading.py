"""Where to start reading: the README, then the files that most of the code leans on, no more than a few of one part."""

from __future__ import annotations

from collections import Counter

from core.explaining.sentences import listed, place_of, sentence, told_of_folder, whole_file
from core.explaining.survey import Survey
from core.model.explanation import Chapter, Paragraph, Told

_FILES, _OF_A_PART, _CENTRAL = 10, 2, 3
_LEAST_LINES = 40


def reading(survey: Survey) -> Chapter | None:
    """The chapter; None where nothing leans on anything."""
    steps: list[Told] = []
    told = told_of_folder(survey, "")
    if told and told[1].path.lower().startswith("readme"):
        steps.append(sentence(f"`{told[1].path}`: {told[0]}", told[1]))
    of_part: Counter[str] = Counter()
    for path in survey.ranked_files:
        if path not in survey.code_paths or survey.source.files[path].lines < _LEAST_LINES:
            continue
        part = survey.part_of.get(path, path)
        central = survey.central(frozenset([path]), _CENTRAL)
        if of_part[part] >= _OF_A_PART or not central:
            continue
        of_part[part] += 1
        says = told_of_folder(survey, path)
        text = f"`{path}`" + (f", {says[0]}" if says else "")
        steps.append(
            sentence(
                f"{text}: begin with {listed(central)}",
                whole_file(survey, path),
                *(place_of(survey, each) for each in central),
            )
        )
        if len(steps) >= _FILES:
            break
    return Chapter("Where to start reading", (Paragraph("", tuple(steps), numbered=True),)) if steps else None
