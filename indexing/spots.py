"""Where the names that files use stand in their texts.

Nearly every name stands on the line it is told of, as a word by itself, so that its number among the words of the text says
it: three bits where the name takes sixteen, compressed with the text beside it. A *word* is a run of letters, digits, `_`,
`$` and dots; arrows and double colons count as dots, as in access paths (`core.model.symbol`). Which words there are follows
from the bytes alone, whatever their encoding and language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexing.columns import Integers
from indexing.number_sets import counted

Places = NDArray[np.int32]
"""Shape (n,)."""
Marks = NDArray[np.uint8]
"""Shape (n,)."""
NOWHERE = -1
"""Stands for the number of a word that was not found."""

_LINES_ON = 12
"""So many lines a name is looked for in: an argument may stand some lines after its call."""
_IS_WORD = bytes(code >= 0x80 or chr(code).isalnum() or chr(code) in "_$." for code in range(256))


class Spots:
    """The words of the texts of some files, numbered from 0; lines are counted from 1 through all of them."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        raw = b"\n".join(contents)
        marks, has_signs = _marks_as_if_plain(raw)
        self._set(raw, marks, list(map(len, contents)), has_signs=has_signs)

    def _set(self, raw: bytes, marks: Marks, sizes: Sequence[int], *, has_signs: bool) -> None:
        """`raw` are the texts of these `sizes`, a line feed between two, with `marks` (n + 2,) as `_marks` gives them;
        `has_signs` where words in it hold arrows or double colons."""
        # One character a byte, so that any bytes will do; a name of other characters is just not found.
        self.text = raw.decode("latin-1")
        """All of them, in which the words stand."""
        self._has_signs = has_signs
        # Half the room: many blocks are kept open.
        edges = np.flatnonzero(marks[1:] != marks[:-1]).astype(np.int32)
        # With one of nothing at the beginning behind all, which `NOWHERE` finds there.
        self._starts, self._ends = np.zeros((2, len(edges) // 2 + 1), np.int32)
        self._starts[:-1], self._ends[:-1] = edges[::2], edges[1::2]
        self._line_ends = np.flatnonzero(np.frombuffer(raw, np.uint8) == ord("\n")).astype(np.int32)
        widths = np.array(sizes, np.int64) + 1
        self.first_lines: Integers = np.searchsorted(self._line_ends, np.cumsum(widths) - widths)
        """(files,): how many lines are before each file."""

    def lines(self, numbers: Integers) -> Integers:
        """The lines on which words stand."""
        return np.searchsorted(self._line_ends, self._starts[numbers]) + 1

    def bounds(self, numbers: Integers) -> tuple[Places, Places]:
        """Where in `text` words begin and end; nothing at its beginning for `NOWHERE`."""
        return self._starts[numbers], self._ends[numbers]

    def words(self, begins: Places, ends: Places) -> list[str]:
        """The words between these bounds."""
        text = self.text
        found = [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        # No word holds a line feed.
        return _plain("\n".join(found)).split("\n") if self._has_signs and found else found


class SoughtSpots(Spots):
    """The same, among which names are looked for: arrows and double colons are dots in `text`."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        texts = [_plain(content.decode("latin-1")).encode("latin-1") for content in contents]
        raw = b"\n".join(texts)
        self._marks = _marks(raw)
        self._set(raw, np.frombuffer(self._marks, np.uint8), list(map(len, texts)), has_signs=False)

    def numbers(self, names: Sequence[str], lines: Integers) -> Integers:
        """The first word on or soon after each line that is the name; `NOWHERE` where there is none."""
        # By the number of the line, with the end of the text behind.
        line_starts = np.concatenate([[0, 0], self._line_ends + 1, [len(self.text)]])
        most = len(line_starts) - 1
        begins, stops = line_starts[np.minimum(lines, most)], line_starts[np.minimum(lines + _LINES_ON, most)]
        places = np.array(list(map(self.text.find, names, begins.tolist(), stops.tolist())), np.int64)
        sizes = np.array(list(map(len, names)), np.int64)
        marks = np.frombuffer(self._marks, np.uint8)
        is_part = (places >= 0) & (sizes > 0)
        is_part[is_part] = (marks[places[is_part]] | marks[(places + sizes)[is_part] + 1]) != 0
        for index in np.flatnonzero(is_part).tolist():
            places[index] = self._whole(names[index], int(places[index]) + 1, int(stops[index]))
        numbers = np.searchsorted(self._starts[:-1], places)
        # What holds other characters than words do is none, and neither is nothing.
        is_word = (self._starts[numbers] == places) & (self._ends[numbers] == places + sizes) & (sizes > 0)
        return np.where(is_word & (places >= 0), numbers, NOWHERE)

    def _whole(self, name: str, start: int, stop: int) -> int:
        """Where a name stands that is part of no longer word, -1 where it does not."""
        find, marks, beyond = self.text.find, self._marks, len(name) + 1
        place = find(name, start, stop)
        while place >= 0 and (marks[place] or marks[place + beyond]):
            place = find(name, place + 1, stop)
        return place


def _plain(text: str) -> str:
    """The text with dots for arrows and double colons."""
    return text.replace("->", ".").replace("::", ".")


def _marks_as_if_plain(raw: bytes) -> tuple[Marks, bool]:
    """What `_marks` would say if arrows and double colons were dots, and whether there are any: to find them takes a third
    of the time of replacing them."""
    marks = np.frombuffer(bytearray(_marks(raw)), np.uint8)
    codes = np.frombuffer(raw, np.uint8)
    arrows = np.flatnonzero((codes[:-1] == ord("-")) & (codes[1:] == ord(">")))
    colons = _every_other(np.flatnonzero((codes[:-1] == ord(":")) & (codes[1:] == ord(":"))))
    signs = np.concatenate([arrows, colons])
    marks[signs + 1] = marks[signs + 2] = 1
    return marks, len(signs) > 0


def _every_other(places: Integers) -> Integers:
    """Of places that follow one another without a gap the first, the third and so on."""
    firsts = np.flatnonzero(np.diff(places, prepend=-2) != 1)
    found: Integers = places[counted(np.diff(firsts, append=len(places))) % 2 == 0]
    return found


def _marks(raw: bytes) -> bytes:
    """Whether each byte is of a word, with one that is not before and after all."""
    return b"\0" + raw.translate(_IS_WORD) + b"\0"
