"""Comments that stand above definitions, and the paragraph they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.lines import Lines

DOC_CHARACTERS = 500
_RAW_BYTES = 4 * DOC_CHARACTERS
_COMMENT_LINES = 400
"""More lines than this above a definition are no longer its comment alone."""
_MARKERS = re.compile(r"^[ \t]*(?:/\*+!?|\*+/|\*(?!/)|///?!?|//!?|#+[:!]?|--+)?[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_END = re.compile(r"\n[ \t]*(?:\n|$|@\w|\\(?:param|return)|:(?:param|return)|[-=*_~#/]{4})")
_RULE = re.compile(r"^[-=*_~#/ \t]+$", re.MULTILINE)
_LICENCE = re.compile(r"copyright|licen[sc]e|SPDX-", re.IGNORECASE)


def first_paragraph(text: str) -> str:
    """The first paragraph of a doc comment whose markers are gone, in one line of at most `DOC_CHARACTERS`."""
    text = text.strip()
    if not text:
        return ""
    end = _END.search(text)
    return " ".join((text[: end.start()] if end else text).split())[:DOC_CHARACTERS]


def without_markers(comment: str) -> str:
    """The words of a comment: `/** … */`, `// …`, `# …` without their signs and rules."""
    return _RULE.sub("", _MARKERS.sub("", comment)).strip()


class Comments:
    """The comments of a file that begin a line, found by the line they end on."""

    def __init__(self, text: bytes, lines: Lines, nodes: Iterable[Node]) -> None:
        self._text = text
        self._lines = lines
        self._by_last_line: dict[int, tuple[int, int, int]] = {}
        for node in nodes:
            start, end = node.byte_range
            first = lines.of(start)
            if not text[lines.start(first) : start].strip():
                if text[end - 1 : end] == b"\n":  # a grammar that counts the line feed to the comment
                    end -= 1
                self._by_last_line[lines.of(max(start, end - 1))] = (first, start, end)

    def above(self, line: int) -> tuple[int, str]:
        """The line on which the comments directly above `line` begin (`line` when there are none) and their words."""
        first, end, start = line, 0, 0
        while line - first < _COMMENT_LINES and (comment := self._by_last_line.get(first - 1)):
            first, start, last = comment
            end = end or last
        if first == line:
            return line, ""
        return first, without_markers(self._text[start : min(end, start + _RAW_BYTES)].decode("utf-8", "replace"))

    def head(self) -> str:
        """The words of the first comment of the file when it stands before everything and is no licence."""
        for first, start, end in self._by_last_line.values():
            if self._text[: self._lines.start(first)].strip(b" \t\r\n;'\"") and first > 3:
                break
            words = without_markers(self._text[start : min(end, start + _RAW_BYTES)].decode("utf-8", "replace"))
            if words and not _LICENCE.search(words):
                return words
        return ""
