from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from core.ports import FloatMatrix, FloatVector
from indexing.embedding.measure import Recall, recall


class Fixed:
    """Embeds a text as the numbers it is written in."""

    name, version, dimension = "fixed", "1", 2

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return np.array([[float(number) for number in text.split()] for text in texts], dtype=np.float32)

    def embed_query(self, text: str) -> FloatVector:
        return self.embed_documents([text])[0]


def test_ranks_are_counted():
    found = recall(Fixed(), ["1 0", "0 1"], ["1 0", "0.5 -1"])
    assert found == Recall(0.5, 1.0, pytest.approx(0.75))


def test_an_embedder_that_says_the_same_of_everything_wins_nothing():
    assert recall(Fixed(), ["1 0"] * 20, ["1 0"] * 20) == Recall(0.0, 0.0, pytest.approx(1 / 20))
