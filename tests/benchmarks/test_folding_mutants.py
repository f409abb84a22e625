"""The mutants themselves: valid, truly of the type they are declared to be, and told apart by what they are planted as."""

from __future__ import annotations

import difflib
import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.folding_mutants import layout, names, negatives, statements
from tests.benchmarks.folding_mutants.mutants import DECLARED, mutants, vocabulary
from tests.benchmarks.folding_mutants.planted import Tree
from tests.benchmarks.folding_mutants.seeds import draw
from tests.benchmarks.folding_mutants.similarity import common, exact, similarity, spoken, true_type
from tests.benchmarks.folding_mutants.syntax import GRAMMARS, Snippet, languages

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "resources" / "sample", ROOT / "tests" / "indexing" / "languages" / "golden", ROOT / "core")
EVERY = [*DECLARED, *negatives.OPERATORS]

_LOCAL = {
    "python": (
        b"def f(a, *b, c=1):\n    d, (e, g) = a, b\n    for h in d:\n        with o(h) as i:\n            x.y = k(c=i)\n",
        "abcdeghi",
    ),
    "java": (
        b"int f(int a, X b) {\n    int c = a, d = 1;\n    for (int e : b.c()) { this.d = e; }\n    return q -> q;\n}",
        "abcdeq",
    ),
    "c": (
        b"static int f(struct a *b, int c[3])\n{\n\tint d = 0, *e;\n\tx->d = c[d];\n\treturn *e + b->g;\n}",
        "bcde",
    ),
    "javascript": (
        b"function f(a, {b, c: d}, ...e) {\n\tconst [g] = a;\n\tlet h = o.h;\n\treturn i => i + h;\n}",
        "adeghi",
    ),
    "go": (
        b"func (a *T) f(b, c int) (d int) {\n\te, g := b, c\n\tvar h int\n\tfor i := range e {\n\t\tx.b = i\n\t}\n}",
        "abcdeghi",
    ),
}


@cache
def seeds(language: str) -> list[Snippet]:
    return draw(SOURCES, language, 20, seed=1)


def snippet(language: str, text: bytes, method: bool = False) -> Snippet:
    return Snippet(GRAMMARS[language], text, method)


@pytest.mark.parametrize("language", languages())
def test_seeds_are_functions_that_stand_alone(language: str) -> None:
    assert len(seeds(language)) >= 3
    for seed in seeds(language):
        assert seed.function is not None
        assert seed.code_lines >= 6


@pytest.mark.parametrize("operator", EVERY)
def test_mutants_are_valid_and_what_they_are_declared_to_be(operator: str) -> None:
    made = 0
    for language in languages():
        found = seeds(language)
        for mutant in mutants(found, operator, vocabulary(found), statements.donated(found)):
            made += 1
            assert not mutant.snippet.root.has_error
            assert mutant.snippet.text != mutant.original.text
            assert _independently(mutant.original, mutant.snippet, operator), mutant.snippet.text.decode()
    assert made


def _independently(seed: Snippet, mutant: Snippet, operator: str) -> bool:
    """The same told without the syntax tree: from what is left of the text without white space, words or comments."""
    if operator in layout.OPERATORS:
        marks = ("comments added", "comments removed", "comments changed")
        return operator in marks or b"".join(seed.text.split()) == b"".join(mutant.text.split())
    if operator in names.OPERATORS:
        return _without_words(seed.text) == _without_words(mutant.text)
    lines = difflib.SequenceMatcher(None, seed.text.splitlines(), mutant.text.splitlines(), autojunk=False)
    changed = [tag for tag, *_ in lines.get_opcodes() if tag != "equal"]
    if operator.startswith("gap of"):
        added = len(mutant.text.splitlines()) - len(seed.text.splitlines())
        return added == int(operator.removeprefix("gap of ")) and set(changed) == {"insert"}
    if operator in ("delete 1", "delete 3"):
        return set(changed) == {"delete"} and len(seed.text.splitlines()) - len(mutant.text.splitlines()) == int(
            operator[-1]
        )
    if operator in negatives.OPERATORS:
        return len(changed) == 1
    return bool(changed)


def _without_words(text: bytes) -> list[bytes]:
    return re.findall(rb"[^\w\s\"'$]", re.sub(rb"[\w$]+", b"", text))


def test_the_same_mutants_are_made_again() -> None:
    found = seeds("java")
    words, donors = vocabulary(found), statements.donated(found)
    assert mutants(found, "change 1", words, donors) == mutants(found, "change 1", words, donors)


@pytest.mark.parametrize("language", languages())
def test_local_names(language: str) -> None:
    text, expected = _LOCAL[language]
    found = names.local_names(snippet(language, text, method=language == "java"))
    assert sorted(found) == sorted(letter.encode() for letter in expected)


def test_a_field_of_the_same_name_keeps_it() -> None:
    text = b"int f(int a) {\n    this.a = a;\n    b.a(a);\n    return a;\n}"
    java = snippet("java", text, method=True)
    kept = [text[:start].count(b"a") for start, _, _ in names.uses(java, {b"a"})]
    changed = names.replaced(text, [(start, end, b"z") for start, end, _ in names.uses(java, {b"a"})])
    assert changed == b"int f(int z) {\n    this.a = z;\n    b.a(z);\n    return z;\n}"
    assert len(kept) == 4


def test_true_types() -> None:
    seed = snippet("c", b"int f(int a)\n{\n\treturn a + a * 2;\n}")
    for text, expected in (
        (b"int f( int a )\n{\n\t/* so */\n\treturn a + a * 2;\n}", "1"),
        (b"int f(int b)\n{\n\treturn b + b * 2;\n}", "2 consistent"),
        (b"int f(int b)\n{\n\treturn b + c * 2;\n}", "2 arbitrary"),
        (b"long f(int b)\n{\n\treturn b + c * 2;\n}", "2 arbitrary"),
        (b"int f(int b)\n{\n\treturn b + c * 3;\n}", "2 literal"),
        (b"int f(int a)\n{\n\treturn a - a * 2;\n}", "3"),
    ):
        assert true_type(seed, seed.with_text(text)) == expected


@given(st.lists(st.integers(0, 4), max_size=60), st.lists(st.integers(0, 4), max_size=60))
def test_common_is_the_longest_subsequence(one: list[int], other: list[int]) -> None:
    row = [0] * (len(other) + 1)
    for item in one:
        before = list(row)
        for i, theirs in enumerate(other):
            row[i + 1] = before[i] + 1 if item == theirs else max(before[i + 1], row[i])
    assert common(one, other) == row[-1]


def test_similarity_counts_what_is_kept() -> None:
    seed = snippet("python", b"def f(a):\n    a = 1\n    return a\n")
    longer = snippet("python", b"def f(a):\n    a = 1\n    b = 2\n    return a\n")
    assert similarity(exact(seed), exact(longer)) == pytest.approx(2 * 11 / (11 + 14))


def test_what_the_preprocessor_reads_is_no_literal_of_the_function() -> None:
    seed = snippet("c", b"int f(int a)\n{\n#if 0\n\tg(a);\n#endif\n#define N 5\n\treturn a + 7;\n}")
    for number in range(20):
        changed = names.change_literals(seed, [], random.Random(number))
        assert changed is not None
        assert b"#if 0\n" in changed
        assert b"#define N 5\n" in changed


def test_a_module_that_is_imported_keeps_its_name() -> None:
    text = b"def f(a):\n    from .fields import T\n    fields = T(a)\n    return fields\n"
    assert names.local_names(snippet("python", text)) == [b"a"]


def test_line_ends_that_end_statements_are_tokens() -> None:
    go = spoken(snippet("go", b"func f(a int) int {\n\tg(a,\n\t\ta)\n\tif a > 1 {\n\t\treturn nil\n\t}\n\treturn 1\n}"))
    assert b" ".join(go) == b"func f ( a int ) int { g ( a , a ) ; if a > 1 { return nil } ; return 1 }"
    python = spoken(
        snippet("python", b"def f(a):\n    if a:\n        g(a,\n          a)\n\n    # so\n    return \\\n        a\n")
    )
    assert b" ".join(python).replace(b"\n", b"/") == (
        b"def f ( a ) : / indent if a : / indent g ( a , a ) / dedent return a /"
    )


def test_planted_functions_are_found_where_they_lie(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.plant("one", [(f"{i:02} a", seed) for i, seed in enumerate(seeds("java"))])
    tree.plant("two", [(f"{i:02} b", seed) for i, seed in enumerate(seeds("java"))])
    for planted in tree.by_key.values():
        lines = (tmp_path / planted.path).read_bytes().splitlines()[planted.first - 1 : planted.last]
        assert lines == seeds("java")[int(planted.key[:2])].text.splitlines()
    one, other = tree.by_key["00 a"], tree.by_key["00 b"]
    whole = {"a": place(other.path, other.first, other.last), "b": place(one.path, one.first - 1, one.last)}
    found = tree.pairs([{**whole, "type": 2, "similarity": 0.9}])
    assert list(found) == [("00 a", "00 b")]
    assert tree.covered(("00 a", "00 b"), found["00 a", "00 b"])
    assert (found["00 a", "00 b"].type, found["00 a", "00 b"].similarity) == (2, 0.9)


def test_a_third_of_a_function_does_not_find_it(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.plant("one", [("a", seeds("c")[0]), ("b", seeds("c")[0])])
    one, other = tree.by_key["a"], tree.by_key["b"]
    third = len(one.lines) // 3
    pair = {"a": place(one.path, one.first, one.first + third), "b": place(other.path, other.first, other.first + third)}
    found = tree.pairs([{**pair, "type": 1, "similarity": 1.0}])
    assert not tree.covered(("a", "b"), found["a", "b"])


def test_nothing_is_drawn_twice() -> None:
    chance = random.Random(1)
    assert len(set(names.fresh(seeds("go")[0], [b"name"], chance, 30))) == 30


def place(path: str, start: int, end: int) -> dict[str, object]:
    return {"path": path, "start_line": start, "end_line": end, "symbol": ""}
