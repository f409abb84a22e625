"""A function's syntax, read by tree-sitter alone: none of the program's own readers of tokens, which are what is measured.

A *snippet* is the text of one function, its first column taken off. It is read with what its language wants around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

import tree_sitter
import tree_sitter_c
import tree_sitter_go
import tree_sitter_java
import tree_sitter_javascript
import tree_sitter_python


@dataclass(frozen=True)
class Grammar:
    """What of a language's grammar the mutants need: how to read it, and what its nodes are called.

    `head` and `foot` go around a method, `outer` before all else in a file; `blocks` hold statements, `literals` are read as
    one token; `line_comment` begins a comment that ends with its line.
    """

    name: str
    suffix: str
    language: Callable[[], object]
    functions: frozenset[str]
    methods: frozenset[str]
    blocks: frozenset[str]
    literals: frozenset[str]
    comments: frozenset[str]
    line_comment: bytes
    block_comments: bool = True
    outer: bytes = b""
    head: bytes = b""
    foot: bytes = b""

    @cached_property
    def parser(self) -> tree_sitter.Parser:
        return tree_sitter.Parser(tree_sitter.Language(self.language()))


def kinds(words: str) -> frozenset[str]:
    """The words, as a set of names of nodes."""
    return frozenset(words.split())


GRAMMARS = {
    grammar.name: grammar
    for grammar in (
        Grammar(
            "python", ".py", tree_sitter_python.language, kinds("function_definition"), frozenset(), kinds("block"),
            kinds("integer float"), kinds("comment"), b"#", block_comments=False,
        ),
        Grammar(
            "java", ".java", tree_sitter_java.language, frozenset(), kinds("method_declaration constructor_declaration"),
            kinds("block constructor_body"),
            kinds("string_literal character_literal decimal_integer_literal hex_integer_literal"
                  " decimal_floating_point_literal octal_integer_literal binary_integer_literal"),
            kinds("line_comment block_comment"), b"//", head=b"class Holder%d {\n", foot=b"\n}\n",
        ),
        Grammar(
            "c", ".c", tree_sitter_c.language, kinds("function_definition"), frozenset(), kinds("compound_statement"),
            kinds("string_literal char_literal number_literal system_lib_string preproc_arg"), kinds("comment"), b"//",
        ),
        Grammar(
            "javascript", ".js", tree_sitter_javascript.language, kinds("function_declaration"), kinds("method_definition"),
            kinds("statement_block"), kinds("string number regex"), kinds("comment html_comment"), b"//",
            head=b"class Holder%d {\n", foot=b"\n}\n",
        ),
        Grammar(
            "go", ".go", tree_sitter_go.language, kinds("function_declaration method_declaration"), frozenset(),
            kinds("block statement_list"),
            kinds("interpreted_string_literal raw_string_literal rune_literal int_literal float_literal imaginary_literal"),
            kinds("comment"), b"//", outer=b"package holder\n",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A leaf of the tree that is no comment: bytes `[start, end)` of the snippet; `kind` as the grammar names it."""

    start: int
    end: int
    kind: str
    text: bytes
    parent: str
    """The kind of the node around."""


@dataclass(frozen=True)
class Snippet:
    """The text of one function; `method` says whether it stands in a class."""

    grammar: Grammar
    text: bytes
    method: bool = False

    @property
    def _before(self) -> bytes:
        return self.grammar.outer + (self.grammar.head % 0 if self.method else b"")

    @cached_property
    def root(self) -> tree_sitter.Node:
        whole = self._before + self.text + (self.grammar.foot if self.method else b"\n")
        return self.grammar.parser.parse(whole).root_node

    @cached_property
    def function(self) -> tree_sitter.Node | None:
        """The function's node, None unless the text is one function and nothing else, without an error."""
        if self.root.has_error:
            return None
        kinds = self.grammar.methods if self.method else self.grammar.functions
        wanted = (len(self._before), len(self._before) + len(self.text.rstrip()))
        found = [node for node in nodes(self.root) if node.type in kinds]
        if not found:
            return None
        top = found[0].parent if found[0].parent and found[0].parent.type == "decorated_definition" else found[0]
        return found[0] if self.at(top)[1] == wanted[1] - wanted[0] and top.start_byte >= wanted[0] else None

    def at(self, node: tree_sitter.Node) -> tuple[int, int]:
        """The bytes of the snippet that a node fills."""
        shift = len(self._before)
        return node.start_byte - shift, node.end_byte - shift

    @cached_property
    def tokens(self) -> list[Token]:
        """Without comments and (Python) documentation strings."""
        return list(self._leaves(self._before))

    def _leaves(self, before: bytes) -> Iterator[Token]:
        grammar = self.grammar
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.type in grammar.comments or node.type == "line_continuation" or is_documentation(node):
                continue
            if node.child_count and node.type not in grammar.literals and not _is_plain_string(node):
                stack.extend(reversed(node.children))
            elif len(before) <= node.start_byte < node.end_byte <= len(before) + len(self.text):
                start, end = self.at(node)
                parent = node.parent.type if node.parent else ""
                yield Token(start, end, node.type, self.text[start:end], parent)

    @cached_property
    def code_lines(self) -> int:
        """Lines that hold a token."""
        return len({self.text.count(b"\n", 0, token.start) for token in self.tokens})

    def with_text(self, text: bytes) -> Snippet:
        return replace(self, text=text)

    def statements(self) -> list[tree_sitter.Node]:
        """The statements within the function's blocks, outermost first; comments and documentation are none."""
        if self.function is None:
            return []
        return [
            node
            for node in nodes(self.function)
            if node.is_named
            and node.parent is not None
            and node.parent.type in self.grammar.blocks
            and node.type not in self.grammar.comments
            and node.type not in self.grammar.blocks
            and not is_documentation(node)
        ]


def nodes(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """All nodes, parents before children, in the order of the text."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def is_documentation(node: tree_sitter.Node) -> bool:
    """A statement of Python that is a string alone."""
    return node.type == "expression_statement" and node.child_count == 1 and node.children[0].type == "string"


def _is_plain_string(node: tree_sitter.Node) -> bool:
    if node.type not in {"string", "template_string"}:
        return False
    return all(child.type not in {"interpolation", "template_substitution"} for child in node.children)


@cache
def languages() -> tuple[str, ...]:
    return tuple(GRAMMARS)
