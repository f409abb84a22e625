"""Local names of a Go function: receiver, parameters, `:=` and `var`."""

from __future__ import annotations

from indexing.folding.brackets import match_brackets
from indexing.folding.lexing import Tokens
from indexing.folding.names_braces import BraceReader
from indexing.folding.numbering import Numbers
from indexing.folding.renaming import LocalNames

_KEYWORDS = frozenset(
    b"break case chan const continue default defer else fallthrough for func go goto if import interface map package range"
    b" return select struct switch type var true false nil iota".split()
)
_DECLARING = frozenset((b"var", b"const"))
_INTRODUCING = _DECLARING | {b":=", b"func"}
_HEADERS = frozenset((b"for", b"if", b"switch"))


def read_go(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a Go function or method, or the name of a type."""
    brackets = match_brackets(numbers)
    if brackets is None:
        return None
    reader = _GoReader(tokens, numbers, brackets)
    if is_class:
        reader.bind_class_name(frozenset((b"type",)))
        return reader.names
    return reader.read()


class _GoReader(BraceReader):
    KEYWORDS = _KEYWORDS
    BEFORE_ATTRIBUTE = frozenset((b".",))

    def read(self) -> LocalNames | None:
        if self.token(0) != b"func":
            return None
        # A type declared within may have fields that look like variables; `.(type)` declares none.
        self.names.unclear = any(
            token == b"type" and self.tokens[place - 1] != b"(" for place, token in enumerate(self.tokens)
        )
        position = 1
        if self.token(position) == b"(":
            receiver, position = position, self.close(position) + 1
            self._bind_parameters(receiver, len(self.tokens))
        self.bind_own_name(position)
        opened = position + 1
        if self.token(opened) == b"[":  # parameters that stand for types
            opened = self.close(opened) + 1
        if self.token(opened) == b"(":
            self.parameter_list = opened
            self._bind_parameters(opened, len(self.tokens))
            results = self.close(opened) + 1
            if self.token(results) == b"(":
                self._bind_parameters(results, len(self.tokens))
        for position, token in [place for place in enumerate(self.tokens) if place[1] in _INTRODUCING]:
            if token == b":=":
                self._read_short_declaration(position)
            elif token in _DECLARING:
                self._read_declaration(position)
            elif token == b"func" and position and self.token(position + 1) == b"(":
                self._read_literal(position + 1)
        self.read_uses()
        return self.names

    def _bind_parameters(self, opened: int, end: int) -> None:
        """Either all parameters have names or none: they have if the last one is two words."""
        pieces = self.pieces(opened)
        if not pieces:
            return
        start, stop = pieces[-1]
        if stop - start < 2 or not self.is_name(start) or self.tokens[start + 1] == b".":
            return
        if self.tokens[start + 1] == b"[" and self.close(start + 1) + 1 == stop:
            return  # `List[T]` is a type, `a []T` a parameter
        for start, _ in pieces:
            if self.is_name(start):
                self.names.bind(self.tokens[start], start, end)

    def _read_literal(self, opened: int) -> None:
        """The parameters of a function literal hold in its body, if that follows closely."""
        closed = self.close(opened)
        for position in range(closed + 1, min(closed + 7, len(self.tokens))):
            if self.tokens[position] == b"{" and self.around(position) == self.around(opened):
                self._bind_parameters(opened, self.close(position) + 1)
                return
            if self.tokens[position] in (b";", b")", b",", b"struct", b"interface"):
                return

    def _read_short_declaration(self, position: int) -> None:
        start = position - 1
        declared = [start]
        while self.token(start - 1) == b"," and self.is_name(start - 2):
            start -= 2
            declared.append(start)
        before = self.token(start - 1)
        if before in _HEADERS:
            end = self._end_of_header_block(position)
            for name in declared:
                if not self.is_name(name):
                    continue
                if end == -1:
                    self.names.bind_somewhere(self.tokens[name])
                else:
                    self._bind_declared(name, self._end_of_statement(position), end)
        elif before in (b"{", b"}", b";", b":"):
            self._bind_from_next_statement(declared, position)
        elif before == b"case" and (colon := self.find(b":", position, self.around(position))) != -1:
            for name in declared:  # what a clause of `select` receives
                if self.is_name(name):
                    self._bind_declared(name, colon, self._end_of_clause(position))

    def _read_declaration(self, position: int) -> None:
        """`var a, b T`, `const c = …`, and several of them in parentheses."""
        starts = [position + 1]
        if self.token(position + 1) == b"(":
            closed = self.close(position + 1)
            inside = [p for p in range(position + 2, closed) if self.around(p) == position + 1]
            starts = [p for p in inside if self.tokens[p - 1] in (b"(", b";")]
        for start in starts:
            declared = [start]
            while self.is_name(declared[-1]) and self.token(declared[-1] + 1) == b",":
                declared.append(declared[-1] + 2)
            self._bind_from_next_statement(declared, start, position)

    def _bind_declared(self, name: int, start: int, end: int) -> None:
        """A variable is not yet its own in the expression it gets its value from."""
        self.names.bind(self.tokens[name], name, name + 1)
        self.names.bind(self.tokens[name], start, end)

    def _bind_from_next_statement(self, declared: list[int], position: int, around: int = -1) -> None:
        """To the end of the block with the token `around`, which is `position` where there is none."""
        start, end = self._end_of_statement(position), self._end_of_clause(around if around != -1 else position)
        for name in declared:
            if self.is_name(name):
                self._bind_declared(name, start, end)

    def _end_of_statement(self, position: int) -> int:
        level = self.around(position)
        limit = len(self.tokens) if level == -1 else self.close(level)
        for end in range(position, limit):
            if self.around(end) == level and self.tokens[end] in (b";", b"{"):
                return end
        return limit

    def _end_of_clause(self, position: int) -> int:
        """The block's end, or the next `case`: each clause is a block of its own."""
        level = self.around(position)
        limit = self.end_of_block(position)
        for end in range(position, limit):
            if self.around(end) == level and self.tokens[end] in (b"case", b"default"):
                return end
        return limit

    def _end_of_header_block(self, position: int) -> int:
        """The end of the block that an `if`, `for` or `switch` header leads to, `else` branches included; -1 if unclear."""
        level = self.around(position)
        opened = self.find(b"{", position, level)
        if opened == -1:
            return -1
        while self.token(self.close(opened) + 1) == b"{":  # that was a composite literal
            opened = self.close(opened) + 1
        end = self.close(opened)
        while self.token(end + 1) == b"else":
            opened = self.find(b"{", end + 1, level)
            if opened == -1:
                return -1
            end = self.close(opened)
        return end + 1
