"""What tokens are, looked up fast, and which bracket belongs to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from indexing.folding.lexing import Tokens

_MAX_KNOWN = 100_000
_PAIRS = {b")": b"(", b"]": b"[", b"}": b"{"}
_OPENING = frozenset(_PAIRS.values())

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


def match_brackets(tokens: Tokens) -> Brackets | None:
    """The brackets of `tokens`, or None where they do not match. Pieces of templates and format strings count."""
    close: dict[int, int] = {}
    around: list[int] = []
    stack: list[tuple[int, bytes]] = []
    innermost = -1
    for position, kind in enumerate(_BRACKETS.of(tokens)):
        if kind is None:
            continue
        opens, closes = kind
        around += [innermost] * (position - len(around))
        if closes:
            if not stack or stack[-1][1] != closes:
                return None
            close[stack.pop()[0]] = position
            innermost = stack[-1][0] if stack else -1
        around.append(innermost)
        if opens:
            stack.append((position, opens))
            innermost = position
    around += [innermost] * (len(tokens) - len(around))
    return None if stack else Brackets(close, around)


def _bracket(token: bytes) -> tuple[bytes, bytes] | None:
    """The bracket that a token opens, and the opening bracket that it answers."""
    if token in _OPENING:
        return token, b""
    if token in _PAIRS:
        return b"", _PAIRS[token]
    # Pieces of templates (`…${`) and format strings (`f"…{`); whole strings end in a quote.
    opens, closes = len(token) > 1 and token[-1:] == b"{", token[:1] == b"}"
    if opens or closes:
        return b"{" if opens else b"", b"{" if closes else b""
    return None


_BRACKETS = KindTable(_bracket)
