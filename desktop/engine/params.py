"""Parameters of a request, checked: a client's mistake is told to it, not found deep inside a library."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.errors import UsageError
from core.model.source import Place

Params = Mapping[str, Any]
_LARGEST = 10**12
_MOST_PLACES = 100
_LARGEST_ID = 2**53


def text(params: Params, name: str) -> str:
    """A text that has to be there; KeyError where it is not, UsageError where it is something else."""
    value = params[name]
    if not isinstance(value, str):
        raise _wrong(name, "a text", value)
    return value


def optional_text(params: Params, name: str, default: str = "") -> str:
    """A text, or `default` where it is missing, null or empty."""
    return default if params.get(name) in (None, "") else text(params, name)


def path_text(params: Params, name: str) -> str:
    """A text that the system can take for a path."""
    value = text(params, name)
    if not value or "\0" in value:
        raise _wrong(name, "a path", value)
    return value


def whole(params: Params, name: str, default: int) -> int:
    """A whole number up to a million million, or `default` where it is missing or null."""
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise _wrong(name, "a whole number", value)
    return value


def identity(params: Params, name: str) -> int:
    """The id of a record, or 0 where it is missing or null: a whole number that JSON can hold in every language."""
    value = params.get(name)
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST_ID:
        raise _wrong(name, "an id", value)
    return value


def number(params: Params, name: str, default: float) -> float:
    """A finite number, or `default` where it is missing or null."""
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _wrong(name, "a number", value)
    return float(value)


def flag(params: Params, name: str) -> bool:
    """Yes or no; no where it is missing or null."""
    value = params.get(name)
    if not isinstance(value, bool | None):
        raise _wrong(name, "true or false", value)
    return bool(value)


def places(params: Params, name: str) -> tuple[Place, ...]:
    """A list of `{"path", "start_line", "end_line"}`, or none where it is missing or null; at most `_MOST_PLACES`."""
    given = params.get(name) or []
    if not isinstance(given, list) or len(given) > _MOST_PLACES or not all(isinstance(each, Mapping) for each in given):
        raise _wrong(name, f"a list of at most {_MOST_PLACES} places", given)
    found = []
    for each in given:
        start, end = whole(each, "start_line", 1), whole(each, "end_line", 1)
        if not 1 <= start <= end:
            raise _wrong(name, "a list of places with lines from 1", f"{start}-{end}")
        found.append(Place(text(each, "path"), start, end, optional_text(each, "symbol")))
    return tuple(found)


def texts(params: Params, name: str) -> list[str]:
    """A list of texts, empty where it is missing or null."""
    value = params.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(name, "a list of texts", value)
    return value


def wholes(params: Params, name: str, most: int) -> list[int]:
    """A list of at most so many positive whole numbers."""
    given = params.get(name) or []
    if not isinstance(given, list) or len(given) > most:
        raise _wrong(name, f"a list of at most {most} numbers", given)
    found = [whole({name: each}, name, 0) for each in given]
    if any(each < 1 for each in found):
        raise _wrong(name, "a list of positive numbers", given)
    return found


def _wrong(name: str, kind: str, value: object) -> UsageError:
    return UsageError(f"the parameter '{name}' must be {kind}", f"it is {value!r:.80}", "send another")
