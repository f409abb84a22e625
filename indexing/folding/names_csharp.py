"""Local names of C# methods: parameters and declarations, which look like those of Java."""

from __future__ import annotations

import re

from indexing.folding.lexing import Tokens
from indexing.folding.names_c import DeclarationReader, read_declarations
from indexing.folding.numbering import Numbers
from indexing.folding.renaming import LocalNames

_TYPES = frozenset(
    b"void char short int long float double bool byte sbyte ushort uint ulong decimal string object var dynamic".split()
)
_QUALIFIERS = frozenset(
    b"const static readonly public private protected internal abstract virtual override sealed async unsafe extern partial"
    b" new ref out in params this volatile required scoped".split()
)
_KEYWORDS = frozenset(
    b"return if else for foreach while do switch case default break continue throw try catch finally class interface enum"
    b" struct record namespace base null true false is as typeof nameof sizeof using lock fixed checked unchecked await"
    b" yield goto delegate event operator implicit explicit where when get set init value add remove from select with and or"
    b" not field stackalloc".split()
)
_WORD = re.compile(rb"[A-Za-z_]\w*")


def read_csharp(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The local names of a method, or the name of a class; None for queries, whose names are not followed."""
    if not is_class and (b"from" in tokens or b"delegate" in tokens):
        return None
    return read_declarations(_CSharpReader, tokens, numbers, is_class)


class _CSharpReader(DeclarationReader):
    TYPES = _TYPES
    QUALIFIERS = _QUALIFIERS
    KEYWORDS = _TYPES | _QUALIFIERS | _KEYWORDS
    CLASS_WORDS = frozenset((b"class", b"interface", b"enum", b"struct", b"record"))
    BEFORE_ATTRIBUTE = frozenset((b".", b"?.", b"::", b"->"))
    LOOPS = frozenset((b"for", b"using", b"fixed"))

    def _read_header(self, body: int) -> None:
        super()._read_header(body)
        for position in range(body, len(self.tokens) - 1):
            # What else declares a name: loops over elements, patterns, `out` arguments, functions within, lambdas.
            before, after = self.tokens[position - 1], self.tokens[position + 1]
            if not self.is_word[position]:
                continue
            if after in (b"in", b"=>") or before in (b"out", b"is", b"ref") or self._follows_type_in_expression(position):
                self.names.kept.add(self.tokens[position])

    def _follows_type_in_expression(self, position: int) -> bool:
        """`x is T name`, `case T name`, `out T name`, and parameters of what is nested."""
        before = position - 1
        typed = self.is_word[before] or self.tokens[before] in self.TYPES or self.tokens[before] in (b">", b"]", b"?", b"}")
        if not typed or self.tokens[position + 1] in (b"=", b";"):
            return False
        return self.tokens[position + 1] in (b")", b",", b"when", b"&&", b"||", b":", b"?", b"}", b"and", b"or")

    def read_uses(self) -> None:
        tokens, names = self.padded, self.names
        for position, token in enumerate(self.tokens):
            if token[:1] in (b"#", b"$") or token[:2] in (b"@$", b'"'):
                names.kept.update(_WORD.findall(token))
            elif token == b"nameof" and tokens[position + 1] == b"(":
                names.kept.update(self.tokens[position + 1 : self.close(position + 1)])
        super().read_uses()
        for position in self.bound():
            before, after = tokens[position - 1], tokens[position + 1]
            if before in (b"(", b",") and after == b":":
                names.kept.add(tokens[position])  # the name of an argument
            elif before in (b"{", b",") and after in (b"=", b",", b"}") and not self._is_block(self.around(position)):
                names.kept.add(tokens[position])  # the name of a member

    def _is_block(self, opened: int) -> bool:
        return opened != -1 and self.tokens[opened] == b"{" and self.find(b";", opened + 1, opened) != -1
