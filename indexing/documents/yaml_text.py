"""YAML: its keys by their indentation, and the documents of a stream."""

from __future__ import annotations

import re

from core.model.symbol import SymbolKind
from indexing.documents.mentions import configured
from indexing.documents.parts import MAX_PARTS, Part, Reading, title_of, with_comments
from indexing.languages.lines import Lines

_LINE = re.compile(
    rb"""^(?:(---)(?=\s|$)|([ ]{0,24})(?:(-)(?=[ \r\n])|((?:"[^"\n]{1,100}"|'[^'\n]{1,100}'|"""
    rb"""[^\s#:&*!|>%@`"'{\[\-?,\]}][^\n:#]{0,100}?))[ ]*:(?=[ \t\r\n]|\Z)[ \t]*+([^\n]*+)))""",
    re.MULTILINE,
)
"""The start of a document (1), or indentation (2) and then an entry of a sequence (3), or a key (4) and its value (5)."""
_BLOCK = re.compile(rb"(?:[&!]\S+\s+)*[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
"""A value that is a text of its own on the lines below."""
_NESTED = re.compile(rb"(?:[&!]\S+)?\s*(?:#.*)?$")
_KIND = re.compile(rb"^kind:[ \t]*([\w.-]{1,80})", re.MULTILINE)
_NAME = re.compile(rb"^metadata:[^\n]*\n(?:[ ]+[^\n]*\n){0,20}?[ ]+name:[ \t]*[\"']?([\w.-]{1,100})", re.MULTILINE)
_HEAD_BYTES = 4_000
_MAX_LEVEL = 3
_SYMBOL_LEVELS = 2


def read_yaml(text: bytes, lines: Lines) -> Reading:
    """The keys down to the third level, not those within sequences and block texts."""
    parts: list[Part] = []
    several = len(re.findall(rb"^---(?=\s|$)", text[1:], re.MULTILINE)) > 0
    indents: list[int] = []
    hidden = 1 << 30  # lines with a deeper indentation than this are no keys of the mapping
    if several and not text.startswith(b"---"):
        parts.append(_document(text, 0, 0))
    for found in _LINE.finditer(text):
        at = found.start()
        if found[1]:
            if several:
                parts.append(_document(text, at, at))
            indents, hidden = [], 1 << 30
        elif len(found[2]) > hidden:
            continue
        elif found[3]:
            hidden = len(found[2])
        else:
            indent = len(found[2])
            block = _BLOCK.match(found[5])
            hidden = indent if block else 1 << 30
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            level = len(indents)
            if level <= _MAX_LEVEL:
                opens = level <= _SYMBOL_LEVELS and (block or _NESTED.match(found[5]))
                start = with_comments(text, at, b"#", parts[-1].at + 1 if parts else 0)
                title = title_of(found[4].strip(b"\"'"))
                parts.append(Part(start, at + indent, level + several, title, SymbolKind.FIELD if opens else None))
        if len(parts) >= MAX_PARTS:
            break
    return Reading(parts, configured(text))


def _document(text: bytes, start: int, at: int) -> Part:
    """A document of the stream; one for Kubernetes has a kind and a name."""
    head = text[at : at + _HEAD_BYTES]
    end = head.find(b"\n---", 3)
    head = head[:end] if end > 0 else head
    kind, name = _KIND.search(head), _NAME.search(head)
    if not kind or not name:
        return Part(start, at, 1, "")
    return Part(start, at, 1, f"{kind[1].decode()} {name[1].decode()}", SymbolKind.CONSTANT, name[1].decode())
