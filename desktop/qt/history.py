"""Where the person has been: one history for code and diagrams, as in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.qt.answer_replies import PackReply

LONGEST = 200
PATH, PACK = "path", "pack"
"""Kinds of diagrams that are of no part of the source: the way between two symbols, and the evidence of an answer."""
TO = " -> "
"""Between the two symbols of a way."""


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Lines of a file; 0 for none in particular."""

    path: str
    start_line: int = 0
    end_line: int = 0


@dataclass(frozen=True, slots=True)
class DiagramLocation:
    """A diagram that was looked at; `pack` is the evidence of an answer, where that is drawn."""

    kind: str
    scope: str = ""
    pack: PackReply | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PageLocation:
    """A page of the middle that was looked at: "overview", "clones", "problems". Of clones a path and a line name the
    definition whose class is shown, and `class_id` that class, where it is in several."""

    page: str
    path: str = ""
    line: int = 0
    class_id: int = 0


Location = CodeLocation | DiagramLocation | PageLocation


class History:
    """Visited locations with a current one; visiting from the middle forgets what lay ahead."""

    def __init__(self) -> None:
        self._visited: list[Location] = []
        self._at = -1

    def visit(self, location: Location) -> None:
        """Add a location, unless it is the current one."""
        if self.current == location:
            return
        del self._visited[self._at + 1 :]
        self._visited.append(location)
        del self._visited[:-LONGEST]
        self._at = len(self._visited) - 1

    def drop(self, location: Location) -> None:
        """Forget the current location if it is this one and nothing lies ahead."""
        if self.current == location and not self.can_go_forward:
            del self._visited[self._at]
            self._at -= 1

    @property
    def current(self) -> Location | None:
        return self._visited[self._at] if self._at >= 0 else None

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at + 1 < len(self._visited)

    def back(self) -> Location | None:
        """Step back and return where that is; None at the first."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self.current

    def forward(self) -> Location | None:
        """Step forward and return where that is; None at the last."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self.current

    def clear(self) -> None:
        self._visited.clear()
        self._at = -1
