"""TOML, INI and properties: tables, sections and groups of keys."""

from __future__ import annotations

from core.model.symbol import SymbolKind
from indexing.documents.mentions import configured
from indexing.documents.parts import MAX_PARTS, Part, Reading, title_of, with_comments
from indexing.languages.lines import Lines
from indexing.possessive import re

_TOML = re.compile(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:""")?|\'\'\'(?:[^\']++|\'(?!\'\'))*+(?:\'\'\')?'
    rb"|^\[{1,2}[ \t]*([^\]\[\n#]{1,200})\]{1,2}[ \t\r]*(?:#[^\n]*)?$"
    rb"|^[ \t]*([A-Za-z0-9_.\"-]{1,80})[ \t]*=[ \t]*((?:(?!\"\"\"|''')[^\n]){0,200})",
    re.MULTILINE | re.DOTALL,
)
"""A text of several lines, the head of a table (1), or a key (2) and its value (3)."""
_RUNNABLE = re.compile(r"(?:^|\.)(?:(?:gui-|console_)?scripts|tasks|entry-points\..*)$")
"""Tables whose keys are commands."""
_NAMED = frozenset({"project", "package", "tool.poetry"})
"""Tables whose key `name` names what is built."""
_SECTION = re.compile(rb"^[ \t]*\[([^\]\n]{1,200})\]", re.MULTILINE)
_KEY = re.compile(rb"^[ \t]*([A-Za-z0-9_-][^\s=:\\\n]{0,150})[ \t]*[=:]", re.MULTILINE)


def read_toml(text: bytes, lines: Lines) -> Reading:
    """The tables, each within one whose name begins its own, and the commands in them."""
    parts: list[Part] = []
    path: list[str] = []
    for found in _TOML.finditer(text):
        if len(parts) >= MAX_PARTS:
            break
        at = found.start()
        if found[1]:
            title = title_of(found[1].strip())
            while path and not title.startswith(path[-1] + "."):
                path.pop()
            path.append(title)
            start = with_comments(text, at, b"#", parts[-1].at + 1 if parts else 0)
            inner = title.removeprefix(path[-2] + ".") if len(path) > 1 else title
            parts.append(Part(start, at, len(path), inner, SymbolKind.FIELD))
        elif found[2] and path:
            key = title_of(found[2].strip(b'"'))
            if _RUNNABLE.search(path[-1]):
                parts.append(Part(at, at, len(path) + 1, key, SymbolKind.FUNCTION))
            elif key == "name" and path[-1] in _NAMED:
                # The name of the whole stands in no table of its own.
                name = title_of(found[3].strip().strip(b"\"'"))
                parts.append(Part(at, at, len(path) + 1, "", SymbolKind.CONSTANT, name))
    return Reading(parts, configured(text))


def read_ini(text: bytes, lines: Lines) -> Reading:
    """The sections."""
    parts: list[Part] = []
    for found in _SECTION.finditer(text):
        start = with_comments(text, found.start(), (b"#", b";"), parts[-1].at + 1 if parts else 0)
        parts.append(Part(start, found.start(), 1, title_of(found[1]), SymbolKind.FIELD))
        if len(parts) == MAX_PARTS:
            break
    return Reading(parts, configured(text))


def read_properties(text: bytes, lines: Lines) -> Reading:
    """Runs of keys that begin with the same word."""
    parts: list[Part] = []
    last = b""
    for found in _KEY.finditer(text):
        group = found[1].partition(b".")[0]
        if group == last:
            continue
        last = group
        start = with_comments(text, found.start(), (b"#", b"!"), parts[-1].at + 1 if parts else 0)
        parts.append(Part(start, found.start(), 1, title_of(group)))
        if len(parts) == MAX_PARTS:
            break
    return Reading(parts, configured(text))
