from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.languages.lines import Lines


@settings(deadline=None)
@given(st.text(alphabet="ab\n\ré", max_size=40).map(str.encode))
def test_every_byte_is_in_the_line_that_line_feeds_before_it_count(text: bytes) -> None:
    lines = Lines(text)
    for byte in range(len(text)):
        line = lines.of(byte)
        assert line == text.count(b"\n", 0, byte) + 1
        assert lines.start(line) <= byte < lines.start(line + 1)


def test_a_line_behind_the_last_begins_at_the_end() -> None:
    assert Lines(b"a\nb").start(3) == 3
    assert Lines(b"").start(1) == 0
