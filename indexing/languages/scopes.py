"""Regions of a text that belong to a definition: where its names count."""

from __future__ import annotations

from bisect import bisect_right


class Scopes:
    """Nested regions, opened in the order of their starts; what lies in none belongs to the module, definition 0."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int, int]] = []
        self._regions: list[tuple[int, int, int]] = []
        self._starts: list[int] = []
        self._owners: list[int] = []

    def open(self, start: int, end: int, definition: int) -> None:
        """The bytes `[start, end)` belong to `definition`; `start` may lie ahead of what is opened next."""
        self._open.append((start, end, definition))
        self._regions.append((start, end, definition))

    def around(self, byte: int) -> int:
        """The definition around `byte`, while definitions are still being found, in the order of the text."""
        while self._open and self._open[-1][1] <= byte:
            self._open.pop()
        for start, end, definition in reversed(self._open):
            if start <= byte < end:
                return definition
        return 0

    def close(self) -> None:
        """Ends the finding: `of` may be asked from now on, in any order."""
        stack: list[tuple[int, int]] = []
        starts, owners = [0], [0]
        for start, end, definition in sorted(self._regions, key=lambda region: (region[0], -region[1])):
            while stack and stack[-1][0] <= start:
                closed, _ = stack.pop()
                starts.append(closed)
                owners.append(stack[-1][1] if stack else 0)
            stack.append((end, definition))
            starts.append(start)
            owners.append(definition)
        while stack:
            closed, _ = stack.pop()
            starts.append(closed)
            owners.append(stack[-1][1] if stack else 0)
        self._starts, self._owners = starts, owners

    def of(self, byte: int) -> int:
        """The innermost definition whose region holds `byte`."""
        return self._owners[bisect_right(self._starts, byte) - 1]
