"""Two definitions side by side, line by line, as a person compares them.

Lines are matched by the words in them: a name that the copy has under another name counts as the same word, and comments
and layout count for nothing. What is left is marked word by word. Nothing here decides about folding; `explain` does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

Renamed = Sequence[tuple[str, str]]
"""Local names under which two definitions say the same: (the one's, the other's)."""
StyleSpan = tuple[int, int, str]
"""Column and length in UTF-16 units, and a style of the code view."""

_WORD = re.compile(r"[^\W\d]\w*|\d[\w.]*|\s+|[-+*/%<>=!&|^~]+|.", re.DOTALL)
_DOC = re.compile(r"\s*[A-Za-z]{0,2}(\"\"\"|''')")
_LIKE = 0.4
"""Lines that share fewer of their words stand apart instead of beside each other."""
_MOST_PAIRED = 10_000
"""Pairs of lines that are compared to find out which stand beside each other; in larger changes they go by their order."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign of a line; its column is in UTF-16 units. A comment is `silent`."""

    column: int
    text: str
    silent: bool = False


Line = Sequence[Word]


class RowKind(StrEnum):
    """What two lines beside each other are."""

    SAME = "same"
    RENAMED = "renamed"
    """The same but for names that the copy has under another name."""
    LAYOUT = "layout"
    """The same but for comments and white space."""
    CHANGED = "changed"
    REMOVED = "removed"
    """There is no such line in the copy."""
    ADDED = "added"
    """There is no such line in the representative."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a line, in UTF-16 units, that is renamed or says something else."""

    column: int
    length: int
    renamed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of each side (their numbers from 0; None where there is none), and what differs within them."""

    kind: RowKind
    left: int | None
    right: int | None
    left_marks: tuple[Mark, ...] = ()
    right_marks: tuple[Mark, ...] = ()


def words_of(lines: Sequence[str], styles: Sequence[Sequence[StyleSpan]], language: str) -> list[list[Word]]:
    """The words of each line. `styles` are the colours of the lines: they tell comments, and where spaces mean something."""
    silent = _documentation(lines, styles) if language == "python" else frozenset()
    return [
        list(_words(line, spans, documentation=number in silent))
        for number, (line, spans) in enumerate(zip(lines, styles, strict=True))
    ]


def _words(line: str, spans: Sequence[StyleSpan], *, documentation: bool) -> Iterator[Word]:
    column, at, current = 0, 0, 0
    for match in _WORD.finditer(line):
        text = match.group()
        while current < len(spans) and spans[current][0] + spans[current][1] <= column:
            current += 1
        style = spans[current][2] if current < len(spans) and spans[current][0] <= column else ""
        if not text.isspace() or (style == "string" and not documentation):
            yield Word(column, text, documentation or style == "comment")
        column += match.end() - at if text.isascii() else _units(text)
        at = match.end()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _documentation(lines: Sequence[str], styles: Sequence[Sequence[StyleSpan]]) -> frozenset[int]:
    """The lines of Python's documentation strings, which folding takes for comments: those after the end of a head."""
    found: set[int] = set()
    heads, inside = False, False
    for number, (line, spans) in enumerate(zip(lines, styles, strict=True)):
        if not line.strip():
            continue
        whole = all(style in ("string", "comment") for _, _, style in spans) and bool(spans)
        inside = whole and (inside or (heads and _DOC.match(line) is not None))
        if inside:
            found.add(number)
        heads = line.rstrip().endswith(":")
    return frozenset(found)


def align(left: Sequence[Line], right: Sequence[Line], renamed: Renamed) -> list[Row]:
    """The rows in which two definitions stand beside each other, in the order of both."""
    sides = _Sides(left, right, renamed)
    rows: list[Row] = []
    numbers: dict[tuple[str, ...], int] = {}
    keys = [[numbers.setdefault(key, len(numbers)) for key in side] for side in (sides.left_keys, sides.right_keys)]
    steps = [*Indel.opcodes(*keys)]
    at_left = at_right = 0
    for step in [*steps, None]:
        if step is not None and step.tag != "equal":
            continue
        end_left, end_right = (step.src_start, step.dest_start) if step is not None else (len(left), len(right))
        rows += sides.unequal(range(at_left, end_left), range(at_right, end_right))
        if step is not None:
            pairs = zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)
            rows += [sides.pair(mine, theirs) for mine, theirs in pairs]
            at_left, at_right = step.src_end, step.dest_end
    return rows


class _Sides:
    """Both definitions, and their words under the names of the left one."""

    def __init__(self, left: Sequence[Line], right: Sequence[Line], renamed: Renamed) -> None:
        self.left, self.right = left, right
        self._pairs = frozenset(renamed)
        mine = {one: f"\0{one}" for one, _ in renamed}
        theirs = {other: f"\0{one}" for one, other in renamed}
        self.left_keys = [_key(line, mine) for line in left]
        self.right_keys = [_key(line, theirs) for line in right]

    def pair(self, mine: int, theirs: int) -> Row:
        """A row of two lines."""
        one, other = _spoken(self.left[mine]), _spoken(self.right[theirs])
        if len(one) == len(other) and all(self._alike(a, b) for a, b in zip(one, other, strict=True)):
            changed = [(a, b) for a, b in zip(one, other, strict=True) if a.text != b.text]
            if changed:
                marks = [
                    tuple(Mark(word.column, _units(word.text), True) for word in side) for side in zip(*changed, strict=True)
                ]
                return Row(RowKind.RENAMED, mine, theirs, *marks)
            same = [(w.column, w.text) for w in self.left[mine]] == [(w.column, w.text) for w in self.right[theirs]]
            return Row(RowKind.SAME if same else RowKind.LAYOUT, mine, theirs)
        return Row(RowKind.CHANGED, mine, theirs, *self._marks(one, other, mine, theirs))

    def unequal(self, mine: range, theirs: range) -> Iterator[Row]:
        """Rows of lines that no line of the other side is the same as."""
        joined = [tuple(itertools.chain.from_iterable(keys[lines.start : lines.stop]))
                  for keys, lines in ((self.left_keys, mine), (self.right_keys, theirs))]  # fmt: skip
        if joined[0] == joined[1]:
            for one, other in itertools.zip_longest(mine, theirs):
                yield Row(RowKind.LAYOUT, one, other)
            return
        at_left, at_right = mine.start, theirs.start
        for one, other in [*self._beside(mine, theirs), (mine.stop, theirs.stop)]:
            yield from (self._alone(line, None) for line in range(at_left, one))
            yield from (self._alone(None, line) for line in range(at_right, other))
            if one < mine.stop:
                yield self.pair(one, other)
            at_left, at_right = one + 1, other + 1

    def _alone(self, mine: int | None, theirs: int | None) -> Row:
        key = self.left_keys[mine] if mine is not None else self.right_keys[theirs or 0]
        kind = RowKind.REMOVED if theirs is None else RowKind.ADDED
        return Row(kind if key else RowKind.LAYOUT, mine, theirs)

    def _beside(self, mine: range, theirs: range) -> list[tuple[int, int]]:
        """Which lines stand beside each other: in order, and as like as can be."""
        if len(mine) * len(theirs) > _MOST_PAIRED:
            return list(zip(mine, theirs, strict=False))
        best = [[0.0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
        likeness = [[self._likeness(one, other) for other in theirs] for one in mine]
        for i in range(len(mine) - 1, -1, -1):
            for j in range(len(theirs) - 1, -1, -1):
                best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] + best[i + 1][j + 1])
        found, i, j = [], 0, 0
        while i < len(mine) and j < len(theirs):
            if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
                found.append((mine[i], theirs[j]))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return found

    def _likeness(self, mine: int, theirs: int) -> float:
        one, other = self.left_keys[mine], self.right_keys[theirs]
        if not one or not other:
            return 0.0
        likeness = float(Indel.normalized_similarity(one, other))
        return likeness if likeness >= _LIKE else 0.0

    def _alike(self, one: Word, other: Word) -> bool:
        return one.text == other.text or (one.text, other.text) in self._pairs

    def _marks(
        self, one: Sequence[Word], other: Sequence[Word], mine: int, theirs: int
    ) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        left: list[Mark] = []
        right: list[Mark] = []
        for step in Indel.opcodes(self.left_keys[mine], self.right_keys[theirs]):
            a, b = one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]
            if step.tag != "equal":
                left += _stretch(a)
                right += _stretch(b)
                continue
            for before, after in zip(a, b, strict=True):
                if before.text != after.text:
                    left.append(Mark(before.column, _units(before.text), True))
                    right.append(Mark(after.column, _units(after.text), True))
        return tuple(left), tuple(right)


def _spoken(line: Line) -> list[Word]:
    return [word for word in line if not word.silent]


def _key(line: Line, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(word.text, word.text) for word in line if not word.silent)


def _stretch(words: Sequence[Word]) -> list[Mark]:
    """One mark over words that stand in a row; none for no words."""
    if not words:
        return []
    first, last = words[0], words[-1]
    return [Mark(first.column, last.column + _units(last.text) - first.column, False)]
