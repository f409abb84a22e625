"""Methods chosen by the beginning of their name: `getattr(self, f"visit_{kind}")`, written `self.visit_*`.

Such a value stands for every method of the class, its ancestors and the classes below that begins so. It is one value, not
many, so a visitor of a hundred methods costs the network no more than one of two.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexing.linking import values as v
from indexing.linking.hierarchy import Hierarchy
from indexing.linking.program import FUNCTION_KINDS, Program

ANY_REST = "*"
"""Ends a name of which only the beginning is known."""
MAX_METHODS = 128
"""Beginnings that more methods share tell nothing."""


class Dispatch:
    """What beginnings of names stand for, a class and beginning at a time."""

    __slots__ = ("_hierarchy", "_known", "_program")

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._known: dict[tuple[int, str], Sequence[int]] = {}

    def methods(self, owner: int, pattern: str) -> Sequence[int]:
        """The functions that `pattern` may mean, asked of the value `owner`, an instance or a class."""
        cls = owner >> v.KIND_BITS
        known = self._known.get((cls, pattern))
        if known is None:
            known = self._known[cls, pattern] = self._find(cls, pattern.removesuffix(ANY_REST))
        return known

    def _find(self, cls: int, beginning: str) -> Sequence[int]:
        above = self._in([base for base in self._hierarchy.line(cls) if isinstance(base, int)], beginning)
        found = list(dict.fromkeys((*above, *self._in(self._hierarchy.subclasses(cls), beginning))))
        if len(found) > MAX_METHODS:
            found = above
        return tuple(found) if len(found) <= MAX_METHODS else ()

    def _in(self, classes: Sequence[int], beginning: str) -> list[int]:
        definitions, declared = self._program.table.definitions, self._program.declared
        return [
            key
            for cls in classes
            for name, key in declared.get(cls, {}).items()
            if name.startswith(beginning) and definitions[key].kind in FUNCTION_KINDS
        ]
