"""JSON, with comments where there are some: its keys, and the scripts of a package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.model.symbol import SymbolKind
from indexing.documents.mentions import configured
from indexing.documents.parts import MAX_PARTS, Part, Reading, title_of
from indexing.languages.lines import Lines
from indexing.possessive import re

# Possessive throughout: whatever is left open ends with the text, and nothing is read twice.
TOKEN = re.compile(
    rb'("(?:[^"\\]++|\\.)*+(?:"|\Z))([ \t\r\n]*+:)?+|[{}\[\]]|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?', re.DOTALL
)
"""A string (group 1; group 2 where it is a key), a bracket, or a comment."""
_SPACE = re.compile(rb"[ \t\r\n]*+")
_MAX_LEVEL = 3
_RUNNABLE = frozenset({"scripts", "tasks"})
"""Keys whose entries are commands that are run by name (npm, Composer, Deno)."""
_PACKAGE = frozenset({"scripts", "dependencies", "devDependencies", "version", "require"})
"""Keys beside `name` by which a file is the description of a package."""


def read_json(text: bytes, lines: Lines) -> Reading:
    """The keys of the objects, not of those that stand in arrays, as parts."""
    return Reading(_named_package(text, list(_keys(text))), configured(text))


def _keys(text: bytes) -> Iterator[Part]:
    depth = count = 0
    array = -1  # the depth of the outermost array around, -1 outside of all
    outer = ["", "", ""]
    for found in TOKEN.finditer(text):
        at = found.start()
        sign = text[at : at + 1]
        if sign in (b"{", b"["):
            if sign == b"[" and array < 0:
                array = depth
            depth += 1
        elif sign in (b"}", b"]"):
            depth = max(0, depth - 1)
            if depth <= array:
                array = -1
        elif found.end(2) >= 0 and array < 0 and 1 <= depth <= _MAX_LEVEL:
            title = title_of(text[at + 1 : found.end(1) - 1])
            outer[depth - 1] = title
            opens = text[_SPACE.match(text, found.end()).end() :][:1] if depth <= 2 else b""  # type: ignore[union-attr]
            runs = depth == 2 and outer[0] in _RUNNABLE
            kind = SymbolKind.FUNCTION if runs else SymbolKind.FIELD if opens == b"{" else None
            yield Part(at, at, depth, title, kind)
            count += 1
            if count == MAX_PARTS:
                return


def _named_package(text: bytes, parts: list[Part]) -> list[Part]:
    """The same parts, the key `name` of a package's description under the name that it gives."""
    top = {part.title for part in parts if part.level == 1}
    if "name" in top and top & _PACKAGE:
        for index, part in enumerate(parts):
            if part.level == 1 and part.title == "name" and (value := TOKEN.match(text, _value(text, part.at))) and value[1]:
                parts[index] = replace(part, kind=SymbolKind.CONSTANT, name=title_of(value[1].strip(b'"')))
                break
    return parts


def _value(text: bytes, key: int) -> int:
    """Where the value of the key at `key` begins."""
    found = TOKEN.match(text, key)
    space = _SPACE.match(text, found.end() if found else key)
    return space.end() if space else key
