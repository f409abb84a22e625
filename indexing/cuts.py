"""Where a text may be cut: the starts of lines, each with how much a cut there would tear."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from indexing.languages.lines import Lines

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_DEPTH = 60
"""Deeper nodes are not looked into: a cut there tears as much as one anywhere."""
_BEHIND_COMMENT = 1
_TORN = 1_000
"""The rank of a line start at which no construct begins."""
_SPACE = re.compile(rb"\s*+")
_SOFT_BYTES = b";,}) \t>"
_CLOSERS = (b"}", b")", b"]", b"end", b"else", b"elif", b"except", b"catch", b"fi", b"done", b"</")


class Cuts:
    """Byte offsets of line starts (ascending) and the rank of each: a lower one tears less."""

    def __init__(self, text: bytes, offsets: list[int], ranks: list[int]) -> None:
        self._text = text
        self._offsets = offsets
        self._ranks = ranks

    def split(self, start: int, end: int, target: int, slack: int = 0) -> Iterator[tuple[int, int]]:
        """Spans of at most `target` bytes, or `slack` where that is more, that cover `[start, end)` but white space at ends.

        A span begins at a line's first byte except behind a line that is too long itself, which is cut between
        characters.
        """
        limit = max(target, slack)
        stop = start + len(self._text[start:end].rstrip())
        while start < stop:
            start = self._skip_blank_lines(start, stop)
            if stop - start <= target:
                yield start, stop
                return
            cut = self._choose(start, stop, target, limit)
            filled = start + len(self._text[start:cut].rstrip())
            if filled > start:  # else a line that begins with more white space than a chunk may hold
                yield start, filled
            start = cut

    def _choose(self, start: int, stop: int, target: int, limit: int) -> int:
        size = stop - start
        aim = size // 2 if size <= 2 * target else target
        for low, high in ((aim * 2 // 3, min(limit, aim * 4 // 3)), (aim // 3, limit), (1, limit)):
            first = bisect_left(self._offsets, start + max(1, low))
            last = bisect_right(self._offsets, start + min(high, size))
            if first < last:
                goal = start + aim
                best = min(range(first, last), key=lambda at: (self._ranks[at], abs(self._offsets[at] - goal)))
                if self._text[start : self._offsets[best]].strip():
                    return self._offsets[best]
        return self._within_line(start, start + min(limit, size))

    def _within_line(self, start: int, cut: int) -> int:
        """A cut at or before `cut` in a line that is too long: behind a separator if one is near, never in a character."""
        text = self._text
        for soft in range(cut, max(start + 1, cut - (cut - start) // 5), -1):
            if text[soft - 1] in _SOFT_BYTES:
                return soft
        while cut > start + 1 and cut < len(text) and text[cut] & 0xC0 == 0x80:
            cut -= 1
        return cut

    def _skip_blank_lines(self, start: int, end: int) -> int:
        """The start of the first line that is not blank; `start` itself where that is already within one."""
        space = _SPACE.match(self._text, start, end)
        first = space.end() if space else start
        line = self._text.rfind(b"\n", start, first) + 1
        return max(start, line)


def syntax_cuts(text: bytes, lines: Lines, root: Node, begin: int, stop: int) -> Cuts:
    """Cuts within `[begin, stop)` where a construct begins its line, ranked by how deep it is nested; other line starts
    come last."""
    ranks: dict[int, int] = {}
    waiting: list[tuple[Node, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        children = node.children
        comment_end = line = line_end = -1
        for child in islice(children, bisect_right(children, begin, key=attrgetter("end_byte")), None):
            start, end = child.byte_range
            if start >= stop:
                break
            if not child.is_named:
                continue
            if start < line_end >= end:  # beside what began this line: a table has many such
                if "comment" in child.type:
                    comment_end = line
                continue
            line, last = lines.of(start), lines.of(max(start, end - 1))
            line_end = lines.start(line + 1)
            if line not in ranks and not text[lines.start(line) : start].strip():
                ranks[line] = 2 * depth + (_BEHIND_COMMENT if comment_end == line - 1 else 0)
            if "comment" in child.type:
                comment_end = last
            elif last > line and depth < _MAX_DEPTH:
                waiting.append((child, depth + 1))
    first, last = lines.of(begin), lines.of(stop - 1)
    return Cuts(text, lines.starts[first - 1 : last], [ranks.get(line, _TORN) for line in range(first, last + 1)])


def indented_cuts(text: bytes, lines: Lines) -> Cuts:
    """Cuts for text without a grammar: before lines that stand out to the left or behind a blank one."""
    ranks: list[int] = []
    blank = True
    for line in text.split(b"\n"):
        bare = line.lstrip()
        rank = len(line) - len(bare) + 3 * line[: len(line) - len(bare)].count(b"\t") + (0 if blank else 8)
        if bare.startswith(_CLOSERS):
            rank += 50
        blank = not bare
        ranks.append(_TORN if blank else rank)
    return Cuts(text, lines.starts, ranks)
