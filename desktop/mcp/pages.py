"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.errors import UsageError
from desktop.engine.params import whole
from desktop.engine.run_wire import Json
from desktop.mcp.desk import Arguments

LIMIT, MOST = 20, 100
"""Entries of a page where nothing is said, and at the most."""
PROPERTIES: Json = {
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
}
"""The arguments that `page_of` reads, as a schema."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: `limit` entries from `offset`, which counts from 0."""

    offset: int
    limit: int

    @property
    def end(self) -> int:
        """The offset of the first entry behind it."""
        return self.offset + self.limit

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """The entries that are on it."""
        return items[self.offset : self.end]

    def onward(self, count: int) -> Json:
        """Where the next page of `count` entries begins, as a field of an answer; nothing after the last."""
        return {"next_offset": self.end} if self.end < count else {}


def page_of(arguments: Arguments) -> Page:
    """The page that is asked for; UsageError for one that cannot be."""
    return Page(bounded(arguments, "offset", 0, 0, 10**9), bounded(arguments, "limit", LIMIT, 1, MOST))


def bounded(arguments: Arguments, name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` to `most`; UsageError for another."""
    value = whole(arguments, name, default)
    if not least <= value <= most:
        raise UsageError(f"the parameter '{name}' is {value}", "", f"give a number from {least} to {most:,}")
    return value
