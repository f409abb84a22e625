"""Local names of a Python definition: parameters, what its statements bind, comprehensions and lambdas."""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left
from itertools import islice

import numpy as np

from indexing.folding.brackets import Brackets, match_brackets
from indexing.folding.lexing import DEDENT, INDENT, NEWLINE, Tokens, is_format_string
from indexing.folding.numbering import Column, Numbers, number
from indexing.folding.renaming import LocalNames

_KEYWORDS = frozenset(word.encode() for word in keyword.kwlist)
_STRUCTURE = frozenset((NEWLINE, INDENT, DEDENT))
_NAME_START = re.compile(rb"[A-Za-z_\x80-\xfd]")
_WORD = re.compile(rb"[A-Za-z_\x80-\xfd][\w\x80-\xfd]*")
_SEES_NAMES = frozenset((b"locals", b"vars", b"eval", b"exec", b"dir", b"globals"))
_AUGMENTED = frozenset(b"+= -= *= /= //= %= **= >>= <<= &= ^= |= @=".split())
_STATEMENT_WORDS = frozenset(b"async def class @ import from global nonlocal for with except".split())
_IN_PATTERN = frozenset(b", * ( ) [ ]".split())
_QUOTES = frozenset(b"\"'")


def read_python(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a chunk that holds one function or one class head."""
    brackets = match_brackets(numbers)
    return _Reader(tokens, numbers, brackets).read() if brackets else None


def _kind(token: bytes) -> int:
    if token[-1] in _QUOTES:
        return _FORMAT if b"{" in token and is_format_string(token) else _OTHER
    if token in (b"lambda", b"for", b":="):
        return _BINDS
    if token in _STRUCTURE or token == b";":
        return _ENDS
    if token[-1:] == b"{" or token[:1] == b"}":
        return _OTHER
    return _NAME if _NAME_START.match(token) and token not in _KEYWORDS else _OTHER


_OTHER, _ENDS, _NAME, _FORMAT, _BINDS = range(5)
"""Kinds of tokens: a FORMAT is a format string that could not be taken apart."""
_KINDS = Column(_kind, np.uint8)


class _Scope:
    """A function (or class) body: token positions `[start, end)`."""

    __slots__ = ("end", "is_class", "start")

    def __init__(self, start: int, end: int, is_class: bool) -> None:
        self.start, self.end, self.is_class = start, end, is_class


class _Reader:
    def __init__(self, tokens: Tokens, numbers: Numbers, brackets: Brackets) -> None:
        self.tokens, self.brackets = tokens, brackets
        kinds = _KINDS.of(numbers)
        self.kinds: list[int] = kinds.tolist()
        self.ends: list[int] = [
            p for p in (kinds == _ENDS).nonzero()[0].tolist() if tokens[p] != b";" or brackets.around[p] == -1
        ]
        self.ends.append(len(tokens))
        self.equals: list[int] = (numbers == number(b"=")).nonzero()[0].tolist()
        self.named: list[int] = (kinds == _NAME).nonzero()[0].tolist()
        self.bindings: list[int] = (kinds >= _FORMAT).nonzero()[0].tolist()
        self.names = LocalNames()
        self.scopes: list[_Scope] = []
        self.parameters: set[int] = set()  # positions where a parameter list binds
        self.keywords: set[bytes] = set()  # names of keyword arguments
        self.walruses: list[bytes] = []
        self.functions = 0
        self.calls_itself = False
        self.body = (0, 0)  # of the outermost function
        self.iterated: dict[int, set[bytes]] = {}  # by bracket: names in the sources of its comprehension so far

    def read(self) -> LocalNames | None:
        start = 0
        for end in self.ends:
            if end > start:
                while self.scopes and self.scopes[-1].end <= start:
                    self.scopes.pop()
                self._read_statement(start, end)
            start = end + 1
        self._read_uses()
        if self.functions > 1 or self.calls_itself:
            self.names.kept |= self.keywords  # they may name parameters of a function in here
        if self.functions == 1:
            for name in self.walruses:  # bound in the function around, even within a comprehension
                self.names.bind(name, *self.body)
        return self.names

    def _is_name(self, position: int) -> bool:
        return 0 <= position < len(self.kinds) and self.kinds[position] == _NAME

    def _token(self, position: int) -> bytes:
        return self.tokens[position] if 0 <= position < len(self.tokens) else b""

    def _end_of_body(self, end_of_header: int) -> int:
        """Where the block that follows a header ends."""
        if self._token(end_of_header + 1) != INDENT:
            return end_of_header
        depth = 0
        for position in self.ends[bisect_left(self.ends, end_of_header + 1) : -1]:
            depth += (self.tokens[position] == INDENT) - (self.tokens[position] == DEDENT)
            if depth == 0:
                return position
        return len(self.tokens)

    def _read_statement(self, start: int, end: int) -> None:
        first = self.tokens[start]
        if first not in _STATEMENT_WORDS:
            self._read_assignment(start, end)
            return
        if first == b"async":
            first = self._token(start + 1)
            start += 1
        if first in (b"def", b"class"):
            self._read_definition(start, end, first == b"class")
        elif first == b"@":
            return
        elif first in (b"import", b"from", b"global", b"nonlocal"):
            self.names.kept.update(self.tokens[start:end])
        elif first == b"for":
            self._bind_targets(start + 1, self._find(b"in", start, end))
        elif first in (b"with", b"except"):
            for position in range(start, end - 1):
                if self.tokens[position] != b"as":
                    continue
                if self._token(position + 1) == b"(":
                    self._bind_targets(position + 1, self.brackets.close[position + 1] + 1)
                elif self._token(position + 2) in (b",", b":", b")"):
                    self._bind(position + 1)
        else:
            self._read_assignment(start, end)

    def _read_definition(self, start: int, end: int, is_class: bool) -> None:
        name = start + 1
        body_end = self._end_of_body(end)
        nested = bool(self.scopes)
        if nested or not self._is_name(name):
            self.names.kept.add(self._token(name))
        else:
            self.names.bind_definition(self.tokens, name)
        if is_class:
            self.scopes.append(_Scope(name, body_end, True))
            return
        self.functions += 1
        self.calls_itself |= self.tokens.count(self._token(name)) > 1
        opened = self._find(b"(", start, end)
        if not nested:
            self.body = (opened, body_end)
        if opened < end:
            self._read_parameters(opened, self.brackets.close[opened], end, body_end)
        self.scopes.append(_Scope(opened, body_end, False))

    def _read_parameters(self, opened: int, closed: int, end: int, body_end: int) -> None:
        bound: set[bytes] = set()
        other: set[bytes] = set()  # defaults and annotations belong to the scope outside
        for position in range(opened + 1, end):
            if not self._is_name(position):
                continue
            direct = self.brackets.around[position] == opened and position < closed
            if direct and self.tokens[position - 1] in (b"(", b",", b"*", b"**"):
                bound.add(self.tokens[position])
                self.parameters.add(position)
            else:
                other.add(self.tokens[position])
        if b"lambda" in self.tokens[opened:closed]:
            other |= bound
        for name in bound:
            self.names.bind(name, opened, body_end)
        self.names.kept |= bound & other

    def _read_assignment(self, start: int, end: int) -> None:
        """`a = b, c = …`, `a: T = …`, `a += …`: every part but the last before an `=` is a target."""
        around, tokens = self.brackets.around, self.tokens
        if end > start + 1 and around[start + 1] == -1 and (tokens[start + 1] in _AUGMENTED or tokens[start + 1] == b":"):
            self._bind(start)
        begin = start
        for position in islice(self.equals, bisect_left(self.equals, start), None):
            if position >= end:
                break
            if around[position] == -1:
                self._bind_targets(begin, position)
                begin = position + 1

    def _bind_targets(self, start: int, end: int) -> None:
        """Bind `a`, `a, *b` or `(a, b)`; targets of another form (attributes, entries) bind nothing."""
        if end == start + 1:
            if self.tokens[start - 1] != b".":
                self._bind(start)
            return
        if end > start + 1 and self._is_name(start) and self.tokens[start + 1] == b":":
            end = start + 1
        positions = range(start, end)
        plain = all(self._is_name(p) or self.tokens[p] in _IN_PATTERN for p in positions)
        called = any(self.tokens[p] in (b"(", b"[") and p > start and self._is_name(p - 1) for p in positions)
        for position in positions:
            if not self._is_name(position) or self.tokens[position - 1] == b".":
                continue
            if (plain and not called) or (
                self.brackets.around[position] == self.brackets.around[start]
                and self._token(position + 1) in (b",", b"=", b"in")
                and (position == start or self.tokens[position - 1] in (b",", b"*"))
            ):
                self._bind(position)

    def _bind(self, position: int) -> None:
        if not self._is_name(position) or not self.scopes:
            return
        scope = self.scopes[-1]
        if scope.is_class:
            self.names.kept.add(self.tokens[position])
        else:
            self.names.bind(self.tokens[position], scope.start, scope.end)

    def _find(self, token: bytes, start: int, end: int) -> int:
        for position in range(start, end):
            if self.tokens[position] == token:
                return position
        return end

    def _read_uses(self) -> None:
        """Everything inside of expressions; all is unclear where names can be seen from outside."""
        tokens, around, names = self.tokens, self.brackets.around, self.names
        for position in self.bindings:
            kind = self.kinds[position]
            if kind == _FORMAT:
                names.kept.update(_WORD.findall(tokens[position]))
            elif kind == _BINDS:
                if tokens[position] == b"lambda":
                    self._read_lambda(position)
                elif tokens[position] == b":=":
                    self.walruses.append(tokens[position - 1])
                elif around[position] != -1:
                    self._read_comprehension(position)
        bound = names.regions.keys() | self.walruses
        padded = [*tokens, b""]
        uses = names.uses = list[int]()
        for position in self.named:
            token, after = padded[position], padded[position + 1]
            if token in bound:
                uses.append(position)
                before = padded[position - 1]
                if before == b".":
                    names.literal.add(position)
                elif after == b"(":
                    if before not in (b"def", b"class"):
                        names.kept.add(token)
                        names.unclear |= token in _SEES_NAMES
                elif after == b"=" and around[position] != -1 and position not in self.parameters:
                    names.literal.add(position)
                    self.keywords.add(token)
            elif after == b"(" and token in _SEES_NAMES and padded[position - 1] not in (b".", b"def", b"class"):
                names.unclear = True

    def _read_lambda(self, start: int) -> None:
        """Parameters are bound up to the end of the body, which a comma, `for`, `:` or the bracket around ends."""
        self.functions += 1
        level = self.brackets.around[start]
        limit = len(self.tokens) if level == -1 else self.brackets.close[level]
        colon = end = start
        for end in range(start + 1, limit + 1):
            if end == limit or (self.brackets.around[end] == level and self.tokens[end] in _STRUCTURE):
                break
            if self.brackets.around[end] != level:
                continue
            if colon == start and self.tokens[end] == b":":
                colon = end
            elif colon > start and self.tokens[end] in (b",", b"for", b":"):
                break
        bound: set[bytes] = set()
        other: set[bytes] = set()
        for position in range(start + 1, colon):
            if self._is_name(position):
                if self.brackets.around[position] == level and self.tokens[position - 1] in (b"lambda", b",", b"*", b"**"):
                    bound.add(self.tokens[position])
                    self.parameters.add(position)
                else:
                    other.add(self.tokens[position])
        for name in bound:
            self.names.bind(name, start, end)
        self.names.kept |= bound & other

    def _read_comprehension(self, start: int) -> None:
        """`for … in …` within brackets: its names are bound in the brackets, but not in sources that come before it."""
        opened = self.brackets.around[start]
        closed = self.brackets.close[opened]
        middle = self._find(b"in", start, closed)
        end = middle + 1
        while end < closed and not (self.brackets.around[end] == opened and self.tokens[end] in (b"for", b"if", b"async")):
            end += 1
        iterated = self.iterated.setdefault(opened, set())
        iterated.update(self.tokens[middle + 1 : end])
        for position in range(start + 1, middle):
            if (
                self._is_name(position)
                and self.tokens[position - 1] != b"."
                and self._token(position + 1) not in (b".", b"[")
            ):
                self.names.bind(self.tokens[position], opened, closed)
                if self.tokens[position] in iterated:
                    self.names.kept.add(self.tokens[position])
