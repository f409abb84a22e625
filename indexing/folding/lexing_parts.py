"""Parts of regular expressions that the readers of several languages share.

What opens and is never closed is read up to the end of the text and kept as it stands: that hides no difference, and costs
one pass.
"""

from __future__ import annotations

NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*+"
NUMBER = rb"\d(?:[eEpP][+-]\d|\.(?=\d)|\w)*+"
"""A point belongs to it only before a digit, so that ranges and calls of numbers keep their names apart."""
LINE_COMMENT = rb"//[^\n]*+"
REST = rb"[\"'`].*+|/\*.*+"
"""The end of a text from a quote or a comment on that the expressions before could not read."""
ONE_LINE_BLOCK = rb"/\*(?:[^*\n]++|\*(?!/))*+\*/"
CHARACTER = rb"'(?:[^'\\\n\x80-\xff]|[\x80-\xff]{2,8}|\\[^\n][^'\n]{0,11})'"
NEWLINE_SKIP = rb"[ \t\r\f]++|\\\r?\n"

_DEEP = 3


def nested_comment(opening: bytes, closing: bytes) -> bytes:
    """A comment between `ab` and `bc` that may hold others, to a fixed depth."""
    outer, inner, last = opening[0], opening[1], closing[1]
    plain = rb"[^\%c\%c]++|\%c(?!\%c)|\%c(?!\%c)" % (outer, inner, outer, inner, inner, last)
    begin, end = (rb"\%c\%c" % (ends[0], ends[1]) for ends in (opening, closing))
    comment = begin + rb"(?:" + plain + rb")*+" + end
    for _ in range(_DEEP):
        comment = begin + rb"(?:" + plain + rb"|" + comment + rb")*+" + end
    return comment


def hole(opening: bytes, strings: bytes, brackets: bytes = b"{}") -> bytes:
    """Code within a string from `opening` to the closing bracket: with `strings` and, to a fixed depth, brackets in it."""
    begin, end = b"\\" + brackets[:1], b"\\" + brackets[1:]
    plain = rb"[^\"'`\n" + begin + end + rb"]++|" + strings
    inner = begin + rb"(?:" + plain + rb")*+" + end
    for _ in range(_DEEP):
        inner = begin + rb"(?:" + plain + rb"|" + inner + rb")*+" + end
    return opening + rb"(?:" + plain + rb"|" + inner + rb")*+" + end


def bracketed(opening: bytes, closing: bytes) -> bytes:
    """From a bracket to its end, brackets of the kind in it to a fixed depth, with escapes."""
    begin, end = b"\\" + opening, b"\\" + closing
    plain = rb"[^\\" + begin + end + rb"]++|\\."
    found = begin + rb"(?:" + plain + rb")*+" + end
    for _ in range(_DEEP):
        found = begin + rb"(?:" + plain + rb"|" + found + rb")*+" + end
    return found
