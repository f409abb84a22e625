"""Functions written into files, and pairs of clones read back as pairs of those functions."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks.folding_mutants.syntax import Snippet

IN_FILE = 20
"""Functions a file."""

COVERED = 0.7
"""A function is found where pairs hold this share of its lines: the measure of BigCloneBench."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A function's lines `[first, last]` in a file, counted from 1; `key` is whose they are."""

    path: str
    first: int
    last: int
    key: str

    @property
    def lines(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(slots=True)
class Found:
    """What all pairs of two functions say: the lines they hold of each, the loosest type and the least similarity."""

    lines: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    type: int = 0
    similarity: float = 1.0


class Tree:
    """A folder of planted functions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._planted: defaultdict[str, list[Planted]] = defaultdict(list)
        self.by_key: dict[str, Planted] = {}

    def plant(self, part: str, functions: Iterable[tuple[str, Snippet]]) -> None:
        """Write the functions below the folder `part`, IN_FILE in a file, methods within a class; keys are unique."""
        ordered = sorted(functions, key=lambda item: (item[1].grammar.name, item[1].method, item[0]))
        for (language, method), group in groupby(ordered, key=lambda item: (item[1].grammar.name, item[1].method)):
            waiting = list(group)
            for number, start in enumerate(range(0, len(waiting), IN_FILE)):
                name = f"{part}/{language}/{'methods' if method else 'functions'}{number}"
                self._write(name, waiting[start : start + IN_FILE])

    def _write(self, name: str, functions: Sequence[tuple[str, Snippet]]) -> None:
        first = functions[0][1]
        grammar = first.grammar
        path = f"{name}{grammar.suffix}"
        text = grammar.outer
        if first.method:
            text += grammar.head % (hash_of(name) % 1_000_000)
        for key, snippet in functions:
            text += b"\n"
            line = text.count(b"\n") + 1
            text += snippet.text.rstrip() + b"\n"
            planted = Planted(path, line, text.count(b"\n"), key)
            self._planted[path].append(planted)
            self.by_key[key] = planted
        text += grammar.foot if first.method else b""
        (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self._folder / path).write_bytes(text)

    def owners(self, place: Mapping[str, Any]) -> list[Planted]:
        """The functions of which a place holds a line."""
        return [
            planted
            for planted in self._planted.get(place["path"], ())
            if planted.first <= place["end_line"] and place["start_line"] <= planted.last
        ]

    def pairs(self, pairs: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Found]:
        """What was found of each pair of functions, by their keys in order; of a chunk with several functions, each."""
        found: defaultdict[tuple[str, str], Found] = defaultdict(Found)
        for pair in pairs:
            for one in self.owners(pair["a"]):
                for other in self.owners(pair["b"]):
                    if one.key == other.key:
                        continue
                    left, right = (one, pair["a"]), (other, pair["b"])
                    if one.key > other.key:
                        left, right = right, left
                    entry = found[left[0].key, right[0].key]
                    for lines, (planted, place) in zip(entry.lines, (left, right), strict=True):
                        lines.update(line for line in planted.lines if place["start_line"] <= line <= place["end_line"])
                    entry.type = max(entry.type, pair["type"])
                    entry.similarity = min(entry.similarity, pair["similarity"])
        return dict(found)

    def covered(self, keys: tuple[str, str], found: Found) -> bool:
        """Whether enough of both functions lies in their pairs."""
        return all(len(lines) >= COVERED * len(self.by_key[key].lines) for key, lines in zip(keys, found.lines, strict=True))


def hash_of(name: str) -> int:
    """A number for a name, the same in every process."""
    return zlib.crc32(name.encode())
