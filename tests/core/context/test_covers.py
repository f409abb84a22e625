"""How much of a question definitions hold: the arrays say what a look at each definition would."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.context.covers import Covers
from core.context.passages import nesting
from core.context.question import Wanted, wanted_terms
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.words import spaced_terms
from tests.fakes import table_of

_WORTHS = {"name": 1.0, "around": 0.7, "doc": 0.8, "path": 0.45, "signature": 0.35}
_WORDS = [
    *("save", "saved", "store", "session", "setting", "settings", "load", "loading"),
    *("user_name", "getUserName", "hash", "map", "file", "read", "disk"),
]
_TEXT = st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join)
_NAME = st.sampled_from(["save", "loadSettings", "store_session", "Reader", "hash_map", "x", "settings"])


def _symbol(key: int, path: str, names: list[str], signature: str, doc: str) -> Symbol:
    qualified = ".".join([path.removesuffix(".py").replace("/", "."), *names])
    return Symbol(key, qualified, names[-1], qualified, SymbolKind.FUNCTION, "python", path, key, key, signature, doc, -1)


_SYMBOLS = st.lists(
    st.tuples(st.sampled_from(["app/store.py", "disk/reading.py"]), st.lists(_NAME, min_size=1, max_size=3), _TEXT, _TEXT),
    min_size=1,
    max_size=8,
).map(lambda rows: [_symbol(key, *row) for key, row in enumerate(rows)])


def _places(symbol: Symbol, wanted: Mapping[str, Wanted]) -> dict[str, float]:
    around = nesting(symbol.path, symbol.qualified_name).rpartition(".")[0]
    texts = {"name": symbol.name, "around": around, "doc": symbol.doc, "path": symbol.path, "signature": symbol.signature}
    found: dict[str, float] = {}
    for field, worth in _WORTHS.items():
        for term in wanted.keys() & set(spaced_terms(texts[field]).split()):
            entry = wanted[term]
            form = 1.0 if entry.word in texts[field].lower() else 0.65
            for group in entry.groups:
                found[group] = max(found.get(group, 0.0), worth * entry.share * form)
    return found


@given(_SYMBOLS, st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join), _TEXT)
def test_covers_are_those_of_each_definition_by_itself(symbols: list[Symbol], question: str, called: str) -> None:
    wanted = wanted_terms(question)
    places = [_places(symbol, wanted) for symbol in symbols]
    frequency = Counter(group for found in places for group in found)
    weights = {entry.group: entry.weight for entry in wanted.values()}
    rarity = {group: weights[group] * math.log(1.0 + len(symbols) / (1.0 + count)) for group, count in frequency.items()}
    whole = sum(rarity.values()) or 1.0
    table = table_of(symbols)
    rows = table.rows_of([symbol.key for symbol in symbols])
    covers = Covers(table, rows, wanted)
    expected = [sum(rarity[group] * share for group, share in found.items()) / whole for found in places]
    assert covers.all(len(rows)) == pytest.approx(expected)
    for place, found in enumerate(places):
        for term in wanted.keys() & set(spaced_terms(called).split()):
            entry = wanted[term]
            for group in entry.groups:
                found[group] = max(found.get(group, 0.0), 0.4 * entry.share)
        with_calls = sum(rarity.get(group, 0.0) * share for group, share in found.items()) / whole
        assert covers.of(place, called.split()) == pytest.approx(with_calls)


def test_more_terms_than_a_mask_has_bits_are_looked_for() -> None:
    names = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}q" for n in range(80)]
    table = table_of([_symbol(key, "a.py", [name], "", "") for key, name in enumerate(names)])
    wanted = {name: Wanted(name, name, 1.0, 1.0) for name in names if spaced_terms(name) == name}
    values = Covers(table, np.arange(len(names)), wanted).all(len(names))
    assert len(wanted) > 64
    assert np.count_nonzero(values) == len(wanted)


def test_an_abbreviation_answers_each_word_it_stands_for() -> None:
    table = table_of([_symbol(1, "a.c", ["d_get"], "", "a dentry"), _symbol(2, "b.c", ["e_get"], "", "an entry")])
    values = Covers(table, np.arange(2), wanted_terms("how is a directory entry kept")).all(2)
    assert values[0] > values[1]


def test_the_end_of_a_way_counts_where_it_is_spoken_of_and_not_where_it_is() -> None:
    table = table_of([_symbol(1, "a.py", ["View"], "", ""), _symbol(2, "b.py", ["x"], "", "calls the view")])
    values = Covers(table, np.arange(2), wanted_terms("how does a request reach a view")).all(2)
    assert values[0] == 0.0
    assert values[1] > 0.0


def test_what_is_rare_in_all_stays_rare_among_the_files_that_say_it() -> None:
    table = table_of([_symbol(1, "a.py", ["save"], "", ""), _symbol(2, "b.py", ["save"], "", "session")])
    wanted = wanted_terms("save the session")
    few = Covers(table, np.arange(2), wanted).all(2)
    many = Covers(table, np.arange(2), wanted, population=1_000).all(2)
    assert many[0] > few[0]
