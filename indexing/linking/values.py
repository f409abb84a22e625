"""Abstract values: what a name may stand for while programs are linked.

A value is one `int`: the kind in its low four bits, above them a reference (a symbol key, or an index into the tables of
`Values`). So sets of values are lists of small integers, cheap to copy along millions of flows.
"""

from __future__ import annotations

FUNCTION = 0
"""A function or method as itself; the reference is its key."""
CLASS = 1
INSTANCE = 2
"""Any instance of a class; the reference is the key of the class."""
MODULE = 3
FOLDER = 4
"""A folder of modules without code of its own; the reference indexes `Values.folders`."""
BOUND = 5
"""A method together with the class of its receiver; the reference indexes `Values.bound`."""
SUPER = 6
"""The bases of a class, as `super()` sees them; the reference is the key of the class."""
EXTERNAL = 7
"""A name outside of the source; the reference indexes `Values.externals`."""
EXTERNAL_INSTANCE = 8
"""Something that `EXTERNAL` names the type of; the reference indexes the same table."""
CONTAINER = 9
"""Something with entries; the reference counts the places that make containers."""
CONTAINER_METHOD = 10
"""A built-in method of a container; the reference indexes `Values.methods`."""
FUNCTION_METHOD = 11
"""`call`, `apply` or `bind` of a function; the reference indexes `Values.methods`, whose first is then the function."""
DISPATCH = 12
"""A method of which the beginning of the name is known; the reference indexes `Values.methods`, whose first is its owner."""

KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1


def make(kind: int, reference: int) -> int:
    return reference << KIND_BITS | kind


class Values:
    """The tables that give compound values a number; each pair or name has one."""

    __slots__ = ("_bound", "_externals", "_folders", "_methods", "bound", "containers", "externals", "folders", "methods")

    def __init__(self) -> None:
        self.bound: list[tuple[int, int]] = []
        self.externals: list[str] = []
        self.folders: list[str] = []
        self.methods: list[tuple[int, str]] = []
        self.containers = 0
        self._bound: dict[tuple[int, int], int] = {}
        self._externals: dict[str, int] = {}
        self._folders: dict[str, int] = {}
        self._methods: dict[tuple[int, str], int] = {}

    def bind(self, function: int, receiver: int) -> int:
        """The method `function` of an instance of (or, for a class method, of) the class `receiver`."""
        pair = (function, receiver)
        value = self._bound.get(pair)
        if value is None:
            value = self._bound[pair] = make(BOUND, len(self.bound))
            self.bound.append(pair)
        return value

    def external(self, name: str) -> int:
        value = self._externals.get(name)
        if value is None:
            value = self._externals[name] = make(EXTERNAL, len(self.externals))
            self.externals.append(name)
        return value

    def external_instance(self, name: str) -> int:
        return self.external(name) >> KIND_BITS << KIND_BITS | EXTERNAL_INSTANCE

    def folder(self, path: str) -> int:
        value = self._folders.get(path)
        if value is None:
            value = self._folders[path] = make(FOLDER, len(self.folders))
            self.folders.append(path)
        return value

    def method(self, container: int, name: str) -> int:
        pair = (container, name)
        value = self._methods.get(pair)
        if value is None:
            value = self._methods[pair] = make(CONTAINER_METHOD, len(self.methods))
            self.methods.append(pair)
        return value

    def function_method(self, function: int, name: str) -> int:
        """A built-in method of the value `function`."""
        return self.method(function, name) >> KIND_BITS << KIND_BITS | FUNCTION_METHOD

    def dispatch(self, owner: int, pattern: str) -> int:
        """A method of the value `owner` that is called so."""
        return self.method(owner, pattern) >> KIND_BITS << KIND_BITS | DISPATCH

    def container(self) -> int:
        """A new container."""
        self.containers += 1
        return make(CONTAINER, self.containers - 1)
