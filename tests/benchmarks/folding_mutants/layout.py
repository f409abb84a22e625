"""Mutants of type 1: other layout, other comments, the same tokens."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import tree_sitter

from tests.benchmarks.folding_mutants.names import replaced
from tests.benchmarks.folding_mutants.syntax import Snippet, Token, is_documentation, nodes

_OPENING, _CLOSING = (b"(", b"["), (b")", b"]")


def spaces(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Blanks added, doubled and taken away between the tokens of a line."""
    places = []
    for left, right in zip(snippet.tokens, snippet.tokens[1:], strict=False):
        between = snippet.text[left.end : right.start]
        if _preprocessed(left) or _preprocessed(right) or between.strip() or b"\n" in between or chance.random() < 0.5:
            continue
        if between:
            places.append((left.end, right.start, b" " * chance.randint(1, 3)))
        elif _may_part(left, right):
            places.append((left.end, right.start, b" "))
    return replaced(snippet.text, places) if places else None


def _may_part(left: Token, right: Token) -> bool:
    """Whether a blank between the two is harmless: beside brackets and commas, nowhere near a word."""
    beside = (b"(", b")", b",", b"[", b"]")
    return (left.text in beside and right.text[:1].isalnum()) or (left.text[-1:].isalnum() and right.text in (b")", b"]"))


def _preprocessed(token: Token) -> bool:
    return token.kind.startswith(("#", "preproc")) or token.parent.startswith("preproc")


def breaks(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Lines broken after commas within brackets, as a formatter with a narrower page would."""
    depth, places = 0, []
    for left, right in zip(snippet.tokens, snippet.tokens[1:], strict=False):
        depth += (left.text in _OPENING) - (left.text in _CLOSING)
        between = snippet.text[left.end : right.start]
        if depth > 0 and left.text == b"," and not between.strip(b" ") and chance.random() < 0.6 and _open(snippet, left):
            places.append((left.end, right.start, b"\n" + b" " * chance.randint(4, 24)))
    return replaced(snippet.text, places) if places else None


def _open(snippet: Snippet, token: Token) -> bool:
    """Whether a line end may stand there: not within a line of the preprocessor or a string with code in it."""
    return not _preprocessed(token) and token.parent not in {"interpolation", "format_expression"}


def joined(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Lines within brackets joined."""
    depth, places = 0, []
    for left, right in zip(snippet.tokens, snippet.tokens[1:], strict=False):
        depth += (left.text in _OPENING) - (left.text in _CLOSING)
        between = snippet.text[left.end : right.start]
        if depth > 0 and b"\n" in between and not between.strip() and left.text in (b",", *_OPENING):
            places.append((left.end, right.start, b" " if left.text == b"," else b""))
    return replaced(snippet.text, places) if places else None


def indentation(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Twice as deep, in blanks or (where the blanks go by fours) in tabs."""
    inside = _within_tokens(snippet)
    tabs = chance.random() < 0.5
    lines = []
    for position, line in enumerate(snippet.text.split(b"\n")):
        margin = line[: len(line) - len(line.lstrip(b" \t"))]
        width = len(margin.expandtabs(8))
        if position not in inside and margin and line.strip():
            deeper = b"\t" * (width // 4) if tabs and width % 4 == 0 else b" " * (2 * width)
            lines.append(deeper + line[len(margin) :])
        else:
            lines.append(line)
    changed = b"\n".join(lines)
    return changed if changed != snippet.text else None


def _within_tokens(snippet: Snippet) -> set[int]:
    """The lines, counted from 0, that begin within a token, or within documentation or a comment."""
    inside: set[int] = set()
    for node in nodes(snippet.root):
        if not node.child_count or node.type in {
            "string",
            "template_string",
            "comment",
            "block_comment",
            "raw_string_literal",
        }:
            start, end = snippet.at(node)
            if 0 <= start < end <= len(snippet.text):
                first = snippet.text.count(b"\n", 0, start)
                inside.update(range(first + 1, first + 1 + snippet.text.count(b"\n", start, end)))
    return inside


def braces(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Opening braces of blocks on a line of their own, or back from there."""
    if snippet.grammar.name in {"python", "go"}:
        return None  # there a brace's line has a meaning, or there is no brace
    places = []
    for left, right in zip(snippet.tokens, snippet.tokens[1:], strict=False):
        between = snippet.text[left.end : right.start]
        if right.text == b"{" and left.text in (b")", b"else", b"do", b"try") and not between.strip():
            line = snippet.text[: left.start].rsplit(b"\n", 1)[-1]
            margin = line[: len(line) - len(line.lstrip())]
            places.append((left.end, right.start, b" " if b"\n" in between else b"\n" + margin))
    return replaced(snippet.text, places) if places else None


def blank_lines(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Empty lines between statements, and blanks at the ends of lines."""
    places = []
    for node in snippet.statements():
        start, _ = snippet.at(node)
        line = snippet.text.rfind(b"\n", 0, start) + 1
        if not snippet.text[line:start].strip() and line > 0 and chance.random() < 0.5:
            places.append((line - 1, line, b" " * chance.randint(0, 3) + b"\n" * chance.randint(2, 4)))
    return replaced(snippet.text, sorted(set(places))) if places else None


def line_ends(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """The line ends of Windows."""
    return snippet.text.replace(b"\n", b"\r\n")


def add_comments(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Comments on lines of their own, at the ends of lines, and within lines."""
    grammar, places = snippet.grammar, []
    for node in snippet.statements():
        start, _ = snippet.at(node)
        line = snippet.text.rfind(b"\n", 0, start) + 1
        if snippet.text[line:start].strip() or line == 0 or chance.random() < 0.5:
            continue
        said = b" ".join(chance.choices(words, k=chance.randint(2, 7)))
        if chance.random() < 0.7 or not grammar.block_comments:
            places.append((start, start, grammar.line_comment + b" " + said + b"\n" + snippet.text[line:start]))
        else:
            places.append((start, start, b"/* " + said + b" */ "))
    return replaced(snippet.text, places) if places else None


def _comments(snippet: Snippet) -> list[tree_sitter.Node]:
    return [node for node in nodes(snippet.root) if node.type in snippet.grammar.comments and snippet.at(node)[0] >= 0]


def remove_comments(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Every comment taken out, with its line where it has one of its own."""
    places = []
    for node in _comments(snippet):
        start, end = snippet.at(node)
        line = snippet.text.rfind(b"\n", 0, start) + 1
        after = snippet.text[end : snippet.text.find(b"\n", end) % (len(snippet.text) + 1)]
        own = not snippet.text[line:start].strip() and not after.strip() and line > 0
        places.append((line - 1, end, b"") if own else (start, end, b" " if snippet.grammar.block_comments else b""))
    return replaced(snippet.text, places) if places else None


def change_comments(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Other words in each comment, and in the documentation."""
    places = []
    documentation = [node.children[0] for node in nodes(snippet.root) if is_documentation(node)]
    for node in [*_comments(snippet), *documentation]:
        start, end = snippet.at(node)
        said = b" ".join(chance.choices(words, k=chance.randint(2, 9)))
        begun = snippet.text[start:end]
        if begun.startswith(b"/*"):
            new = b"/* " + said + b" */"
        elif begun.startswith((b"//", b"#")):
            new = snippet.grammar.line_comment + b" " + said
        else:
            new = b'"""' + said + b'"""'
        places.append((start, end, new))
    return replaced(snippet.text, places) if places else None


OPERATORS: dict[str, Callable[[Snippet, Sequence[bytes], random.Random], bytes | None]] = {
    "spaces": spaces,
    "line breaks": breaks,
    "lines joined": joined,
    "indentation": indentation,
    "braces": braces,
    "blank lines": blank_lines,
    "CRLF": line_ends,
    "comments added": add_comments,
    "comments removed": remove_comments,
    "comments changed": change_comments,
}
