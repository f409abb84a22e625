"""tree-sitter: grammars and queries, each compiled once in a process, and the bounded parse."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from indexing.languages.registry import languages
from resources import read_text, resource_path

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Node, Parser, Point, Query, QueryCursor, Tree

PARSE_SECONDS = 2.0
"""Hand-written code of the largest admitted size takes under a second; only hostile input comes here."""
ENDING_SECONDS = 0.5
_BYTES_PER_SECOND = 500_000
"""What is added for its size: a twentieth of the usual speed."""
MAX_LOOSE_TOKENS = 5_000
"""Tokens within one node of a tree with errors, names not counted."""
MAX_DEPTH = 5_000
"""Nodes within nodes that a query looks into: it costs the square of their number. The longest chains of calls and sums that
are written by hand or generated stay far below."""
_MAX_LAST_LINE = 4_096
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


@cache
def joined_query(language: str, first: str, second: str) -> tuple[Query, int]:
    """Two queries as one, and how many of its patterns are the first's."""
    from tree_sitter import Query

    begin = query_text(language, first) + "\n"
    query = Query(grammar_of(language), begin + query_text(language, second))
    size, patterns = len(begin.encode()), cast("int", query.pattern_count)
    return query, sum(query.start_byte_for_pattern(index) < size for index in range(patterns))


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
        for _, match in _cursor(query_of(self.language, query)).matches(self.root):
            for name, nodes in match.items():
                for node in nodes:
                    yield name, node

    def captures_of_two(self, first: str, second: str) -> tuple[list[tuple[str, Node]], list[tuple[str, Node]]]:
        """What `captures` gives for either query, at nearly the price of one: most of it is the way through the tree."""
        query, count = joined_query(self.language, first, second)
        matches = _cursor(query).matches(self.root)
        return (
            [(name, node) for index, match in matches if index < count for name in match for node in match[name]],
            [(name, node) for index, match in matches if index >= count for name in match for node in match[name]],
        )


def _cursor(query: Query) -> QueryCursor:
    from tree_sitter import QueryCursor

    cursor = QueryCursor(query)
    cursor.set_max_start_depth(MAX_DEPTH)
    return cursor


def parse_text(language: str, text: bytes, seconds: float | None = None) -> Syntax:
    """The syntax tree of `text` (UTF-8), of its beginning alone when that takes longer than `seconds` (those a text of its
    size may take, unless given); ParserError."""
    from tree_sitter import Parser

    mask = languages()[language].mask
    if mask is not None:
        text = mask(text)
    if seconds is None:
        seconds = PARSE_SECONDS + len(text) / _BYTES_PER_SECOND
    # Deprecated, but the only bound that is looked at between two steps of the parser: its progress callback crashes in
    # tree-sitter 0.25.2, and a callback that reads is asked too seldom by some grammars, too often by others.
    parser = Parser(grammar_of(language), timeout_micros=max(1, int(1e6 * seconds)))
    try:
        return Syntax(language, _within(seconds, lambda: parser.parse(text)), complete=True)
    except ValueError:
        return Syntax(language, _end(parser, text), complete=False)


def _within(seconds: float, parse: Callable[[], Tree]) -> Tree:
    """What `parse` gives, which is stopped after so many seconds on the clock and then goes on when called again.

    A worker on a busy machine gets little of that time, so it goes on until it has had half of them; ValueError then.
    """
    began = time.thread_time()
    while True:
        try:
            return parse()
        except ValueError:
            if time.thread_time() - began >= seconds / 2:
                raise


def _end(parser: Parser, text: bytes) -> Tree:
    """Goes on with a parse that ran out of time, as if the text ended with the line that was reached; ParserError."""
    stop = -1

    def read(offset: int, _point: Point) -> bytes:
        nonlocal stop
        if stop < 0:
            stop = text.find(b"\n", offset, offset + _MAX_LAST_LINE) + 1 or offset
        return text[offset:stop]

    parser.timeout_micros = int(1e6 * ENDING_SECONDS)  # type: ignore[misc]
    try:
        return _within(ENDING_SECONDS, lambda: parser.parse(read))
    except ValueError as error:
        raise ParserError("took too long") from error
