"""What the readers of local names share for languages with braces."""

from __future__ import annotations

import re

from indexing.folding.brackets import Brackets
from indexing.folding.lexing import Tokens
from indexing.folding.renaming import LocalNames

_NAME = re.compile(rb"[A-Za-z_$\x80-\xfd][\w$\x80-\xfd]*")


class BraceReader:
    """Tokens with their brackets, and the names found so far. Subclasses say what is a keyword and what is an attribute."""

    KEYWORDS: frozenset[bytes] = frozenset()
    BEFORE_ATTRIBUTE: frozenset[bytes] = frozenset((b".", b"?.", b"::"))

    def __init__(self, tokens: Tokens, brackets: Brackets) -> None:
        self.tokens, self.brackets = tokens, brackets
        self.names = LocalNames()
        self.parameter_list = -1  # the bracket that opens the definition's own
        self._is_word = {token: bool(_NAME.fullmatch(token)) and token not in self.KEYWORDS for token in set(tokens)}

    def is_name(self, position: int) -> bool:
        return 0 <= position < len(self.tokens) and self._is_word[self.tokens[position]]

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
        for position in range(start, limit):
            if self.tokens[position] == token and self.around(position) == level:
                return position
        return -1

    def pieces(self, opened: int) -> list[tuple[int, int]]:
        """The parts between the commas of a bracket, as half-open ranges of positions; `<…>` holds commas together."""
        closed = self.close(opened)
        found: list[tuple[int, int]] = []
        start, angles = opened + 1, 0
        for position in range(opened + 1, closed):
            if self.around(position) != opened:
                continue
            token = self.tokens[position]
            if token and not token.strip(b"<"):
                angles += len(token)
            elif token and not token.strip(b">"):
                angles -= len(token)
            elif token == b"," and angles <= 0:
                found.append((start, position))
                start = position + 1
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

    def read_uses(self) -> None:
        """Mark what is no use of a variable, and keep names that also have another meaning."""
        for position, token in enumerate(self.tokens):
            if not self._is_word[token]:
                continue
            before, after = self.token(position - 1), self.token(position + 1)
            if before in self.BEFORE_ATTRIBUTE or before in (b"goto", b"break", b"continue", b"break\n", b"continue\n"):
                self.names.literal.add(position)
            elif after == b"(" and not self.is_defined_at(position):
                self.names.kept.add(token)
            elif after == b":" and before in (b"{", b",", b";", b"}") and self.is_in_braces(position):
                self.names.kept.add(token)  # a key or a label

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
