"""Where the names that files use stand in their texts.

Nearly every name stands on the line it is told of, as a word by itself, so that its number among the words of the text says
it: three bits where the name takes sixteen, compressed with the text beside it. A *word* is a run of letters, digits, `_`,
`$` and dots; arrows and double colons count as dots, as in access paths (`core.model.symbol`). Which words there are follows
from the bytes alone, whatever their encoding and language.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexing.columns import Integers

Places = NDArray[np.int32]
"""Shape (n,)."""
NOWHERE = -1
"""Stands for the number of a word that was not found."""

_LINES_ON = 12
"""So many lines a name is looked for in: an argument may stand some lines after its call."""
_IS_WORD = bytes(code >= 0x80 or chr(code).isalnum() or chr(code) in "_$." for code in range(256))


class Spots:
    """The words of the texts of some files, numbered from 0; lines are counted from 1 through all of them."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        # One character a byte, so that any bytes will do; a name of other characters is just not found.
        texts = [content.decode("latin-1").replace("->", ".").replace("::", ".") for content in contents]
        self.text = "\n".join(texts)
        """All of them, in which the words stand."""
        raw = self.text.encode("latin-1")
        marks = np.frombuffer(_marks(raw), np.uint8)
        # Half the room: many blocks are kept open.
        edges = np.flatnonzero(marks[1:] != marks[:-1]).astype(np.int32)
        self._starts, self._ends = edges[::2].copy(), edges[1::2].copy()
        self._line_ends = np.flatnonzero(np.frombuffer(raw, np.uint8) == ord("\n")).astype(np.int32)
        sizes = np.array([len(text) + 1 for text in texts], np.int64)
        self.first_lines: Integers = np.searchsorted(self._line_ends, np.cumsum(sizes) - sizes)
        """(files,): how many lines are before each file."""

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
        numbers = np.searchsorted(self._starts, places)
        # What holds other characters than words do is none.
        is_word = np.append(self._starts, NOWHERE)[numbers] == places
        is_word &= np.append(self._ends, NOWHERE)[numbers] == places + sizes
        return np.where(is_word & (places >= 0), numbers, NOWHERE)

    def lines(self, numbers: Integers) -> Integers:
        """The lines on which words stand."""
        return np.searchsorted(self._line_ends, self._starts[numbers]) + 1

    def bounds(self, numbers: Integers) -> tuple[Places, Places]:
        """Where in `text` words begin and end; nothing at its beginning for `NOWHERE`."""
        return np.append(self._starts, 0)[numbers].astype(np.int32), np.append(self._ends, 0)[numbers].astype(np.int32)

    @functools.cached_property
    def _marks(self) -> bytes:
        """For those who look for names; who reads keeps none."""
        return _marks(self.text.encode("latin-1"))

    def _whole(self, name: str, start: int, stop: int) -> int:
        """Where a name stands that is part of no longer word, -1 where it does not."""
        find, marks, beyond = self.text.find, self._marks, len(name) + 1
        place = find(name, start, stop)
        while place >= 0 and (marks[place] or marks[place + beyond]):
            place = find(name, place + 1, stop)
        return place


def _marks(raw: bytes) -> bytes:
    """Whether each byte is of a word, with one that is not before and after all."""
    return b"\0" + raw.translate(_IS_WORD) + b"\0"
