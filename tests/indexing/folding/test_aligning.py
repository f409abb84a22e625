"""Two definitions side by side: what is the same under other names, what is layout, what really differs."""

from __future__ import annotations

from desktop.engine.highlight import highlight
from indexing.folding.aligning import Mark, Row, RowKind, align, words_of


def rows(left: str, right: str, renamed: tuple[tuple[str, str], ...] = (), language: str = "python") -> list[Row]:
    sides = [words_of(text.split("\n"), highlight(text, language), language) for text in (left, right)]
    return align(sides[0], sides[1], renamed)


def kinds(found: list[Row]) -> list[str]:
    return [str(row.kind) for row in found]


def test_every_line_stands_in_one_row_and_in_order() -> None:
    left = "def f(a):\n    b = a\n    c = 1\n    return b\n"
    right = "def f(a):\n    d = 2\n    b = a\n    return b + 1\n"
    found = rows(left, right)
    assert [row.left for row in found if row.left is not None] == list(range(5))
    assert [row.right for row in found if row.right is not None] == list(range(5))


def test_renamed_lines_are_told_and_marked() -> None:
    found = rows("def f(a):\n    return a + 1", "def g(b):\n    return b + 1", (("f", "g"), ("a", "b")))
    assert kinds(found) == ["renamed", "renamed"]
    assert found[0].left_marks == (Mark(4, 1, True), Mark(6, 1, True))
    assert found[1].right_marks == (Mark(11, 1, True),)


def test_a_name_that_is_also_an_attribute_of_the_other_is_no_difference() -> None:
    found = rows("x = a.b\ny = a", "x = b.b\ny = b", (("a", "b"),))
    assert kinds(found) == ["renamed", "renamed"]
    assert found[0].right_marks == (Mark(4, 1, True),)


def test_comments_layout_and_documentation_are_no_differences() -> None:
    left = 'def f(a):\n    """Adds one."""\n    # carefully\n    return g(a, 1)'
    right = 'def f(a):\n    """Adds 1 to it."""\n\n    return g(\n        a, 1)  # done'
    found = rows(left, right)
    assert set(kinds(found)) <= {"same", "layout"}
    assert kinds(found)[0] == "same"


def test_a_changed_literal_is_a_change_and_alone_marked() -> None:
    [row] = rows('    return send("a b", 10)', '    return send("a  b", 11)')
    assert row.kind is RowKind.CHANGED
    assert row.left_marks == (Mark(18, 1, False), Mark(23, 2, False))
    assert row.right_marks == (Mark(18, 2, False), Mark(24, 2, False))


def test_a_text_in_a_call_is_no_documentation() -> None:
    found = rows('f(\n    """a"""\n)', 'f(\n    """b"""\n)')
    assert kinds(found) == ["same", "changed", "same"]


def test_lines_that_are_new_or_gone_stand_alone() -> None:
    found = rows("a()\nb()\nc()", "a()\nc()\nif ready(now):\n    d()")
    assert kinds(found) == ["same", "removed", "same", "added", "added"]
    assert found[1].right is None
    assert found[3].left is None


def test_columns_count_in_units_of_utf_16() -> None:
    [row] = rows('x = "😀" + a', 'x = "😀" + b')
    assert row.right_marks == (Mark(11, 1, False),)


def test_nothing_and_something() -> None:
    assert align([], [], ()) == []
    assert kinds(rows("a()", "")) == ["removed", "layout"] or kinds(rows("a()", "")) == ["layout", "removed"]


def test_much_that_differs_takes_no_long_time() -> None:
    left = "\n".join(f"left_{n}({n})" for n in range(2_000))
    right = "\n".join(f"right_{n}({n + 1})" for n in range(2_000))
    assert len(rows(left, right, language="text")) == 2_000
