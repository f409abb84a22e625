"""Paths as the program writes them (see `core.model.source`), and patterns over them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache

from core.errors import UsageError

_ODD = re.compile(r"[\\\x00-\x1f\x7f\udc80-\udcff]")
_ESCAPED = re.compile(r"\\(?:\\|x([0-9a-fA-F]{2}))")


def escape(path: bytes) -> str:
    """The path as text: bytes that are not UTF-8 and control characters as `\\xNN`, a backslash as `\\\\`."""
    return _ODD.sub(_write_odd, path.decode("utf-8", "surrogateescape"))


def unescape(path: str) -> bytes:
    """The bytes of an escaped path; a backslash that begins no escape stands for itself."""
    parts: list[bytes] = []
    end = 0
    for found in _ESCAPED.finditer(path):
        parts.append(path[end : found.start()].encode("utf-8", "surrogateescape"))
        parts.append(bytes([int(found[1], 16)]) if found[1] else b"\\")
        end = found.end()
    parts.append(path[end:].encode("utf-8", "surrogateescape"))
    return b"".join(parts)


def from_os(name: str) -> str:
    """A name or relative path as `os` gives it, escaped; parts are already joined by `/`."""
    return name if name.isascii() and not _ODD.search(name) else escape(os.fsencode(name))


def to_os(path: str) -> str:
    """What `os` calls the escaped `path`, still with `/` between its parts."""
    return path if "\\" not in path else os.fsdecode(unescape(path))


def top_folder(path: str) -> str:
    """The first part of a path, which is its source in a workspace of several; `.` for a file that lies in no folder."""
    top, _, rest = path.partition("/")
    return top if rest else "."


def _write_odd(found: re.Match[str]) -> str:
    char = found[0]
    return "\\\\" if char == "\\" else f"\\x{ord(char) & 0xFF:02x}"


@lru_cache(maxsize=256)
def glob_matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a path answers to a glob: `*` and `?` stay within a part, `**` crosses them, `[a-z]` is a set.

    A pattern with a `/` in it counts from the root of the source, one without holds at any depth. What names a folder
    holds for everything below it. An empty pattern admits every path. The case of letters counts.
    """
    stripped = pattern.removeprefix("./").strip("/")
    if not stripped:
        return lambda path: True
    anchored = pattern.startswith("./") or "/" in pattern.rstrip("/")
    parts = [part for part in stripped.split("/") if part]
    below = "/.+" if pattern.endswith("/") else "(?:/.+)?"
    try:
        matches = re.compile(("" if anchored else "(?:.*/)?") + _join(parts) + below, re.DOTALL).fullmatch
    except re.error:
        raise UsageError(f"cannot read the pattern {pattern}", "the set in it is not one", "check the `[…]`") from None
    return lambda path: matches(path) is not None


def _join(parts: list[str]) -> str:
    expression = ""
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if part == "**":
            expression += ".+" if last else "(?:[^/]+/)*"
        else:
            expression += _translate(part) + ("" if last else "/")
    return expression


def _translate(part: str) -> str:
    expression = ""
    position = 0
    while position < len(part):
        char = part[position]
        position += 1
        if char == "*":
            expression += "[^/]*"
            while part[position : position + 1] == "*":  # `a**b` says no more than `a*b`
                position += 1
        elif char == "?":
            expression += "[^/]"
        elif (
            char == "["
            and (end := part.find("]", position + 2 if part[position : position + 1] in "!^" else position + 1)) > 0
        ):
            negated = part[position] in "!^"
            expression += f"[{'^/' if negated else ''}{_members(part[position + negated : end])}]"
            position = end + 1
        else:
            expression += re.escape(char)
    return expression


def _members(written: str) -> str:
    """The members of a set as `re` reads them: pairs of signs that it may one day take for operations on sets are told from
    these."""
    members = written.replace("\\", "\\\\").replace("[", "\\[")
    for sign in "&~|":
        members = members.replace(sign * 2, f"{sign}\\{sign}")
    first = "\\" if members.startswith("-") else ""  # nor is it the end of a range that begins before the set
    return first + members[:1] + members[1:].replace("--", "-\\-")
