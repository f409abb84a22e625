"""Everyday words that a model is given: which they are, and what stands for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.embedding.everyday import carried_over, frequent_words, listed_words

_LINES = """\
  1 This software and database is being provided to you, the LICENSEE.
13300000 21 n 03 surcharge 0 extra_charge 0 Paris 1 001 @ 13300001 n 0000 | an additional charge
00012345 00 a 02 overdue 0 galore(ip) 0 000 | past due
00012346 00 a 0a a 0 b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 tenth 0 000 | counted in hexadecimal
"""


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text(_LINES if part == "noun" else "", encoding="latin-1")
    return tmp_path


def test_names_and_words_of_several_are_left_out(wordnet: Path) -> None:
    assert listed_words(wordnet) == {"surcharge", "overdue", "galore", "tenth", *"abcdefghi"}


def test_the_most_frequent_that_the_model_lacks_are_taken_in_order() -> None:
    by_frequency = ["the", "charge", "overdue", "paris", "fee", "surcharge", "galore"]
    listed = {"charge", "overdue", "surcharge", "galore", "fee"}
    assert frequent_words(by_frequency, listed, {"charge"}, 2) == ["overdue", "surcharge"]


def test_a_new_word_stands_where_the_taught_would_by_the_map_of_the_others() -> None:
    random = np.random.default_rng(1)
    taught = random.normal(size=(200, 6)).astype(np.float32) + 3
    linear = random.normal(size=(6, 4)).astype(np.float32)
    vectors = (taught - taught.mean(axis=0)) @ linear
    new = random.normal(size=(5, 6)).astype(np.float32) + 3
    assert carried_over(taught, vectors, new) == pytest.approx((new - taught.mean(axis=0)) @ linear, abs=1e-3)
