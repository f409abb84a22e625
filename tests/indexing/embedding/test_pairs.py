from __future__ import annotations

from indexing.embedding.contrast import without_name
from indexing.embedding.pairs import Pair, pairs_of, read_pairs, without_repeats

SOURCE = '''
class Store:
    def put(self, key, value):
        """Keep the value under its key.

        A second paragraph.
        """
        self._values[key] = value

    def get(self, key):
        """Short one."""
        return self._values[key]

    async def drop(self, key):
        "Forget the value of a key."; del self._values[key]

    def empty(self):
        """Has a docstring and nothing else."""

    def bare(self):
        return 1
'''


def test_a_docstring_is_paired_with_its_function_without_it():
    first = next(pairs_of(SOURCE, "store.py"))
    assert first == Pair(
        "Keep the value under its key.",
        "    def put(self, key, value):\n        self._values[key] = value",
        "put",
        "store.py",
    )


def test_only_functions_that_are_described_and_do_something_count():
    assert [pair.name for pair in pairs_of(SOURCE, "store.py")] == ["put", "drop"]


def test_what_does_not_parse_gives_nothing(tmp_path):
    (tmp_path / "bad.py").write_text("def broken(:")
    (tmp_path / "nul.py").write_bytes(b"x = 1\0")
    (tmp_path / "good.py").write_text(SOURCE)
    assert {pair.place for pair in read_pairs(tmp_path)} == {"good.py"}


def test_a_question_has_one_answer():
    pairs = [Pair("Does this.", "a", "f", "1"), Pair("does THIS.", "b", "g", "2"), Pair("That.", " a\n", "h", "3")]
    assert [pair.place for pair in without_repeats([*pairs, Pair("More.", "c", "i", "4")])] == ["1", "4"]


def test_the_name_is_taken_out_of_the_code():
    pair = Pair("", "def put(x):\n    return put(x - 1) + output", "put", "")
    assert without_name(pair) == "def f(x):\n    return f(x - 1) + output"
