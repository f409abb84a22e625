"""Comments that stand above definitions, and the paragraph they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexing.languages.file_head import HEAD_BYTES, telling

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.lines import Lines

DOC_CHARACTERS = 500
_RAW_BYTES = 4 * DOC_CHARACTERS
_COMMENT_LINES = 400
"""More lines than this above a definition are no longer its comment alone."""
_BLANK_LINES = 2
"""At most this many blank lines part a documentation from what it tells of."""
_OPENING_LINES = 3
"""The first comment may stand behind what opens a file (`<?php`, `#!/bin/sh`), in these lines at most."""
_OPENING_SIGNS = b" \t\r\n;'\""
_DOCUMENTATION = re.compile(rb"/\*\*(?![*/])")
_MARKERS = re.compile(r"^[ \t]*(?:/\*+!?|\*+/|\*(?!/)|///?!?|//!?|#+[:!]?|--+)?[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_END = re.compile(r"\n[ \t]*(?:\n|$|@\w|\\(?:param|return)|:(?:param|return)|[-=*_~#/]{4})")
_TAG = re.compile(r"^[ \t]*(?:[@\\](\w+)|:(\w+)(?: [^:\n]*)?:(?!\S))", re.MULTILINE)
"""A line of a doc comment that is marked as telling one thing: `@param`, `\\brief`, `:returns:`."""
_OF_ALL = frozenset(("brief", "summary", "short", "description", "desc", "details", "classdesc"))
"""Tags after which the thing itself is described, and not a part of it."""
_INHERITED = re.compile(r"\{@inheritDoc\}\s*", re.IGNORECASE)
_RULE = re.compile(r"^[-=*_~#/ \t]+$", re.MULTILINE)


def first_paragraph(text: str) -> str:
    """The first paragraph of a doc comment whose markers are gone, in one line of at most `DOC_CHARACTERS`.

    A comment that begins with tags says what its parameters are, and mostly nothing of what it stands above: of it counts
    what follows a tag of the whole (`\\brief`).
    """
    text = _INHERITED.sub("", text).strip() if text.lstrip().startswith("{@") else text.strip()
    if _TAG.match(text):
        text = _told_of_all(text)
    if not text:
        return ""
    end = _END.search(text)
    return " ".join((text[: end.start()] if end else text).split())[:DOC_CHARACTERS]


def _told_of_all(text: str) -> str:
    """What follows the first tag of the whole in a comment that begins with a tag; empty where there is none."""
    tags = list(_TAG.finditer(text))
    for tag, following in zip(tags, [*(tag.start() for tag in tags[1:]), len(text)], strict=True):
        if (tag[1] or tag[2]).lower() in _OF_ALL:
            return text[tag.end() : following].strip(" \t\n:")
    return ""


def without_markers(comment: str) -> str:
    """The words of a comment: `/** … */`, `// …`, `# …` without their signs and rules."""
    return _RULE.sub("", _MARKERS.sub("", comment)).strip()


class Comments:
    """The comments of a file that begin a line, found by the line they end on."""

    def __init__(self, text: bytes, lines: Lines, nodes: Iterable[Node]) -> None:
        self._text = text
        self._lines = lines
        self._begin = len(text) - len(text.lstrip())
        self._by_last_line: dict[int, tuple[int, int, int]] = {}
        for node in nodes:
            start, end = node.byte_range
            first = lines.of(start)
            if not text[lines.start(first) : start].strip():
                if text[end - 1 : end] == b"\n":  # a grammar that counts the line feed to the comment
                    end -= 1
                self._by_last_line[lines.of(max(start, end - 1))] = (first, start, end)

    def above(self, line: int) -> tuple[int, str]:
        """The line on which the comments directly above `line` begin (`line` when there are none) and their words.

        A comment marked as documentation may have blank lines behind it, as Java's tools take it, unless it is the first
        of the file, which tells of the file.
        """
        first, end, start = self._behind_blank(line), 0, 0
        while line - first < _COMMENT_LINES and (comment := self._by_last_line.get(first - 1)):
            first, start, last = comment
            end = end or last
        if not end:
            return line, ""
        return first, without_markers(self._text[start : min(end, start + _RAW_BYTES)].decode("utf-8", "replace"))

    def _behind_blank(self, line: int) -> int:
        """The line behind the documentation that `line` is apart from by blank lines alone; `line` when there is none."""
        behind = line
        while behind > max(0, line - _BLANK_LINES) and not self._line(behind - 1).strip():
            behind -= 1
        comment = self._by_last_line.get(behind - 1)
        if comment is None or behind == line:
            return line
        _, start, _ = comment
        return behind if start > self._begin and _DOCUMENTATION.match(self._text, start) else line

    def _line(self, line: int) -> bytes:
        return self._text[self._lines.start(line) : self._lines.start(line + 1)]

    def remarks(self) -> tuple[tuple[int, int], ...]:
        """The comments that stand by themselves, blank lines around them, as bytes `[start, end)` of whole lines in their
        order. Those before everything tell of the file, and are none."""
        runs: list[tuple[int, int]] = []
        for last, (first, _, _) in self._by_last_line.items():
            follows = bool(runs) and runs[-1][1] == first
            runs.append((runs.pop()[0] if follows else first, last + 1))
        found: list[tuple[int, int]] = []
        before = 0
        at_head = True
        for first, behind in runs:
            start, end = self._lines.start(first), self._lines.start(behind)
            at_head = at_head and not self._is_behind_code(first, before, start)
            before = end
            if not at_head and self._is_blank(first - 1) and self._is_blank(behind):
                found.append((start, end))
        return tuple(found)

    def _is_behind_code(self, first: int, before: int, start: int) -> bool:
        """Whether code stands between a comment, from line `first` and byte `start` on, and the end of the one before."""
        return first > _OPENING_LINES and bool(self._text[before:start].strip(_OPENING_SIGNS))

    def _is_blank(self, line: int) -> bool:
        """Whether nothing stands on a line, or there is no such line."""
        return line < 1 or not self._line(line).strip()

    def head(self) -> str:
        """What the comments that stand before everything tell of the file: from the first paragraph on that is neither a
        licence nor a credit nor for a tool."""
        said: list[str] = []
        behind = 0
        for first, start, end in self._by_last_line.values():
            if start >= HEAD_BYTES or self._is_behind_code(first, behind, start):
                break
            comment = b"" if self._text.startswith(b"#!", start) else self._text[start : min(end, start + HEAD_BYTES)]
            apart = b"\n" in comment.rstrip() or self._text.count(b"\n", behind, start) > 1
            said.append("\n\n" if apart else "\n")
            said.append(without_markers(comment.decode("utf-8", "replace")))
            behind = end
        return telling("".join(said).strip())
