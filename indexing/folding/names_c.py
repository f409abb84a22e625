"""Local names of C and Java definitions: parameters and declarations, which look alike in both."""

from __future__ import annotations

import re

import numpy as np

from indexing.folding.brackets import Brackets, KindTable, match_brackets
from indexing.folding.lexing import Tokens
from indexing.folding.names_braces import BraceReader
from indexing.folding.numbering import Column, Numbers
from indexing.folding.renaming import LocalNames

_C_TYPES = frozenset(b"void char short int long float double signed unsigned _Bool".split())
_C_QUALIFIERS = frozenset(b"const volatile static register restrict struct union enum inline extern auto _Atomic".split())
_C_KEYWORDS = frozenset(
    b"return if else for while do switch case default break continue goto sizeof typedef NULL typeof".split()
)
_JAVA_TYPES = frozenset(b"void char short int long float double boolean byte var".split())
_JAVA_QUALIFIERS = frozenset(
    b"final static public private protected abstract synchronized native transient volatile".split()
)
_JAVA_KEYWORDS = frozenset(
    b"return if else for while do switch case default break continue throw throws try catch finally new class interface enum"
    b" extends implements import package instanceof this super null true false assert".split()
)
_BLOCK_BEFORE = frozenset((b")", b"{", b"}", b";", b"else", b"do", b"try", b"finally", b"->", b":"))
_AFTER_DECLARED = frozenset((b"=", b";", b",", b":", b")", b"["))
_AFTER_NO_TYPE = frozenset((b"(", b"=", b"->", b";", b"++", b"--", b"+=", b"-=", b"|=", b"&="))
"""What follows the first word of a call or an assignment."""
_IN_GENERIC = frozenset((b",", b".", b"?", b"&", b"[", b"]", b"extends", b"super", b"@"))
_MEMBER_MACRO = re.compile(rb"[A-Z_0-9]+|.*(?:container_of|offsetof|entry|for_each|foreach|member|field|_of)", re.DOTALL)
_MEMBER_MACROS = KindTable(lambda token: bool(_MEMBER_MACRO.fullmatch(token)))
_BEFORE_STATEMENT = Column(frozenset((b";", b"{", b"}", b"(")).__contains__, np.bool_)
_WORD = re.compile(rb"[A-Za-z_]\w*")
_MAX_TYPE_TOKENS = 40


def read_c(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a C function, or the name of a struct."""
    return read_declarations(_CReader, tokens, numbers, is_class)


def read_java(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a Java method, or the name of a class."""
    return read_declarations(_JavaReader, tokens, numbers, is_class)


def read_declarations(
    reader: type[DeclarationReader], tokens: Tokens, numbers: Numbers, is_class: bool
) -> LocalNames | None:
    brackets = match_brackets(numbers)
    return reader(tokens, numbers, brackets).read(is_class) if brackets else None


class DeclarationReader(BraceReader):
    TYPES: frozenset[bytes] = frozenset()
    QUALIFIERS: frozenset[bytes] = frozenset()
    CLASS_WORDS: frozenset[bytes] = frozenset()
    POINTERS = False
    LOOPS = frozenset((b"for", b"try"))

    def read(self, is_class: bool) -> LocalNames | None:
        if is_class:
            self.bind_class_name(self.CLASS_WORDS)
            return self.names
        body = self.find(b"{", 0, -1)
        if body == -1:
            return self.names
        self._read_header(body)
        self._read_body(body)
        self.read_uses()
        return self.names

    def _read_header(self, body: int) -> None:
        """`Type name(parameters) … {`: the last name before a parenthesis outside of all brackets."""
        groups = [p for p in range(1, body) if self.tokens[p] == b"(" and self.around(p) == -1 and self.is_name(p - 1)]
        if not groups or not self._may_be_name_of_definition(groups[-1] - 1):
            return
        self.parameter_list = groups[-1]
        self.bind_own_name(self.parameter_list - 1)
        end = self.close(body)
        for start, stop in self.pieces(self.parameter_list):
            position = self._declared_by(start, stop)
            if position != -1:
                self.names.bind(self.tokens[position], position, end)

    def _may_be_name_of_definition(self, position: int) -> bool:
        return True

    def _declared_by(self, start: int, stop: int) -> int:
        """The position of the name in `Type name` (with pointers, entries, generics), or -1 for anything else."""
        last = stop - 1
        while last > start and self.tokens[last] == b"]":
            while last > start and self.tokens[last] != b"[":
                last -= 1
            last -= 1
        if last <= start or not self.is_name(last) or self.tokens[last - 1] in self.BEFORE_ATTRIBUTE:
            return -1
        if b"(" in self.tokens[start:last] and self.tokens[start] != b"@":
            return -1
        before = self.tokens[last - 1]
        typed = self.is_name(last - 1) or before in self.TYPES or before in (b"*", b">", b">>", b"]", b"...", b"const")
        return last if typed else -1

    def _read_body(self, body: int) -> None:
        tokens, is_word, end = self.padded, self.is_word, self.close(body)
        for place in _BEFORE_STATEMENT.where(self.numbers[body:end]):
            position = body + 1 + place
            if position == end or (is_word[position] and tokens[position + 1] in _AFTER_NO_TYPE):
                continue
            if tokens[position - 1] != b"(":
                if self._starts_statement(position):
                    self._read_declaration(position, self.end_of_block(position))
            elif tokens[position - 2] == b"catch":
                caught, end_of_catch = (
                    self._declared_by(position, self.close(position - 1)),
                    self.statement_body_end(self.close(position - 1)),
                )
                if caught != -1 and end_of_catch != -1:
                    self.names.bind(tokens[caught], caught, end_of_catch)
            elif tokens[position - 2] in self.LOOPS:
                self._read_declaration(position, self.statement_body_end(self.close(position - 1)))

    def _starts_statement(self, position: int) -> bool:
        """Whether the token behind a `;`, `{` or `}` begins a statement and stands in no literal."""
        opened = self.brackets.around[position]
        if opened == -1 or self.tokens[opened] != b"{":
            return False
        return self.padded[opened - 1] in _BLOCK_BEFORE or self.is_word[opened - 1]

    def _read_declaration(self, start: int, end: int) -> None:
        """`Type a = …, *b;` from `start`; with an `end` of -1 the names are only marked as not to be numbered."""
        position = self._skip_type(self._after_annotations(start))
        if position == -1:
            return
        level = self.around(start)
        limit = len(self.tokens) if level == -1 else self.close(level)
        while position < limit:
            while self.token(position) in (b"*", b"const", b"&"):
                position += 1
            if not self.is_name(position) or self.token(position + 1) not in (b"=", b";", b",", b"[", b":", b")"):
                return
            if end == -1 or self._is_in_type(position):
                self.names.kept.add(self.tokens[position])
            else:
                self.names.bind(self.tokens[position], position, end)
            while position < limit and not (self.around(position) == level and self.tokens[position] in (b",", b";", b":")):
                position += 1
            if self.token(position) != b",":
                return
            position += 1

    def _after_annotations(self, position: int) -> int:
        """Behind `@Name(…)` at the beginning of a statement, as many as there are."""
        while self.token(position) == b"@" and self.is_name(position + 1):
            position += 2
            if self.token(position) == b"(":
                position = self.close(position) + 1
        return position

    def _skip_type(self, start: int) -> int:
        """Where the name (or the `*` before it) stands that is declared after a type, or -1 where none is."""
        tokens, is_word, types = self.padded, self.is_word, self.TYPES
        position, angles, seen = start, 0, False
        while position < min(start + _MAX_TYPE_TOKENS, len(self.tokens)):
            token, after = tokens[position], tokens[position + 1]
            if is_word[position] and not angles:
                if seen and after in _AFTER_DECLARED and tokens[position - 1] != b".":
                    return position
                seen = True
            elif token[:1] == b"<" and not token.strip(b"<") and seen:
                angles += len(token)
            elif token[:1] == b">" and not token.strip(b">") and angles >= len(token):
                angles -= len(token)
            elif angles:
                if not (is_word[position] or token in types or token in _IN_GENERIC):
                    return -1
            elif token in types:
                seen = True
            elif seen and token == b"*" and self.POINTERS:
                return position
            elif seen and token in (b"[", b"]") and {token, after} != {b"["}:
                pass
            elif token not in self.QUALIFIERS and not (token == b"." and seen) and token != b"@":
                return -1
            position += 1
        return -1

    def _is_in_type(self, position: int) -> bool:
        """Whether a declaration stands in the body of a struct, whose fields are no variables."""
        opened = self.around(position)
        return opened > 0 and not {self.token(opened - 1), self.token(opened - 2)}.isdisjoint((b"struct", b"union", b"enum"))

    def read_uses(self) -> None:
        super().read_uses()
        names, is_word = self.names, self.is_word
        for position in self.bound():
            if is_word[position + 1] and position not in names.literal:
                names.kept.add(self.tokens[position])  # a type


_HASH = ord("#")
_TAGGED = frozenset((b"struct", b"union", b"enum", b"("))
_BESIDE_NAMES = Column(lambda token: token in _TAGGED or token[:1] == b"#", np.bool_)


class _CReader(DeclarationReader):
    TYPES = _C_TYPES
    QUALIFIERS = _C_QUALIFIERS
    KEYWORDS = _C_TYPES | _C_QUALIFIERS | _C_KEYWORDS
    CLASS_WORDS = frozenset((b"struct", b"union", b"enum"))
    BEFORE_ATTRIBUTE = frozenset((b".", b"->"))
    POINTERS = True

    def __init__(self, tokens: Tokens, numbers: Numbers, brackets: Brackets) -> None:
        super().__init__(tokens, numbers, brackets)
        self._pointers: set[bytes] = set()

    def is_defined_at(self, position: int) -> bool:
        """Also where a parameter is called that points to a function: it is a variable like any other."""
        return super().is_defined_at(position) or self.tokens[position] in self._pointers

    def _may_be_name_of_definition(self, position: int) -> bool:
        """A macro that makes a definition (`DEFINE_HANDLER(name) {`) is no name of ours; its arguments have no types."""
        before = self.token(position - 1)
        typed = self.is_name(position - 1) or before in self.TYPES or before == b"*"
        return typed and (not self.tokens[position].isupper() or self._has_typed_parameters(position + 1))

    def _read_header(self, body: int) -> None:
        """The parameters of a pointer to a function are names of its own parentheses."""
        super()._read_header(body)
        for start, stop in self.pieces(self.parameter_list) if self.parameter_list != -1 else ():
            pointer = self._pointer_to_function(start, stop)
            if pointer != -1:
                self._pointers.add(self.tokens[pointer])
                opened = pointer + 2
                for position in (self._declared_by(*piece) for piece in self.pieces(opened)):
                    if position != -1:
                        self.names.bind(self.tokens[position], position, self.close(opened))

    def _declared_by(self, start: int, stop: int) -> int:
        pointer = self._pointer_to_function(start, stop)
        return pointer if pointer != -1 else super()._declared_by(start, stop)

    def _pointer_to_function(self, start: int, stop: int) -> int:
        """The position of the name in `Type (*name)(…)`, or -1 for anything else."""
        tokens = self.tokens
        if tokens[stop - 1] != b")" or tokens[start] == b"(" or b"(" not in tokens[start : stop - 1]:
            return -1
        opened = tokens.index(b"(", start, stop)
        is_pointer = tokens[opened + 1 : opened + 2] == [b"*"] and tokens[opened + 3 : opened + 5] == [b")", b"("]
        return opened + 2 if is_pointer and self.is_name(opened + 2) and self.close(opened + 4) == stop - 1 else -1

    def _has_typed_parameters(self, opened: int) -> bool:
        pieces = self.pieces(opened)
        return all(
            self._declared_by(*piece) != -1 or self.tokens[slice(*piece)] in ([b"void"], [b"..."]) for piece in pieces
        )

    def read_uses(self) -> None:
        tokens, names = self.padded, self.names
        is_word, class_words = self.is_word, self.CLASS_WORDS
        for position in _BESIDE_NAMES.where(self.numbers):
            if tokens[position][0] == _HASH:
                names.kept.update(_WORD.findall(tokens[position]))  # a macro may take any name that is in sight
            elif tokens[position] != b"(":
                if is_word[position + 1]:
                    names.literal.add(position + 1)  # tags have a name space of their own
            elif (
                position
                and is_word[position - 1]
                and _MEMBER_MACROS[tokens[position - 1]]
                and tokens[position - 2] not in class_words
            ):
                self._keep_bare_arguments(position)
        super().read_uses()

    def _keep_bare_arguments(self, opened: int) -> None:
        """An argument of a macro may be the name of a member (`container_of(work, struct job, work)`)."""
        for start, stop in self.pieces(opened):
            if stop == start + 1 and self.is_name(start):
                self.names.kept.add(self.tokens[start])


_NAMES_WITHIN = Column(frozenset((b"->", b"class", b"instanceof")).__contains__, np.bool_)


class _JavaReader(DeclarationReader):
    TYPES = _JAVA_TYPES
    QUALIFIERS = _JAVA_QUALIFIERS
    KEYWORDS = _JAVA_TYPES | _JAVA_QUALIFIERS | _JAVA_KEYWORDS
    CLASS_WORDS = frozenset((b"class", b"interface", b"enum", b"record"))
    BEFORE_ATTRIBUTE = frozenset((b".", b"::", b"@"))
    CALLS_VARIABLES = False

    def _read_body(self, body: int) -> None:
        for place in _NAMES_WITHIN.where(self.numbers[body:]):
            position = body + place
            token = self.tokens[position]
            if token == b"->":
                self._read_lambda(position)
            elif token == b"class" and self.tokens[position - 1] != b".":
                self.names.unclear = True  # a class within: its fields are no variables of ours
            elif token == b"instanceof":
                self._read_pattern(position + 1)
        super()._read_body(body)

    def _read_pattern(self, position: int) -> None:
        """`x instanceof Type name`: where the name holds hangs on how the condition is made, so it is not numbered."""
        if self.token(position) == b"final":
            position += 1
        name = self._skip_type(position)
        if name == -1:
            position += 1
            while self.token(position) == b".":
                position += 2
            name = position
        if self.is_name(name) and (self.is_name(name - 1) or self.token(name - 1) in (b">", b">>", b"]")):
            self.names.bind(self.tokens[name], name, len(self.tokens))
            self.names.kept.add(self.tokens[name])

    def _read_lambda(self, arrow: int) -> None:
        end = self.arrow_body_end(arrow)
        if end == -1:
            return
        if self.is_name(arrow - 1):
            self.names.bind(self.tokens[arrow - 1], arrow - 1, end)
        elif self.token(arrow - 1) == b")":
            opened = next((o for o, c in self.brackets.close.items() if c == arrow - 1), -1)
            for start, stop in self.pieces(opened) if opened != -1 else ():
                position = start if stop == start + 1 and self.is_name(start) else self._declared_by(start, stop)
                if position != -1:
                    self.names.bind(self.tokens[position], position, end)

    def read_uses(self) -> None:
        super().read_uses()
        if b"@" not in self.tokens:
            return
        tokens = self.padded
        for position in self.bound():
            opened = self.brackets.around[position]
            if opened > 1 and tokens[opened - 2] == b"@" and tokens[position + 1] == b"=":
                self.names.kept.add(tokens[position])  # a member of an annotation
