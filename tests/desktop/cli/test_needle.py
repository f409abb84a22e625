"""Sizes as they are typed."""

from __future__ import annotations

import pytest

from core.errors import UsageError
from desktop.cli.needle import sizes_of


def test_sizes_are_numbers_with_commas_between() -> None:
    assert sizes_of("0.5, 1,10") == (0.5, 1.0, 10.0)


@pytest.mark.parametrize("text", ["", "ten", "1,,2", "0", "-3", "nan", "inf", "1e999", "5MB"])
def test_what_is_no_size_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="is no size"):
        sizes_of(text)


def test_sizes_are_bounded() -> None:
    assert len(sizes_of(",".join(["1"] * 64))) == 64
    with pytest.raises(UsageError, match="65 sizes are too many"):
        sizes_of(",".join(["1"] * 65))
