"""Nothing takes a reader down, slows it, or makes it lose a byte."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import ChunkSettings
from indexing.chunking import Piece
from indexing.documents.parts import MAX_SYMBOLS
from indexing.documents.readers import READERS
from indexing.documents.reading import read_document
from indexing.languages.lines import Lines

SIZE = 200_000
NOTEBOOK = "jupyter"

HOSTILE = {
    name: unit * (SIZE // len(unit)) + tail
    for name, (unit, tail) in {
        "open brackets": (b"[", b""),
        "open objects": (b'{"a":', b""),
        "quotes": (b'"', b""),
        "escaped quotes": (b'\\"', b""),
        "backticks": (b"`a ", b""),
        "roles": (b":r:`x", b""),
        "links": (b"](", b""),
        "calls": (b"a()", b""),
        "dots": (b"a.", b""),
        "slashes": (b"a/", b""),
        "colons": (b"a:", b""),
        "dashes": (b"a-b.c+d-", b""),
        "one word": (b"a", b""),
        "spaces": (b" ", b"x"),
        "blank lines": (b"          \n", b"x"),
        "open tags": (b"<a ", b""),
        "open attributes": (b'<a b="', b""),
        "open comments": (b"<!-- -", b""),
        "open scripts": (b"<script>", b""),
        "open headings": (b"<h1>", b""),
        "open sections": (b"<![CDATA[", b""),
        "nested elements": (b"<a>", b""),
        "flat elements": (b'<a id="x"/>', b""),
        "open definitions": (b"define x\n", b""),
        "open functions": (b"function(a\n", b""),
        "open calls": (b"add_library(a\n", b""),
        "targets": (b"t:\n", b""),
        "continued": (b"t:\\\n", b""),
        "recipe": (b"\tx\n", b""),
        "comments": (b"# c\n", b"x: 1"),
        "keys": (b"a: 1\n", b""),
        "documents": (b"---\nkind: A\nmetadata:\n  x: y\n", b""),
        "underlined": (b"a\n===\n", b""),
        "fences": (b"~~~~~~~\n```\n", b""),
        "open texts": (b"'''a", b""),
        "tables": (b"[x]\n", b""),
        "open remarks": (b"/*", b""),
        "numbers": (b"1,", b""),
        "stages": (b"FROM --x ", b""),
        "blocks": (b"task x {\n", b""),
        "cells": (b'{"cell_type":"code","source":["a\\n"]},', b""),
        "open cells": (b'{"cells":[{"source":["x(\\n",', b""),
        "kernels": (b'"kernelspec": {"a":', b""),
    }.items()
}
HOSTILE["deep keys"] = b"".join(b" " * n + b"a:\n" for n in range(600))
HOSTILE["notebook of cells"] = b'{"cells":[' + HOSTILE["cells"]
HOSTILE["notebook of open calls"] = b'{"cells":[{"cell_type":"code","source":[' + b'"x(\\n",' * 20_000 + b"]}]}"


def assert_whole(text: bytes, pieces: Sequence[Piece], settings: ChunkSettings, *, gaps: bool) -> None:
    position = 0
    for piece in pieces:
        assert position <= piece.start < piece.end <= len(text)
        assert piece.end - piece.start <= settings.max_bytes
        assert text[piece.start : piece.end].strip()
        assert len(piece.outline) <= settings.max_bytes // 2
        assert gaps or not text[position : piece.start].strip()
        position = piece.end
    assert gaps or not text[position:].strip()


def read(language: str, text: bytes, settings: ChunkSettings | None = None) -> None:
    settings = settings or ChunkSettings()
    document = read_document(language, text, Lines(text), settings)
    assert_whole(text, document.pieces, settings, gaps=language == NOTEBOOK)
    facts = document.facts
    size = len(facts.definitions)
    assert language == NOTEBOOK or size <= MAX_SYMBOLS + 1
    assert all(0 <= one.scope < size for one in facts.references)
    assert all(0 <= one.parent < at for at, one in enumerate(facts.definitions) if at)
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in facts.definitions)
    assert all(len(one.signature) <= 300 and "\n" not in one.signature for one in facts.definitions)
    assert all(0 <= piece.definition < size for piece in document.pieces)


@pytest.mark.parametrize("language", [*sorted(READERS), NOTEBOOK])
def test_hostile_text_is_read_quickly(language: str) -> None:
    for name, text in HOSTILE.items():
        began = time.process_time()
        read(language, text)
        # Anything that is quadratic takes minutes for these.
        assert time.process_time() - began < 3, name


SCRAPS = [
    "a:", " ", "\n", "\n\n", "  b: |", "- c", "---\n", "[t]", "[[t.u]]", "=", "{", "}", '"k"', ":", ",", "[", "]", "#",
    "# h\n",
    "h\n==\n", "h\n--\n", "```", "``x.y()``", "`", "<a", ">", "<h2>", "</h2>", "<script>", "</script>", '<b id="i">', "</b>",
    "t: d\n\tr\n", "define", "endef", "function(f)", "endfunction()", "FROM x AS y\n", "task z {", "//", "/*", "'''", '"""',
    "src/a.c", ":func:`m.f`", ".. class:: C\n", '"cells": [', '"source": ["x\\n"]', '"cell_type": "code"', "é", "\r\n", "\t",
]  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(SCRAPS) | st.text(max_size=6), max_size=60).map("".join),
    st.sampled_from([*sorted(READERS), NOTEBOOK]),
    st.integers(30, 400),
)
def test_scraps_are_read_whole(text: str, language: str, max_bytes: int) -> None:
    read(language, text.encode("utf-8", "replace"), ChunkSettings(max_bytes, max_bytes // 6))


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([*sorted(READERS), NOTEBOOK]))
def test_any_bytes_are_read(content: bytes, language: str) -> None:
    read(language, content.decode("latin-1").encode(), ChunkSettings(64, 16))
