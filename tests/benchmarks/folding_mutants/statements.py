"""Mutants of type 3: statements added, removed, changed and moved."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

import tree_sitter

from tests.benchmarks.folding_mutants.names import replaced
from tests.benchmarks.folding_mutants.syntax import Snippet

GAPS = (1, 2, 3, 5, 8, 12, 16, 20)
"""Lines in a row."""

Donors = Sequence[bytes]
"""Statements of a line each, of other functions of the language."""


def donated(snippets: Sequence[Snippet]) -> list[bytes]:
    """The statements of one line that may stand in any function: they neither leave it nor declare a name of their own."""
    found: dict[bytes, None] = {}
    for snippet in snippets:
        for node in snippet.statements():
            start, end = snippet.at(node)
            text = snippet.text[start:end]
            if node.type in {"expression_statement", "assignment_statement"} and b"\n" not in text and len(text) < 100:
                found[text] = None
    return list(found)


def _own_lines(snippet: Snippet) -> list[tree_sitter.Node]:
    """The statements that share no line with anything else."""
    found = []
    for node in snippet.statements():
        start, end = snippet.at(node)
        line = snippet.text.rfind(b"\n", 0, start) + 1
        after = snippet.text[end : snippet.text.find(b"\n", end) % (len(snippet.text) + 1)]
        if line > 0 and not snippet.text[line:start].strip() and after.strip() in (b"", b";"):
            found.append(node)
    return found


def _lines_of(snippet: Snippet, node: tree_sitter.Node) -> tuple[int, int, bytes]:
    """The bytes of the node's lines with the last line end, and their margin."""
    start, end = snippet.at(node)
    begin = snippet.text.rfind(b"\n", 0, start) + 1
    stop = snippet.text.find(b"\n", end)
    return begin, (len(snippet.text) if stop < 0 else stop + 1), snippet.text[begin:start]


def insert(snippet: Snippet, donors: Donors, chance: random.Random, places: int, lines: int) -> bytes | None:
    """At each of so many places so many statements, a line each."""
    statements = _own_lines(snippet)
    if len(statements) < places:
        return None
    added = []
    for node in chance.sample(statements, places):
        begin, _, margin = _lines_of(snippet, node)
        added.append((begin, begin, b"".join(margin + chance.choice(donors) + b"\n" for _ in range(lines))))
    return replaced(snippet.text, added)


def delete(snippet: Snippet, donors: Donors, chance: random.Random, count: int) -> bytes | None:
    """So many statements of a line each taken out."""
    simple = [node for node in _own_lines(snippet) if node.start_point.row == node.end_point.row]
    if len(simple) <= count:
        return None
    return replaced(snippet.text, [(*_lines_of(snippet, node)[:2], b"") for node in chance.sample(simple, count)])


def change(snippet: Snippet, donors: Donors, chance: random.Random, count: int) -> bytes | None:
    """So many statements of a line each, with another in their place."""
    simple = [node for node in _own_lines(snippet) if node.start_point.row == node.end_point.row]
    if len(simple) < count:
        return None
    places = []
    for node in chance.sample(simple, count):
        begin, end, margin = _lines_of(snippet, node)
        places.append((begin, end, margin + chance.choice(donors) + snippet.text[end - 1 : end]))
    return replaced(snippet.text, places)


def reorder(snippet: Snippet, donors: Donors, chance: random.Random) -> bytes | None:
    """Two neighbouring statements change places."""
    statements = _own_lines(snippet)
    pairs = [(one, other) for one in statements for other in statements if one.next_named_sibling == other]
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    (begin, middle, _), (start, end, _) = _lines_of(snippet, one), _lines_of(snippet, other)
    upper, between, lower = snippet.text[begin:middle], snippet.text[middle:start], snippet.text[start:end]
    if not lower.endswith(b"\n") or upper == lower:
        return None
    return snippet.text[:begin] + lower + between + upper + snippet.text[end:]


Operator = Callable[[Snippet, Donors, random.Random], bytes | None]

OPERATORS: dict[str, Operator] = {
    **{f"gap of {lines}": partial(insert, places=1, lines=lines) for lines in GAPS},
    "insert at 3": partial(insert, places=3, lines=1),
    "delete 1": partial(delete, count=1),
    "delete 3": partial(delete, count=3),
    "change 1": partial(change, count=1),
    "change 3": partial(change, count=3),
    "reorder": reorder,
}
