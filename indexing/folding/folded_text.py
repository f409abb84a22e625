"""The text of one file with its folded copies replaced, each by a line that names what it is a copy of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model.chunk import Chunk
from core.model.clone import NO_DIFFERENCE, CloneClass, CloneType, Difference, Verdict
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


_MOST_SHOWN = 400
"""Characters of a difference that its line tells."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What the `parts` chunks of a folded unit are a copy of (from chunk `kept` on, `kept_parts` of them), and how much they
    differ."""

    original: Place
    type: CloneType
    similarity: float = 1.0
    difference: Difference = NO_DIFFERENCE
    parts: int = 1
    kept: int = 0
    kept_parts: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of a text that still stand in what it was folded to: from `start` on in the text, from `written` on there."""

    start: int
    written: int
    size: int


@dataclass(frozen=True, slots=True)
class Left:
    """The bytes `[start, stop)` of a text, left out for a copy."""

    start: int
    stop: int
    copy: Copy


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text in UTF-8, and what became of the text it was made of, in order; together they cover it."""

    text: bytes
    kept: tuple[Kept, ...]
    left: tuple[Left, ...]


def copies_by_chunk(classes: Sequence[CloneClass]) -> dict[int, Copy]:
    """For the first chunk of every folded unit what stands for it."""
    return {
        member.chunk: Copy(
            clones.representative.place,
            member.type,
            member.similarity,
            member.difference,
            member.parts,
            clones.representative.chunk,
            clones.representative.parts,
        )
        for clones in classes
        for member in clones.members
        if member.verdict is Verdict.FOLDED
    }


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


def fold_text(
    text: bytes, language: str, chunks: Sequence[Chunk], copies: Mapping[int, Copy], encoding: str = "utf-8"
) -> FoldedText:
    """`text` (UTF-8) with every unit among `copies` replaced; a file of copies of one other file becomes one line.

    What is put in can be written in `encoding`, in which the text was.
    """
    ordered = sorted(chunks, key=lambda chunk: chunk.span.start)
    places = {chunk.id: place for place, chunk in enumerate(ordered)}
    left = [
        Left(chunk.span.start, ordered[places[chunk.id] + copies[chunk.id].parts - 1].span.end, copies[chunk.id])
        for chunk in ordered
        if chunk.id in copies
    ]
    folded_chunks = sum(piece.copy.parts for piece in left)
    originals = {piece.copy.original.path for piece in left}
    if folded_chunks == len(chunks) > 1 and len(originals) == 1 and all(piece.copy.similarity == 1.0 for piece in left):
        exact = all(piece.copy.type is CloneType.LAYOUT for piece in left)
        line = _encodable(comment(language, f"folded: {_likeness(exact)} {originals.pop()}") + "\n", encoding)
        return FoldedText(line, (), _with_gaps(text, left))
    parts: list[bytes] = []
    kept: list[Kept] = []
    end = written = 0
    for piece in left:
        between = text[end : piece.start]
        kept.append(Kept(end, written, len(between)))
        indentation = _INDENTATION.match(text, piece.start)
        told = _encodable(comment(language, _told(piece.copy)), encoding)
        line = (indentation[1] if indentation else b"") + told
        end = piece.stop
        if text[end - 1 : end] == b"\n" or text[end : end + 1] not in (b"", b"\n", b"\r"):
            line += b"\n"
        parts += (between, line)
        written += len(between) + len(line)
    parts.append(text[end:])
    kept.append(Kept(end, written, len(text) - end))
    return FoldedText(b"".join(parts), tuple(kept), tuple(left))


def _encodable(line: str, encoding: str) -> bytes:
    return line.encode(encoding, "backslashreplace").decode(encoding).lstrip("\ufeff").encode()


def _with_gaps(text: bytes, left: Sequence[Left]) -> tuple[Left, ...]:
    """The pieces and, as copies of nothing, the white space between them."""
    found: list[Left] = []
    end = 0
    for piece in left:
        found += (Left(end, piece.start, NOTHING), piece)
        end = piece.stop
    return (*found, Left(end, len(text), NOTHING))


NOTHING = Copy(Place("", 0, 0), CloneType.LAYOUT, kept_parts=0)


def _told(copy: Copy) -> str:
    place = copy.original
    name = f" ({place.symbol})" if place.symbol else ""
    where = f"{place.path}:{place.start_line}-{place.end_line}{name}"
    if copy.similarity == 1.0:
        return f"folded: {_likeness(copy.type is CloneType.LAYOUT)} {where}"
    return f"folded: {copy.similarity:.2f} like {where}, {copy.difference.told(_MOST_SHOWN)}"


def _likeness(exact: bool) -> str:
    return "the same as" if exact else "the same but for local names as"
