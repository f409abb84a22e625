"""Words of texts: who reads them finds those that names were looked up among."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexing.spots import NOWHERE, SoughtSpots, Spots

_TEXTS = st.lists(st.text(":->a_. \n", max_size=30), min_size=1, max_size=3)


@given(_TEXTS)
def test_arrows_and_double_colons_are_read_as_the_dots_that_they_are_looked_for_as(texts: list[str]) -> None:
    plain = "\n".join(texts).replace("->", ".").replace("::", ".")
    words = list(re.finditer(r"[\w.]+", plain))
    lines = [plain.count("\n", 0, word.start()) + 1 for word in words]
    numbers = np.arange(len(words))
    for kind in (Spots, SoughtSpots):
        spots = kind([text.encode() for text in texts])
        assert spots.words(*spots.bounds(numbers)) == [word.group() for word in words]
        assert spots.words(*spots.bounds(np.array([NOWHERE]))) == [""]
        assert spots.lines(numbers).tolist() == lines
        assert spots.first_lines.tolist() == [sum(text.count("\n") + 1 for text in texts[:i]) for i in range(len(texts))]


def test_a_name_is_found_on_its_line_or_soon_after() -> None:
    spots = SoughtSpots([b"a->b(c)\n\nd::e\n"])
    assert spots.numbers(["a.b", "c", "d.e", "b", ""], np.array([1, 1, 2, 1, 1])).tolist() == [0, 1, 2, NOWHERE, NOWHERE]
