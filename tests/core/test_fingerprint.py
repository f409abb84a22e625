"""Pieces of code found again by what they say."""

from __future__ import annotations

from core.fingerprint import digest_at, find_again

CODE = ["def one():", "    return 1", "", "def two():", "    return 2"]


def test_a_piece_that_stands_where_it_stood_is_found_there() -> None:
    assert find_again(CODE, 4, 5, digest_at(CODE, 4, 5)) == (4, 5)


def test_a_piece_that_moved_is_found_where_it_went_whatever_its_indentation() -> None:
    digest = digest_at(CODE, 4, 5)
    moved = ["# a comment", "", "class Two:", "        def two():", "            return 2", *CODE[:3]]
    assert find_again(moved, 4, 5, digest) == (4, 5)
    assert find_again([*CODE[3:], *CODE[:3]], 4, 5, digest) == (1, 2)


def test_of_several_the_nearest_is_taken() -> None:
    lines = [*CODE, "", *CODE, "", *CODE]
    assert find_again(["", *lines], 10, 11, digest_at(lines, 10, 11)) == (11, 12)


def test_a_piece_of_which_a_line_changed_is_not_found() -> None:
    digest = digest_at(CODE, 4, 5)
    assert find_again([*CODE[:4], "    return 3"], 4, 5, digest) is None
    assert find_again(CODE[:4], 4, 5, digest) is None
    assert find_again([], 4, 5, digest) is None
