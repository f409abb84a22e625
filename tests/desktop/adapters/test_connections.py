"""How long a server asks to wait."""

from __future__ import annotations

import datetime
import email.utils

import pytest

from desktop.adapters.connections import seconds_to_wait


@pytest.mark.parametrize(("value", "seconds"), [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("", None), ("soon", None)])
def test_seconds_or_nothing(value: str, seconds: float | None) -> None:
    assert seconds_to_wait(value) == seconds


def test_a_date_is_seconds_from_now() -> None:
    due = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30)
    found = seconds_to_wait(email.utils.format_datetime(due, usegmt=True))
    assert found is not None
    assert 27 < found <= 30
