"""Build files: Makefile, CMake, Dockerfile, Gradle, Meson, Starlark, just; parts are targets, functions and stages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.model.symbol import SymbolKind
from indexing.documents.mentions import built
from indexing.documents.parts import MAX_PARTS, Part, Reading, title_of, with_comments
from indexing.languages.lines import Lines
from indexing.possessive import re

# A definition over several lines (1), or targets (2) and what stands behind their colon (3), continued lines included.
_MAKE = re.compile(
    rb"^define[ \t]+([\w.-]+)[^\n]*\n(?:[^\n]*+\n){0,2000}?endef\b"
    rb"|^([^\s#:=][^:=#\n]{0,300}?)[ \t]*::?(?![:=])((?:[^\n\\]++|\\\n|\\)*+)",
    re.MULTILINE,
)
_RECIPE = re.compile(rb"(?:\n(?:\t(?:[^\n\\]++|\\\n|\\)*+|[ \t]*(?=\n)|(?:if|else|endif)[^\n]*(?=\n\t)))*+\n?")
_JUST = re.compile(rb"^@?([A-Za-z_][\w-]*+)[^\n:=]*+:(?!=)[^\n]*(?:\n(?:[ \t][^\n]*|(?=\n)))*+\n?", re.MULTILINE)
_CMAKE = re.compile(
    rb"^[ \t]*(function|macro|add_library|add_executable|add_custom_target|project)[ \t]*\([ \t\r\n]*([^\s()#]{0,120})",
    re.MULTILINE | re.IGNORECASE,
)
_CMAKE_ENDS = re.compile(rb"^[ \t]*end(?:function|macro)\b[^\n]*\n?", re.MULTILINE | re.IGNORECASE)
_MAX_CALL = 20_000
"""Bytes looked through for the end of a call or a block."""
_DOCKER = re.compile(
    rb"^FROM[ \t]+(?:--\S+[ \t]+){0,4}([^\s]{1,200})(?:[ \t]+AS[ \t]+(\S{1,80}))?", re.MULTILINE | re.IGNORECASE
)
_GRADLE = re.compile(
    rb"^(?:task[ \t]+([\w-]+)|tasks\.(?:register|create)\w*[ \t]*\([ \t]*['\"]([\w-]+)['\"]|(?:def|void)[ \t]+(\w+)[ \t]*\("
    rb"|(\w[\w.]*)[ \t]*(?:\([^)\n]*\)[ \t]*)?\{)",
    re.MULTILINE,
)
_CALLED = re.compile(rb"^(?:\w+[ \t]*=[ \t]*)?([a-z_]\w*)\(", re.MULTILINE)
_RULE_NAME = re.compile(rb"\bname[ \t]*=[ \t]*[\"']([^\"'\n]{1,100})[\"']")
_FIRST_TEXT = re.compile(rb"\(\s*['\"]([^'\"\n]{1,100})['\"]")
_NAMEABLE = re.compile(r"[\w./+@-]+")


@dataclass(frozen=True, slots=True)
class _Block:
    """The bytes `[at, end)` of something with a title; a symbol where it has a kind."""

    at: int
    end: int
    title: str
    kind: SymbolKind | None = None
    name: str = ""


def read_makefile(text: bytes, lines: Lines) -> Reading:
    """Targets with their recipes, and definitions over several lines."""
    return _read(text, _make)


def read_just(text: bytes, lines: Lines) -> Reading:
    """Recipes."""
    return _read(text, _just)


def read_cmake(text: bytes, lines: Lines) -> Reading:
    """The project, functions and macros, and the calls that make a target."""
    return _read(text, _cmake)


def read_dockerfile(text: bytes, lines: Lines) -> Reading:
    """Stages."""
    return _read(text, _docker)


def read_gradle(text: bytes, lines: Lines) -> Reading:
    """The outermost blocks, tasks among them."""
    return _read(text, _gradle, b"//")


def read_calls(text: bytes, lines: Lines) -> Reading:
    """Meson and Starlark: the calls at the left edge, by the name that they give."""
    return _read(text, _calls)


def _read(text: bytes, find: Callable[[bytes], Iterator[_Block]], comment: bytes = b"#") -> Reading:
    """The blocks as parts; what stands between two of them is a part without a title."""
    parts: list[Part] = []
    end = 0
    for block in find(text):
        if block.at < end:
            continue
        start = with_comments(text, block.at, comment, end)
        if text[end:start].strip():
            parts.append(Part(end, end, 1, ""))
        parts.append(Part(start, block.at, 1, block.title, block.kind, block.name))
        end = block.end
        if len(parts) >= MAX_PARTS:
            break
    if parts and text[end:].strip():
        parts.append(Part(end, end, 1, ""))
    return Reading(parts, built(text))


def _named(at: int, end: int, raw: bytes, kind: SymbolKind, before: str = "") -> _Block:
    """A block with a symbol, unless its name is made of variables."""
    name = title_of(raw.strip(b"\"'"))
    return _Block(at, end, f"{before} {name}".strip(), kind if _NAMEABLE.fullmatch(name) else None, name)


def _end(text: bytes, closing: bytes, start: int) -> int:
    """Behind the line that holds the next `closing`; `start` itself where there is none near."""
    found = text.find(closing, start, start + _MAX_CALL)
    return (text.find(b"\n", found + len(closing)) + 1 or len(text)) if found >= 0 else start


def _make(text: bytes) -> Iterator[_Block]:
    for found in _MAKE.finditer(text):
        if found[1]:
            yield _named(found.start(), found.end(), found[1], SymbolKind.MACRO, "define")
            continue
        if b"=" in found[3].partition(b"#")[0] and b"$" not in found[2]:
            continue  # a variable of one target alone
        targets = found[2].split()
        if targets[0].startswith(b".") and targets[0].isupper():
            continue  # .PHONY and its like say something about targets
        recipe = _RECIPE.match(text, found.end())
        yield _named(found.start(), recipe.end() if recipe else found.end(), targets[0], SymbolKind.FUNCTION)


def _just(text: bytes) -> Iterator[_Block]:
    for found in _JUST.finditer(text):
        yield _named(found.start(), found.end(), found[1], SymbolKind.FUNCTION)


def _cmake(text: bytes) -> Iterator[_Block]:
    kinds = {b"function": SymbolKind.FUNCTION, b"macro": SymbolKind.MACRO}
    bodies = [found.end() for found in _CMAKE_ENDS.finditer(text)]
    for found in _CMAKE.finditer(text):
        command = found[1].lower()
        if command in kinds:
            body = bisect_right(bodies, found.end())
            end = bodies[body] if body < len(bodies) else len(text)
        else:
            end = _end(text, b")", found.end())
        yield _named(found.start(), end, found[2], kinds.get(command, SymbolKind.CONSTANT), command.decode())


def _docker(text: bytes) -> Iterator[_Block]:
    stages = list(_DOCKER.finditer(text))
    edges = [*(one.start() for one in stages), len(text)]
    for found, end in zip(stages, edges[1:], strict=True):
        if found[2]:
            yield _named(found.start(), end, found[2], SymbolKind.CONSTANT)
        else:
            yield _Block(found.start(), end, title_of(found[1]))


def _gradle(text: bytes) -> Iterator[_Block]:
    for found in _GRADLE.finditer(text):
        line = text[found.start() : text.find(b"\n", found.end()) + 1 or len(text)]
        one_line = line.count(b"{") == line.count(b"}")
        end = found.start() + len(line) if one_line else _end(text, b"\n}", found.end())
        if found[4]:
            yield _Block(found.start(), end, title_of(found[4]))
        else:
            yield _named(found.start(), end, found[1] or found[2] or found[3], SymbolKind.FUNCTION)


def _calls(text: bytes) -> Iterator[_Block]:
    for found in _CALLED.finditer(text):
        end = _end(text, b")", found.end())
        named = _FIRST_TEXT.match(text, found.end() - 1, end) or _RULE_NAME.search(text, found.end(), end)
        if named:
            yield _named(found.start(), end, named[1], SymbolKind.CONSTANT, found[1].decode())
        else:
            yield _Block(found.start(), end, found[1].decode())
