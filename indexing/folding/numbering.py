"""Tokens as numbers: what is asked of every token is looked up for all tokens of a file at once.

A *number* is the place of a token in the vocabulary of its language, which grows as tokens are met; a *column* tells one
thing of every token of it, found out once. Numbers mean nothing outside of this process, nor of the language that `turn_to`
was last told: they live no longer than the work on a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexing.folding.lexing import Tokens

Numbers = NDArray[np.int32]
"""Shape (n,)."""

Kind = TypeVar("Kind", bound=np.generic)

_MOST_KNOWN = 100_000
"""Tokens in a vocabulary, which then begins anew: with all columns some 20 MB."""


class _Told:
    """What a column tells of the first `known` tokens of a vocabulary: `values`, with room for more."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values
        self.known = 0

    def add(self, values: Iterable[int], known: int) -> None:
        """Take in what is told of the tokens up to `known`."""
        if known > len(self.values):
            self.values = np.concatenate([self.values, np.zeros(known, self.values.dtype)])
        self.values[self.known : known] = np.fromiter(values, self.values.dtype, known - self.known)
        self.known = known


class _Vocabulary(dict[bytes, int]):
    """The number of every token met so far, and what columns have told of them."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = []
        self.told: dict[Column[Any], _Told] = {}

    def __missing__(self, token: bytes) -> int:
        number = self[token] = len(self.tokens)
        self.tokens.append(token)
        return number

    def begin_anew(self) -> None:
        self.clear()
        self.tokens = []
        self.told = {}


_vocabularies: defaultdict[str, _Vocabulary] = defaultdict(_Vocabulary)
_vocabulary = _vocabularies[""]


def turn_to(language: str) -> None:
    """From now on tokens are those of this language; numbers given before are void."""
    global _vocabulary  # noqa: PLW0603 - handed to each of a dozen readers and columns, it would be all they are given
    _vocabulary = _vocabularies[language]
    if len(_vocabulary) > _MOST_KNOWN:
        _vocabulary.begin_anew()


def number(token: bytes) -> int:
    """The number of one token."""
    return _vocabulary[token]


def numbers_of(tokens: Sequence[bytes]) -> Numbers:
    """The numbers of tokens, in their order."""
    return np.fromiter(map(_vocabulary.__getitem__, tokens), np.int32, len(tokens))


class Column(Generic[Kind]):
    """What `tell` says of each token, as an array of `kind`."""

    def __init__(self, tell: Callable[[bytes], int], kind: type[Kind]) -> None:
        self._tell = tell
        self._kind = kind

    def of(self, numbers: Numbers) -> NDArray[Kind]:
        """Shape (n,): what is told of the tokens of these numbers."""
        told = _vocabulary.told.get(self)
        if told is None:
            told = _vocabulary.told[self] = _Told(np.zeros(1 << 10, self._kind))
        if told.known < len(_vocabulary.tokens):
            told.add(map(self._tell, _vocabulary.tokens[told.known :]), len(_vocabulary.tokens))
        values: NDArray[Kind] = told.values.take(numbers)
        return values

    def where(self, numbers: Numbers) -> list[int]:
        """The places at which something other than 0 is told."""
        places: list[int] = self.of(numbers).nonzero()[0].tolist()
        return places
