"""Who may use a definition, and what marks stand before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.graph.visibility import FileText, is_public
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import symbol


def one(
    name: str, language: str, signature: str, kind: SymbolKind = SymbolKind.FUNCTION, line: int = 1, end: int = 9
) -> Symbol:
    made = symbol(1, name, kind, "src/a", start_line=line, end_line=end, language=language, parent=0)
    return replace(made, signature=signature)


MAIN = replace(symbol(0, "m", SymbolKind.MODULE, "src/a", language="go"), signature="package main")


@pytest.mark.parametrize(
    ("found", "public"),
    [
        (one("m.f", "python", "def f()"), True),
        (one("m._C.f", "python", "def f(self)"), False),
        (one("m.__init__", "python", "def __init__(self)"), True),
        (one("m.F", "go", "func F()"), True),
        (one("m.f", "go", "func f()"), False),
        (one("m.f", "rust", "pub fn f()"), True),
        (one("m.f", "rust", "pub(crate) fn f()"), False),
        (one("m.f", "c", "static int f(void)"), False),
        (one("m.f", "c", "int f(void)"), True),
        (one("m.f", "java", "@jdk.internal.X public void f()"), True),
        (one("m.f", "java", "void f()"), False),
        (one("m.f", "kotlin", "fun f()"), True),
        (one("m.f", "kotlin", "internal fun f()"), False),
        (one("m.f", "csharp", "protected virtual int f()"), True),
        (one("m.f", "ruby", "def f"), True),
    ],
)
def test_modifiers_and_names_tell_who_may_use_it(found: Symbol, public: bool) -> None:
    assert is_public(found, (), None) is public


def test_what_a_program_of_go_defines_is_its_own() -> None:
    assert not is_public(one("m.F", "go", "func F()"), (MAIN,), None)


def test_a_script_exports_before_a_definition_or_by_a_list() -> None:
    lines = [
        "export function a() {}",
        "function b() {}",
        "function c() {}",
        "export { b as d };",
        "module.exports = { e, f };",
    ]
    text = FileText("\n".join(lines), "javascript")
    told = [
        is_public(one(name, "javascript", "", line=line), (), text)
        for name, line in (("a", 1), ("b", 2), ("c", 3), ("e", 3))
    ]
    assert told == [True, True, False, True]


def test_marks_stand_before_the_name() -> None:
    java = '@Override\n@GetMapping(\n  "/x")\npublic void run() {\n  @SuppressWarnings("x") int a;\n}'
    assert FileText(java, "java").marks(one("run", "java", "")) == ("@Override", "@GetMapping(")
    python = "@app.route('/run')\n@other\ndef run():\n    @inner\n    def f(): pass"
    assert FileText(python, "python").marks(one("run", "python", "")) == ("@app.route('/run')", "@other")
    rust = "#[test]\nfn run() {}"
    assert FileText(rust, "rust").marks(one("run", "rust", "")) == ("#[test]",)
    script = "x();\n@Component({})\nclass Run {}"
    assert FileText(script, "typescript").marks(one("Run", "typescript", "", line=3)) == ("@Component({})",)


def test_a_function_is_an_expression_where_something_stands_before_it() -> None:
    text = FileText("call(function run() {});\nasync function run() {}\nexport default function run() {}", "javascript")
    assert [text.is_expression(one("run", "javascript", "", line=line)) for line in (1, 2, 3)] == [True, False, False]


def test_a_method_of_rust_knows_its_trait() -> None:
    text = FileText("impl Own {\n    fn a() {}\n}\nimpl Display for Own {\n    fn fmt() {}\n}", "rust")
    assert text.trait_of(one("fmt", "rust", "", line=5)) == "impl Display for Own"
    assert text.trait_of(one("a", "rust", "", line=2)) == ""
