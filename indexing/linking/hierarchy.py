"""Classes with their bases, and the order in which members are looked up."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Base = int | str
"""The key of a class, or the name of one outside of the source."""

_MAX_LINE = 200
"""Ancestors of one class; beyond, only the nearest count."""
_MAX_SUBCLASSES = 200


class Hierarchy:
    """Bases by class. Linearised as C3 (Barrett et al. 1996) does, and depth-first where C3 finds no order."""

    __slots__ = ("_bases", "_below", "_lines", "_subclasses")

    def __init__(self) -> None:
        self._bases: dict[int, tuple[Base, ...]] = {}
        self._lines: dict[int, tuple[Base, ...]] = {}
        self._subclasses: dict[int, list[int]] = {}
        self._below: dict[int, Sequence[int]] = {}

    def set_bases(self, cls: int, bases: Sequence[Base]) -> None:
        """What was asked before, while names were looked up to find the bases, is forgotten."""
        self._lines.clear()
        self._below.clear()
        self._bases[cls] = tuple(dict.fromkeys(base for base in bases if base != cls))
        for base in self._bases[cls]:
            if isinstance(base, int):
                self._subclasses.setdefault(base, []).append(cls)

    def bases(self, cls: int) -> tuple[Base, ...]:
        return self._bases.get(cls, ())

    def line(self, cls: int) -> tuple[Base, ...]:
        """The class, then its ancestors in the order of lookup."""
        known = self._lines.get(cls)
        if known is not None:
            return known
        # Bases first, without recursion; a class met again while it is still open closes a cycle and is left out.
        stack, opened = [cls], {cls}
        while stack:
            top = stack[-1]
            missing = [
                base for base in self.bases(top) if isinstance(base, int) and base not in self._lines and base not in opened
            ]
            if missing:
                stack.append(missing[0])
                opened.add(missing[0])
                continue
            self._lines[top] = self._linearise(top)
            stack.pop()
        return self._lines[cls]

    def has_subclasses(self, cls: int) -> bool:
        return cls in self._subclasses

    def subclasses(self, cls: int) -> Sequence[int]:
        """All classes below `cls`, nearest first, at most some hundreds."""
        if cls not in self._subclasses:
            return ()
        known = self._below.get(cls)
        if known is None:
            known = self._below[cls] = self._find_below(cls)
        return known

    def _find_below(self, cls: int) -> list[int]:
        queue, seen = deque([cls]), {cls}
        found: list[int] = []
        while queue:
            for sub in self._subclasses.get(queue.popleft(), ()):
                if sub not in seen:
                    seen.add(sub)
                    queue.append(sub)
                    found.append(sub)
                    if len(found) == _MAX_SUBCLASSES:
                        return found
        return found

    def _linearise(self, cls: int) -> tuple[Base, ...]:
        lines: list[list[Base]] = []
        for base in self.bases(cls):
            lines.append(list(self._lines.get(base, (base,))) if isinstance(base, int) else [base])
        merged = _merge([*lines, list(self.bases(cls))])
        if merged is None:
            merged = list(dict.fromkeys(base for line in lines for base in line))
        return (cls, *[base for base in merged if base != cls][:_MAX_LINE])


def _merge(lines: list[list[Base]]) -> list[Base] | None:
    """C3's merge: always the first head that no other line still holds further back; None where there is none."""
    merged: list[Base] = []
    lines = [line for line in lines if line]
    while lines:
        tails = {base for line in lines for base in line[1:]}
        head = next((line[0] for line in lines if line[0] not in tails), None)
        if head is None:
            return None
        merged.append(head)
        lines = [rest for line in lines if (rest := line[1:] if line[0] == head else line)]
    return merged
