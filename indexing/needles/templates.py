"""The needles that can be planted, read from `resources/needles/`, and how one is written into a language."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from resources import resource_path

NAME = "@name@"
"""Stands for the needle's name in its text."""
_WIDTH = 92
_CAMEL = {"java", "javascript", "go"}
_SIGNS = {
    "#": "python ruby perl bash elixir cmake make dockerfile toml yaml properties ini r",
    "//": "c cpp java javascript typescript tsx go rust kotlin scala swift csharp zig objective-c",
    "--": "lua haskell sql",
}
COMMENT_SIGNS: Mapping[str, str] = {language: sign for sign, names in _SIGNS.items() for language in names.split()}
"""What begins a comment that ends with its line."""
WRITTEN_AS: Mapping[str, str] = {
    "python": "python",
    "c": "c",
    "cpp": "c",
    "java": "java",
    "javascript": "javascript",
    "typescript": "javascript",
    "go": "go",
}
"""Languages of files a function can be planted in, each with the language it is then written in."""


class NeedleKind(StrEnum):
    """What a needle is."""

    FUNCTION = "function"
    COMMENT = "comment"
    DOCUMENT = "document"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Needle:
    """A needle that is not named yet (see `resources/needles/README.md`). `code` is by language, and empty for a fact."""

    id: str
    kind: NeedleKind
    names: tuple[str, ...]
    shared: str
    paraphrase: str
    code: Mapping[str, str]
    text: str
    title: str
    value: str
    ask: str = ""
    answer: tuple[str, ...] = ()

    def question(self, name: str) -> str:
        """The question in words of the needle's own, `name` among them."""
        return self.shared.replace("{words}", name.replace("_", " "))


@cache
def needles() -> tuple[Needle, ...]:
    """All needles, by id."""
    return tuple(_read(path.stem, path.read_text("utf-8")) for path in sorted(resource_path("needles").glob("*.toml")))


def _read(identity: str, text: str) -> Needle:
    told = tomllib.loads(text)
    return Needle(
        identity,
        NeedleKind(told["kind"]),
        tuple(told["names"]),
        told["shared"],
        told["paraphrase"],
        told.get("code", {}),
        told.get("text", ""),
        told.get("title", ""),
        told.get("value", ""),
        told.get("ask", ""),
        tuple(told.get("answer", ())),
    )


def spelled(name: str, language: str) -> str:
    """`name`, given in words joined by `_`, as names are written in `language`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name) if WRITTEN_AS.get(language) in _CAMEL else name


def as_function(needle: Needle, name: str, language: str) -> str:
    """The function in the language of a file it can be planted in."""
    return needle.code[WRITTEN_AS[language]].strip("\n").replace(NAME, spelled(name, language))


def as_comment(needle: Needle, name: str, language: str) -> str:
    """The fact as a comment of whole lines."""
    sign = COMMENT_SIGNS[language]
    return textwrap.fill(
        _told(needle, spelled(name, language)), _WIDTH, initial_indent=f"{sign} ", subsequent_indent=f"{sign} "
    )


def as_section(needle: Needle, name: str, language: str) -> str:
    """The fact as a part of a document, below a heading of its own."""
    title = needle.title or name.replace("_", " ").capitalize()
    quoted = f"``{name}``" if language == "restructuredtext" else f"`{name}`"
    heading = {"markdown": f"## {title}", "restructuredtext": f"{title}\n{'-' * len(title)}"}.get(language, title)
    return f"{heading}\n\n{textwrap.fill(_told(needle, quoted), _WIDTH)}"


def as_setting(needle: Needle, name: str, language: str) -> str:
    """The fact as a key with its value, explained above."""
    return f"{textwrap.fill(needle.text, _WIDTH, initial_indent='# ', subsequent_indent='# ')}\n{name} = {needle.value}"


def _told(needle: Needle, name: str) -> str:
    """The prose of a fact; a setting that stands in no settings still tells its value."""
    return f"{name} = {needle.value}. {needle.text}" if needle.value else needle.text.replace(NAME, name)
