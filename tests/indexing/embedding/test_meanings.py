"""What tells which words are near: two sources side by side."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.embedding.meanings import beside, without_strongest


def test_each_source_counts_by_its_weight_however_long_its_vectors_are() -> None:
    taught = np.array([[3, 0], [0, 5]], np.float32)
    glove = np.array([[0, 0, 7], [0, 0, 0]], np.float32)
    both = beside(taught, glove)
    assert both == pytest.approx(np.array([[1, 0, 0, 0, 0.8], [0, 1, 0, 0, 0]]))


def test_the_directions_of_most_change_are_taken_away() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(500, 4)).astype(np.float32) * np.array([100, 50, 1, 1], np.float32) + 7
    vectors[3] = 0.0
    left = without_strongest(vectors)
    assert not left[3].any()
    known = np.delete(left, 3, axis=0)
    assert np.abs(known.mean(axis=0)).max() < 1e-3
    assert known.std(axis=0)[:2].max() < 0.2
    assert known.std(axis=0)[2:].min() > 0.8
