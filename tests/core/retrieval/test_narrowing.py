"""The lines of a long hit that answer."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.chunk import Chunk, ChunkKind
from core.model.ranking import Hit, Origin
from core.model.source import FileRole, Span
from core.retrieval.narrowing import MOST_BYTES, narrowed
from tests.fakes import MemoryReader


def _narrowed(lines: list[str], query: str, hit: Hit | None = None, before: int = 0) -> Hit:
    """What is shown of a hit that is all the lines of a file but the `before` first."""
    hit = hit or _hit(lines)
    text = "\n".join([*["z"] * before, *lines])
    start = 2 * before
    span = Span(start, len(text.encode()), hit.start_line, hit.end_line)
    chunk = Chunk(1, "a.py", span, ChunkKind.FUNCTION, "a", "python", FileRole.SOURCE, 0, "", 1)
    [found] = narrowed([hit], query, MemoryReader(chunks=[chunk], contents={"a.py": text.encode()}))
    return found


def _hit(lines: list[str], *origins: Origin) -> Hit:
    return Hit(1, "a.py", 1, len(lines), "a", "function", 1.0, origins or (Origin.LEXICAL,), 0)


FILLED = ["def lookup(self):", *(f"    x{number} = {number}" for number in range(300))]


def test_a_short_hit_stays() -> None:
    lines = FILLED[:20]
    assert _narrowed(lines, "lookup") == _hit(lines)


def test_a_long_hit_is_narrowed_to_what_says_the_most_of_the_question() -> None:
    lines = [*FILLED[:200], "    raise LockedError(session)", *FILLED[200:]]
    found = _narrowed(lines, "locked session")
    shown = lines[found.start_line - 1 : found.end_line]
    assert "    raise LockedError(session)" in shown
    assert sum(len(line) + 1 for line in shown) <= MOST_BYTES


def test_among_equals_the_first_lines_are_shown() -> None:
    assert _narrowed(FILLED, "lookup").start_line == 1
    assert _narrowed(FILLED, "nothing of it").start_line == 1


@pytest.mark.parametrize("origin", [Origin.GRAPH, Origin.PATH])
def test_what_is_an_answer_as_a_whole_stays_whole(origin: Origin) -> None:
    assert _narrowed(FILLED, "lookup", _hit(FILLED, origin)) == _hit(FILLED, origin)


@given(
    st.lists(
        st.sampled_from(["", "lock()", "session = 1", "y" * 700, "é" * 2_000, "lock(session)"]), min_size=1, max_size=60
    ),
    st.integers(0, 5),
)
def test_the_lines_shown_are_of_the_hit_and_no_more_than_fit(lines: list[str], before: int) -> None:
    hit = dataclasses.replace(_hit(lines), start_line=1 + before, end_line=len(lines) + before)
    found = _narrowed(lines, "session lock", hit, before)
    assert hit.start_line <= found.start_line <= found.end_line <= hit.end_line
    size = sum(len(line.encode()) + 1 for line in lines[found.start_line - 1 - before : found.end_line - before])
    assert size <= MOST_BYTES or found.start_line == found.end_line
