"""Colours: the right text has the right style, counted in UTF-16 units, in every language."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.highlight import MAX_CHARACTERS, STYLES, highlight
from indexing.languages.grammar import query_of
from indexing.languages.registry import languages, scanned_languages

GOLDEN = Path(__file__).parents[2] / "indexing" / "languages" / "golden"


def coloured(text: str, language: str) -> list[list[tuple[str, str]]]:
    lines = text.split("\n")
    found = highlight(text, language)
    assert len(found) == len(lines)
    told = []
    for line, spans in zip(lines, found, strict=True):
        units = line.encode("utf-16-le", "surrogatepass")
        end = 0
        told.append([])
        for column, length, style in spans:
            assert column >= end
            assert length > 0
            assert style in STYLES
            end = column + length
            assert end * 2 <= len(units)
            told[-1].append((units[2 * column : 2 * end].decode("utf-16-le", "surrogatepass"), style))
    return told


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("python", "def run(a): return None  # ü", [("def", "keyword"), ("run", "function"), ("a", "variable"),
                                                     ("return", "keyword"), ("None", "constant"), ("# ü", "comment")]),
        ("python", 'x = f"𝄞 {len(y)}" + LIMIT', [("=", "operator"), ('f"𝄞 ', "string"), ("len", "builtin"),
                                                 ('"', "string"), ("+", "operator"), ("LIMIT", "constant")]),
        ("python", "@app.route('/')", [("@app.route", "decorator"), ("'/'", "string")]),
        ("javascript", "const a = new Foo(this.b); // é", [("const", "keyword"), ("=", "operator"), ("new", "keyword"),
                                                          ("Foo", "type"), ("this", "builtin"), ("b", "property"),
                                                          ("// é", "comment")]),
        ("typescript", "let a: Foo = b();", [("let", "keyword"), ("Foo", "type"), ("=", "operator"), ("b", "function")]),
        ("java", "private int x = 0x1F;", [("private", "keyword"), ("int", "type"), ("=", "operator"), ("0x1F", "number")]),
        ("c", "static char *s = NULL;", [("static", "keyword"), ("char", "type"), ("*", "operator"), ("=", "operator"),
                                         ("NULL", "constant")]),
        ("go", "func (s *T) Run() {}", [("func", "keyword"), ("s", "variable"), ("*", "operator"), ("T", "type"),
                                        ("Run", "function")]),
        ("ruby", "def run; end # é", [("def", "keyword"), ("run", "function"), ("end", "keyword"), ("# é", "comment")]),
        ("markdown", "# Title", [("# Title", "heading")]),
    ],
)  # fmt: skip
def test_styles(language: str, line: str, expected: list[tuple[str, str]]) -> None:
    assert coloured(f"\n{line}\n", language)[1] == expected


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("cobol", "       MOVE 'a' TO B-1. *> é", [("MOVE", "keyword"), ("'a'", "string"), ("TO", "keyword"),
                                                 ("*> é", "comment")]),
        ("cobol", "000100* CALL 'X'", [("* CALL 'X'", "comment")]),
        ("fortran", "      call f(1) ! é", [("call", "keyword"), ("1", "number"), ("! é", "comment")]),
        ("jcl", "//POST EXEC PGM=A", [("POST", "function"), ("EXEC", "keyword"), ("PGM", "keyword")]),
        ("pascal", "procedure Run; // é", [("procedure", "keyword"), ("Run", "function"), ("// é", "comment")]),
        ("sql", "CREATE TABLE a (b int) -- é", [("CREATE", "keyword"), ("TABLE", "keyword"), ("a", "type"),
                                               ("int", "keyword"),
                                               ("-- é", "comment")]),
        ("vb", "Const A = \"x\" ' é", [("Const", "keyword"), ("A", "property"), ("\"x\"", "string"), ("' é", "comment")]),
    ],
)  # fmt: skip
def test_styles_of_scanned_languages(language: str, line: str, expected: list[tuple[str, str]]) -> None:
    assert coloured(f"\n{line}\n", language)[1] == expected


@pytest.mark.parametrize("language", sorted(scanned_languages()))
def test_scanned_golden_sources_are_coloured(language: str) -> None:
    text = next(path for path in (GOLDEN / language).iterdir() if path.suffix != ".json").read_text(encoding="utf-8")
    styles = {style for line in coloured(text, language) for _, style in line}
    assert {"keyword", "function", "comment", "number", "string"} <= styles


@pytest.mark.parametrize("language", sorted(languages()))
def test_golden_sources_are_coloured(language: str) -> None:
    text = next(path for path in (GOLDEN / language).iterdir() if path.suffix != ".json").read_text(encoding="utf-8")
    found = coloured(text, language)
    assert sum(map(bool, found)) > 0.7 * sum(bool(line.strip(" })];{")) for line in text.split("\n"))
    styles = {style for line in found for _, style in line}
    assert {"keyword", "function", "string"} <= styles
    # A shell has neither types nor fields, Lua no types, Ruby no fields that a grammar could tell.
    assert language == "bash" or styles & {"type", "property"}


@pytest.mark.parametrize("language", sorted(languages()))
def test_captures_are_styles(language: str) -> None:
    query = query_of(language, "highlights")
    captures = {query.capture_name(index) for index in range(query.capture_count)}
    assert captures <= {*STYLES, "plain", "name", "called"}


def test_a_span_ends_with_its_line() -> None:
    assert coloured('"""one\n\ntwo"""', "python") == [[('"""one', "string")], [], [('two"""', "string")]]


@pytest.mark.parametrize("language", ["text", "unheard-of", "csv"])
def test_unknown_language_is_plain(language: str) -> None:
    assert highlight("a = 1\nb", language) == [[], []]


@given(st.text(max_size=200), st.sampled_from([*sorted(languages()), *scanned_languages(), "rust", "yaml", "html"]))
def test_any_text_is_coloured(text: str, language: str) -> None:
    coloured(text, language)


@pytest.mark.parametrize("language", ["python", "javascript", "c"])
def test_speed_and_bound(language: str) -> None:
    source = next(path for path in (GOLDEN / language).iterdir() if path.suffix != ".json").read_text(encoding="utf-8")
    text = source * (MAX_CHARACTERS // len(source) + 40)
    start = time.process_time()
    found = highlight(text, language)
    assert time.process_time() - start < 8  # one where the machine has nothing else to do
    assert len(found) == text.count("\n") + 1
    assert not any(found[text.count("\n", 0, MAX_CHARACTERS) + 1 :])
