"""Calls that may go below the declared class: which values stand for an instance of a class *or of one below it*.

`Point()` makes exactly a `Point`; what a method calls `self`, and what is only declared to be a `Shape`, may be of any
class below. A value that began so is *open*, wherever it flows. A call on an open value reaches the method that its class
has, and may reach each that a class below puts in its place (class hierarchy analysis, Dean, Grove and Chambers 1995,
kept to the values that need it).
"""

from __future__ import annotations

from collections.abc import Sequence

from indexing.linking import values as v
from indexing.linking.hierarchy import Hierarchy
from indexing.linking.members import Members
from indexing.linking.program import FUNCTION_KINDS, Program

MAX_OVERRIDES = 32
"""A method with more in its place is a protocol of the whole program: who may be called tells nothing."""


class Overrides:
    """The open values of a solved network, and the methods below that calls on them may reach."""

    __slots__ = ("_below", "_hierarchy", "_open", "_overriding", "_program", "_through_members")

    def __init__(self, program: Program, hierarchy: Hierarchy, members: Members) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._through_members = members.binding
        self._open: dict[int, list[int]] = {}
        self._overriding: set[str] = set()
        """What classes with a base in the source declare."""
        self._below: dict[tuple[int, str], Sequence[int]] = {}

    def spread(self) -> None:
        """Follow the open values from where they begin along all flows."""
        if not self._program.open_seeds:
            return
        for cls, names in self._program.declared.items():
            if any(isinstance(base, int) for base in self._hierarchy.bases(cls)):
                self._overriding.update(names)
        seeds = (seed for seed in self._program.open_seeds if self._hierarchy.has_subclasses(seed[1] >> v.KIND_BITS))
        self._open = self._program.network.followed(seeds, self._through_members)

    def has(self, name: str) -> bool:
        """Whether any class puts another method of that name in the place of its base's; quickly told."""
        return name in self._overriding

    def of(self, receiver: int | None, name: str) -> Sequence[int]:
        """The functions that `name` may be instead, called on what the node `receiver` holds."""
        opened = self._open.get(receiver) if receiver is not None else None
        if opened is None:
            return ()
        if len(opened) == 1:
            return self._of_class(opened[0] >> v.KIND_BITS, name)
        return tuple(dict.fromkeys(key for value in opened for key in self._of_class(value >> v.KIND_BITS, name)))

    def _of_class(self, cls: int, name: str) -> Sequence[int]:
        known = self._below.get((cls, name))
        if known is None:
            known = self._below[cls, name] = self._find(cls, name)
        return known

    def _find(self, cls: int, name: str) -> Sequence[int]:
        """Of a class that has the method (if only classes below have it, that is no override)."""
        program, declared = self._program, self._program.declared
        if not any(isinstance(base, int) and name in declared.get(base, ()) for base in self._hierarchy.line(cls)):
            return ()
        found = [declared[sub][name] for sub in self._hierarchy.subclasses(cls) if name in declared.get(sub, ())]
        found = [key for key in found if program.table.definitions[key].kind in FUNCTION_KINDS]
        return tuple(found) if len(found) <= MAX_OVERRIDES else ()
