"""Names from outside keep their numbers for as long as something uses them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.stores.sqlite import schema
from indexing.stores.sqlite.externals import ExternalTable, ExternalWriter, pack_externals, unpack_externals
from indexing.stores.sqlite.rows import Rows

NAMES = st.tuples(st.sampled_from(["c", "python"]), st.text(st.characters(codec="utf-8"), max_size=6))
HELD = st.dictionaries(st.integers(1, 2**40), NAMES, max_size=20).map(lambda held: dict(sorted(held.items())))


@given(HELD)
def test_names_come_back(names: dict[int, tuple[str, str]]) -> None:
    assert unpack_externals(pack_externals(names)) == names


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.lists(NAMES, max_size=300), st.booleans()), max_size=4))
def test_numbers_stay(steps: list[tuple[list[tuple[str, str]], bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        connection = schema.connect(Path(folder), read_only=False)
        held = dict[tuple[str, str], int]()
        for names, keeps in steps:
            writer = ExternalWriter(connection)
            numbers = dict(zip(names, writer.numbers(names), strict=True))
            assert all(numbers[name] == number for name, number in held.items() if name in numbers)
            held |= numbers
            assert len(set(held.values())) == len(held)
            if keeps:
                held = numbers
                writer.keep(set(held.values()))
            writer.flush()
        connection.close()
        rows = Rows(Path(folder))
        table = ExternalTable(rows)
        expected = {number: name for name, number in held.items()}
        assert {number: (language, name) for number, language, name in table.all} == expected
        assert table.among([*expected, 2**45]) == expected
        assert table.count() == len(expected)
        rows.close()
