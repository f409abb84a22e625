"""Access paths, taken apart from either end."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from indexing.linking.access import ATTRIBUTE, Step, is_path_to_follow, is_root, last_step, parse_path


@given(st.text("a?é!.()[]1", max_size=12))
@example("f(x).g")
@example("a.b()[k].c")
@example("a()b")
@example(".a.b")
@example("a..b")
@example("[k]")
@example("()")
@example("a.b" + ".c" * 30)
def test_taking_steps_off_the_end_finds_those_that_parsing_finds(text: str) -> None:
    steps: list[Step] = []
    rest, root = text, None
    while root is None and (step := last_step(rest)) is not None:
        before, kind, name = step
        if before:
            steps.insert(0, Step(kind, name, rest))
        else:
            assert kind is ATTRIBUTE
            root = name
        rest = before
    parsed = parse_path(text)
    if root is None or not is_path_to_follow(text):
        assert parsed is None
    else:
        assert parsed == (root, tuple(steps))
        assert is_root(text) is (text == root)
