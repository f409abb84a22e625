"""Tokens leave out what means nothing and keep what means something."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.folding.lexing import tokenise

LANGUAGES = ["python", "c", "cpp", "java", "go", "javascript", "typescript", "tsx"]

SAME = [
    ("c", "f();", "f(); // the end"),
    ("java", "f();", "f(); /* the end */  "),
    ("javascript", "f(a);", "f(a); // the end"),
    ("javascript", "f(a / b);", "f(a / b); // the end"),
    ("go", "f()", "f() // the end"),
    ("python", "f()", "f()  # the end"),
    ("python", "def f(a):\n    return a\n", "def f(a):  # note\n\n    # more\n        \n    return a"),
    ("python", "def f(a):\n    return a\n", 'def f(a):\n    """Doc."""\n    return a\n'),
    ("python", "def f(a):\n    return a\n", "def f( a ) :\r\n\treturn  a\r\n"),
    ("python", "f(a, b)\n", "f(\n    a,  # one\n    b\n)\n"),
    ("python", "x = a + b\n", "x = a + \\\n    b\n"),
    ("python", "    def f(self):\n        return 1\n", "def f(self):\n        return 1\n"),
    ("python", "@d\ndef f():\n    pass\n", "@d\n    def f():\n        pass\n"),
    ("c", "int f(int a) { return a; }", "/* c */ int f(int a)\n{\n    return a; // d\n}\n"),
    ("c", "x = 'a'; y = \"/* no comment */\";", "x='a';/**/y=\"/* no comment */\";"),
    ("c", "f();\n#endif\ng();", "f();\n#endif /* A */  \ng();"),
    ("c", "#if A( B ) && ! defined (C)\nf();\n#endif", "# if A(B)&&!defined(C)\nf();\n#endif"),
    ("c", "#define A(x) \\\n    f(x)\ng();", "#define A(x) f(x) // calls\ng();"),
    ("java", 'String s = "//"; int i;', 'String s = "//"; // note\nint i;'),
    ("go", "x := 1\ny := 2\n", "x := 1 // a\n\n\ty := 2"),
    ("go", "x := 1; y := 2", "x := 1\ny := 2"),
    ("go", "func f() { return }", "func f() {\n\treturn\n}\n"),
    ("go", "f(a,\n\tb)\n", "f(a, b)"),
    ("javascript", "const re = /[/*]/g; f(a);", "const re = /[/*]/g; /* c */ f(a);"),
    ("javascript", "let a = b / c; // d / e\nf()", "let a = b / c;\n\nf()"),
    ("javascript", "x = `<td>${a}</td>`; // <br/>\nf()", "x = `<td>${ a }</td>`;\nf()"),
    ("javascript", "f(`a ${b + `c ${d}`} e`)", "f( `a ${ b + `c ${ d }` } e` )"),
    ("python", "x = f'{len(a[b(c)])}@{d!r:>4}'\n", "x = f'{len( a[ b( c ) ] )}@{ d!r:>4}'\n"),
    # After an operand a slash divides, whatever is to the right of it; after a condition a regular expression begins.
    ("javascript", "f((a - b) / (c - d), (e) / (g));", "f((a - b) /\n (c - d), (e)\n / (g));"),
    ("javascript", "if (a.if(b) / 2) /[/*]/.test(c) || d(); // e", "if (a.if(b)/2) /[/*]/.test(c)||d();"),
    # What is one operator in another language is two in these.
    ("python", "x = a[::2], b <-1\n", "x = a[: :2], b < -1\n"),
    ("c", "char **p = a <-1 ? b : c;", "char * *p = a < -1 ? b : c;"),
    ("java", "x = a <-1;", "x = a < - 1;"),
    ("go", "x = f(a...)\n**p = 1\n", "x = f(a ...)\n* *p = 1\n"),
    ("javascript", "x = a <-1, b ?.5 : c;", "x = a < -1, b ? .5 : c;"),
]

DIFFERENT = [
    ("python", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n"),
    (
        "python",
        "if a:\n    if b:\n        c()\n    else:\n        d()\n",
        "if a:\n    if b:\n        c()\nelse:\n        d()\n",
    ),
    ("python", "class A:\n    'doc'\nx = 1\n", "class A:\n    'doc'\n    x = 1\n"),
    ("python", "def f():\n    'doc'\n", "def f():\n    return 'doc'\n"),
    ("python", "x = 'a  b'\n", "x = 'a b'\n"),
    ("python", "x = 'a # b'\n", "x = 'a # c'\n"),
    ("python", "a\nb\n", "a, b\n"),
    ("python", "f(a)\n(b)\n", "f(a)(b)\n"),
    ("python", 'x = """a\n  b"""\n', 'x = """a\nb"""\n'),
    ("python", "    x\n", "    'x'\n"),
    ("c", "a = b + +c;", "a = b ++ c;"),
    ("c", "#if A\nf();\n#endif", "#if B\nf();\n#endif"),
    ("c", "#if A B\nf();\n#endif", "#if AB\nf();\n#endif"),
    ("c", "#define A b\nf();", "#define A b f();"),
    ("c", "#define A (b)\nf();", "#define A(b)\nf();"),
    ("c", '#define A "a  b"\nf();', '#define A "a b"\nf();'),
    ("c", 's = "//x";', 's = "//y";'),
    ("java", 's = """\n  a""";', 's = """\n a""";'),
    ("go", "return\nf()", "return f()"),
    ("go", "s := `a // b`", "s := `a // c`"),
    ("javascript", "return\nf()", "return f()"),
    ("javascript", "a\n++b", "a++\nb"),
    ("javascript", "x = /a b/", "x = /a  b/"),
    ("javascript", "x = '//a'", "x = '//b'"),
    ("javascript", "x = `http://a ${b ? `//c` : d}`", "x = `http://a ${b ? `//e` : d}`"),
    ("javascript", "x = /[/]*\"/; y = '//a'", "x = /[/]*\"/; y = '//b'"),
    ("javascript", "x = a / b; y = c / d; // e", "x = a / c; y = c / d; // e"),
    ("typescript", "let a: Map<string, b>", "let a: Map<string, c>"),
]


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_layout_means_nothing(language: str, one: str, other: str) -> None:
    assert tokenise(one.encode(), language) == tokenise(other.encode(), language) != None  # noqa: E711


@pytest.mark.parametrize(("language", "one", "other"), DIFFERENT)
def test_meaning_is_kept(language: str, one: str, other: str) -> None:
    first, second = tokenise(one.encode(), language), tokenise(other.encode(), language)
    assert first is not None
    assert first != second


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "a, b)\n"),
        ("python", "f(a\n"),
        ("python", 'x = f"{d["a  # b"]}"\n'),
        ("cpp", 'auto s = R"(// text)";'),
        ("tsx", "return <p>it's // text</p>;"),
        ("javascript", "const a = () => <a href='x'>http://b</a>;"),
        ("javascript", "if (a) {} /b'/.test(c)"),
        ("cobol", "MOVE A TO B."),
    ],
)
def test_what_is_not_certain_has_no_tokens(language: str, text: str) -> None:
    assert tokenise(text.encode(), language) is None


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(text=st.text(alphabet="ab1 \n\t\"'`#/*\\(){}[];:=+-$.fR<>", max_size=40))
def test_any_text_is_read(language: str, text: str) -> None:
    tokens = tokenise(text.encode(), language)
    assert tokens is None or not any(b"\xff" in token or not token for token in tokens)


@pytest.mark.parametrize("language", ["c", "java", "go"])
@settings(deadline=None)
@given(text=st.text(alphabet="ab1 \n\"'(){}[];:=+-.", max_size=40))
def test_without_comments_only_white_space_is_lost(language: str, text: str) -> None:
    tokens = tokenise(text.encode(), language)
    assert tokens is not None
    kept = b"".join(tokens)
    ignored = b" \n;" if language == "go" else b" \n"  # semicolons come and go by the rules of Go
    assert kept.translate(None, ignored) == text.encode().translate(None, ignored)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", ['"', "'", "/*", "`", "`${", '"""', "\\", "/", "(", "{", "#", "f'{", "//"])
def test_long_broken_text_takes_no_long_time(language: str, piece: str) -> None:
    start = time.process_time()
    tokenise((piece * 20_000).encode(), language)
    tokenise((piece + " ").encode() * 20_000, language)
    assert time.process_time() - start < 2
