"""HTML and XML: headings of the one, named elements of the other."""

from __future__ import annotations

import html
from collections.abc import Iterator

from core.model.symbol import SymbolKind
from indexing.documents.mentions import configured, written
from indexing.documents.parts import MAX_PARTS, Part, Reading, title_of
from indexing.languages.lines import Lines
from indexing.possessive import re

_HTML = re.compile(
    rb"<!--(?:[^-]++|-(?!->))*+(?:-->)?|<(?:(script|style|template)|h([1-6]))\b(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_HEADING_END = re.compile(rb"</h[1-6]", re.IGNORECASE)
_HEADING_BYTES = 2_000
_LEAF = 7
"""The level of a script or style: within the section that it stands in."""

_XML = re.compile(
    rb"<(?:!--(?:[^-]++|-(?!->))*+(?:-->)?|!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?|[?!][^<>]*+>?"
    rb"|/([A-Za-z_][\w:.-]*+)\s*+>|([A-Za-z_][\w:.-]*+)((?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+)(/?+)>)"
)
"""A comment, character data or declaration; or an element's end (1); or its beginning (2), attributes (3), empty (4)."""
_NAMING = re.compile(rb"\b(id|name|key|Include|path|artifactId)\s*=\s*[\"']([^\"'<]{1,120})[\"']")
_XML_LEVELS = 3
_SYMBOL_LEVELS = 2
_NO_NAMES = frozenset({b"svg", b"html", b"plist", b"rss", b"feed", b"nessus"})
"""Documents whose ids name pictures and paragraphs."""
_RUNNABLE = frozenset({b"target", b"macrodef", b"task"})
_ARTIFACT = re.compile(rb"\s*([\w.${}-]{1,120})\s*<")


def read_html(text: bytes, lines: Lines) -> Reading:
    """Headings, and each script, style and template by itself."""
    return Reading(list(_html_parts(text)), written(text), prose=True)


def _html_parts(text: bytes) -> Iterator[Part]:
    position = count = 0
    while count < MAX_PARTS and (found := _HTML.search(text, position)):
        position, at = found.end(), found.start()
        if found[1]:
            name = found[1].lower()
            yield Part(at, at, _LEAF, name.decode(), alone=True)
            close = re.compile(rb"</" + name + rb"\s*>", re.IGNORECASE).search(text, position)
            position = close.end() if close else len(text)
            yield Part(position, position, _LEAF, "", alone=True)
            count += 2
        elif found[2]:
            within = _HEADING_END.split(text[position : position + _HEADING_BYTES], maxsplit=1)[0]
            title = html.unescape(title_of(_TAG.sub(b" ", within)))
            yield Part(at, at, int(found[2]), title)
            count += 1


def read_xml(text: bytes, lines: Lines) -> Reading:
    """The elements of the first three levels below the root, by their tags and the names that they bear."""
    return Reading(list(_xml_parts(text)), configured(text))


def _xml_parts(text: bytes) -> Iterator[Part]:
    depth = count = 0
    root = b""
    for found in _XML.finditer(text):
        if found[1]:
            depth = max(0, depth - 1)
        elif tag := found[2]:
            if depth == 0 and not root:
                root = tag.rpartition(b":")[2]
            elif 1 <= depth <= _XML_LEVELS:
                yield _element(text, found, root, depth)
                count += 1
                if count == MAX_PARTS:
                    return
            depth += not found[4]


def _element(text: bytes, found: re.Match[bytes], root: bytes, depth: int) -> Part:
    at, tag = found.start(), found[2]
    simple = tag.rpartition(b":")[2]
    if root == b"project" and simple == b"artifactId" and depth == 1 and (value := _ARTIFACT.match(text, found.end())):
        return Part(at, at, depth, "artifactId", SymbolKind.CONSTANT, value[1].decode("utf-8", "replace"))
    named = _NAMING.search(found[3], 0, 1_000)
    if not named:
        return Part(at, at, depth, title_of(tag))
    name = title_of(named[2])
    kind = None
    if depth <= _SYMBOL_LEVELS and root not in _NO_NAMES and named[1] in (b"id", b"name"):
        kind = SymbolKind.FUNCTION if simple in _RUNNABLE else SymbolKind.CONSTANT
    return Part(at, at, depth, f"{title_of(tag)} {name}", kind, name)
