"""A fingerprint sees through layout and local names, and through nothing else.

Small programs are made at random, written in many languages, then changed in one place.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from indexing.folding.normalise import MIN_RENAMED_TOKENS, MIN_TOKENS, fingerprint

PATIENT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

LANGUAGES = ["python", "javascript", "typescript", "java", "c", "go", "csharp", "php", "lua"]
LAYOUT_LANGUAGES = [*LANGUAGES, "cpp", "objective-c", "rust", "zig", "kotlin", "swift", "scala", "ruby", "elixir", "perl"]
"""Those of the others fold by their layout alone."""
LINE_LANGUAGES = {"python", "go", "kotlin", "swift", "scala", "ruby", "elixir"}
"""A line end may end a statement."""
END_LANGUAGES = {"lua": ("then", "do"), "ruby": ("", ""), "elixir": ("do", "do")}
"""Blocks end with a word, and begin with one."""
COMMENTS = {"python": "#", "ruby": "#", "elixir": "#", "perl": "#", "lua": "--"}


@dataclass(frozen=True)
class Node:
    """A statement or expression: `kind`, its own `word`, and the parts below."""

    kind: str
    word: str = ""
    parts: tuple[Node, ...] = ()


LOCALS = ["alpha", "beta", "gamma", "delta"]
GLOBALS = ["LIMIT", "shared", "table"]
CALLEES = ["fetch", "store", "check"]
ATTRIBUTES = ["size", "owner"]
OPERATORS = ["+", "-", "*", "<", "=="]

expressions = st.recursive(
    st.one_of(
        st.sampled_from(LOCALS).map(lambda word: Node("local", word)),
        st.sampled_from(GLOBALS).map(lambda word: Node("global", word)),
        st.integers(0, 99).map(lambda value: Node("number", str(value))),
        st.sampled_from(["a", "b  c", "// d", "# e"]).map(lambda value: Node("string", value)),
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(OPERATORS), inner, inner).map(lambda t: Node("binary", t[0], t[1:])),
        st.tuples(st.sampled_from(CALLEES), inner, inner).map(lambda t: Node("call", t[0], t[1:])),
        st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(LOCALS)).map(
            lambda t: Node("member", t[0], (Node("local", t[1]),))
        ),
    ),
    max_leaves=5,
)
simple = st.one_of(
    st.tuples(st.sampled_from(LOCALS), expressions).map(lambda t: Node("assign", "", (Node("local", t[0]), t[1]))),
    st.tuples(st.sampled_from(CALLEES), expressions, expressions).map(
        lambda t: Node("do", "", (Node("call", t[0], t[1:]),))
    ),
    expressions.map(lambda value: Node("return", "", (value,))),
)
statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.tuples(expressions, st.lists(inner, min_size=1, max_size=3)).map(lambda t: Node("if", "", (t[0], *t[1]))),
        st.tuples(expressions, st.lists(inner, min_size=1, max_size=3)).map(lambda t: Node("while", "", (t[0], *t[1]))),
    ),
    max_leaves=6,
)


def is_large_enough(body: list[Node]) -> bool:
    """Whether the function is long enough to fold by renaming in every language."""
    return sum(len(all_nodes(node)) for node in body) >= 2 * MIN_RENAMED_TOKENS // 3


programs = (
    st.lists(statements, min_size=2, max_size=6)
    .filter(is_large_enough)
    .map(lambda body: Node("function", "work", tuple(body)))
)


def write_expression(node: Node, language: str) -> str:
    if node.kind == "string":
        return f'"{node.word}"'
    if node.kind == "binary":
        return f"({write_expression(node.parts[0], language)} {node.word} {write_expression(node.parts[1], language)})"
    if node.kind == "call":
        return f"{node.word}({', '.join(write_expression(part, language) for part in node.parts)})"
    if node.kind == "member":
        return f"{write_expression(node.parts[0], language)}.{node.word}"
    return "$" + node.word if node.kind == "local" and language in ("php", "perl") else node.word


def write_statement(node: Node, language: str, depth: int) -> list[str]:
    pad, end = "    " * depth, "" if language in LINE_LANGUAGES | {"lua"} else ";"
    if node.kind == "assign":
        return [f"{pad}{write_expression(node.parts[0], language)} = {write_expression(node.parts[1], language)}{end}"]
    if node.kind == "do":
        return [f"{pad}{write_expression(node.parts[0], language)}{end}"]
    if node.kind == "return":
        return [f"{pad}return {write_expression(node.parts[0], language)}{end}"]
    word = "for" if node.kind == "while" and language == "go" else node.kind
    condition = write_expression(node.parts[0], language)
    body = [line for part in node.parts[1:] for line in write_statement(part, language, depth + 1)]
    if language == "python":
        return [f"{pad}{word} {condition}:", *body]
    if language in END_LANGUAGES:
        return [f"{pad}{word} {condition} {END_LANGUAGES[language][word == 'while']}", *body, f"{pad}end"]
    opened = f"{word} {condition}" if language == "go" else f"{word} ({condition})"
    return [f"{pad}{opened} {{", *body, f"{pad}}}"]


def write(program: Node, language: str, names: list[str] = LOCALS) -> list[str]:
    """A function of two parameters and two declared variables."""
    one, two, three, four = names
    head, declarations, tail = {
        "python": (f"def {program.word}({one}, {two}=None):", [f"{three} = 1", f"{four} = {three}"], []),
        "javascript": (
            f"function {program.word}({one}, {two}) {{",
            [f"let {three} = 1;", f"const {four} = {three};"],
            ["}"],
        ),
        "typescript": (
            f"function {program.word}({one}: T, {two}?: U): V {{",
            [f"let {three}: T = 1;", f"const {four} = {three};"],
            ["}"],
        ),
        "java": (
            f"public T {program.word}(T {one}, List<U> {two}) {{",
            [f"int {three} = 1;", f"T {four} = {three};"],
            ["}"],
        ),
        "c": (
            f"static int {program.word}(struct t *{one}, int {two}) {{",
            [f"int {three} = 1;", f"struct t *{four} = {three};"],
            ["}"],
        ),
        "go": (f"func {program.word}({one} T, {two} []U) V {{", [f"{three} := 1", f"var {four} T = {three}"], ["}"]),
        "csharp": (
            f"public T {program.word}(T {one}, List<U> {two}) {{",
            [f"int {three} = 1;", f"var {four} = {three};"],
            ["}"],
        ),
        "php": (
            f"public function {program.word}(T ${one}, array ${two} = []): V {{",
            [f"${three} = 1;", f"${four} = ${three};"],
            ["}"],
        ),
        "lua": (f"function M.{program.word}({one}, {two})", [f"local {three} = 1", f"local {four} = {three}"], ["end"]),
        "rust": (
            f"pub fn {program.word}<'a>({one}: &'a T, {two}: U) -> V {{",
            [f"let mut {three} = 1;", f"let {four} = {three};"],
            ["}"],
        ),
        "zig": (f"pub fn {program.word}({one}: T, {two}: U) V {{", [f"var {three} = 1;", f"const {four} = {three};"], ["}"]),
        "kotlin": (f"fun {program.word}({one}: T, {two}: U): V {{", [f"var {three} = 1", f"val {four} = {three}"], ["}"]),
        "swift": (f"func {program.word}({one}: T, {two}: U) -> V {{", [f"var {three} = 1", f"let {four} = {three}"], ["}"]),
        "scala": (f"def {program.word}({one}: T, {two}: U): V = {{", [f"var {three} = 1", f"val {four} = {three}"], ["}"]),
        "ruby": (f"def {program.word}({one}, {two})", [f"{three} = 1", f"{four} = {three}"], ["end"]),
        "elixir": (f"def {program.word}({one}, {two}) do", [f"{three} = 1", f"{four} = {three}"], ["end"]),
        "perl": (
            f"sub {program.word} {{",
            [f"my (${one}, ${two}) = @_;", f"my ${three} = 1;", f"my ${four} = ${three};"],
            ["}"],
        ),
    }[{"cpp": "c", "objective-c": "c"}.get(language, language)]
    body = [line for part in program.parts for line in write_statement(part, language, 1)]
    return [head, *("    " + line for line in declarations), *body, *tail]


def rename(node: Node, names: dict[str, str]) -> Node:
    word = names[node.word] if node.kind == "local" else node.word
    return Node(node.kind, word, tuple(rename(part, names) for part in node.parts))


def all_nodes(node: Node) -> list[Node]:
    return [node, *(inner for part in node.parts for inner in all_nodes(part))]


def change(node: Node, target: Node, to: Node) -> Node:
    """The program with one node (by identity) replaced."""
    return to if node is target else replace(node, parts=tuple(change(part, target, to) for part in node.parts))


def prints(lines: list[str], language: str) -> Fingerprint:
    return fingerprint("\n".join(lines).encode(), language, ChunkKind.FUNCTION)


@pytest.mark.parametrize("language", LANGUAGES)
@PATIENT
@given(program=programs, order=st.permutations(["x", "other", "value2", "LOUD"]))
def test_renamed_locals_keep_the_renamed_print(language: str, program: Node, order: list[str]) -> None:
    names = dict(zip(LOCALS, order, strict=True))
    one = prints(write(program, language), language)
    other = prints(write(replace(rename(program, names), word="play"), language, order), language)
    assert one.renamed == other.renamed != ""
    assert one.layout != other.layout
    assert one.tokens == other.tokens


@pytest.mark.parametrize("language", LANGUAGES)
@PATIENT
@given(program=programs, names=st.lists(st.sampled_from(LOCALS), min_size=4, max_size=4))
def test_two_locals_made_one_are_a_difference(language: str, program: Node, names: list[str]) -> None:
    """An inconsistent renaming says something else."""
    renamed = rename(program, dict(zip(LOCALS, names, strict=True)))
    assume(renamed != program)
    assert prints(write(program, language), language).renamed != prints(write(renamed, language), language).renamed


CHANGES: dict[str, Callable[[Node], Node]] = {
    "number": lambda node: replace(node, word=node.word + "1"),
    "string": lambda node: replace(node, word=node.word + " "),
    "global": lambda node: replace(node, word=node.word + "_"),
    "call": lambda node: replace(node, word=node.word + "_all"),
    "member": lambda node: replace(node, word=node.word + "s"),
    "binary": lambda node: replace(node, word="+" if node.word != "+" else "-"),
    "if": lambda node: replace(node, parts=(Node("binary", "<", (node.parts[0], Node("number", "7"))), *node.parts[1:])),
    "local": lambda node: Node("global", "outside"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@PATIENT
@given(data=st.data(), program=programs)
def test_any_other_change_is_a_difference(language: str, data: st.DataObject, program: Node) -> None:
    targets = [node for node in all_nodes(program) if node.kind in CHANGES]
    assume(targets)
    target = data.draw(st.sampled_from(targets))
    changed = change(program, target, CHANGES[target.kind](target))
    one, other = prints(write(program, language), language), prints(write(changed, language), language)
    assert one.layout != other.layout
    assert one.renamed != other.renamed
    names = data.draw(st.permutations(["x", "other", "value2", "LOUD"]))
    renamed = prints(write(rename(changed, dict(zip(LOCALS, names, strict=True))), language, list(names)), language)
    assert one.renamed != renamed.renamed


@pytest.mark.parametrize("language", [language for language in LAYOUT_LANGUAGES if language not in LANGUAGES])
@PATIENT
@given(data=st.data(), program=programs)
def test_any_change_is_a_difference_where_only_layout_folds(language: str, data: st.DataObject, program: Node) -> None:
    target = data.draw(st.sampled_from([node for node in all_nodes(program) if node.kind in CHANGES]))
    changed = change(program, target, CHANGES[target.kind](target))
    assert prints(write(program, language), language).layout != prints(write(changed, language), language).layout != ""


@pytest.mark.parametrize("language", LAYOUT_LANGUAGES)
@PATIENT
@given(program=programs, seed=st.integers(0, 1_000_000))
def test_layout_and_comments_keep_the_layout_print(language: str, program: Node, seed: int) -> None:
    lines = write(program, language)
    one, other = prints(lines, language), prints(disturb(lines, language, random.Random(seed)), language)
    assert one.layout == other.layout != ""
    assert one.renamed == other.renamed
    assert one.tokens == other.tokens


def disturb(lines: list[str], language: str, chance: random.Random) -> list[str]:
    """Comments, blank lines, another indentation, and line breaks where they mean nothing."""
    comment = COMMENTS.get(language, "//")
    result: list[str] = []
    if language == "python":
        lines = [lines[0], '    """It\'s documented."""', *lines[1:]]
    for line in lines:
        if chance.random() < 0.3:
            result.append(chance.choice(["", "   ", f"  {comment} it's {{ a note", f"{comment}"]))
        body = line.lstrip()
        moved = "\t" * ((len(line) - len(body)) // 4) + body
        if chance.random() < 0.3 and '"' not in line and language != "scala":
            moved = re.sub(r"\((?=\w+,)", "(\n  ", moved, count=1)
        if chance.random() < 0.3 and '"' not in line and language not in LINE_LANGUAGES:
            moved = moved.replace(" = ", "   =\n ", 1)
        result.append(moved + (f"  {comment} note" if chance.random() < 0.3 else ""))
    return result


@pytest.mark.parametrize("kind", [ChunkKind.MODULE, ChunkKind.SECTION, ChunkKind.TEXT])
def test_outside_of_definitions_only_bytes_count(kind: ChunkKind) -> None:
    text = b"one = 1\ntwo = 2\nthree = one + two\nprint(one, two, three)\n"
    found = fingerprint(text, "python", kind)
    assert (found.layout, found.renamed) == ("", "")
    assert found.exact == fingerprint(text, "c", kind).exact
    assert found.tokens == len(text.split())


def test_trivial_definitions_are_not_alike() -> None:
    getter = fingerprint(b"def name(self):\n    return self._name\n", "python", ChunkKind.METHOD)
    assert getter.tokens < MIN_TOKENS
    assert (getter.layout, getter.renamed) == ("", "")


def test_short_definitions_keep_their_names() -> None:
    one = fingerprint(b"def setUp(self):\n    super().setUp()\n    self.window.reset(1)\n", "python", ChunkKind.METHOD)
    assert MIN_TOKENS <= one.tokens < MIN_RENAMED_TOKENS
    assert one.layout
    assert not one.renamed
