"""What a source says everywhere tells nothing apart."""

from __future__ import annotations

import numpy as np

from core.retrieval.background import Background


def test_the_common_direction_of_a_source_counts_less_than_one_of_few() -> None:
    drawn = np.random.default_rng(1)
    vectors = 0.1 * drawn.standard_normal((500, 8)).astype(np.float32)
    vectors[:, 0] += 1.0
    question = np.zeros(8, np.float32)
    question[[0, 3]] = 0.7
    turned = Background(vectors).against(question)
    assert turned[3] > 3 * turned[0] > 0
    assert abs(float(np.linalg.norm(turned)) - 1.0) < 1e-5


def test_a_question_without_a_vector_stays_without() -> None:
    assert not Background(np.eye(4, dtype=np.float32)).against(np.zeros(4, np.float32)).any()


def test_without_vectors_nothing_is_turned() -> None:
    question = np.array([0.6, 0.8], np.float32)
    np.testing.assert_allclose(Background(np.empty((0, 2), np.float32)).against(question), question)
