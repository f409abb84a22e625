"""Symbols, files and folders in the words of the document, and the places they were read from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.answering.wording import quoted
from core.context.redact import redact_text
from core.diagrams.wording import first_sentence, readme_line
from core.explaining.survey import Survey
from core.model.explanation import Told
from core.model.source import Place
from core.model.symbol import Symbol

LENGTH = 180
"""Characters of what a comment says."""
_DOC_LINES = 30
_READMES = ("README.md", "README.rst", "README.txt", "README", "readme.md", "Readme.md", "README.adoc")
_ABOVE = 500
_ADDRESS = re.compile(r"\w+://")
_LEADS_ON = re.compile(
    r"\(?(?:see|ref|refs?|references?|at|of|on|by|from|in|to|cf|e\.g|the|based|ported|port|via)\W*", re.IGNORECASE
)
"""Words before an address that only lead to it."""
_LEAST_WORDS = 2
_PACKAGE_COMMENT = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*(?:@[\w.]+(?:\([^)]*\))?\s*)*package\s", re.DOTALL)


def said_of(symbol: Symbol) -> str:
    """What the doc comment of a symbol opens with, without secrets; empty where it has none."""
    said = first_sentence(redact_text(symbol.doc, symbol.path)[0], LENGTH)
    return "" if said.startswith("@") else _without_address(said)


def _without_address(said: str) -> str:
    """A sentence as far as it tells something before it names a page of the web."""
    if "://" not in said:
        return said
    words = _ADDRESS.split(said, maxsplit=1)[0].rstrip(" :,;(–-").split()
    while words and _LEADS_ON.fullmatch(words[-1]):
        words.pop()
    return " ".join(words).rstrip(" :.") if len(words) > _LEAST_WORDS else ""


def named(symbol: Symbol) -> str:
    """`Class.method`, and what it says of itself."""
    said = said_of(symbol)
    return f"{quoted(symbol)} (“{said}”)" if said else quoted(symbol)


def listed(symbols: Sequence[Symbol]) -> str:
    """Some symbols as `named` has them; of the same name, each with its file."""
    names = Counter(quoted(symbol) for symbol in symbols)
    told = (f"{named(one)} of `{one.path}`" if names[quoted(one)] > 1 else named(one) for one in symbols)
    return "; ".join(told)


def place_of(survey: Survey, symbol: Symbol) -> Place:
    """The lines of a definition, beginning with a doc comment above it."""
    start = symbol.start_line
    words = " ".join(symbol.doc.split()[:4])
    if words:
        lines = survey.reader.text(symbol.path).split("\n")
        for first in range(symbol.start_line - 1, max(0, symbol.start_line - _ABOVE), -1):
            if words in " ".join(" ".join(line.strip(" \t/*#!-;%") for line in lines[first - 1 : first + 2]).split()):
                start = first
                break
    return Place(symbol.path, start, max(start, symbol.end_line), symbol.qualified_name)


def told_of_folder(survey: Survey, folder: str) -> tuple[str, Place] | None:
    """What a folder (ending in `/`, or empty) or a file says of itself in its module's comment or README, and where."""
    source = survey.source
    if folder and not folder.endswith("/"):
        return _told_of_module(survey, folder)
    for name in ("__init__.py", "package-info.java", "mod.rs", "lib.rs", "doc.go", "index.ts", "index.js"):
        if folder + name in source.files and (told := _told_of_module(survey, folder + name)):
            return told
    if told := _told_of_package(survey, f"{folder}package-info.java"):
        return told
    for name in _READMES:
        if folder + name in source.files:
            text = redact_text(source.reader.text(folder + name))[0]
            line = readme_line(text, LENGTH)
            if line:
                return line, Place(folder + name, 1, min(_DOC_LINES, source.files[folder + name].lines or 1))
    return None


def _told_of_package(survey: Survey, path: str) -> tuple[str, Place] | None:
    """What the comment before a package clause says."""
    if path not in survey.source.files:
        return None
    comment = _PACKAGE_COMMENT.search(redact_text(survey.reader.text(path))[0])
    said = first_sentence(re.sub(r"(?m)^\s*\* ?", "", comment[1]), LENGTH) if comment else ""
    return (said, whole_file(survey, path)) if said else None


def _told_of_module(survey: Survey, path: str) -> tuple[str, Place] | None:
    module = survey.source.modules.get(path)
    said = said_of(module) if module else ""
    if not said:
        return None
    return said, Place(
        path, 1, min(_DOC_LINES, survey.source.files[path].lines or 1), module.qualified_name if module else ""
    )


def whole_file(survey: Survey, path: str) -> Place:
    """A file as a place."""
    return Place(path, 1, max(1, survey.source.files[path].lines))


def sentence(text: str, *places: Place) -> Told:
    """A sentence with its full stop; the same place counts once."""
    ended = text if text.endswith((".", "!", "?", ":", "…")) else f"{text}."
    return Told(ended, tuple(dict.fromkeys(places)))
