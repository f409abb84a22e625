"""The first chapter: what the system says it is, how large it is, in what it is written, what it leans on."""

from __future__ import annotations

from collections import Counter

from core.diagrams.libraries import is_standard
from core.diagrams.source_map import EXTERNAL
from core.diagrams.wording import count
from core.explaining.sentences import listed, place_of, sentence, told_of_folder, whole_file
from core.explaining.survey import Survey
from core.language_names import language_name
from core.model.explanation import Chapter, Paragraph, Told
from core.model.source import FileRole, Place

_LANGUAGES, _LIBRARIES, _CENTRAL = 4, 8, 5


def overview(survey: Survey, name: str) -> Chapter:
    """The chapter, with the picture of the architecture."""
    found: list[Told] = []
    top = _top(survey)
    if told := told_of_folder(survey, "") or (told_of_folder(survey, top) if top else None):
        found.append(sentence(f"**{name}**: {told[0]}", told[1]))
    found += _size(survey, name)
    found += _outside(survey)
    central = survey.central(survey.code_paths, _CENTRAL)
    if central:
        found.append(
            sentence(
                f"Most other code leans on these definitions: {listed(central)}",
                *(place_of(survey, each) for each in central),
            )
        )
    return Chapter("Overview", (Paragraph("", tuple(found)),), has_diagram=True)


def _top(survey: Survey) -> str:
    """The one folder that all hand-written code stands in, with its slash; empty where there are several."""
    tops = {file.path.partition("/")[0] for file in survey.code}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in file.path for file in survey.code) else ""


def _size(survey: Survey, name: str) -> list[Told]:
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for file in survey.code:
        lines[file.language] += file.lines
        files[file.language] += 1
    if not lines:
        return []
    whole = sum(lines.values()) or 1
    shares = [
        f"{language_name(language)} ({count(files[language], 'file')}, {count(number, 'line')}"
        + (f", {number / whole:.0%})" if len(lines) > 1 else ")")
        for language, number in lines.most_common(_LANGUAGES)
    ]
    rest = f" and {len(lines) - _LANGUAGES} more languages" if len(lines) > _LANGUAGES else ""
    largest = [
        max((file for file in survey.code if file.language == language), key=lambda file: (file.lines, file.path))
        for language, _ in lines.most_common(_LANGUAGES)
    ]
    shown = ", ".join(f"`{file.path}` with {count(file.lines, 'line')}" for file in largest)
    largest_are = "the largest file is" if len(largest) == 1 else "the largest file of each is"
    told = [
        sentence(
            f"The hand-written code of {name} is {', '.join(shares)}{rest}; {largest_are} {shown}",
            *(whole_file(survey, file.path) for file in largest),
        )
    ]
    tests = [file for file in survey.source.files.values() if file.role is FileRole.TEST]
    if tests:
        most = max(tests, key=lambda file: (file.lines, file.path))
        told.append(
            sentence(
                f"{count(len(tests), 'more file is a test', 'more files are tests')} by name or folder, "
                f"the largest being `{most.path}`",
                whole_file(survey, most.path),
            )
        )
    return told


def _outside(survey: Survey) -> list[Told]:
    users: Counter[str] = Counter()
    first: dict[str, Place] = {}
    for (user, used), link in survey.source.links.items():
        if used.startswith(EXTERNAL) and user in survey.code_paths:
            library = used[len(EXTERNAL) :]
            users[library] += 1
            first.setdefault(library, link.places[0] if link.places else whole_file(survey, user))
    told: list[Told] = []
    for standard, opening in ((False, "From outside of the source"), (True, "Of what comes with the language")):
        chosen = [library for library, _ in users.most_common() if is_standard(library) is standard][:_LIBRARIES]
        if chosen:
            names = ", ".join(f"`{library}` (in {count(users[library], 'file')})" for library in chosen)
            told.append(sentence(f"{opening} it uses most {names}", *(first[library] for library in chosen)))
    return told
