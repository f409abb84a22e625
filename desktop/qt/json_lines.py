"""Reading a line of JSON without holding Python's lock for long.

The C scanner of `json` keeps the interpreter's lock until it has read the whole document: on any thread, a reply of 10 MB
stops the window for a quarter of a second. So the outer levels of a large document are walked here, in Python, which lets
other threads run between two elements; what lies deeper is small and left to the C scanner. The price is that a large
document takes about twice as long, on a thread nobody waits for.
"""

from __future__ import annotations

import json
from typing import Any

LARGE_BYTES = 200_000
"""A document below is read in under 5 ms even on a slow machine."""

_OUTER_LEVELS = 3
"""envelope → result → list → elements, as in `{"id": 1, "result": {"highlights": [[…], …]}}`."""
_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder()


def read_document(line: bytes) -> Any:
    """The value of one line; ValueError where it is not JSON."""
    text = line.decode("utf-8")
    if len(text) < LARGE_BYTES:
        return json.loads(text)
    value, end = _read(text, _skip(text, 0), _OUTER_LEVELS)
    if _skip(text, end) != len(text):
        raise ValueError("more than one JSON value in a line")
    return value


def _read(text: str, at: int, levels: int) -> tuple[Any, int]:
    """The value that starts at `at` and where it ends; recursion is bounded by `levels`."""
    if levels == 0 or text[at] not in "[{":
        return _DECODER.raw_decode(text, at)
    return _read_list(text, at + 1, levels - 1) if text[at] == "[" else _read_object(text, at + 1, levels - 1)


def _read_list(text: str, at: int, levels: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    at = _skip(text, at)
    while text[at] != "]":
        value, at = _read(text, at, levels)
        items.append(value)
        at = _after_item(text, at, "]")
    return items, at + 1


def _read_object(text: str, at: int, levels: int) -> tuple[dict[str, Any], int]:
    members: dict[str, Any] = {}
    at = _skip(text, at)
    while text[at] != "}":
        if text[at] != '"':
            raise ValueError(f"a name was expected at {at}")
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError(f"a colon was expected at {at}")
        members[name], at = _read(text, _skip(text, at + 1), levels)
        at = _after_item(text, at, "}")
    return members, at + 1


def _after_item(text: str, at: int, closing: str) -> int:
    """Where the next item or the closing bracket stands."""
    at = _skip(text, at)
    if text[at] == ",":
        return _skip(text, at + 1)
    if text[at] != closing:
        raise ValueError(f"a comma was expected at {at}")
    return at


def _skip(text: str, at: int) -> int:
    """The next character that is not blank; an unfinished document raises IndexError, a LookupError, at its reader."""
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
