"""Chunks: every byte that is not white space is in exactly one, none is too long, and each is what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.symbol import SymbolKind
from core.settings import ChunkSettings
from indexing.chunking import Piece, chunk_code
from indexing.documents.reading import read_document
from indexing.languages.grammar import parse_text
from indexing.languages.lines import Lines
from indexing.languages.registry import languages, scanned_languages

GOLDEN = Path(__file__).parent / "languages" / "golden"
SOURCES = {path.parent.name: path.read_bytes() for path in GOLDEN.glob("*/[sS]ource.*")}


def cut(language: str, text: bytes, max_bytes: int = 3_000, min_bytes: int = 200) -> list[Piece]:
    lines, settings = Lines(text), ChunkSettings(max_bytes, min_bytes)
    if language in languages():
        syntax = parse_text(language, text)
        analysis = languages()[language].extractor()(text, syntax).analyse()
        return chunk_code(text, lines, analysis, syntax, settings)
    if language in scanned_languages():
        return chunk_code(text, lines, scanned_languages()[language].scanner()(text).analyse(), None, settings)
    return read_document(language, text, lines, settings).pieces


def assert_covers(text: bytes, pieces: list[Piece], max_bytes: int) -> None:
    position = 0
    for piece in pieces:
        assert piece.start >= position
        assert not text[position : piece.start].strip()
        assert 0 < piece.end - piece.start <= max_bytes
        assert text[piece.start : piece.end].strip()
        text[piece.start : piece.end].decode("utf-8")
        position = piece.end
    assert not text[position:].strip()


def excerpts(text: bytes, pieces: list[Piece]) -> list[str]:
    return [text[piece.start : piece.end].decode() for piece in pieces]


code = st.builds(
    lambda parts, junk: "".join(parts) + junk,
    st.lists(
        st.sampled_from([line + "\n" for source in SOURCES.values() for line in source.decode().split("\n")]), max_size=60
    ),
    st.text(max_size=80),
)


@settings(deadline=None)
@given(code, st.sampled_from([*sorted(SOURCES), "markdown", "restructuredtext", "asciidoc", "text"]), st.integers(20, 700))
def test_every_byte_is_in_one_chunk(text: str, language: str, max_bytes: int) -> None:
    content = text.encode()
    assert_covers(content, cut(language, content, max_bytes, max_bytes // 4), max_bytes)


@settings(deadline=None)
@given(st.binary(max_size=400).map(lambda raw: raw.decode("latin-1").encode()), st.sampled_from([*sorted(SOURCES), "text"]))
def test_any_bytes_are_cut(content: bytes, language: str) -> None:
    assert_covers(content, cut(language, content, 64, 16), 64)


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_definitions_are_chunks_of_their_own(language: str) -> None:
    text = SOURCES[language]
    lines, syntax = Lines(text), parse_text(language, text) if language in languages() else None
    if syntax is None:
        analysis = scanned_languages()[language].scanner()(text).analyse()
    else:
        analysis = languages()[language].extractor()(text, syntax).analyse()
    # A program of COBOL or a job that fits is one chunk.
    settings = ChunkSettings() if language not in ("cobol", "jcl") else ChunkSettings(400, 100)
    pieces = chunk_code(text, lines, analysis, syntax, settings)
    definitions = analysis.facts.definitions
    alone = {piece.definition for piece in pieces if piece.kind in (ChunkKind.FUNCTION, ChunkKind.METHOD)}
    assert len(alone) >= 4
    for piece in pieces:
        definition = definitions[piece.definition]
        assert definition.span.start <= piece.end
        if piece.kind in (ChunkKind.FUNCTION, ChunkKind.METHOD) and not piece.part:
            # A name may be put together: a selector of Objective-C, `TEST(suite, name)`, a constructor that is a keyword.
            words = re.findall(r"[A-Za-z]+", definition.name) if definition.kind is not SymbolKind.CONSTRUCTOR else []
            assert all(word in text[piece.start : piece.end].decode() for word in words)


def test_comments_and_decorators_belong_to_their_definition() -> None:
    text = b"import a\n\n# far away\n\n# about f\n# more\n@first\n@second(1)\ndef f():\n    pass\n\n\ndef g():\n    pass\n"
    pieces = cut("python", text)
    assert excerpts(text, pieces) == [
        "import a\n\n# far away",
        "# about f\n# more\n@first\n@second(1)\ndef f():\n    pass",
        "def g():\n    pass",
    ]


def test_class_head_outlines_its_members() -> None:
    text = b"class A(B):\n    x = 1\n\n    def f(self, a): ...\n\n    y = 2\n\n    def g(self) -> int:\n        return 1\n"
    head, first, between, second = cut("python", text)
    assert (head.kind, head.outline) == (ChunkKind.CLASS, "def f(self, a)\ndef g(self) -> int")
    assert first.kind is second.kind is ChunkKind.METHOD
    assert (between.kind, between.part, between.outline) == (ChunkKind.CLASS, 1, "class A(B)")


def test_nested_functions_stay_in_theirs() -> None:
    text = b"def outer():\n    def inner():\n        return lambda: 1\n    return inner\n"
    (piece,) = cut("python", text)
    assert piece.definition == 1


def test_long_function_is_cut_at_statements_and_around_nested_functions() -> None:
    body = "".join(f"    if x{n}:\n        call({n})\n        other({n})\n" for n in range(60))
    text = f"def outer(a, b):\n{body}    def inner():\n        return 1\n{body}    return inner\n".encode()
    pieces = cut("python", text, 600)
    assert_covers(text, pieces, 600)
    inner = [piece for piece in pieces if text[piece.start : piece.end].lstrip().startswith(b"def inner")]
    assert len(inner) == 1
    assert inner[0].definition == 2
    rest = [piece for piece in pieces if piece.definition == 1]
    assert [piece.part for piece in rest] == list(range(len(rest)))
    assert all(text[piece.start : piece.end].lstrip().startswith((b"if x", b"def outer", b"return")) for piece in rest)
    assert {piece.outline for piece in rest[1:]} == {"def outer(a, b)"}


def test_wrapping_function_gives_its_functions_away() -> None:
    inner = "".join(f"  function f{n}(a) {{\n    return a + {n};\n  }}\n\n" for n in range(40))
    text = f"(function (root) {{\n{inner}  root.f = f1;\n}})(this);\n".encode()
    pieces = cut("javascript", text, 500)
    assert_covers(text, pieces, 500)
    assert sum(piece.kind is ChunkKind.FUNCTION and b"function f" in text[piece.start : piece.end] for piece in pieces) == 40


def test_neighbours_outside_of_definitions_are_one_chunk() -> None:
    text = b"#include <a.h>\n#include <b.h>\n\n#define X 1\n\nint y;\nint f(void);\n"
    (piece,) = cut("c", text)
    assert piece.kind is ChunkKind.MODULE


def test_a_remark_of_two_sentences_is_a_chunk_of_its_own() -> None:
    """Merged with its neighbours it was found by no question in other words."""
    remark = (
        "# The auditors want tapes of the nightly backup for eleven years,\n"
        "# not ten; the vault in the cellar was enlarged for it last spring."
    )
    around = "class Vault:\n    depth = 3\n\n    # Doors.\n\n    width = 4\n"
    text = f"import tapes\n\nYEARS = 11\n\n{remark}\n\nVAULT = 2\n\n{around}".encode()
    pieces = cut("python", text)
    assert_covers(text, pieces, 3_000)
    told = [excerpt.rstrip() for excerpt in excerpts(text, pieces)]
    assert told[:3] == ["import tapes\n\nYEARS = 11", remark, "VAULT = 2"]
    assert len(told) == 4  # a heading stays with what follows


def test_a_remark_within_a_function_stays_there() -> None:
    said = "    # " + "we wait until the other side has read what was sent to it before " * 2
    (piece,) = cut("python", f"def f():\n    a = 1\n\n{said}\n\n    return a\n".encode())
    assert piece.kind is ChunkKind.FUNCTION


def test_definitions_that_share_a_line_share_a_chunk() -> None:
    text = b"function a() { return 1; } function b() { return 2; }\nclass A { f() {} g() {} }\n"
    assert excerpts(text, cut("javascript", text)) == text.decode().splitlines()


def test_long_line_is_cut_between_characters() -> None:
    text = ("x = '" + "añ𝄞" * 5_000 + "'\n").encode()
    pieces = cut("python", text, 1_000)
    assert_covers(text, pieces, 1_000)


def test_markdown_is_cut_at_its_headings() -> None:
    filler = "word " * 60
    fenced = "```\n# no heading\n```\n"
    parts = ["intro", "# Top\n", f"## Left\n{fenced}", "Right\n-----", "# Next"]
    content = "\n\n".join(f"{part}\n{filler}" for part in parts).encode()
    pieces = cut("markdown", content)
    assert [(piece.kind, piece.outline) for piece in pieces] == [
        (ChunkKind.SECTION, outline) for outline in ("", "Top", "Top > Left", "Top > Right", "Next")
    ]
    assert "# no heading" in excerpts(content, pieces)[2]


def test_short_sections_join_the_next() -> None:
    text = b"# A\n\n## B\n\n" + b"text " * 100 + b"\n\n## C\n\nend\n"
    assert [piece.outline for piece in cut("markdown", text)] == ["A > B", "A > C"]


def test_restructuredtext_levels_follow_their_first_use() -> None:
    filler = "word " * 60
    titles = ["=====\nTitle\n=====", "Part\n====", "Piece\n-----", "Other\n====="]
    text = "\n\n".join(f"{title}\n\n{filler}" for title in titles)
    assert [piece.outline for piece in cut("restructuredtext", text.encode())] == [
        "Title",
        "Title > Part",
        "Title > Part > Piece",
        "Title > Other",
    ]


def test_text_is_cut_at_blank_lines_before_what_stands_out() -> None:
    block = "def run_{n}\n  first\n\n  second\n  third\nend\n\n"
    text = "".join(block.format(n=n) for n in range(100)).encode()
    pieces = cut("text", text, 800)
    assert_covers(text, pieces, 800)
    assert all(excerpt.startswith("def run_") and excerpt.endswith("end") for excerpt in excerpts(text, pieces))
    assert max(len(excerpt) for excerpt in excerpts(text, pieces)) >= 300


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\r\n\n", b"\x0c"])
@pytest.mark.parametrize("language", [*sorted(SOURCES), "markdown", "text"])
def test_nothing_gives_no_chunk(content: bytes, language: str) -> None:
    assert cut(language, content) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", b"{\n" + b"(" * 5_000 + b' "errors": false,\n "more": {"a": 1}\n}\n'),
        ("gradle", b"(" * 4_373 + b"       google()\n        mavenCentral()\n    }\n}\ns{\n\n/"),
        ("dockerfile", b"(" * 4_394 + b"# Said.\nARG V=<%= v %>\nFROM g\n\ns"),
        ("xml", b"<a>\n" + b"BEGIN " * 2_300 + b"\n<b>\n<c/>\n</b>\n</a>\n"),
    ],
)
def test_a_long_line_before_a_short_part_gives_no_chunk_twice(language: str, text: bytes) -> None:
    """The cut behind a line that is too long was looked for beyond the end of its part."""
    for most in (500, 1_000, 3_000, 4_500):
        assert_covers(text, cut(language, text, most), most)
