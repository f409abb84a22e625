"""tree-sitter: grammars and queries, each compiled once in a process, and the bounded parse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING

from indexing.languages.registry import languages
from resources import read_text, resource_path

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Node, Point, Query, Tree

PARSE_SECONDS = 5.0
"""Hand-written code of the largest admitted size takes under a second; only hostile input comes here."""
MAX_LOOSE_TOKENS = 5_000
"""Tokens within one node of a tree with errors, names not counted."""
_READ_BYTES = 8_192
_INHERITS = re.compile(r"\A; inherits: ([\w ,]+)\n")


class ParserError(Exception):
    """tree-sitter gave a text up."""


@cache
def grammar_of(language: str) -> Grammar:
    """The tree-sitter grammar of a registered language."""
    from tree_sitter import Language as Grammar

    return Grammar(languages()[language].grammar())


@cache
def query_of(language: str, name: str) -> Query:
    """The query `resources/queries/<language>/<name>.scm`, which may begin with `; inherits: other`."""
    from tree_sitter import Query

    return Query(grammar_of(language), query_text(language, name))


def query_text(language: str, name: str) -> str:
    """The text of a query with that of the queries it inherits before it."""
    parts: list[str] = []
    waiting, seen = [language], {language}
    while waiting:
        folder = waiting.pop()
        if not resource_path("queries", folder, f"{name}.scm").is_file():
            continue
        text = read_text("queries", folder, f"{name}.scm")
        parts.append(text)
        if inherited := _INHERITS.match(text):
            others = [other.strip() for other in inherited[1].split(",")]
            waiting += [other for other in others if other not in seen]
            seen.update(others)
    return "\n".join(reversed(parts))


@dataclass(frozen=True, slots=True)
class Syntax:
    """A syntax tree. `complete` is false where parsing took too long and the end of the text is not in the tree."""

    language: str
    tree: Tree
    complete: bool

    @property
    def root(self) -> Node:
        return self.tree.root_node

    def readable(self) -> bool:
        """Whether queries may run: a query costs the square of the tokens that follow each other in one node, and only
        a text that is not of the language at all has many."""
        waiting = [self.root] if self.root.has_error else []
        while waiting:
            node = waiting.pop()
            if node.child_count - node.named_child_count > MAX_LOOSE_TOKENS:
                return False
            waiting += [child for child in node.children if child.has_error]
        return True

    @property
    def errors(self) -> bool:
        return not self.complete or self.tree.root_node.has_error

    def captures(self, query: str) -> Iterator[tuple[str, Node]]:
        """The nodes that a query of the language names, in the order of the text.

        They come from the matches: `QueryCursor.captures` of tree-sitter 0.25 returns each name's nodes in the order of
        their addresses.
        """
        from tree_sitter import QueryCursor

        for _, match in QueryCursor(query_of(self.language, query)).matches(self.root):
            for name, nodes in match.items():
                for node in nodes:
                    yield name, node


def parse_text(language: str, text: bytes, seconds: float = PARSE_SECONDS) -> Syntax:
    """The syntax tree of `text` (UTF-8), of its beginning alone when that takes longer than `seconds`; ParserError."""
    from tree_sitter import Parser

    deadline = monotonic() + seconds
    complete = True

    def read(offset: int, _point: Point) -> bytes:
        # The end of the text is the only way to stop the parser: its progress callback crashes in tree-sitter 0.25.2.
        nonlocal complete
        if monotonic() > deadline:
            complete = False
        return text[offset : offset + _READ_BYTES] if complete else b""

    parser = Parser(grammar_of(language))
    try:
        tree = parser.parse(text if len(text) <= _READ_BYTES else read)
    except ValueError as error:
        raise ParserError(str(error)) from error
    return Syntax(language, tree, complete)
