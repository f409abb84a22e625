"""Local names of JavaScript and TypeScript functions: parameters, `let`, `const`, `var`, `catch`, arrow functions."""

from __future__ import annotations

from indexing.folding.brackets import Brackets, match_brackets
from indexing.folding.lexing import Tokens
from indexing.folding.names_braces import BraceReader
from indexing.folding.numbering import Numbers
from indexing.folding.renaming import LocalNames

_KEYWORDS = frozenset(
    b"await break case catch class const continue debugger default delete do else enum export extends false finally for"
    b" function if implements import in instanceof interface let new null of package private protected public return static"
    b" super switch this throw true try typeof undefined var void while with yield async".split()
)
_TYPE_WORDS = frozenset(b"as is keyof satisfies readonly string number boolean any unknown never object".split())
"""Words of TypeScript alone: in JavaScript `object` is a name like any other."""
_DECLARING = frozenset((b"let", b"const", b"var"))
_INTRODUCING = _DECLARING | {b"(", b"=>", b"eval"}
_BLOCK_BEFORE = frozenset((b")", b"{", b"}", b";", b"=>", b"else", b"do", b"try", b"finally"))
_AFTER_DECLARED = frozenset((b"=", b";", b",", b":", b"of", b"in"))


def read_javascript(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a function, method or arrow function, or the name of a class."""
    return _read(_ScriptReader, tokens, numbers, is_class)


def read_typescript(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The same in TypeScript."""
    return _read(_TypedReader, tokens, numbers, is_class)


def _read(made: type[_ScriptReader], tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    brackets = match_brackets(numbers)
    if brackets is None:
        return None
    reader = made(tokens, numbers, brackets)
    if is_class:
        reader.bind_class_name(frozenset((b"class", b"interface", b"enum")))
        return reader.names
    return reader.read()


class _ScriptReader(BraceReader):
    KEYWORDS = _KEYWORDS
    BEFORE_ATTRIBUTE = frozenset((b".", b"?."))

    def __init__(self, tokens: Tokens, numbers: Numbers, brackets: Brackets) -> None:
        super().__init__(tokens, numbers, brackets)
        self.bodies: set[int] = set()  # braces of functions, which are no literals

    def read(self) -> LocalNames | None:
        self.names.unclear = b"class" in self.tokens or b"with" in self.tokens
        self._read_own_name()
        for position, token in [place for place in enumerate(self.tokens) if place[1] in _INTRODUCING]:
            if token == b"(":
                self._read_group(position)
            elif token == b"=>" and self.is_name(position - 1):
                self._bind_arrow([position - 1], position)
            elif token in _DECLARING and self.token(position - 1) != b".":
                self._read_declaration(position)
            elif token == b"eval" and self.token(position + 1) == b"(":
                self.names.unclear = True
        self.read_uses()
        return self.names

    def _read_own_name(self) -> None:
        """`function name(…)`, `const name = (…) =>`, or a method's `name(…) {`."""
        group = self.find(b"(", 0, -1)
        if group == -1:
            return
        named = group - 1
        for position in range(min(group, 4)):
            if self.tokens[position] in _DECLARING:
                named = position + 1
        if self.is_name(named):
            self.bind_own_name(named)
            if named == group - 1:
                self.parameter_list = group

    def _read_group(self, opened: int) -> None:
        closed = self.close(opened)
        before, after = self.token(opened - 1), self.token(closed + 1)
        if after == b"=>":
            self._bind_arrow(self._parameters(opened), closed + 1, opened)
        elif opened == self.parameter_list or before == b"function" or (after == b"{" and self.is_name(opened - 1)):
            body = closed + 1 if after == b"{" else self._body_after_type(closed)
            if body != -1:
                self.bodies.add(body)
                self._bind_all(self._parameters(opened), opened, self.close(body) + 1)
        elif before == b"catch" and closed == opened + 2 and after == b"{":
            self._bind_all([opened + 1], opened, self.close(closed + 1) + 1)

    def _body_after_type(self, closed: int) -> int:
        """The body's brace after a result type, which may itself hold braces; -1 if there is none."""
        if self.token(closed + 1) != b":":
            return -1
        opened = self.find(b"{", closed + 1, self.around(closed))
        while opened != -1 and self.token(self.close(opened) + 1) in (b"{", b"[", b"|", b"&", b">"):
            opened = self.find(b"{", self.close(opened) + 1, self.around(closed))
        return opened

    def _parameters(self, opened: int) -> list[int]:
        found: list[int] = []
        for start, stop in self.pieces(opened):
            first = start + 1 if self.tokens[start] == b"..." else start
            if self.is_name(first) and (first + 1 == stop or self.tokens[first + 1] in (b"=", b":", b"?")):
                found.append(first)
        return found

    def _bind_all(self, positions: list[int], start: int, end: int) -> None:
        for position in positions:
            if self.is_name(position):
                self.names.bind(self.tokens[position], start, end)

    def _bind_arrow(self, positions: list[int], arrow: int, start: int = -1) -> None:
        end = self.arrow_body_end(arrow)
        if end != -1:
            self._bind_all(positions, start if start != -1 else arrow - 1, end)
            return
        for position in positions:
            if self.is_name(position):
                self.names.bind_somewhere(self.tokens[position])

    def _read_declaration(self, position: int) -> None:
        """`let a = …, b;` within a block, or in the parentheses of a loop up to the end of its body."""
        opened = self.around(position)
        end = self.end_of_block(position)
        if opened != -1 and self.tokens[opened] == b"(":
            end = self.statement_body_end(self.close(opened))
        name = position + 1
        while self.is_name(name) and (self.token(name + 1) in _AFTER_DECLARED or name + 1 >= len(self.tokens)):
            if end == -1:
                self.names.bind_somewhere(self.tokens[name])
            else:
                self.names.bind(self.tokens[name], name, end)
            name = self._next_declared(name, opened)

    def _next_declared(self, name: int, level: int) -> int:
        """The name after the next comma of the same declaration; its end where none follows."""
        limit = len(self.tokens) if level == -1 else self.close(level)
        for position in range(name + 1, limit):
            if self.around(position) != level:
                continue
            token = self.tokens[position]
            if token == b",":
                return position + 1
            if token in (b";", b"of", b"in") or token in _DECLARING or token.endswith(b"\n"):
                return -1
        return -1

    def read_uses(self) -> None:
        super().read_uses()
        tokens, names = self.padded, self.names
        for position in self.bound():
            before, after = tokens[position - 1], tokens[position + 1]
            if after[:1] == b"`":
                names.kept.add(tokens[position])  # the function of a tagged template
            elif before in (b"{", b",") and after in (b",", b"}", b"=") and self._is_in_literal(position):
                names.kept.add(tokens[position])  # `{name}` is a key as well

    def _is_in_literal(self, position: int) -> bool:
        opened = self.around(position)
        if opened == -1 or self.tokens[opened] != b"{" or opened in self.bodies:
            return False
        return self.token(opened - 1) not in _BLOCK_BEFORE


class _TypedReader(_ScriptReader):
    KEYWORDS = _KEYWORDS | _TYPE_WORDS
