"""Passages: lines of a file on their way into a pack.

A *passage* keeps one or more ranges of lines of one file. Between two kept ranges, and after the last where its scope goes
on, a mark tells which lines are left out, so that every line that is shown keeps its true number. A passage with an
`outline` shows that instead of the lines it stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.model.context import ExcerptRole
from core.model.source import Place
from core.model.symbol import Symbol
from core.ports import IndexReader

LineRange = tuple[int, int]
"""Lines from 1, both ends included."""

MAX_LINE_LENGTH = 400
"""Characters; longer lines are minified code or data, and one of them could fill a pack."""

MAX_JOINED_GAP = 2
"""Lines between two kept ranges that are shown after all: a mark would cost as much."""

MAX_READ_LENGTH = 2_000
"""Characters of a line that are looked at: more than is shown, so that no secret is cut in two before it is seen."""

MAX_KEPT_LINES = 300_000
"""Some 30 MB."""

MAX_KEPT_FILES = 2_000
"""Files whose symbols are kept."""

CUT_MARK = " [line cut]"


@dataclass(frozen=True, slots=True)
class Passage:
    """A candidate for an excerpt, or one that was chosen.

    `kept` are sorted, disjoint ranges; `scope` is what would be shown were there room, `kept` lies within it. `value` says
    what the passage is worth to the answer as a whole, the best being about 1. `copies` names the places that say the same.
    """

    path: str
    kept: tuple[LineRange, ...]
    scope: LineRange
    symbol: str
    role: ExcerptRole
    why: str
    value: float
    outline: str = ""
    copies: str = ""

    @property
    def start_line(self) -> int:
        return self.kept[0][0]

    @property
    def end_line(self) -> int:
        return self.kept[-1][1]

    def keeping(self, kept: Iterable[LineRange]) -> Passage:
        """The same passage with other lines."""
        return replace(self, kept=joined(kept))


class Texts:
    """The lines and symbols of indexed files; the ones read last are kept, up to `MAX_KEPT_LINES` in all."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._lines: dict[str, list[str]] = {}
        self._symbols: dict[str, list[Symbol]] = {}
        self._kept = 0

    def symbols(self, path: str) -> list[Symbol]:
        """The symbols of a file, the module first, then by line."""
        found = self._symbols.get(path)
        if found is None:
            if len(self._symbols) >= MAX_KEPT_FILES:
                self._symbols.clear()
            found = self._symbols[path] = self._reader.symbols_of(path)
        return found

    def symbols_on(self, path: str, start_line: int, end_line: int) -> list[Symbol]:
        """Those of `symbols` that have any of these lines."""
        return self._reader.symbols_on(path, start_line, end_line)

    def lines(self, path: str) -> list[str]:
        """All lines of a file, without their line feeds and what is beyond `MAX_READ_LENGTH`; line 1 is at 0."""
        found = self._lines.get(path)
        if found is None:
            found = self._reader.text(path).split("\n")
            if max(map(len, found)) > MAX_READ_LENGTH:
                found = [line[:MAX_READ_LENGTH] for line in found]
            if len(found) > 1 and not found[-1]:
                found.pop()
            if self._kept + len(found) > MAX_KEPT_LINES:
                self._lines.clear()
                self._kept = 0
            self._lines[path] = found
            self._kept += len(found)
        return found

    def clamp(self, path: str, start_line: int, end_line: int) -> LineRange:
        """The range within the lines the file has; never empty."""
        last = max(1, len(self.lines(path)))
        start = min(max(1, start_line), last)
        return start, min(max(start, end_line), last)


def joined(ranges: Iterable[LineRange], gap: int = MAX_JOINED_GAP) -> tuple[LineRange, ...]:
    """Sorted, disjoint ranges covering `ranges`, those at most `gap` lines apart made one."""
    merged: list[LineRange] = []
    for start, end in sorted(ranges):
        if merged and start - merged[-1][1] <= gap + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def covers(ranges: Sequence[LineRange], wanted: Sequence[LineRange]) -> bool:
    """Whether every line of `wanted` lies in `ranges`."""
    return all(any(start <= first and last <= end for start, end in ranges) for first, last in wanted)


def shows(passage: Passage, place: Place) -> bool:
    """Whether a passage shows a line of a place."""
    return passage.path == place.path and any(
        start <= place.end_line and place.start_line <= end for start, end in passage.kept
    )


def count_lines(ranges: Iterable[LineRange]) -> int:
    """How many lines the disjoint `ranges` hold."""
    return sum(end - start + 1 for start, end in ranges)


def left_out(start_line: int, end_line: int) -> str:
    """The mark that stands for lines that are not shown."""
    if start_line == end_line:
        return f"[line {start_line} left out]"
    return f"[lines {start_line}-{end_line} left out]"


def shown_line(line: str) -> str:
    """A line as it stands in an excerpt: cut where it is very long, without a carriage return."""
    line = line.rstrip("\r")
    return line if len(line) <= MAX_LINE_LENGTH else line[:MAX_LINE_LENGTH] + CUT_MARK


def nesting(path: str, qualified_name: str) -> str:
    """The part of a qualified name inside of its file: empty for the module, all of it where the module is no prefix."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    is_package = stem == "__init__" and folder
    module = folder.replace("/", ".") if is_package else f"{folder}.{stem}".replace("/", ".").lstrip(".")
    if qualified_name == module:
        return ""
    return qualified_name.removeprefix(module + ".") if module else qualified_name
