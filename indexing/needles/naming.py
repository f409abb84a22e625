"""Names for needles that are not in the tree yet."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.cancellation import CancellationToken
from indexing.needles.templates import Needle

_AT_ONCE = 3
"""Candidates of each needle that one reading of the tree tries; hardly a name is taken."""


def draw_names(
    needles: Sequence[Needle], files: Sequence[Path], rng: random.Random, cancellation: CancellationToken
) -> dict[str, str]:
    """A name for each needle, by its id, that occurs in no file in any spelling (case and `_` do not count)."""
    candidates = {needle.id: _candidates(needle, rng) for needle in needles}
    drawn: dict[str, str] = {}
    while len(drawn) < len(candidates):
        tried = {key: list(itertools.islice(names, _AT_ONCE)) for key, names in candidates.items() if key not in drawn}
        free = _free([name for names in tried.values() for name in names], files, cancellation)
        drawn |= {key: next(name for name in names if name in free) for key, names in tried.items() if free & set(names)}
    return drawn


def _candidates(needle: Needle, rng: random.Random) -> Iterator[str]:
    """The needle's names in drawn order, then the same with a number, without end."""
    names = rng.sample(needle.names, len(needle.names))
    yield from names
    for number in itertools.count(2):
        yield from (f"{name}_{number}" for name in names)


def _free(names: Sequence[str], files: Sequence[Path], cancellation: CancellationToken) -> set[str]:
    left = {name: name.replace("_", "").encode() for name in names}
    for file in files:
        cancellation.check("looking for names that are free")
        text = file.read_bytes().lower().replace(b"_", b"")
        for name in [name for name, spelled in left.items() if spelled in text]:
            del left[name]
    return set(left)
