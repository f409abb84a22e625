"""What the readers of local names share for languages with braces."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from indexing.folding.brackets import Brackets
from indexing.folding.lexing import Tokens
from indexing.folding.numbering import Column, Numbers
from indexing.folding.renaming import LocalNames

_NAME = re.compile(rb"[A-Za-z_$\x80-\xfd][\w$\x80-\xfd]*")
_BEFORE_LABEL = frozenset((b"goto", b"break", b"continue", b"break\n", b"continue\n"))
_BEFORE_KEY = frozenset((b"{", b",", b";", b"}"))
_ANGLES = frozenset((b"<", b"<<", b"<<<", b">", b">>", b">>>"))


@cache
def _words(keywords: frozenset[bytes]) -> Column[np.bool_]:
    """Whether a token is a name in a language with these keywords."""
    return Column(lambda token: _NAME.fullmatch(token) is not None and token not in keywords, np.bool_)


class BraceReader:
    """Tokens with their brackets, and the names found so far. Subclasses say what is a keyword and what is an attribute."""

    KEYWORDS: frozenset[bytes] = frozenset()
    BEFORE_ATTRIBUTE: frozenset[bytes] = frozenset((b".", b"?.", b"::"))
    CALLS_VARIABLES = True
    """Whether a variable can be what `name(…)` calls."""

    def __init__(self, tokens: Tokens, numbers: Numbers, brackets: Brackets) -> None:
        self.tokens, self.numbers, self.brackets = tokens, numbers, brackets
        self.names = LocalNames()
        self.parameter_list = -1  # the bracket that opens the definition's own
        # A token more, so that the loops below may look behind the last and, by -1, before the first.
        self.padded = [*tokens, b""]
        is_word = _words(self.KEYWORDS).of(numbers)
        self.is_word = [*is_word.tolist(), False]
        self.words: list[int] = is_word.nonzero()[0].tolist()

    def is_name(self, position: int) -> bool:
        return 0 <= position < len(self.tokens) and self.is_word[position]

    def token(self, position: int) -> bytes:
        return self.tokens[position] if 0 <= position < len(self.tokens) else b""

    def around(self, position: int) -> int:
        return self.brackets.around[position]

    def close(self, opened: int) -> int:
        return self.brackets.close[opened]

    def end_of_block(self, position: int) -> int:
        """The end of the innermost bracket around, or of the chunk."""
        opened = self.around(position)
        return len(self.tokens) if opened == -1 else self.close(opened)

    def find(self, token: bytes, start: int, level: int) -> int:
        """The next `token` at the bracket level, or -1."""
        limit = len(self.tokens) if level == -1 else self.close(level)
        tokens, around = self.tokens, self.brackets.around
        for position in range(start, limit):
            if tokens[position] == token and around[position] == level:
                return position
        return -1

    def pieces(self, opened: int) -> list[tuple[int, int]]:
        """The parts between the commas of a bracket, as half-open ranges of positions; `<…>` holds commas together."""
        closed = self.close(opened)
        found: list[tuple[int, int]] = []
        start, angles = opened + 1, 0
        around = self.brackets.around
        for position, token in enumerate(self.tokens[start:closed], start):
            if token == b",":
                if angles <= 0 and around[position] == opened:
                    found.append((start, position))
                    start = position + 1
            elif token in _ANGLES and around[position] == opened:
                angles += len(token) if token[:1] == b"<" else -len(token)
        if closed > start:
            found.append((start, closed))
        return found

    def statement_body_end(self, closed: int) -> int:
        """Where the `{…}` that follows the parenthesis closed here ends, or -1: a body without braces is not followed."""
        return self.close(closed + 1) + 1 if self.token(closed + 1) == b"{" else -1

    def arrow_body_end(self, arrow: int) -> int:
        """Where the body of a lambda ends, or -1 where that hangs on a statement's end."""
        if self.token(arrow + 1) == b"{":
            return self.close(arrow + 1) + 1
        level = self.around(arrow)
        if level == -1 or self.tokens[level] == b"{":
            return -1
        comma = self.find(b",", arrow, level)
        return comma if comma != -1 else self.close(level)

    def bound(self) -> list[int]:
        """The positions of the names that are bound somewhere: what else a chunk names need not be looked at. To be called
        when every name is bound."""
        names, tokens = self.names, self.tokens
        if names.uses is None:
            names.uses = [position for position in self.words if tokens[position] in names.regions]
        return names.uses

    def read_uses(self) -> None:
        """Mark what is no use of a variable, and keep names that also have another meaning."""
        tokens, names, before_attribute = self.padded, self.names, self.BEFORE_ATTRIBUTE
        for position in self.bound():
            before, after = tokens[position - 1], tokens[position + 1]
            if before in before_attribute or before in _BEFORE_LABEL:
                names.literal.add(position)
            elif after == b"(":
                if not self.CALLS_VARIABLES and not self.is_defined_at(position):
                    names.literal.add(position)
                elif not self.is_defined_at(position):
                    names.kept.add(tokens[position])
            elif after == b":" and before in _BEFORE_KEY and self.is_in_braces(position):
                names.kept.add(tokens[position])  # a key or a label

    def is_in_braces(self, position: int) -> bool:
        opened = self.around(position)
        return opened == -1 or self.tokens[opened].endswith(b"{")

    def is_defined_at(self, position: int) -> bool:
        return position + 1 == self.parameter_list

    def bind_own_name(self, position: int) -> None:
        if self.is_name(position):
            self.names.bind_definition(self.tokens, position)

    def bind_class_name(self, introducing: frozenset[bytes]) -> None:
        for position, token in enumerate(self.tokens):
            if token in introducing and self.token(position - 1) != b".":
                self.bind_own_name(position + 1)
                return
