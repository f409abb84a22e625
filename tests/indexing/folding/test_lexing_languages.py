"""Tokens of the languages with strings, line ends or blanks of their own kinds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.folding.lexing import tokenise

LANGUAGES = [
    *("csharp", "rust", "zig", "php", "lua", "kotlin", "swift", "ruby", "elixir", "haskell", "scala", "bash", "perl"),
    "objective-c",
]

SAME = [
    ("csharp", 'var a = @"C:\\"; f(a);', 'var a = @"C:\\"; // note\n\tf( a );'),
    ("csharp", 'f($"{a["b"]} // {c:N2}", d);', 'f($"{a["b"]} // {c:N2}",\n  d); /* e */'),
    ("rust", "f::<'a>('\"', b\"x\");", "f::<'a>( '\"', /* a /* b */ c */ b\"x\"); // d"),
    ("rust", 'let a = r#"// "x" "#; f(a)', 'let a = r#"// "x" "#; /// note\n f(a)'),
    ("zig", "const a =\n    \\\\// text\n;", "const a = // note\n  \\\\// text\n;"),
    ("php", "$a = \"{$b['c']} // d\"; f($a);", "$a = \"{$b['c']} // d\"; # note\n f( $a );"),
    ("php", "#[A] function f() {}", "#[A]\nfunction f() { /* it's */ }"),
    ("lua", "a = [[-- b]] f(a)", "a = [[-- b]] --[[ note ]] f(a) -- more"),
    ("kotlin", 'f("${g("// a")}")\nh()', 'f(\n  "${g("// a")}"\n) // note\n\n/* more\n */\nh()'),
    ("swift", 'f("\\(g("// a"))")\nh(a+b)', 'f("\\(g("// a"))") // note\n\n  h(a + b)'),
    ("ruby", 'f("#{g("# a")}")\nh(a)', 'f( "#{g("# a")}" ) # note\n\n\th(a)'),
    ("ruby", "f(<<~A, b) # c\n  # text\nA\ng", "f(<<~A, b)\n  # text\nA\n\ng"),
    ("ruby", "f(/# a/, b)\ng", "f(/# a/, b) # c\ng"),
    ("elixir", 'f(~s(# a), ?#)\n"#{b}"', 'f(~s(# a), ?#) # note\n\n  "#{b}"'),
    ("haskell", "f x = do\n  a\n  b\n", "f x = do -- note\n\n    a\n -- more\n    b\n"),
    ("haskell", "f x =\n  let a = 1\n      b = 2\n  in a", "f x =\n    let   a = 1\n          b = 2\n    in a"),
    ("scala", 's"${f("// a")}"\nb', '/* note */\ns"${f("// a")}" // c\n\nb'),
    ("bash", "f \"$(g '# a')\" ${b#c}\nh", "f  \"$(g '# a')\" \\\n  ${b#c}  # note\n\n  h"),
    ("bash", "f <<A\n# text\nA\ng", "f <<A   # note\n# text\nA\n\ng"),
    ("perl", "$a =~ s/#/x/; f($a);", "$a =~ s/#/x/; # note\n\n f( $a );"),
    ("perl", "f(q{# a}, $#b);\ng", "f(q{# a}, $#b);\n=pod\n\nit's\n\n=cut\ng"),
    ("objective-c", '[a b:@"// c"];', '[a  b:@"// c"]; // d'),
]

DIFFERENT = [
    ("csharp", 'a = @"\\" + "// b";', 'a = @"\\" + "// c";'),
    ("csharp", "#if A\nf();\n#endif", "#if A f();\n#endif"),
    ("csharp", 'a = $"{b}  c";', 'a = $"{b} c";'),
    ("rust", 'a = r#"// b"#;', 'a = r#"// c"#;'),
    ("rust", "for i in 0..n {}", "for i in 0..m {}"),
    ("rust", "a = '/'; b = '/';", "a = '/'; c = '/';"),
    ("zig", "a = b +% c;", "a = b + %c;"),
    ("zig", "a =\n\\\\b\n;", "a =\n\\\\b;"),
    ("php", "a('# b');", "a('# c');"),
    ("lua", "a = [==[--]] b]==]", "a = [==[--]] c]==]"),
    ("lua", "a = b ~= c", "a = b == c"),
    ("kotlin", "a\n-b", "a - b"),
    ("kotlin", "return\na", "return a"),
    ("kotlin", "return@a b", "return @a b"),
    ("swift", "a -b", "a - b"),
    ("swift", "a\n(b)", "a(b)"),
    ("swift", "f(a < b, c > (d))", "f(a<b, c>(d))"),
    ("swift", "[a ? [b] : c]", "[a?[b] : c]"),
    ("ruby", "f (1) + 2", "f(1) + 2"),
    ("ruby", "f [1]", "f[1]"),
    ("ruby", "f -1", "f - 1"),
    ("ruby", "f *a", "f * a"),
    ("ruby", "a\nb", "a b"),
    ("ruby", "f(<<~A)\n  # b\nA\n", "f(<<~A)\n  # c\nA\n"),
    ("ruby", "f(%w[a  #b])", "f(%w[a  #c])"),
    ("elixir", "f -1", "f - 1"),
    ("elixir", "a: b", "a :b"),
    ("elixir", "a\n[b]", "a [b]"),
    ("elixir", "~r/# a/", "~r/# b/"),
    ("haskell", "f = do\n  a\n  b", "f = do\n  a\n    b"),
    ("haskell", "f = a\n  b", "f = a\nb"),
    ("haskell", "f = a . b", "f = a.b"),
    ("haskell", "f =\n  let a = 1\n      b\n  in b", "f =\n  let a = 1\n       b\n  in b"),
    ("haskell", "f = a --> b", "f = a --> c"),
    ("haskell", "f = 'a' : \"-- b\"", "f = 'a' : \"-- c\""),
    ("scala", "def f =\n  a\n  b", "def f =\n  a\nb"),
    ("scala", "a\n+ b", "a\n+b"),
    ("bash", "a b", "ab"),
    ("bash", "a=b c", "a= b c"),
    ("bash", "f 2>a", "f 2 >a"),
    ("bash", "a\nb", "a b"),
    ("bash", "a#b", "a #b"),
    ("bash", "f <<A\n# b\nA\n", "f <<A\n# c\nA\n"),
    ("bash", "f '# a'", "f '# b'"),
    ("perl", "$a =~ m,#a,;", "$a =~ m,#b,;"),
    ("perl", "f(qw(a #b));", "f(qw(a #c));"),
    ("perl", "$a %b", "$a % b"),
    ("perl", "if (/# a/) {}", "if (/# b/) {}"),
    ("perl", "print <<'A';\n# b\nA\n", "print <<'A';\n# c\nA\n"),
    ("objective-c", '@"//a"', '@"//b"'),
    ("cpp", "a <=> b;", "a <= b;"),
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
        ("csharp", 'var a = """// b""";'),
        ("php", "f(); ?> it's <?php g();"),
        ("php", "$a = <<<A\n// b\nA;"),
        ("swift", 'a = #"// b"#'),
        ("swift", 'a = /b"/ // c'),
        ("kotlin", "a /* b\n */ c"),
        ("ruby", "f <<A\n # torn"),
        ("ruby", "f /# a/, b"),
        ("ruby", "a\n=begin\nb\n=end\n"),
        ("elixir", 'a # b\n"""\n'),
        ("haskell", "f = {- a -} b"),
        ("haskell", "f = do a\n       b"),
        ("scala", "a = <b>// c</b>"),
        ("bash", "f << A\n# b\nA\n"),
        ("bash", "f @(a |b)"),
        ("perl", "f /# a/;"),
        ("perl", "a();\n__END__\nit's"),
    ],
)
def test_what_is_not_certain_has_no_tokens(language: str, text: str) -> None:
    assert tokenise(text.encode(), language) is None


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(text=st.text(alphabet="ab1 \n\t\"'`#/*\\(){}[];:=+-$.~?%|&<>sq_", max_size=40))
def test_any_text_is_read(language: str, text: str) -> None:
    tokens = tokenise(text.encode(), language)
    assert tokens is None or not any(b"\xff" in token or not token for token in tokens)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(text=st.text(alphabet="ab1 \n\"'(){}[];=+.", max_size=40))
def test_without_comments_only_white_space_is_lost(language: str, text: str) -> None:
    if language == "perl":
        text = text.replace("=", "")  # at the beginning of a line it begins documentation
    tokens = tokenise(text.encode(), language)
    if tokens is not None:
        kept = b"".join(token for token in tokens if token[:1] != b"\xfe")
        assert kept.translate(None, b" \n") == text.encode().translate(None, b" \n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "piece", ['"', "'", "/*", "`", "$(", '"${', '"#{', '"\\(', '$"{', '"""', "\\", "/", "(", "{", "#", "{-", "r#", "<<A\n"]
)
def test_long_broken_text_takes_no_long_time(language: str, piece: str) -> None:
    tokenise(b"a", language)
    start = time.process_time()
    tokenise((piece * 10_000).encode(), language)
    tokenise((piece + " ").encode() * 10_000, language)
    assert time.process_time() - start < 2
