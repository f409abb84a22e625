"""How much a question says the names of files."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.named_files import NAMED_WHOLE, named_shares, words_of_name


def test_a_name_is_split_into_its_words() -> None:
    assert words_of_name("src/HTTPHeaders.test.js") == ("http", "header")
    assert words_of_name("pkg/session_store.py") == ("session", "store")
    assert words_of_name(".gitignore") == ("gitignor",)


def test_a_file_that_stands_for_its_folder_has_its_name() -> None:
    assert words_of_name("src/routing/mod.rs") == ("rout",)
    assert words_of_name("routing/__init__.py") == ("rout",)
    assert words_of_name("index.ts") == ("index",)


def test_a_file_gains_by_how_much_of_its_name_is_said_and_of_the_question_it_is() -> None:
    shares = named_shares(
        {"entiti": 1.0, "bodi": 1.0}, ["Entity.scala", "EntityEncoder.scala", "Media.scala", "EntityBody.scala"]
    )
    np.testing.assert_allclose(shares, [1 + NAMED_WHOLE / 2, 1 + NAMED_WHOLE / 2 * 0.5**3, 1.0, 1 + NAMED_WHOLE], rtol=1e-6)


@given(st.dictionaries(st.text(max_size=8), st.floats(0.1, 2.0), max_size=6), st.lists(st.text(max_size=20), max_size=6))
def test_shares_are_bounded(terms: dict[str, float], paths: list[str]) -> None:
    shares = named_shares(terms, paths)
    assert shares.shape == (len(paths),)
    assert ((shares >= 1.0) & (shares <= 1.0 + NAMED_WHOLE + 1e-6)).all()
