"""What functions are compared by, for all functions of a file at once: frames, skeletons, sketches and streams.

The functions' tokens lie in one array of numbers (`numbering.py`), BETWEEN before each and behind the last, so that what
stands beside a token is never one of another function. What a frame and a skeleton are is told in `skeleton.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xxhash
from numpy.typing import NDArray

from indexing.folding.lexing import BETWEEN, Tokens
from indexing.folding.numbering import Column, Numbers, numbers_of
from indexing.folding.renaming import LOCAL
from indexing.folding.skeleton import (
    ARROWS_TO_MEMBERS,
    ASSIGNED_IS_NOT_CALLED,
    BARE,
    TRAITS,
    VALUE,
    Trait,
    condition_end,
    framed_in,
    head_of,
    own_name_of,
)
from indexing.folding.sketch import Sketches, sketches

SKELETON_BYTES = 8

_HASHES = Column(xxhash.xxh32_intdigest, np.uint32)
_LONG_HASHES = Column(xxhash.xxh3_64_intdigest, np.uint64)
_CONDITIONS = Column(lambda token: xxhash.xxh3_64_intdigest(token + b"\xff?"), np.uint64)
"""A word that a condition follows, with that condition, whatever it says."""
_BARE_VALUE = np.uint64(xxhash.xxh3_64_intdigest(VALUE))
_VALUE_HASH = np.uint32(xxhash.xxh32_intdigest(VALUE))
_LOCAL_HASH = np.uint64(xxhash.xxh3_64_intdigest(LOCAL))


@dataclass(frozen=True, slots=True)
class Function:
    """The tokens of a function, their numbers, and the places of those that may be local names. One that `is_short` says too
    little without these: its sketch and frame keep them."""

    tokens: Tokens
    numbers: Numbers
    local: Sequence[int]
    is_short: bool = False


class Shapes:
    """The shapes of functions that are written in one language."""

    def __init__(self, functions: Sequence[Function], language: str) -> None:
        self._functions = functions
        self._language = language
        between = numbers_of([BETWEEN])
        self._numbers = np.concatenate([part for function in functions for part in (between, function.numbers)] + [between])
        lengths = np.array([len(function.numbers) for function in functions])
        self._stops: list[int] = np.cumsum(lengths + 1).tolist()
        self._starts: list[int] = (np.array(self._stops) - lengths).tolist()
        self._local = np.zeros(len(self._numbers), np.bool_)
        self._masked = np.zeros(len(self._numbers), np.bool_)
        for start, function in zip(self._starts, functions, strict=True):
            places = [start + place for place in function.local]
            self._local[places] = True
            self._masked[places] = not function.is_short
        self._traits = TRAITS.of(self._numbers)

    def sketches(self, told: Sequence[bool]) -> Sketches:
        """The sketches of the functions; one that is not `told` says too little to be found by more than its frame."""
        hashes = _LONG_HASHES.of(self._numbers)
        hashes[self._masked] = _LOCAL_HASH
        spans = [slice(*span) if tell else slice(0) for *span, tell in zip(self._starts, self._stops, told, strict=True)]
        return sketches([hashes[span] for span in spans], self.frames)

    @cached_property
    def streams(self) -> list[bytes]:
        """Of each function the hash of its skeleton, those of its tokens (n,) and n bits that tell which may be local."""
        hashes = _HASHES.of(self._numbers).astype("<u4", copy=False)
        return [
            skeleton.to_bytes(SKELETON_BYTES, "little")
            + hashes[start:stop].tobytes()
            + np.packbits(self._local[start:stop]).tobytes()
            for start, stop, skeleton in zip(self._starts, self._stops, self.skeletons, strict=True)
        ]

    @cached_property
    def frames(self) -> list[int]:
        """The hash of each function's frame, of 32 bits."""
        traits, hashes, found = self._traits, _HASHES.of(self._numbers), framed_in(self._language).of(self._numbers)
        called = np.flatnonzero(traits & Trait.PARENTHESIS) - 1
        called = called[found[called] == _VALUE_HASH]
        if self._language not in ASSIGNED_IS_NOT_CALLED:
            called = called[~self._assigned(called)]
        leads = traits & (Trait.MEMBER | Trait.ARROW)
        leads = leads != 0 if self._language in ARROWS_TO_MEMBERS else leads == Trait.MEMBER
        said = np.concatenate([called, np.flatnonzero(leads) + 1])
        found[said] = hashes[said]
        own = [start + own_name_of(one.tokens) for start, one in zip(self._starts, self._functions, strict=True)]
        # -1 for a function without a name is the place between two.
        found[own] = _VALUE_HASH
        found[self._masked] = _VALUE_HASH
        return [
            xxhash.xxh32_intdigest(found[start:stop].tobytes())
            for start, stop in zip(self._starts, self._stops, strict=True)
        ]

    @cached_property
    def skeletons(self) -> list[int]:
        """The hash of each function's skeleton, of 64 bits. A variable may be named as a word elsewhere (`is`, `match`)."""
        traits, found = self._traits.copy(), BARE.of(self._numbers)
        traits[self._local], found[self._local] = 0, _BARE_VALUE
        before = np.concatenate([traits[:1], traits[:-1]])
        condition = traits & Trait.CONDITIONAL
        begins = np.flatnonzero((condition != 0) & (before & Trait.MEMBER == 0))
        left_out = (traits & Trait.DROPPED != 0) | ((traits & Trait.SIGN != 0) & (before & Trait.BEFORE_OPERAND != 0))
        kept = ~left_out
        replaced = _CONDITIONS.of(self._numbers[begins])
        places, firsts = begins.tolist(), np.searchsorted(begins, self._starts).tolist()
        hashes = []
        for start, stop, first, one in zip(self._starts, self._stops, firsts, self._functions, strict=True):
            done = start + head_of(one.tokens)
            kept[start:done] = False
            for at in range(first, len(places)):
                place = places[at]
                if place >= stop:
                    break
                if place >= done:
                    found[place] = replaced[at]
                    done = start + condition_end(one.tokens, place + 1 - start)
                    kept[place + 1 : done] = False
            hashes.append(xxhash.xxh3_64_intdigest(found[start:stop][kept[start:stop]].tobytes()))
        return hashes

    def _assigned(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the names at `places` (n,) are given a value somewhere in their function."""
        assigned = np.flatnonzero(self._traits & Trait.ASSIGNS) - 1
        owners = np.searchsorted(self._starts, np.concatenate([assigned, places]), side="right")
        keys = owners * np.int64(1 << 32) + self._numbers[np.concatenate([assigned, places])]
        return np.isin(keys[len(assigned) :], keys[: len(assigned)])
