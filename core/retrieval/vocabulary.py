"""The tokens of many short texts as numbers, and which of them carry a term.

A question is looked for in the names and comments of a quarter of a million definitions. What each of them says is a run of
token numbers; a term is looked up once among the distinct tokens, so that no text is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.kept import Kept
from core.retrieval.words import spaced_terms, words

_KEPT_TERMS = 4_096
_LEAST_JOINED = 4
"""Letters of each of two words that are written as one; of shorter ones too many words happen to be made."""
_BREAK = "\x01"
"""Stands between two texts; no token holds it."""
_CHANGED = ("i", "e", "l")
"""What Porter's rules put in the place of another last letter."""
_SPACED_BREAK = f" {_BREAK} "
_TOKEN_OR_BREAK = re.compile(rf"\w+|{_BREAK}")
_SPACES_FOR_ASCII = {
    code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_" or chr(code) == _BREAK)
}

TokenNumbers = NDArray[np.int32]
"""Shape (n,): positions among the distinct tokens."""


@dataclass(frozen=True, slots=True)
class JoinedTexts:
    """Texts with `separator` between them, which none of them holds."""

    text: str
    separator: str

    @classmethod
    def of(cls, texts: Sequence[str]) -> JoinedTexts:
        """Some texts together, at least one. One that holds NUL has a space there."""
        return cls("\0".join(text.replace("\0", " ") for text in texts), "\0")

    def apart(self) -> list[str]:
        """The texts one by one."""
        return self.text.split(self.separator)


class _Numbers(dict[str, int]):
    """A number for every token met so far."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


class Vocabulary:
    """The distinct tokens (`core.retrieval.words.tokens`) of the texts that were read, which are complete before the first
    look-up."""

    def __init__(self) -> None:
        self._numbers = _Numbers({_BREAK: 0})
        self._joined: _Spellings | None = None
        self._written: _Spellings | None = None
        self._with_term = Kept[str, TokenNumbers](_KEPT_TERMS)
        self._with_word = Kept[str, TokenNumbers](_KEPT_TERMS)

    def __len__(self) -> int:
        return len(self._numbers)

    def read(self, texts: Iterable[JoinedTexts]) -> TokenNumbers:
        """The tokens of all texts in their order; a 0 stands after those of each."""
        # Where a text holds the mark itself it is no part of a token and as good as a space.
        marked = "".join(
            f"{joined.text.replace(_BREAK, ' ').replace(joined.separator, _SPACED_BREAK)}{_SPACED_BREAK}" for joined in texts
        )
        found = marked.translate(_SPACES_FOR_ASCII).split() if marked.isascii() else _TOKEN_OR_BREAK.findall(marked)
        return np.fromiter(map(self._numbers.__getitem__, found), np.int32, len(found))

    def with_term(self, term: str) -> TokenNumbers:
        """The tokens that `term` is one of the terms of."""
        return self._with_term.get(term, self._find_term)

    def with_word(self, word: str) -> TokenNumbers:
        """The tokens that `word`, in lower case, is written in, whatever their case."""
        return self._with_word.get(word, lambda wanted: self._spellings(written=True).holding(wanted))

    def _find_term(self, term: str) -> TokenNumbers:
        # A stem begins its word, or all of it does but the last letter: `happi` of happy, `file` of filing, `flexibl` of
        # flexibility. So most tokens need not be cut into terms.
        spelt = self._spellings(written=False).holding(term[:-1] if term.endswith(_CHANGED) and len(term) > 1 else term)
        tokens = self._tokens
        carrying = [
            number
            for number in spelt.tolist()
            if term in spaced_terms(tokens[number]).split() or self._is_joined(tokens[number], term)
        ]
        return np.array(carrying, np.int32)

    def _is_joined(self, token: str, term: str) -> bool:
        """Whether a token of a name is `term` and another word of the source without a seam: `nodelist` of node and list."""
        if len(term) < _LEAST_JOINED:
            return False
        for part in words(token):
            rest = part.removeprefix(term) if part.startswith(term) else part.removesuffix(term)
            if len(part) > len(rest) >= _LEAST_JOINED and rest in self._numbers:
                return True
        return False

    @property
    def _tokens(self) -> list[str]:
        return self._spellings(written=True).tokens

    def _spellings(self, *, written: bool) -> _Spellings:
        if self._written is None or self._joined is None:
            tokens = list(self._numbers)
            self._joined = _Spellings(tokens, lambda token: token.replace("_", "").lower())
            self._written = _Spellings(tokens, str.lower)
        return self._written if written else self._joined


class _Spellings:
    """Every token in one text, to be searched at the speed of a string."""

    def __init__(self, tokens: list[str], spelt: Callable[[str], str]) -> None:
        self.tokens = tokens
        lines = list(map(spelt, tokens))
        self._text = "\n".join(lines)
        self._starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]

    def holding(self, part: str) -> TokenNumbers:
        """The tokens that hold `part`, each once, rising."""
        places = np.fromiter(self._places(part), np.int64)
        return np.unique(np.searchsorted(self._starts, places, "right") - 1).astype(np.int32)

    def _places(self, part: str) -> Iterator[int]:
        place = self._text.find(part)
        while place >= 0 and part:
            yield place
            place = self._text.find(part, place + 1)
