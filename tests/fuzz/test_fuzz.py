"""A fuzz run finds what is wrong, makes it small, and goes on after a crash; a second of it finds nothing in the scan."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import strategies as st

from tests.fuzz.checks import Example
from tests.fuzz.run_fuzz import Examiner, look, main

EXAMPLES = st.binary(max_size=50).map(lambda content: Example("encoding", content=content))


def complain(examples: Sequence[Example]) -> list[str]:
    return ["holds an x" if b"x" in example.content else "" for example in examples]


def crash(examples: Sequence[Example]) -> list[str]:
    if any(len(example.content) > 3 for example in examples):
        os.abort()
    return ["" for _ in examples]


def fail(examples: Sequence[Example]) -> list[str]:
    if any(example.content.startswith(b"\x00") for example in examples):
        raise IndexError("off by one")
    return ["" for _ in examples]


@pytest.mark.parametrize(
    ("work", "smallest", "said"),
    [(complain, b"x", "holds an x"), (crash, bytes(4), "the process crashed"), (fail, b"\x00", "off by one")],
)
def test_what_is_wrong_is_found_and_made_small(work, smallest: bytes, said: str) -> None:
    examiner = Examiner(work)
    finding = None
    while finding is None and examiner.tried < 3_000:
        finding = look(EXAMPLES, examiner)
    examiner.close()
    assert finding is not None
    assert finding[0].content == smallest
    assert str(finding[1]) == said


@pytest.mark.parametrize("kind", ["tree", "encoding", "archive"])
def test_a_short_run_finds_nothing(kind: str) -> None:
    told: list[str] = []
    assert main(["1", "--only", kind], told.append) == 0, told
    assert "0 findings" in told[-1]
