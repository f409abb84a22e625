"""The names under which others notice an edit."""

from __future__ import annotations

import pytest

from indexing.linking.changes import change_of
from tests.indexing.linking.sources import facts_of

BASE = """import json
from lib import tool


class A(Base):
    size = 1

    def run(self, x):
        y = x + 1
        return tool(y)


def go(a):
    return A()
"""


def changed(before: str | None, after: str | None, path: str = "pkg/mod.py") -> set[str]:
    old, new = (facts_of(path, text).facts if text is not None else None for text in (before, after))
    return set(change_of(path, old, new).names)


@pytest.mark.parametrize(
    "edit",
    [
        ("y = x + 1", "y = x + 2\n        json.dumps(y)"),
        ("import json\n", "import json\n\n# why\n\n"),
        ("def go(a):\n", 'def go(a):\n    """Goes."""\n'),
        ("class A(Base):\n", "class A(Base):\n\n"),
    ],
)
def test_what_a_function_does_for_itself_is_not_noticed(edit: tuple[str, str]) -> None:
    assert changed(BASE, BASE.replace(*edit)) == set()


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (("def go", "def walk"), {"go", "walk"}),
        (("return A()", "return None"), {"go"}),
        (("def go(a)", "def go(b)"), {"go"}),
        (("class A(Base)", "class A(Other)"), {"A", "run", "size"}),
        (("def run(self, x)", "def run(self, z)"), {"run", "A"}),
        (("from lib import tool", "from lib2 import tool"), {"tool"}),
        (("    def run", "    def stop(self): pass\n\n    def run"), {"stop", "A"}),
        (("def go(a)", "NEW = A()\n\n\ndef go(a)"), {"NEW"}),
    ],
)
def test_what_others_see_is_noticed_by_its_name(edit: tuple[str, str], names: set[str]) -> None:
    assert names <= changed(BASE, BASE.replace(*edit))
    assert changed(BASE, BASE.replace(*edit)) == changed(BASE.replace(*edit), BASE)


def test_an_edit_of_one_function_is_not_noticed_by_the_names_of_others() -> None:
    assert "A" not in changed(BASE, BASE.replace("def go(a)", "def go(b)"))
    assert "go" not in changed(BASE, BASE.replace("def run(self, x)", "def run(self, z)"))


def test_a_file_that_came_or_went_is_noticed_by_all_it_holds_and_its_own_name() -> None:
    assert {"pkg", "mod", "A", "run", "go", "size"} <= changed(None, BASE) == changed(BASE, None)
    assert changed(None, None) == {"pkg", "mod"}


@pytest.mark.parametrize(
    ("path", "before", "after", "names"),
    [
        ("a.c", "static int f(void) { return 0; }\n", "int f(void) { return 0; }\n", {"f"}),
        ("A.java", "package a;\nclass A { void f() {} }\n", "package b;\nclass A { void f() {} }\n", {"A", "f"}),
        ("a.php", "<?php\nnamespace A;\nfunction f() {}\n", "<?php\nnamespace B;\nfunction f() {}\n", {"f"}),
        ("a.rb", "class A\n  def self.f\n  end\nend\n", "class A\n  def f\n  end\nend\n", {"A", "f"}),
        ("a.hs", "module A where\nf = 1\n", "module B where\nf = 1\n", {"f"}),
    ],
)
def test_what_only_a_signature_says_is_noticed(path: str, before: str, after: str, names: set[str]) -> None:
    assert names <= changed(before, after, path)


def test_whoever_looks_through_a_file_notices_what_it_hands_on() -> None:
    def hands_on(path: str, before: str | None, after: str | None) -> bool:
        old, new = (facts_of(path, text).facts if text is not None else None for text in (before, after))
        return change_of("a.py", old, new).hands_on

    assert hands_on("p/__init__.py", "from .a import *\n", "from .b import *\n")
    assert hands_on("a.h", "int f(void);\n", '#include "b.h"\nint f(void);\n')
    assert not hands_on("p/__init__.py", "from .a import f\n", "from .b import f\n"), "that is noticed by its name"
    assert not hands_on("p/__init__.py", "from .a import *\n", "from .a import *\n\nx = 1\n")
    assert not hands_on("p/__init__.py", None, "from .a import *\n"), "it came, which is noticed by every name"
