"""Conditional parts of C, C++ and Objective-C that cut through what they stand in, made one before the parse.

A grammar reads `#if … #else … #endif` where each part is whole in itself. Where a brace opens in one part and closes behind
it, or where the condition stands within an expression, the tree falls apart, often to the end of the file. There one part
is kept, the first that is not for another language or system or for nobody; the rest and the directives are blanked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from indexing.possessive import re

_DIRECTIVE = re.compile(
    rb"^[ \t]*+#[ \t]*+(ifdef|ifndef|if|elif|else|endif)\b((?:/\*(?:[^*]|\*(?!/)){0,1000}+\*/|[^\n\\]|\\\n?)*+)",
    re.MULTILINE,
)
_NO_CODE = re.compile(
    rb"/\*(?:[^*]|\*(?!/)){0,4000}+\*/|//[^\n]*+|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|^[ \t]*+#(?:[^\n\\]|\\\n?)*+",
    re.MULTILINE | re.DOTALL,
)
_FOR_OTHERS = re.compile(rb"\s*+(?:0\b|\(?\s*+(?:defined\b[\s(]*+)?(?:__cplusplus|_WIN32|WIN32|_MSC_VER)\b)")
_CPLUSPLUS = re.compile(rb"[\s(]*+(?:defined\b[\s(]*+)?__cplusplus\b")
_WITHIN = b"(,=&|+-*/?<>!%^"
"""What cannot end a statement: a condition behind it stands within an expression."""
_MAX_DEPTH = 40
_LOOK_BACK = 300
_ELSE_BYTES = 40
_GAP = re.compile(rb"[^\n]")


@dataclass(slots=True)
class _Group:
    """One `#if … #endif`: where it begins, and for each directive its end, the end of its part and its condition."""

    start: int
    heads: list[tuple[int, int, bytes]] = field(default_factory=list)


def without_cuts(text: bytes, *, plain: bool) -> bytes:
    """The text, as long as before, with one part of each condition that cuts through a statement or block; in `plain` C also
    without the parts for C++."""
    if b"#" not in text or _DIRECTIVE.search(text) is None:
        return text
    out = bytearray(text)
    opened: list[_Group] = []
    changed = False
    for found in _DIRECTIVE.finditer(text):
        word = found[1]
        if word.startswith(b"if"):
            opened.append(_Group(found.start()))
        if not opened:
            continue
        group = opened[-1]
        condition = b"!" + found[2] if word == b"ifndef" else found[2]
        group.heads.append((found.start(), found.end(), condition))
        if word == b"endif":
            opened.pop()
            # Each level looks at all that is in it; no one nests so many by hand.
            changed |= len(opened) < _MAX_DEPTH and _made_one(out, group, plain=plain)
    return bytes(out) if changed else text


def _made_one(out: bytearray, group: _Group, *, plain: bool) -> bool:
    parts = [(group.heads[at][1], group.heads[at + 1][0]) for at in range(len(group.heads) - 1)]
    foreign = plain and _CPLUSPLUS.match(group.heads[0][2]) is not None
    if not foreign and not _is_within(out, group.start) and all(_is_whole(out[start:end]) for start, end in parts):
        return False
    conditions = [condition for _, _, condition in group.heads]
    if len(parts) == 1:
        kept = -1 if _CPLUSPLUS.match(conditions[0]) else 0
    else:
        kept = next((at for at in range(len(parts)) if not _FOR_OTHERS.match(conditions[at])), 0)
    for at, (start, end) in enumerate(parts):
        if at != kept:
            _blank(out, start, end)
    for start, end, _ in group.heads:
        _blank(out, start, end)
    return True


def _is_whole(part: bytearray) -> bool:
    """Whether every brace and parenthesis that opens in a part closes in it, and no `else` is left without its statement."""
    if part[-_ELSE_BYTES:].rstrip().endswith(b"else"):
        return False
    if part.count(b"{") == part.count(b"}") and part.count(b"(") == part.count(b")"):
        return True
    code = _NO_CODE.sub(b"", bytes(part))
    return code.count(b"{") == code.count(b"}") and code.count(b"(") == code.count(b")")


def _is_within(out: bytearray, start: int) -> bool:
    """Whether a condition that begins at `start` stands within an expression."""
    before = bytes(out[max(0, start - _LOOK_BACK) : start]).rstrip()
    if before[-1:] not in _WITHIN or not before:
        return False
    line = before[before.rfind(b"\n") + 1 :]
    return b"//" not in line and not line.lstrip().startswith(b"#") and not before.endswith(b"*/")


def _blank(out: bytearray, start: int, end: int) -> None:
    out[start:end] = _GAP.sub(b" ", bytes(out[start:end]))
