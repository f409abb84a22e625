"""What tokens are, looked up fast, and which bracket belongs to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from indexing.folding.lexing import Tokens
from indexing.folding.numbering import Column, Numbers

_MAX_KNOWN = 100_000
_CLOSES = 4
_PLAIN = {b"(": 1, b"[": 2, b"{": 3, b")": _CLOSES, b"]": 2 * _CLOSES, b"}": 3 * _CLOSES}

Kind = TypeVar("Kind")


class KindTable(dict[bytes, Kind], Generic[Kind]):
    """What kind of token each token is: told by a function once, remembered from then on (and now and then forgotten)."""

    def __init__(self, tell: Callable[[bytes], Kind]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, token: bytes) -> Kind:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        kind = self._tell(token)
        self[token] = kind
        return kind

    def of(self, tokens: Tokens) -> list[Kind]:
        return list(map(self.__getitem__, tokens))


@dataclass(frozen=True, slots=True)
class Brackets:
    """`close` maps each opening bracket to its end. `around` gives for every position the innermost bracket open there, -1
    outside of all; a bracket itself counts as outside of itself."""

    close: dict[int, int]
    around: list[int]


def match_brackets(numbers: Numbers) -> Brackets | None:
    """The brackets among tokens given by their numbers, or None where they do not match. Pieces of templates and format
    strings count."""
    close: dict[int, int] = {}
    around: list[int] = []
    stack: list[tuple[int, int]] = []
    innermost, filled = -1, 0
    codes = _CODES.of(numbers)
    [places] = codes.nonzero()
    for position, code in zip(places.tolist(), codes[places].tolist(), strict=True):
        if code >= _CLOSES:
            around += [innermost] * (position - filled)
            filled = position
            opened, bracket = stack.pop() if stack else (-1, 0)
            if bracket != code // _CLOSES:
                return None
            close[opened] = position
            innermost = stack[-1][0] if stack else -1
        if opens := code % _CLOSES:
            around += [innermost] * (position + 1 - filled)
            filled = position + 1
            stack.append((position, opens))
            innermost = position
    around += [innermost] * (len(numbers) - filled)
    return None if stack else Brackets(close, around)


def _code(token: bytes) -> int:
    """Which bracket a token opens, and CLOSES times the one that it closes: pieces of templates (`…${`) and format strings
    (`f"…{`) do either, or both; whole strings end in a quote."""
    plain = _PLAIN.get(token)
    if plain is not None:
        return plain
    return (token[-1:] == b"{") * _PLAIN[b"{"] + (token[:1] == b"}") * _PLAIN[b"}"]


_CODES = Column(_code, np.uint8)
