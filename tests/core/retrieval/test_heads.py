"""What functions say in their heads and returns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.heads import IN_HEAD, IN_RETURNS, Said, heads_saying
from core.retrieval.words import TermFinder

PYTHON = "def open_gate(self, key: str) -> bool:\n    token = self.find(key)\n    return token.valid\n"
JAVA = "static int margin(Ship ship) {\n    int depth = ship.depth();\n    return depth - tide;\n}\n"


def test_a_head_ends_where_the_body_begins() -> None:
    tide = TermFinder({"tide"})
    assert Said.by(PYTHON, tide).head == "def open_gate(self, key: str) -> bool:"
    assert Said.by(JAVA, tide).head == "static int margin(Ship ship) {"
    assert "tide" in Said.by(JAVA, tide).in_returns
    assert "tide" not in Said.by(JAVA, tide).in_head


def test_what_a_head_says_weighs_more_than_what_is_returned() -> None:
    wanted = TermFinder({"kei", "tide"})
    said = [Said.by(text, wanted) for text in (PYTHON, JAVA, "x = 1")]
    of_key, of_tide = heads_saying({"kei": 1.0}, said), heads_saying({"tide": 1.0}, said)
    assert of_key[0] == IN_HEAD
    assert of_key[1] == 0.0
    assert abs(of_tide[1] - IN_RETURNS) < 1e-6


@given(
    st.dictionaries(st.sampled_from(["kei", "tide", "ship", "gate"]), st.floats(0.1, 2.0)), st.lists(st.text(), max_size=5)
)
def test_nothing_says_more_than_all(terms: dict[str, float], texts: list[str]) -> None:
    worth = heads_saying(terms, [Said.by(text, TermFinder(terms)) for text in [PYTHON, *texts]])
    assert len(worth) == 1 + len(texts)
    assert all(0.0 <= value <= IN_HEAD + IN_RETURNS + 1e-5 for value in worth)
