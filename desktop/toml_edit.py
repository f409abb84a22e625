"""Changing a few values of a TOML file and leaving the rest of it, comments too, as a person wrote it.

Only what a preferences file needs: top-level keys and tables of one level, values on one line or over several. The result is
read back and compared with what was wanted, so what this does not understand is refused, not damaged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence

from core.errors import UsageError

Value = str | int | float | bool | Sequence[str]
_HEADER = re.compile(r"\s*\[")


def edited(text: str, changes: Mapping[tuple[str, str], Value | None]) -> str:
    """The text with values put in by (table, key), the table empty for the top level; None takes one out.

    Raises UsageError where the file is written in a way that is not understood, and TOMLDecodeError where it is not TOML.
    """
    wanted = tomllib.loads(text)
    lines = text.splitlines(keepends=True)
    for (table, key), value in changes.items():
        _put(lines, table, key, value)
        inside = wanted.setdefault(table, {}) if table else wanted
        if value is None:
            inside.pop(key, None)
        else:
            inside[key] = list(value) if isinstance(value, list | tuple) else value
    result = "".join(lines)
    try:
        same = _filled(tomllib.loads(result)) == _filled(wanted)
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise UsageError("the preferences cannot be changed from here", "the file is written in a way of its own", "edit it")
    return result


def _filled(document: Mapping[str, object]) -> dict[str, object]:
    """A document without its empty tables, which say nothing."""
    return {key: value for key, value in document.items() if value != {}}


def _put(lines: list[str], table: str, key: str, value: Value | None) -> None:
    start, end = _range(lines, table)
    at = next((n for n in range(max(start, 0), end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[n])), None)
    new = [] if value is None else [f"{key} = {_written(value)}\n"]
    if at is not None:
        lines[at : _end_of_value(lines, at, end)] = new
    elif new:
        if start < 0:
            lines += [*_blank_before(lines), f"[{table}]\n", *new]
            return
        while end > start and not lines[end - 1].strip():
            end -= 1
        if end and not lines[end - 1].endswith("\n"):
            lines[end - 1] += "\n"
        lines[end:end] = new


def _range(lines: Sequence[str], table: str) -> tuple[int, int]:
    """The lines of a table without its header; -1, 0 where there is none."""
    start = 0
    if table:
        header = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]\s*(?:#.*)?$")
        start = next((n + 1 for n, line in enumerate(lines) if header.match(line.rstrip("\n"))), -1)
        if start < 0:
            return -1, 0
    return start, next((n for n in range(start, len(lines)) if _HEADER.match(lines[n])), len(lines))


def _end_of_value(lines: Sequence[str], at: int, end: int) -> int:
    """The line after a value that begins at a line: the fewest lines that are TOML by themselves."""
    for after in range(at + 1, end + 1):
        try:
            tomllib.loads("".join(lines[at:after]))
        except tomllib.TOMLDecodeError:
            continue
        return after
    return at + 1


def _blank_before(lines: list[str]) -> list[str]:
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return ["\n"] if lines and lines[-1].strip() else []


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_written(part) for part in value) + "]"
