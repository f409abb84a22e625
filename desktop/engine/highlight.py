"""Colours of the code view: spans with a style, line by line.

Languages with a grammar are painted from `resources/queries/<language>/highlights.scm`, those that a scanner reads by what
it knows, all others by the lexers of Pygments. All paint an array with one style a character; the runs of equal style in it
are the spans.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax
    from indexing.languages.scanner import ScannedLanguage

Span = tuple[int, int, str]
"""Column and length in UTF-16 code units, and the style."""

MAX_CHARACTERS = 1_000_000
"""What follows stays plain."""
SECONDS = 1.5
"""A text that takes longer to read stays plain from there on."""

STYLES = (
    "string", "property", "variable", "function", "type", "constant", "builtin", "number", "operator", "keyword",
    "decorator", "heading", "comment",
)  # fmt: skip
"""Every style; where two captures are of one node, the later style wins."""
_PLAIN = 0
_CODE = {style: code for code, style in enumerate(STYLES, start=1)}
_ORDER = {**{style: 3 + code for style, code in _CODE.items()}, "string": 0, "plain": 1, "name": 2, "called": 3}
_BUILTINS = {"python": frozenset(dir(builtins)) | {"self", "cls"}}

_ALIASES = {
    "apex": "java",
    "assembly": "nasm",
    "eex": "elixir",
    "gettext": "pot",
    "gradle": "groovy",
    "hcl": "terraform",
    "just": "make",
    "latex": "tex",
    "lisp": "common-lisp",
    "restructuredtext": "rst",
    "svelte": "html",
    "vue": "html",
}
"""Names of Pygments where they are not ours."""


def highlight(text: str, language: str) -> list[list[Span]]:
    """The coloured spans of every line of `text`, in order, none overlapping; `language` is a name of the registry."""
    from indexing.languages.registry import TEXT, has_grammar, scanned_languages

    lines: list[list[Span]] = [[] for _ in range(text.count("\n") + 1)]
    text = text[:MAX_CHARACTERS]
    if not text or language == TEXT:
        return lines
    if has_grammar(language):
        content = text.encode("utf-8", "surrogatepass")
        paint = _paint_by_grammar(content, language)
        _collect(lines, paint, *_positions_of_bytes(content))
    elif (scanned := scanned_languages().get(language)) is not None:
        content = text.encode("utf-8", "surrogatepass")
        _collect(lines, _paint_by_scanner(content, scanned), *_positions_of_bytes(content))
    elif (lexer := _lexer_of(language)) is not None:
        _collect(lines, _paint_by_lexer(text, lexer), *_positions_of_characters(text))
    return lines


def _paint_by_grammar(content: bytes, language: str) -> NDArray[np.uint8]:
    """One style a byte, shape (bytes,)."""
    from indexing.languages.grammar import parse_text

    syntax = parse_text(language, content, SECONDS)
    paint = bytearray(len(content))
    for start, end, code in _painted(syntax, content) if syntax.readable() else ():
        paint[start:end] = bytes((code,)) * (end - start)
    return np.frombuffer(paint, np.uint8)


def _painted(syntax: Syntax, content: bytes) -> list[tuple[int, int, int]]:
    """What to paint, in this order: strings, then what is code within them, then by style; outer nodes before inner."""
    known = _BUILTINS.get(syntax.language, frozenset())
    found: list[tuple[int, int, int]] = []
    captured: dict[str, list[Node]] = {}
    for capture, node in syntax.captures("highlights"):
        captured.setdefault(capture, []).append(node)
    for capture, nodes in sorted(captured.items(), key=lambda item: _ORDER[item[0]]):
        code = _CODE.get(capture, _PLAIN)
        for node in nodes:
            start, end = node.byte_range
            if capture in ("name", "called"):
                name = content[start : min(end, start + 60)].decode("utf-8", "replace")
                code = _CODE["function"] if capture == "called" else _PLAIN
                if name in known:
                    code = _CODE["builtin"]
                elif len(name) > 1 and name.isupper():
                    code = _CODE["constant"]
                if not code:
                    continue
            found.append((start, end, code))
    return found


def _paint_by_scanner(content: bytes, language: ScannedLanguage) -> NDArray[np.uint8]:
    """One style a byte, shape (bytes,)."""
    paint = bytearray(len(content))
    for style, start, end in language.scanner()(content).paint():
        paint[start:end] = bytes((_CODE[style],)) * (end - start)
    return np.frombuffer(paint, np.uint8)


def _paint_by_lexer(text: str, lexer: Lexer) -> NDArray[np.uint8]:
    """One style a character, shape (characters,)."""
    paint = bytearray(len(text))
    style_of = _styles_of_tokens()
    deadline = monotonic() + SECONDS
    for count, (start, kind, value) in enumerate(lexer.get_tokens_unprocessed(text)):
        if code := style_of(kind):
            paint[start : start + len(value)] = bytes((code,)) * len(value)
        if count % 1_024 == 0 and monotonic() > deadline:
            break
    return np.frombuffer(paint, np.uint8)[: len(text)]


def _lexer_of(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(_ALIASES.get(language, language))
    except ClassNotFound:
        return None


def _styles_of_tokens() -> Callable[[object], int]:
    """The code of a Pygments token: that of the nearest kind around it which has a style."""
    from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Token

    codes: dict[object, int] = {Token: _PLAIN, Name: _PLAIN}
    for style, kinds in {
        "comment": (Comment,),
        "string": (String,),
        "number": (Number,),
        "keyword": (Keyword, Operator.Word, Name.Tag, Comment.Preproc),
        "operator": (Operator,),
        "type": (Keyword.Type, Name.Class, Name.Namespace, Name.Exception),
        "function": (Name.Function,),
        "constant": (Keyword.Constant, Name.Constant),
        "property": (Name.Attribute, Name.Property),
        "decorator": (Name.Decorator,),
        "builtin": (Name.Builtin,),
        "variable": (Name.Variable,),
        "heading": (Generic.Heading, Generic.Subheading),
    }.items():
        codes.update(dict.fromkeys(kinds, _CODE[style]))

    def style_of(kind: object) -> int:
        code = codes.get(kind)
        if code is None:
            code = codes[kind] = style_of(getattr(kind, "parent", None) or Token)
        return code

    return style_of


def _positions_of_bytes(content: bytes) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """The UTF-16 position of every byte (None: its own), shape (bytes + 1,), and the positions of the line feeds."""
    raw = np.frombuffer(content, np.uint8)
    feeds = np.flatnonzero(raw == 0x0A)
    if content.isascii():
        return None, feeds
    units = ((raw & 0xC0) != 0x80).astype(np.int64) + (raw >= 0xF0)
    return np.concatenate(([0], np.cumsum(units))), feeds


def _positions_of_characters(text: str) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """The same for characters."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    feeds = np.flatnonzero(raw == 0x0A)
    if text.isascii():
        return None, feeds
    return np.concatenate(([0], np.cumsum(1 + (raw > 0xFFFF).astype(np.int64)))), feeds


def _collect(
    lines: list[list[Span]], paint: NDArray[np.uint8], units: NDArray[np.int64] | None, feeds: NDArray[np.int64]
) -> None:
    """Puts every run of one style into its line; a line feed ends a run."""
    paint = paint.copy()
    paint[feeds] = _PLAIN
    edges = np.concatenate(([0], np.flatnonzero(paint[1:] != paint[:-1]) + 1, [len(paint)]))
    codes = paint[edges[:-1]].tolist()
    rows = np.searchsorted(feeds, edges[:-1]).tolist()
    starts = np.concatenate(([0], feeds + 1))
    at = edges if units is None else units[edges]
    begins = (starts if units is None else units[starts])[rows]
    columns = (at[:-1] - begins).tolist()
    for code, row, column, length in zip(codes, rows, columns, np.diff(at).tolist(), strict=True):
        if code:
            lines[row].append((column, length, STYLES[code - 1]))
