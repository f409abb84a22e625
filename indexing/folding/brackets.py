"""What tokens are, looked up fast, and which bracket belongs to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from indexing.folding.lexing import Tokens

_MAX_KNOWN = 100_000
_PAIRS = {b")": b"(", b"]": b"[", b"}": b"{"}
_PLAIN = {**{opening: (opening, b"") for opening in _PAIRS.values()}, **{token: (b"", _PAIRS[token]) for token in _PAIRS}}

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
    innermost, filled = -1, 0
    for position, (opens, closes) in _bracket_places(tokens):
        if closes:
            around += [innermost] * (position - filled)
            filled = position
            opened, bracket = stack.pop() if stack else (-1, b"")
            if bracket != closes:
                return None
            close[opened] = position
            innermost = stack[-1][0] if stack else -1
        if opens:
            around += [innermost] * (position + 1 - filled)
            filled = position + 1
            stack.append((position, opens))
            innermost = position
    around += [innermost] * (len(tokens) - filled)
    return None if stack else Brackets(close, around)


def _bracket_places(tokens: Tokens) -> list[tuple[int, tuple[bytes, bytes]]]:
    """The positions of brackets, each with what it opens and the opening bracket that it answers."""
    joined = b"\xff\xff".join([b"", *tokens, b""])
    if joined.count(b"{\xff") == joined.count(b"\xff{\xff") and joined.count(b"\xff}") == joined.count(b"\xff}\xff"):
        return [(position, kind) for position, kind in enumerate(map(_PLAIN.get, tokens)) if kind]
    # Pieces of templates (`…${`) and format strings (`f"…{`); whole strings end in a quote.
    return [
        (position, _PLAIN.get(token) or ((token[-1:] == b"{" and b"{") or b"", (token[:1] == b"}" and b"{") or b""))
        for position, token in enumerate(tokens)
        if token in _PLAIN or token[-1:] == b"{" or token[:1] == b"}"
    ]
