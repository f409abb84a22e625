"""One read of a file: what comes out of it, and that nothing hostile takes it down."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic, process_time

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from core.model.source import FailedFile, FileRole, SourceFile
from core.model.symbol import SymbolKind
from core.settings import ChunkSettings
from indexing import parse as parse_module
from indexing.chunking import Piece
from indexing.languages import grammar
from indexing.languages.grammar import ParserError, parse_text
from indexing.languages.perl import mask_open_text
from indexing.languages.registry import languages, scanned_languages
from indexing.parse import parse
from indexing.parsed import ParsedFile

SETTINGS = ChunkSettings()
GRAMMARS = sorted(languages())


def length_fingerprint(text: bytes, language: str, kind: ChunkKind) -> Fingerprint:
    return Fingerprint(xxhash.xxh3_128_hexdigest(text), language, kind, len(text))


def length_fingerprints(text: bytes, language: str, pieces: Sequence[Piece]) -> list[Fingerprint]:
    return [length_fingerprint(text[piece.start : piece.end], language, piece.kind) for piece in pieces]


def read(content: bytes, language: str = "python") -> ParsedFile:
    source = SourceFile("a/file", language, FileRole.SOURCE, len(content), 0)
    parsed = parse(source, content, SETTINGS, length_fingerprints)
    assert isinstance(parsed, ParsedFile)
    text = content.decode(parsed.encoding).encode()
    position = 0
    for chunk in parsed.chunks:
        assert not text[position : chunk.span.start].strip()
        assert chunk.fingerprint == length_fingerprint(text[chunk.span.start : chunk.span.end], language, chunk.kind)
        assert chunk.span.start_line == text.count(b"\n", 0, chunk.span.start) + 1
        assert chunk.span.end_line == text.count(b"\n", 0, chunk.span.end - 1) + 1
        position = chunk.span.end
    assert not text[position:].strip()
    size = len(parsed.facts.definitions)
    assert parsed.facts.definitions[0].kind is SymbolKind.MODULE
    assert all(0 <= one.scope < size for one in (*parsed.facts.references, *parsed.facts.imports, *parsed.facts.bindings))
    assert all(-1 <= one.parent < size for one in parsed.facts.definitions)
    assert all(len(one.signature) <= 300 and len(one.doc) <= 500 for one in parsed.facts.definitions)
    assert all("\n" not in one.signature + one.doc for one in parsed.facts.definitions)
    return parsed


def test_one_read_feeds_all() -> None:
    content = b'"""Doc."""\n\n\ndef f():\n    g()\n'
    parsed = read(content)
    assert parsed.content == content
    assert parsed.content_hash == xxhash.xxh3_128_hexdigest(content)
    assert (parsed.encoding, parsed.errors) == ("utf-8", False)
    assert parsed.vectors.shape == (0, 0)
    assert parsed.vectors.dtype == np.float32
    assert [chunk.kind for chunk in parsed.chunks] == [ChunkKind.MODULE, ChunkKind.FUNCTION]
    assert parsed.facts.references[0].target == "g"


def test_the_same_bytes_give_the_same_facts() -> None:
    content = b"x = [f, g]\ny = a() or b()\nz = {'k': [h, lambda: i]}\nuse(x, y, z)\n" * 30
    assert read(content).facts == read(content).facts


def test_errors_leave_what_can_be_read() -> None:
    parsed = read(b"def f():\n    return 1\n\n\nclass A(:\n    def g(self):\n        f()\n\n\ndef h(): pass\n")
    assert parsed.errors
    assert {"f", "h"} <= {definition.name for definition in parsed.facts.definitions}


def test_language_without_grammar_is_text() -> None:
    parsed = read(b"main = fn\n", "unheard-of")
    assert [chunk.kind for chunk in parsed.chunks] == [ChunkKind.TEXT]
    assert len(parsed.facts.definitions) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfdef f():\n    pass\n",
        b"def f():\r\n    pass\r\n",
        "# ümläüt größe straße\ndef f():\n    pass\n".encode("latin-1"),
        "def f():\n    pass\n".encode("utf-16"),
        b"def f():\n    pass",
        b"def f():\r    pass\r",
    ],
)
def test_encodings_and_line_ends(content: bytes) -> None:
    parsed = read(content)
    if b"\n" in content:
        assert "f" in {definition.name for definition in parsed.facts.definitions}


HOSTILE = {
    "open": b"x = " + b"(" * 100_000,
    "brackets": b"x = " + b"[" * 50_000 + b"]" * 50_000,
    "braces": b"{" * 100_000,
    "nested": b"".join(b" " * n + b"def f%d():\n" % n for n in range(1_000)),
    "functions": b"function f(){" * 5_000 + b"}" * 5_000,
    "chain": b"a" + b".b()" * 8_000,
    "list": b"x = [" + b"f, " * 10_000 + b"]\n",
    "lines": b"int f(void) { return g(1, 2); }\n" * 2_500,
    "one line": b"a=f(1,b);" * 10_000,
    "nul": b"int a;\0" * 10_000,
    "string": b'"' + b"x" * 500_000,
    "comment": b"/*" + b"*\n" * 100_000,
    "lambdas": b"f(lambda: " * 3_000,
    "assignments": b"a = " * 8_000 + b"b",
    "tuples": b"(" * 3_000 + b"a" + b",)" * 3_000 + b" = x\n",
    "decorators": b"@a\n" * 4_000 + b"def f(): pass\n",
    "pointers": b"int " + b"*" * 50_000 + b"p;",
}


@pytest.mark.parametrize("language", GRAMMARS)
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_input_is_survived_quickly(name: str, language: str) -> None:
    start = time.process_time()
    read(HOSTILE[name], language)
    assert time.process_time() - start < 15


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(GRAMMARS))
def test_any_bytes_are_read(content: bytes, language: str) -> None:
    read(content, language)


PIECES = [
    "def f(", "class A", ":", "\n", "    ", "x = ", "(", ")", "lambda", " a", ",", "@", "*", "[", "]", "{", "}", "yield ",
    "for ",
    " in ", "=>", "function ", "var ", ".b", "->", "struct ", ";", "func ",
]  # fmt: skip
broken = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(deadline=None)
@given(broken, st.sampled_from(GRAMMARS))
def test_broken_code_is_read(text: str, language: str) -> None:
    read(text.encode(), language)


def test_slow_parse_keeps_the_beginning() -> None:
    text = b"def first(): pass\n" + b"x = 1\n" * 50_000
    syntax = parse_text("python", text, seconds=0.0)
    assert not syntax.complete
    assert syntax.errors
    assert syntax.root.end_byte < len(text)
    assert parse_text("python", text).complete


def test_a_parse_that_is_kept_waiting_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found on a busy machine: workers of low priority gave a long line up that they had hardly begun with."""
    text = b"def first(): pass\n" + b"x = 1\n" * 20_000
    assert not parse_text("python", text, seconds=0.001).complete
    monkeypatch.setattr(grammar.time, "thread_time", lambda: 0.0)
    assert parse_text("python", text, seconds=0.001).complete


def test_parser_that_gives_up_is_a_failed_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise ParserError("gave up")

    monkeypatch.setattr(parse_module, "parse_text", give_up)
    source = SourceFile("a.py", "python", FileRole.SOURCE, 1, 0)
    assert parse(source, b"x", SETTINGS, length_fingerprints) == FailedFile("a.py", "cannot be parsed: gave up")
    assert isinstance(parse(replace(source, language="unheard-of"), b"x", SETTINGS, length_fingerprints), ParsedFile)


def test_fingerprints_come_from_folding() -> None:
    source = SourceFile("a.py", "python", FileRole.SOURCE, 1, 0)
    parsed = parse(source, b"def f():\n    return 1\n", SETTINGS)
    assert isinstance(parsed, ParsedFile)
    assert parsed.chunks[0].fingerprint.exact == xxhash.xxh3_128_hexdigest(b"def f():\n    return 1")


@pytest.mark.parametrize("target", ["(a || b).c", "[x].y", "{}.z", "(function () {}).w", "f({k: v}).g", "(a ? b : c).d"])
def test_an_assignment_to_a_part_of_an_expression_is_no_definition_and_no_crash(target: str) -> None:
    """Found in jQuery: the expression's facts were asked for before all definitions had been found."""
    parsed = read(f"({target} = function () {{ return 1; }});\nfunction after() {{}}\n".encode(), "javascript")
    names = [definition.name for definition in parsed.facts.definitions]
    assert "after" in names


def test_a_declaration_without_a_name_is_passed_over() -> None:
    """Found in C++ headers that are read as C: a tree with errors has declarators of no length."""
    content = (
        b"void vformat_to(buffer<Char>& buf, text_style ts, basic_string_view<Char> fmt,\n"
        b"  if (ts.has_emphasis()) {\n"
        b"    auto size = ts.size();"
    )
    assert read(content, "c").chunks


def test_a_parse_that_follows_too_many_readings_is_ended() -> None:
    """Found by accident: the parser can be at work for minutes without asking for more text; it is stopped all the same, and
    has what it has read."""
    text = b"function first() { return 1; }\n" + b"->" * 12_000 + b"\nfunction last() { return 2; }\n"
    began = monotonic()
    syntax = parse_text("javascript", text, seconds=0.3)
    assert monotonic() - began < 2
    assert not syntax.complete
    assert 0 < syntax.root.end_byte < len(text)


def test_a_text_left_open_at_the_end_of_a_perl_file_ends() -> None:
    """The scanner of the grammar looked for the end of the line for ever."""
    for content in (b"<<F\n$o", b"print <<~'A B';\n  x\n@o", b"<<F;\nF\nprint <<F;\n$o->{a}", "<<F\n$ö".encode()):
        assert mask_open_text(content) != content
        assert read(content, "perl").chunks
    for content in (b"<<F\n$o\n", b"<<F;\nx\nF\nsub run { 1 }", b"1 << 2"):
        assert mask_open_text(content) == content


@pytest.mark.parametrize(
    ("content", "language"),
    [
        (b"struct { int x; } = ;\nvoid (int a) { run(); }\nint after(void) { return 1; }\n", "c"),
        (b"class { void run() { } };\nenum { A };\nvoid after() {}\n", "cpp"),
        (b"class { void () { run(); } }\nclass After { void after() {} }\n", "java"),
        (b"class { fun () { run() } }\nfun after() {}\n", "kotlin"),
        (b"@interface\n- (void);\n@end\nvoid after(void) {}\n", "objective-c"),
    ],
)
def test_what_has_no_name_is_no_definition(content: bytes, language: str) -> None:
    """A grammar may fill in a name of no length."""
    assert all(definition.name for definition in read(content, language).facts.definitions[1:])


def test_a_method_outside_of_its_class_never_holds_the_class() -> None:
    """Found by accident: what has no name gave the definition around it to a class within, and going outwards had no end."""
    definitions = read(b'@implementationStore-i{@interfaceStore f{"";}}@end', "objective-c").facts.definitions
    for index in range(len(definitions)):
        around = index
        for _ in range(len(definitions) + 1):
            around = definitions[around].parent if around >= 0 else -1
        assert around == -1


def test_a_minified_script_is_not_taken_apart() -> None:
    content = b"/*! bundle */\n" + b"function a(b,c){return b(c)};" * 2_000
    parsed = read(content, "javascript")
    assert len(parsed.facts.definitions) == 1
    assert not parsed.facts.references
    assert {chunk.kind for chunk in parsed.chunks} == {ChunkKind.TEXT}
    assert len(read(content.replace(b";", b";\n"), "javascript").facts.definitions) > 1_000
    assert len(read(content[:5_000], "javascript").facts.definitions) > 100


@pytest.mark.parametrize("language", sorted(scanned_languages()))
@pytest.mark.parametrize(
    "piece", [b"\xf0\x9f\x98\x80", b"a", b"@", b"uses\n", b"x = class(", b"procedure p ", b"class a\n", b"as a "]
)
def test_scanners_take_time_in_proportion(language: str, piece: bytes) -> None:
    """What is said again and again is looked at once: a scan that took the square of this would take a minute."""
    began = process_time()
    scanned_languages()[language].scanner()(piece * (100_000 // len(piece))).analyse()
    assert process_time() - began < 2


def test_types_of_zig_within_types_are_bounded() -> None:
    """`a{}{}{}…` is the value of a type that is such a value itself."""
    assert read(b"const a = " + b"f(x){" * 3_000 + b"b" + b"}(y){}" * 3_000 + b";\n", "zig").chunks
