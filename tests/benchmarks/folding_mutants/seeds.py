"""Functions drawn at random from real code."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import tree_sitter

from tests.benchmarks.folding_mutants.syntax import GRAMMARS, Grammar, Snippet, nodes

LEAST_LINES = 6
"""Lines with code in them; the least that studies of clones count."""

MOST_BYTES = 20_000
_MOST_FILE_BYTES = 400_000
_ALIKE = 0.6
"""Two seeds that share more of their tokens (as bags) might be clones of each other, and then whose mutant is a mutant?"""


def draw(folders: Sequence[Path], language: str, count: int, seed: int) -> list[Snippet]:
    """`count` functions of `language` below `folders`, no two much alike and none within another; the same each time.

    Files are taken in a random order, and of each file at most three functions, so that no module weighs much.
    """
    grammar = GRAMMARS[language]
    chance = random.Random(f"{seed} {language}")
    paths = sorted(path for folder in folders for path in folder.rglob(f"*{grammar.suffix}") if path.is_file())
    chance.shuffle(paths)
    drawn: list[Snippet] = []
    bags: list[Counter[bytes]] = []
    texts: list[bytes] = []
    for path in paths:
        if path.stat().st_size > _MOST_FILE_BYTES or path.is_symlink():
            continue
        found = list(functions(path.read_bytes(), grammar))
        chance.shuffle(found)
        taken = 0
        for snippet in found:
            bag = Counter(token.text for token in snippet.tokens)
            text = b"".join(snippet.text.split())  # a function within another reads the same but for its margin
            within = any(text in other or other in text for other in texts)
            if taken < 3 and not within and not any(_alike(bag, other) for other in bags):
                drawn.append(snippet)
                bags.append(bag)
                texts.append(text)
                taken += 1
                if len(drawn) == count:
                    return drawn
    return drawn


def functions(text: bytes, grammar: Grammar) -> Iterator[Snippet]:
    """The functions and methods of a file that can stand alone, are valid and of at least LEAST_LINES."""
    text = text.replace(b"\r\n", b"\n")
    for node in nodes(grammar.parser.parse(text).root_node):
        if node.type in grammar.functions | grammar.methods and not node.has_error:
            method = node.type in grammar.methods and (node.parent is not None and node.parent.type == "class_body")
            if node.type in grammar.methods and not method:
                continue
            snippet = _snippet(text, node, grammar, method)
            if snippet and snippet.code_lines >= LEAST_LINES:
                yield snippet


def _snippet(text: bytes, node: tree_sitter.Node, grammar: Grammar, method: bool) -> Snippet | None:
    begin = text.rfind(b"\n", 0, node.start_byte) + 1
    margin = text[begin : node.start_byte]
    if margin.strip() or node.end_byte - node.start_byte > MOST_BYTES or b"\0" in text[begin : node.end_byte]:
        return None  # it shares its line with something else
    lines = text[begin : node.end_byte].split(b"\n")
    if any(line.strip() and not line.startswith(margin) for line in lines) and grammar.name == "python":
        return None  # a string over several lines that reaches further to the left
    snippet = Snippet(grammar, b"\n".join(line.removeprefix(margin) for line in lines), method)
    try:
        snippet.text.decode()
    except UnicodeDecodeError:
        return None
    return snippet if snippet.function is not None else None


def _alike(one: Counter[bytes], other: Counter[bytes]) -> bool:
    total = one.total() + other.total()
    shorter = min(one.total(), other.total())
    if 2 * shorter <= _ALIKE * total:
        return False
    return 2 * sum(min(number, other[token]) for token, number in one.items() if token in other) > _ALIKE * total
