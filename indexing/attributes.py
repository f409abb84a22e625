"""What a source says of its own files in `.gitattributes`: the attributes of GitHub's Linguist, and which files are binary.

Of all lines that match a file the last one decides, attribute by attribute; files of deeper folders come after those above,
and this clone's own `info/attributes` last. Patterns are those of ignore rules, without `!` and without folders.

Source: gitattributes(5), and Linguist's overrides. `-text` alone says only that line ends stay as they are; `binary` (which
is `-diff -merge -text`) says that the file is nothing to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexing.ignore import bytewise, compile_pattern, read_lines
from indexing.languages import formats, registry

FILE_NAME = ".gitattributes"
_GENERATED, _VENDORED, _DOCUMENTATION = "linguist-generated", "linguist-vendored", "linguist-documentation"
_LANGUAGE, _TEXT, _DIFF, _BINARY = "linguist-language", "text", "diff", "binary"
_KNOWN = frozenset({_GENERATED, _VENDORED, _DOCUMENTATION, _LANGUAGE, _TEXT, _DIFF, _BINARY})
_LINE = re.compile(r'[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*))[ \t]+(.*)', re.DOTALL)
_LINGUIST_NAMES = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", "shell": "bash", "cuda": "cpp", "vim script": "vim"}
"""Linguist's names for what is called otherwise here."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is said of one file; None where nothing is. `language` is a name of the registry, or empty."""

    generated: bool | None = None
    vendored: bool | None = None
    documentation: bool | None = None
    binary: bool = False
    language: str = ""


NOTHING_SAID = Attributes()


@dataclass(frozen=True, slots=True)
class _Line:
    expression: re.Pattern[str]
    values: Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class AttributeRules:
    """The lines that hold in a folder, first to last, each with the length of its own folder's path in bytes."""

    lines: tuple[tuple[int, _Line], ...] = ()

    def of(self, path: str) -> Attributes:
        """What is said of the file `path`, as `os` spells it, counted from where the first lines lie."""
        if not self.lines:
            return NOTHING_SAID
        path = bytewise(path)
        values: dict[str, str | bool | None] = {}
        for length, line in self.lines:
            if line.expression.fullmatch(path, length):
                values |= line.values
        return _attributes(values) if values else NOTHING_SAID

    def within(self, folder: str, files: Iterable[Path]) -> AttributeRules:
        """These and those that the files of `folder` (empty, or ending in `/`) add."""
        length = len(bytewise(folder))
        added = tuple((length, line) for text in read_lines(files) if (line := _line(text)))
        return AttributeRules(self.lines + added) if added else self


def _line(text: str) -> _Line | None:
    """A line that says something of interest; macros of the source's own are not among them."""
    found = _LINE.match(text.rstrip("\r"))
    if not found or text.startswith(("#", "[attr]")):
        return None
    pattern = (found[1] if found[1] is not None else found[2]).strip()
    values = dict(_value(word) for word in found[3].split())
    values = {name: value for name, value in values.items() if name in _KNOWN}
    if not values or not pattern or pattern.endswith("/") or pattern.startswith("!"):
        return None
    return _Line(compile_pattern(pattern), values)


def _value(word: str) -> tuple[str, str | bool | None]:
    if word.startswith("-"):
        return word[1:], False
    if word.startswith("!"):
        return word[1:], None
    name, equals, value = word.partition("=")
    return name, value if equals else True


def _attributes(values: Mapping[str, str | bool | None]) -> Attributes:
    binary = values.get(_BINARY) is True or (values.get(_TEXT) is False and values.get(_DIFF) is False)
    return Attributes(
        _flag(values.get(_GENERATED)),
        _flag(values.get(_VENDORED)),
        _flag(values.get(_DOCUMENTATION)),
        binary,
        _language(values.get(_LANGUAGE)),
    )


def _flag(value: str | bool | None) -> bool | None:
    return value.lower() != "false" if isinstance(value, str) else value


def _language(value: str | bool | None) -> str:
    if not isinstance(value, str):
        return ""
    name = value.lower()
    name = _LINGUIST_NAMES.get(name.replace("-", " "), _LINGUIST_NAMES.get(name, name))
    return name if name in _language_names() else ""


@cache
def _language_names() -> frozenset[str]:
    return frozenset({*formats.EXTENSIONS.values(), *formats.FILE_NAMES.values(), *registry.languages()})
