"""The text of one file with its folded copies replaced, each by a line that names what it is a copy of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model.chunk import Chunk
from core.model.clone import CloneClass, CloneType
from core.model.source import Place

_HASH = ("# ", "")
_SLASHES = ("// ", "")
_DASHES = ("-- ", "")
_SEMICOLONS = (";; ", "")
_PERCENT = ("% ", "")
_BLOCK = ("/* ", " */")
_MARKUP = ("<!-- ", " -->")
_PARENTHESES = ("(* ", " *)")
_PLAIN = ("[", "]")

_COMMENTS: dict[str, tuple[str, str]] = {
    language: comment
    for comment, languages in {
        _HASH: "python ruby perl bash r julia elixir crystal nim awk tcl yaml toml makefile cmake dockerfile properties "
        "just powershell nix graphql coffeescript gettext starlark meson hcl cython",
        _SLASHES: "c cpp java javascript jsx typescript tsx go rust csharp kotlin swift scala dart php groovy gradle zig d "
        "objective-c fsharp solidity protobuf glsl wgsl thrift scss less verilog systemverilog qml vala delphi apex",
        _DASHES: "sql plsql lua haskell elm ada vhdl",
        _SEMICOLONS: "lisp scheme clojure racket ini",
        _PERCENT: "erlang latex prolog matlab",
        _BLOCK: "css sas",
        _MARKUP: "html xml markdown vue svelte handlebars",
        _PARENTHESES: "ocaml",
        ("! ", ""): "fortran",
        ("' ", ""): "vb",
        ("*> ", ""): "cobol",
        ('" ', ""): "vim",
        (".. ", ""): "restructuredtext",
        ("REM ", ""): "batch",
    }.items()
    for language in languages.split()
}


_INDENTATION = re.compile(rb"(?:[ \t]*\r?\n)*([ \t]*)")


@dataclass(frozen=True, slots=True)
class Copy:
    """What a folded chunk is a copy of, and how much they differ."""

    original: Place
    type: CloneType


def copies_by_chunk(classes: Sequence[CloneClass]) -> dict[int, Copy]:
    """For every folded chunk what stands for it."""
    return {member.chunk: Copy(clones.representative.place, member.type) for clones in classes for member in clones.members}


def comment(language: str, text: str) -> str:
    """`text` (one line) as a comment of the language; in brackets where it has none."""
    before, after = _COMMENTS.get(language, _PLAIN)
    if after.strip() == "*/":
        text = text.replace("*/", "* /")
    elif after.strip() == "-->":
        text = text.replace("--", "- -")
    elif after.strip() == "*)":
        text = text.replace("*)", "* )")
    return before + text + after


def fold_text(text: bytes, language: str, chunks: Sequence[Chunk], copies: Mapping[int, Copy]) -> bytes:
    """`text` (UTF-8) with every chunk among `copies` replaced; a file of copies of one other file becomes one line."""
    folded = [chunk for chunk in chunks if chunk.id in copies]
    if not folded:
        return text
    originals = {copies[chunk.id].original.path for chunk in folded}
    if len(folded) == len(chunks) > 1 and len(originals) == 1:
        exact = all(copies[chunk.id].type is CloneType.LAYOUT for chunk in folded)
        return (comment(language, f"folded: {_likeness(exact)} {originals.pop()}") + "\n").encode()
    parts: list[bytes] = []
    end = 0
    for chunk in sorted(folded, key=lambda chunk: chunk.span.start):
        copy = copies[chunk.id]
        place = copy.original
        name = f" ({place.symbol})" if place.symbol else ""
        line = f"folded: {_likeness(copy.type is CloneType.LAYOUT)} {place.path}:{place.start_line}-{place.end_line}{name}"
        parts.append(text[end : chunk.span.start])
        parts.append(_INDENTATION.match(text, chunk.span.start)[1])  # type: ignore[index]  # it matches everything
        parts.append(comment(language, line).encode())
        end = chunk.span.end
        if text[end - 1 : end] == b"\n" or text[end : end + 1] not in (b"", b"\n", b"\r"):
            parts.append(b"\n")
    parts.append(text[end:])
    return b"".join(parts)


def _likeness(exact: bool) -> str:
    return "the same as" if exact else "the same but for local names as"
