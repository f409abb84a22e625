"""How alike two functions truly are, told without the program: from tree-sitter's leaves.

Similarity is the share of tokens that a longest common subsequence keeps, 2·LCS / (tokens of both), of the functions as they
are before anything is renamed consistently. Tokens are those of a language's specification: where a line end ends a
statement (Python's NEWLINE, with INDENT and DEDENT; the semicolons that Go inserts), it is a token like the semicolon of C.
The subsequence is that of Hyyrö's bit-parallel algorithm (Bit-parallel LCS-length computation revisited, 2004), on integers
as long as the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import pairwise

from tests.benchmarks.folding_mutants.syntax import Snippet, Token, kinds

_NAMES = kinds(
    "identifier property_identifier field_identifier type_identifier shorthand_property_identifier"
    " shorthand_property_identifier_pattern private_property_identifier package_identifier"
)
_OPENING, _CLOSING = frozenset((b"(", b"[", b"{")), frozenset((b")", b"]", b"}"))
_ENDS_OF_GO = _CLOSING | frozenset(b"break continue fallthrough return ++ --".split())
_GO_WORDS = kinds("nil true false iota blank_identifier")
"""After these, after names and literals a line end of Go is a semicolon, unless a bracket closes next."""
_TYPES = kinds(
    "primitive_type sized_type_specifier integral_type floating_point_type boolean_type void_type predefined_type"
)
"""The types of a language itself, as leaves or around them: a clone of type 2 may have others (Roy and Cordy, A survey on
software clone detection research, 2007: it differs in identifiers, literals, types, layout and comments)."""


def common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """The length of a longest common subsequence."""
    places: defaultdict[Hashable, int] = defaultdict(int)
    for position, item in enumerate(one):
        places[item] |= 1 << position
    everything = (1 << len(one)) - 1
    open_places = everything
    for item in other:
        taken = open_places & places.get(item, 0)
        open_places = ((open_places + taken) | (open_places - taken)) & everything
    return len(one) - open_places.bit_count()


def similarity(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """2·LCS over the sum of the lengths; 1.0 for two that are empty."""
    total = len(one) + len(other)
    return 2 * common(one, other) / total if total else 1.0


def exact(snippet: Snippet) -> list[bytes]:
    """The tokens as they are written."""
    return [token.text for token in snippet.tokens]


def spoken(snippet: Snippet) -> list[bytes]:
    """The tokens as they are written, with those that line ends stand for."""
    name = snippet.grammar.name
    if name not in {"python", "go"}:
        return exact(snippet)
    found: list[bytes] = []
    margins, depth = [0], 0
    for left, right in pairwise([*snippet.tokens, None]):
        assert left is not None
        found.append(left.text)
        depth += (left.text in _OPENING) - (left.text in _CLOSING)
        between = snippet.text[left.end : right.start] if right else b"\n"
        if b"\n" not in between.replace(b"\\\n", b""):
            continue
        if name == "go":
            ends = left.text in _ENDS_OF_GO or left.kind in snippet.grammar.literals | _NAMES | _GO_WORDS
            if ends and right and right.text not in _CLOSING:
                found.append(b";")
        elif depth == 0:
            found.append(b"\n")
            margin = len(between[between.rfind(b"\n") + 1 :].expandtabs(8)) if right else 0
            if margin > margins[-1]:
                margins.append(margin)
                found.append(b"indent")
            while right and margin < margins[-1]:
                margins.pop()
                found.append(b"dedent")
    return found


def blind(snippet: Snippet) -> list[bytes | str]:
    """The tokens with each name as its kind alone, and each literal as that: a string where there was a number or a single
    character is another literal, too."""
    return [_shape(token, snippet.grammar.literals) for token in snippet.tokens]


def _shape(token: Token, literals: frozenset[str]) -> bytes | str:
    if token.kind in _NAMES or not _TYPES.isdisjoint((token.kind, token.parent)):
        return "name"
    return "literal" if token.kind in literals or token.kind in {"string", "string_content"} else token.text


def true_type(seed: Snippet, mutant: Snippet) -> str:
    """`1`; `2 consistent`, where names alone differ, one to one; `2 arbitrary`, where names differ otherwise; `2 literal`,
    where literals differ, whatever the names do; else `3`."""
    if exact(seed) == exact(mutant):
        return "1"
    if blind(seed) != blind(mutant):
        return "3"
    changed = [(old, new) for old, new in zip(seed.tokens, mutant.tokens, strict=True) if old.text != new.text]
    if any(_shape(old, seed.grammar.literals) != "name" for old, _ in changed):
        return "2 literal"
    renamed = {(old.text, new.text) for old, new in changed}
    one_to_one = len(renamed) == len({old for old, _ in renamed}) == len({new for _, new in renamed})
    return "2 consistent" if one_to_one else "2 arbitrary"
