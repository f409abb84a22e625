"""Digests of lines: whether a piece of code still says what it said, and where it stands now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LineRange = tuple[int, int]
"""Lines from 1, both ends included."""

_LONGEST = 2_000
"""Characters of a line that are looked at, as in a pack."""


def digest_of(lines: Sequence[str]) -> str:
    """A digest of lines without the space around each, so that what is only indented anew stays the same."""
    text = "\n".join(line[:_LONGEST].strip() for line in lines)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def digest_at(lines: Sequence[str], start_line: int, end_line: int) -> str:
    """The digest of a range; with the line it begins with, by which `find_again` looks for it."""
    kept = lines[start_line - 1 : end_line]
    return f"{digest_of(kept[:1])}{digest_of(kept)}"


def find_again(lines: Sequence[str], start_line: int, end_line: int, digest: str) -> LineRange | None:
    """Where the range with this digest stands now, the nearest to where it stood; None where nothing says the same."""
    length = end_line - start_line + 1
    if digest_at(lines, start_line, end_line) == digest and end_line <= len(lines):
        return start_line, end_line
    first = digest[: len(digest) // 2]
    starts = [number for number in range(1, len(lines) - length + 2) if digest_of(lines[number - 1 : number]) == first]
    for start in sorted(starts, key=lambda number: abs(number - start_line)):
        if digest_at(lines, start, start + length - 1) == digest:
            return start, start + length - 1
    return None
