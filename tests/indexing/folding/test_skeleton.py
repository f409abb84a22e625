"""Frames and skeletons: what two functions share that differ only where a bug is fixed and no statement comes or goes."""

from __future__ import annotations

import pytest

from indexing.folding.lexing import tokenise
from indexing.folding.numbering import numbers_of, turn_to
from indexing.folding.renaming import local_places
from indexing.folding.shapes import Function, Shapes
from indexing.folding.skeleton import conditions_of, head_of, own_name_of

C = b"""static int scale(struct pair *p, int limit)
{
    int total = 0;
    if (p->left > limit)
        total = measure(p->left, 12);
    return total + p->right;
}
"""
PYTHON = b"""def scale(pair, limit):
    total = 0
    if pair.left > limit:
        total = measure(pair.left, 12)
    return total + pair.right
"""


def shapes_of(texts: list[bytes], language: str) -> Shapes:
    turn_to(language)
    functions = []
    for text in texts:
        tokens = tokenise(text, language)
        assert tokens
        numbers = numbers_of(tokens)
        functions.append(Function(tokens, numbers, local_places(tokens, numbers, language, False)))
    return Shapes(functions, language)


def skeleton_of(text: bytes, language: str) -> int:
    return shapes_of([text], language).skeletons[0]


def frame_of(text: bytes, language: str) -> int:
    return shapes_of([text], language).frames[0]


@pytest.mark.parametrize("language", ["c", "python", "java", "go", "javascript", "php"])
def test_a_function_has_the_same_shapes_whatever_stands_beside_it(language: str) -> None:
    texts = [
        b"(a) = -b; if (c) d(e)->f = g",
        b"= h.i(j); while (k < l) { if (m) -n; }",
        b"int o(int p) { return p(o).p; } .",
        b"q = (r) ? -s : not t, u(q), if v",
        b"- .",
    ]
    told = [True] * len(texts)
    together, alone = shapes_of(texts, language), [shapes_of([text], language) for text in texts]
    assert together.frames == [one.frames[0] for one in alone]
    assert together.skeletons == [one.skeletons[0] for one in alone]
    assert together.streams == [one.streams[0] for one in alone]
    assert together.sketches(told).tolist() == [one.sketches([True])[0].tolist() for one in alone]
    assert len(set(together.frames)) == len(set(together.skeletons)) == len(texts)


@pytest.mark.parametrize("language", ["c", "python"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"12", b"13"),
        (b"> limit", b">= limit"),
        (b"left > limit", b"left > limit + 1"),
        (b"measure", b"weigh"),
        (b"total + ", b"total - "),
        (b"+ p", b"+ -p"),
        (b"right", b"left"),
    ],
)
def test_a_change_within_a_statement_leaves_the_skeleton(language: str, old: bytes, new: bytes) -> None:
    text = C if language == "c" else PYTHON
    changed = text.replace(old, new)
    assert changed != text
    assert skeleton_of(changed, language) == skeleton_of(text, language)


@pytest.mark.parametrize(
    ("language", "text", "old", "new"),
    [
        ("c", C, b"return", b"trace(p);\n    return"),
        ("c", C, b"    int total = 0;\n", b""),
        ("c", C, b"measure(p->left, 12)", b"measure(p->left, 12, 1)"),
        ("python", PYTHON, b"    return", b"    trace(pair)\n    return"),
        ("python", PYTHON, b"    if", b"    while"),
    ],
)
def test_a_statement_more_or_less_changes_the_skeleton(language: str, text: bytes, old: bytes, new: bytes) -> None:
    assert skeleton_of(text.replace(old, new), language) != skeleton_of(text, language)


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        (
            "java",
            b"Reader open(File file) {\n    Stream NAME = get(file);\n    return new Old(NAME, file);\n}\n",
            b"is",
        ),
        ("c", b"int copy(struct buffer *NAME, int n)\n{\n    while (n--)\n        put(NAME, n);\n    return n;\n}\n", b"in"),
        ("python", b"def find(text):\n    NAME = search(text)\n    NAME.close()\n    return NAME.group(1)\n", b"match"),
        ("javascript", b"function f(a) {\n  const NAME = g(a);\n  return h(NAME, a);\n}\n", b"not"),
    ],
)
def test_a_variable_may_be_called_what_is_a_word_elsewhere(language: str, text: bytes, word: bytes) -> None:
    named = skeleton_of(text.replace(b"NAME", b"stream"), language)
    assert skeleton_of(text.replace(b"NAME", word), language) == named


def test_qualifiers_are_no_statements() -> None:
    assert skeleton_of(C.replace(b"static int", b"extern inline long"), "c") == skeleton_of(C, "c")


@pytest.mark.parametrize(("old", "new"), [(b"12", b"13"), (b"return total", b"return fresh"), (b"scale", b"other_name")])
def test_names_and_literals_leave_the_frame(old: bytes, new: bytes) -> None:
    assert frame_of(C.replace(old, new), "c") == frame_of(C, "c")


@pytest.mark.parametrize(
    ("old", "new"), [(b"measure", b"weigh"), (b"> limit", b">= limit"), (b"p->right", b"p->wrong"), (b"return", b"throw")]
)
def test_callees_operators_and_members_do_not(old: bytes, new: bytes) -> None:
    assert frame_of(C.replace(old, new), "c") != frame_of(C, "c")


def test_a_word_of_another_language_is_a_name() -> None:
    assert frame_of(C.replace(b"total", b"new"), "c") == frame_of(C, "c")
    assert frame_of(PYTHON.replace(b"total", b"new"), "python") == frame_of(PYTHON, "python")
    assert frame_of(C.replace(b"total", b"in"), "c") == frame_of(C, "c")
    script = b"function f(a) { a = new T(a); return a; }"
    assert frame_of(script.replace(b"new", b"old"), "javascript") != frame_of(script, "javascript")


def test_a_method_of_java_is_none_of_its_variables() -> None:
    one = b"int f(int a) { Set<K> keys = keys(a); return g(keys); }"
    assert frame_of(one, "java") == frame_of(one.replace(b"keys =", b"found =").replace(b"g(keys", b"g(found"), "java")
    assert frame_of(one, "java") != frame_of(one.replace(b"keys(a)", b"values(a)"), "java")


def test_what_follows_the_colons_of_a_slice_is_no_member() -> None:
    one = b"def f(a, b):\n    return a[:: b.step] if a else g(a)\n"
    assert frame_of(one.replace(b"b.step", b"c.step"), "python") == frame_of(one, "python")


def test_what_follows_the_arrow_of_a_case_is_no_member() -> None:
    one = b"int f(int a) { return switch (a) { case B -> 1; case C -> other.g(a); default -> 0; }; }"
    assert frame_of(one.replace(b"1", b"67").replace(b"other", b"a"), "java") == frame_of(one, "java")
    assert frame_of(one.replace(b"other.g", b"other.h"), "java") != frame_of(one, "java")


def test_where_conditions_are() -> None:
    tokens = tokenise(b"if (a && b) c(); while (d) { e(); }", "c")
    assert tokens
    inside = {token for token, keyword in zip(tokens, conditions_of(tokens), strict=True) if keyword >= 0}
    assert inside == {b"(", b"a", b"&&", b"b", b")", b"d"}


@pytest.mark.parametrize(
    ("language", "text", "name", "head"),
    [
        ("java", b"public void xor(Set set) {\n  add(set);\n}\n", b"xor", 7),
        ("java", b"@Given(a(3)) @x.Y public E poll() {\n  return x(1);\n}\n", b"poll", 17),
        ("go", b"func (s *Server) Run(a int) error {\n\treturn x(1)\n}\n", b"Run", 12),
        ("python", b"@x.y(1)(2)\ndef run(a):\n    return start, end\n", b"run", 18),
        ("cpp", b"int A::run(int a) const {\n  return x(1);\n}\n", b"run", 9),
        ("c", b"static int __attribute__((unused)) f(int a)\n{\n  return 1;\n}\n", b"f", 13),
        ("kotlin", b"fun <T> String.run(a: Int): Int {\n  return x(1)\n}\n", b"run", 14),
        ("ruby", b"def self.run(a)\n  x.each { |b| b }\nend\n", b"run", 7),
        ("ruby", b"def run\n  x.each { |b| b }\nend\n", b"run", 2),
        ("lua", b"function M.run(a)\n  local t = { 1 }\n  return t\nend\n", b"run", 7),
        ("elixir", b"defp run(a) do\n  x(%{a: 1})\nend\n", b"run", 5),
        ("fortran", b"subroutine run(a)\n  call x(1)\nend subroutine run\n", b"run", 5),
        ("javascript", b"const f = function (a) {\n  return end;\n};\n", b"", 7),
    ],
)
def test_the_head_and_the_own_name_of_a_definition(language: str, text: bytes, name: bytes, head: int) -> None:
    """A method of Go was named `func`, one of Java named `xor` and one of C++ nothing; heads of Ruby and Lua went on to the
    first brace of their bodies. So functions for different things were folded, as if they had one name."""
    tokens = tokenise(text, language)
    assert tokens
    position = own_name_of(tokens)
    assert (tokens[position] if position >= 0 else b"", head_of(tokens)) == (name, head)
