"""Local names of Lua functions: parameters, `local` and the variables of loops."""

from __future__ import annotations

import re

import numpy as np

from indexing.folding.brackets import Brackets, match_brackets
from indexing.folding.lexing import Tokens
from indexing.folding.numbering import Column, Numbers
from indexing.folding.renaming import LocalNames

_KEYWORDS = frozenset(
    b"and break do else elseif end false for function goto if in local nil not or repeat return then true until"
    b" while".split()
)
_WORD = re.compile(rb"[A-Za-z_]\w*")
_WORDS = Column(lambda token: _WORD.fullmatch(token) is not None and token not in _KEYWORDS, np.bool_)
_OPENS = frozenset((b"function", b"if", b"do", b"repeat"))
_CLOSES = frozenset((b"end", b"until"))
_BEGINS_STATEMENT = frozenset(b"local if for while repeat do return break goto end else elseif until ; ::".split())
_ENDS_EXPRESSION = frozenset(b") ] } end nil true false ...".split())
_SEES_NAMES = frozenset(b"_ENV setfenv getfenv getlocal setlocal".split())


def read_lua(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a function; None where its blocks do not match."""
    brackets = match_brackets(numbers)
    if brackets is None or is_class or not _SEES_NAMES.isdisjoint(tokens):
        return None
    reader = _LuaReader(tokens, numbers, brackets)
    return reader.names if reader.read() else None


class _LuaReader:
    def __init__(self, tokens: Tokens, numbers: Numbers, brackets: Brackets) -> None:
        self.tokens, self.around, self.close = tokens, brackets.around, brackets.close
        self.names = LocalNames()
        self.padded = [*tokens, b"", b""]
        self.is_word = [*_WORDS.of(numbers).tolist(), False, False]
        self.depths: list[int] = []
        self.ends: dict[int, int] = {}  # where the block begun by a keyword ends

    def read(self) -> bool:
        if not self._match_blocks():
            return False
        self._bind_own_name()
        for position, token in enumerate(self.tokens):
            if token == b"function":
                self._read_parameters(position)
            elif token == b"local":
                self._read_local(position)
            elif token == b"for":
                self._read_loop(position)
        self._read_uses()
        return True

    def _match_blocks(self) -> bool:
        """`else` and `elseif` end one block and begin another."""
        stack: list[int] = []
        for position, token in enumerate(self.tokens):
            if token in _CLOSES or token in (b"else", b"elseif"):
                if not stack:
                    return False
                self.ends[stack.pop()] = position
            self.depths.append(len(stack))
            if token in _OPENS or token in (b"else", b"elseif"):
                stack.append(position)
        return not stack

    def _bind_own_name(self) -> None:
        """The last part of `function a.b.name(`."""
        for position in range(min(len(self.tokens), 12)):
            if self.tokens[position] == b"(":
                if self.is_word[position - 1]:
                    self.names.bind_definition(self.tokens, position - 1)
                return

    def _end_of_block(self, position: int) -> int:
        depth = self.depths[position]
        for end in range(position + 1, len(self.tokens)):
            if self.depths[end] < depth or (self.depths[end] == depth - 1 and self.tokens[end] in (b"else", b"elseif")):
                return end
        return len(self.tokens)

    def _read_parameters(self, position: int) -> None:
        opened = position + 1
        while self.is_word[opened] or self.padded[opened] in (b".", b":"):
            opened += 1
        if self.padded[opened] != b"(":
            return
        for parameter in range(opened + 1, self.close[opened]):
            if self.is_word[parameter]:
                self.names.bind(self.tokens[parameter], opened, self.ends[position])

    def _read_local(self, position: int) -> None:
        """`local a, b = …`: bound from the next statement on, `local function a` at once."""
        if self.padded[position + 1] == b"function":
            if self.is_word[position + 2]:
                self.names.bind(self.tokens[position + 2], position + 2, self._end_of_block(position))
            return
        declared: list[int] = []
        name = position + 1
        while self.is_word[name]:
            declared.append(name)
            name += 1
            if self.padded[name] == b"<":
                name += 3
            if self.padded[name] != b",":
                break
            name += 1
        start, end = self._next_statement(name, position), self._end_of_block(position)
        for place in declared:
            self.names.bind(self.tokens[place], place, place + 1)
            self.names.bind(self.tokens[place], start, end)

    def _next_statement(self, start: int, statement: int) -> int:
        """Where what follows the statement begins: a keyword, or a name right behind an expression."""
        depth, level = self.depths[statement], self.around[statement]
        for position in range(start, len(self.tokens)):
            if self.depths[position] < depth:
                return position
            if self.depths[position] == depth and self.around[position] == level:
                token, before = self.tokens[position], self.tokens[position - 1]
                if token in _BEGINS_STATEMENT and token != b"end":
                    return position
                if (self.is_word[position] or token == b"function") and (
                    self.is_word[position - 1] or before in _ENDS_EXPRESSION or before[-1:] in b"\"']0123456789"
                ):
                    return position
        return len(self.tokens)

    def _read_loop(self, position: int) -> None:
        names: list[int] = []
        place = position + 1
        while self.is_word[place]:
            names.append(place)
            place += 1
            if self.padded[place] != b",":
                break
            place += 1
        depth = self.depths[position]
        body = next((p for p in range(place, len(self.tokens)) if self.tokens[p] == b"do" and self.depths[p] == depth), -1)
        for name in names:
            if body == -1:
                self.names.kept.add(self.tokens[name])
            else:
                self.names.bind(self.tokens[name], name, name + 1)
                self.names.bind(self.tokens[name], body, self.ends[body])

    def _read_uses(self) -> None:
        padded, names = self.padded, self.names
        for position, token in enumerate(self.tokens):
            if not self.is_word[position] or token not in names.regions:
                continue
            before, after = padded[position - 1] if position else b"", padded[position + 1]
            if before in (b".", b":"):
                if (position, position + 1) not in names.regions[token]:  # its own name in `function a.name(`
                    names.literal.add(position)
            elif before in (b"goto", b"::"):
                names.kept.add(token)
            elif after == b"=" and before in (b"{", b",", b";") and self.around[position] != -1:
                names.kept.add(token)  # a key
