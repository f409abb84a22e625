"""What is left of a function without its names and literals, its *frame*; and without operators, conditions and the names
it calls, too, its *skeleton*.

Two functions with the same skeleton differ only where a bug is fixed without a statement coming or going: a literal, a
comparison, a condition, the callee, an argument. Such a pair is kept apart, however alike it is; with the same frame it is
of type 2, arbitrarily renamed or with other literals, else of type 3.
"""

from __future__ import annotations

from enum import IntFlag
from functools import cache

import numpy as np
import xxhash

from indexing.folding.brackets import KindTable
from indexing.folding.lexing import BETWEEN, MARK, Tokens
from indexing.folding.numbering import Column

VALUE, _LITERAL, _OPERATOR = b"v", b"l", b"o"
_DROPPED = frozenset(b"! ~ not".split())
_SIGNS = frozenset(b"+ - * & ++ --".split())
"""Operators that also stand before a single operand."""
_OPERATORS = frozenset(
    b"+ - * / % & | ^ < > = == != <= >= && || << >> >>> += -= *= /= //= // %= &= |= ^= <<= >>= >>>= **= ** === !== ?? ??="
    b" &&= ||= and or is in instanceof := @ @= &^ &^= <- ++ -- xor".split()
)
_MEMBER = frozenset((b"->", b"?.", b"::"))
_CONDITIONAL = frozenset(b"if while elif for switch until unless assert when match foreach elsif elseif".split())
CONTROLS = _CONDITIONAL | frozenset(b"else for foreach".split())
"""What decides whether, or how often, what follows runs."""
_BEFORE_OPERAND = frozenset((b"(", b"[", b"{", b",", b";", b":", b"?", b"!", b"~", b"return", b"case")) | _OPERATORS
_ENDS_CONDITION = frozenset((b":", b"{", b"then", b"do", MARK + b"n"))
_BEGINS_BODY = frozenset((b"{", MARK + b"+"))
_BEFORE_GROUP = frozenset(b"func function fn fun sub __attribute__ __declspec alignas throw noexcept requires".split())
"""Words that may stand before parentheses in the head of a definition and are not its name."""
_LINE_ENDS = frozenset((MARK + b"n", b"\n"))
_CLOSING_TOKENS = 4
"""At the end of a definition, `end subroutine name` among them."""
_OPENING, _CLOSING = frozenset(b"([{"), frozenset(b")]}")


def _kind(token: bytes) -> bytes:
    if token in _OPERATORS:
        return _OPERATOR
    if token in _MEMBER:
        return b"."
    first = token[0]
    if first == MARK[0]:
        return token if token[1:2] in b"+-n" else VALUE
    if first >= 0x80 or token[:1].isalnum() or first in b"_$@\"'`" or token[-1] in b"\"'`":
        return VALUE
    return token


_KINDS = KindTable(_kind)


class Trait(IntFlag):
    """What a token may do to those beside it."""

    PARENTHESIS = 1
    MEMBER = 2
    """A member's name follows; ARROW as well where that is so in some languages alone."""
    ARROW = 4
    ASSIGNS = 8
    CONDITIONAL = 16
    """A condition follows."""
    DROPPED = 32
    SIGN = 64
    """Says nothing before an operand."""
    BEFORE_OPERAND = 128


def _traits(token: bytes) -> int:
    found = Trait.PARENTHESIS * (token == b"(") | Trait.ASSIGNS * (token in _ASSIGNS)
    if token in _MEMBER_OF:
        found |= Trait.MEMBER | Trait.ARROW * (token == b"->")
    if token in _CONDITIONAL:
        return found | Trait.CONDITIONAL
    found |= Trait.DROPPED * (token in _DROPPED) | Trait.SIGN * (token in _SIGNS)
    return found | Trait.BEFORE_OPERAND * (token == BETWEEN or token in _BEFORE_OPERAND)


def _bare(token: bytes) -> int:
    looked_at = token in _CONDITIONAL or token in _DROPPED or token in _SIGNS
    return xxhash.xxh3_64_intdigest(_OPERATOR if looked_at else _KINDS[token])


BARE = Column(_bare, np.uint64)
"""The hash of what becomes of each token in a skeleton, which leaves some out."""


def head_of(tokens: Tokens) -> int:
    """How many tokens the head of a definition has; 0 where no body can be told from it."""
    if _ends_with_word(tokens):
        return _head_before_statements(tokens)
    for position, token in enumerate(tokens):
        if token in _BEGINS_BODY:
            return position
    return 0


def _ends_with_word(tokens: Tokens) -> bool:
    """Whether a definition is closed by `end` and not by a brace or the layout."""
    last = [token for token in tokens[-_CLOSING_TOKENS:] if token not in _LINE_ENDS]
    return bool(last) and last[-1] != b"}" and b"end" in last and MARK + b"+" not in tokens


def _head_before_statements(tokens: Tokens) -> int:
    """How many tokens there are up to the end of the parameters, or of the first line."""
    for position, token in enumerate(tokens):
        if token == b"(":
            return _behind_group(tokens, position)
        if token in _LINE_ENDS:
            return position
    return 0


def _behind_group(tokens: Tokens, position: int) -> int:
    """The position behind the parentheses that open at `position`; it itself where none do."""
    return condition_end(tokens, position) if tokens[position : position + 1] == [b"("] else position


def own_name_of(tokens: Tokens) -> int:
    """The position of a definition's own name, which comes before its parameters where it has any, or -1.

    What decorates a definition is passed over with its parentheses, and so is the receiver of a method in Go.
    """
    head, position = head_of(tokens), 0
    while position < head - 1:
        token = tokens[position]
        if token == b"@":
            position += 2
            while position < head - 1 and tokens[position] in _MEMBER_OF:
                position += 2
            position = _behind_group(tokens, position)
        elif token in _BEFORE_GROUP:
            position = _behind_group(tokens, position + 1)
        elif tokens[position + 1] == b"(" and (is_name(token) or token.isalpha()):
            return position
        else:
            position += 1
    return head - 1 if tokens[:1] == [b"def"] and head > 1 and is_name(tokens[head - 1]) else -1


def conditions_of(tokens: Tokens) -> list[int]:
    """For every token the position of the `if`, `while` … whose condition it is a part of, or -1."""
    found = [-1] * len(tokens)
    position = 0
    while position < len(tokens):
        if tokens[position] in _CONDITIONAL:
            end = condition_end(tokens, position + 1)
            found[position + 1 : end] = [position] * (end - position - 1)
            position = max(end, position + 1)
        else:
            position += 1
    return found


def is_literal(token: bytes) -> bool:
    """Whether a token is a number or a string."""
    return _KINDS[token] is VALUE and _is_literal(token)


def is_name(token: bytes) -> bool:
    """Whether a token is a name or a word of the language."""
    return _KINDS[token] is VALUE and not is_literal(token)


def condition_end(tokens: Tokens, start: int) -> int:
    """The position after the condition that begins at `start`: what is in parentheses there, or all to the block."""
    depth = 0
    in_parentheses = tokens[start : start + 1] == [b"("]
    for position in range(start, len(tokens)):
        token = tokens[position]
        if len(token) == 1 and token[0] in _OPENING and (depth or token != b"{"):
            depth += 1
        elif len(token) == 1 and token[0] in _CLOSING:
            depth -= 1
            if depth < 0:
                return position
            if depth == 0 and in_parentheses:
                return position + 1
        elif depth == 0 and token in _ENDS_CONDITION:
            return position
    return len(tokens)


_ASSIGNS = frozenset((b"=", b":="))
_MEMBER_OF = frozenset((b".", b"->", b"?.", b"::"))
TRAITS = Column(_traits, np.uint8)
ARROWS_TO_MEMBERS = frozenset(("c", "cpp", "objective-c", "php", "perl"))
"""Elsewhere what follows `->` is the value of a case or the body of a lambda."""
ASSIGNED_IS_NOT_CALLED = frozenset(("java",))
"""There `size(…)` is a method, whatever variable is of that name."""
_BRANCHES = b"if else for while do switch case default break continue return"
_SCRIPT_WORDS = _BRANCHES + (
    b" throw try catch finally new delete typeof instanceof in of yield async await with true false null undefined this"
    b" super static const"
)
_WORDS_OF = {
    "python": b"if elif else while for break continue return raise try except finally with async await yield in is and or"
    b" not lambda assert pass del True False None self super",
    "c": _BRANCHES + b" goto sizeof typeof static const NULL",
    "java": _BRANCHES + b" throw throws try catch finally new instanceof assert true false null this super static",
    "go": _BRANCHES + b" goto defer go select fallthrough true false nil const",
    **dict.fromkeys(("javascript", "jsx", "typescript", "tsx"), _SCRIPT_WORDS),
}
"""The words that make a frame, by language: what is a word of another language is a name like any other."""
_KEPT_WORDS = frozenset(
    b"if elif else unless while until for foreach do loop switch case match when default break continue return yield goto"
    b" throw throws raise try catch except finally ensure rescue with using await async defer go select fallthrough new"
    b" delete sizeof typeof instanceof in is and or not xor lambda assert pass del true false True False null None nil NULL"
    b" undefined this self super static const".split()
)


@cache
def framed_in(language: str) -> Column[np.uint32]:
    """The hash of what becomes of each token in a frame."""
    words = frozenset(_WORDS_OF[language].split()) if language in _WORDS_OF else _KEPT_WORDS

    def framed(token: bytes) -> bytes:
        if token in words or (_KINDS[token] is not VALUE and not token.isalpha()):
            return token
        return _LITERAL if _is_literal(token) else VALUE

    return Column(lambda token: xxhash.xxh32_intdigest(framed(token)), np.uint32)


def _is_literal(token: bytes) -> bool:
    return token[:1].isdigit() or (token[:1] == b"." and token[1:2].isdigit()) or token[-1] in b"\"'`"
