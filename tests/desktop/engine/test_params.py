"""A client's mistakes in parameters are told to it."""

from __future__ import annotations

import math

import pytest

from core.errors import UsageError
from desktop.engine.params import flag, number, optional_text, path_text, text, whole


def test_good_parameters_are_taken_as_they_are() -> None:
    params = {"query": "x", "k": 3, "s": 1, "empty": "", "none": None}
    assert text(params, "query") == path_text(params, "query") == "x"
    assert whole(params, "k", 10) == 3
    assert number(params, "s", 0.0) == 1.0
    assert [optional_text(params, name, "default") for name in ("query", "empty", "none", "gone")] == ["x", *["default"] * 3]
    assert whole(params, "none", 10) == whole(params, "gone", 10) == 10


def test_a_missing_text_is_left_to_the_server_to_name() -> None:
    with pytest.raises(KeyError):
        text({}, "query")


@pytest.mark.parametrize("value", ["3", 1.5, True, [], 10**30])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="'k' must be a whole number"):
        whole({"k": value}, "k", 10)


@pytest.mark.parametrize("value", ["3", math.nan, math.inf, False])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="'s' must be a number"):
        number({"s": value}, "s", 0.0)


def test_yes_and_no() -> None:
    assert [flag({"f": value}, "f") for value in (True, False, None)] == [True, False, False]
    assert flag({}, "f") is False


@pytest.mark.parametrize("value", ["false", 0, 1, []])
def test_what_is_neither_yes_nor_no_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="'f' must be true or false"):
        flag({"f": value}, "f")


@pytest.mark.parametrize("value", [5, None, [], {}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="'query' must be a text"):
        text({"query": value}, "query")


@pytest.mark.parametrize("value", ["", "a\0b"])
def test_what_is_no_path_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="'index' must be a path"):
        path_text({"index": value}, "index")
