"""Copies with one place changed that changes what they do: no clones of type 1 or 2, and never to be hidden."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.benchmarks.folding_mutants.names import fresh, replaced
from tests.benchmarks.folding_mutants.syntax import Snippet, kinds, nodes

_OTHER_OPERATOR = {
    b"==": b"!=", b"!=": b"==", b"===": b"!==", b"!==": b"===", b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">",
    b"+": b"-", b"-": b"+", b"&&": b"||", b"||": b"&&", b"+=": b"-=", b"-=": b"+=", b"<<": b">>", b"&": b"|", b"|": b"&",
    b"++": b"--", b"--": b"++", b"and": b"or", b"or": b"and", b"*": b"+", b"%": b"/",
}  # fmt: skip
_BINARY = kinds(
    "binary_expression binary_operator comparison_operator boolean_operator assignment_expression augmented_assignment"
    " augmented_assignment_expression update_expression inc_statement dec_statement"
)
_CALLS = kinds("call call_expression method_invocation")
_CONDITIONAL = kinds("if_statement while_statement elif_clause")


def change_operator(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """One operator, another in its place."""
    places = [token for token in snippet.tokens if token.parent in _BINARY and token.text in _OTHER_OPERATOR]
    if not places:
        return None
    token = chance.choice(places)
    return replaced(snippet.text, [(token.start, token.end, _OTHER_OPERATOR[token.text])])


def change_condition(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """One condition turned into its opposite."""
    assert snippet.function is not None
    found = [node.child_by_field_name("condition") for node in nodes(snippet.function) if node.type in _CONDITIONAL]
    conditions = [node for node in found if node is not None]
    if not conditions:
        return None
    start, end = snippet.at(chance.choice(conditions))
    said = snippet.text[start:end]
    if snippet.grammar.name == "python":
        negated = b"not (%s)" % said
    else:
        negated = b"(!%s)" % said if said.startswith(b"(") else b"!(%s)" % said
    return replaced(snippet.text, [(start, end, negated)])


def change_call(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """One call, of another function."""
    assert snippet.function is not None
    places = []
    for node in nodes(snippet.function):
        if node.type in _CALLS:
            called = node.child_by_field_name("function") or node.child_by_field_name("name")
            while called is not None and called.child_count:
                called = called.child_by_field_name(_LAST.get(called.type, "none"))
            if called is not None and called.type in {"identifier", "property_identifier", "field_identifier"}:
                places.append(snippet.at(called))
    if not places:
        return None
    start, end = chance.choice(places)
    return replaced(snippet.text, [(start, end, fresh(snippet, words, chance, 1)[0])])


_LAST = {
    "attribute": "attribute",
    "member_expression": "property",
    "field_expression": "field",
    "selector_expression": "field",
}

OPERATORS: dict[str, Callable[[Snippet, Sequence[bytes], random.Random], bytes | None]] = {
    "operator": change_operator,
    "condition": change_condition,
    "call target": change_call,
}
