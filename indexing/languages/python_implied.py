"""What Python calls unnamed: `for` and `with`, built-ins that ask an object, properties, `raise C`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from indexing.kinds import DECORATES, IMPLICIT
from indexing.languages.paths import UNKNOWN, first_child
from indexing.languages.python_paths import PythonPaths

if TYPE_CHECKING:
    from tree_sitter import Node

_ASKS: Mapping[str, str] = MappingProxyType({
    "next": "__next__", "iter": "__iter__", "len": "__len__", "str": "__str__", "repr": "__repr__", "bool": "__bool__",
    "hash": "__hash__", "reversed": "__reversed__", "list": "__iter__", "tuple": "__iter__", "set": "__iter__",
    "sorted": "__iter__", "int": "__int__", "float": "__float__", "bytes": "__bytes__", "abs": "__abs__", "dir": "__dir__",
})  # fmt: skip
"""Built-in functions and the method of their first argument that they call, where it has one."""
_CALLS_FIRST = frozenset({"map", "filter", "functools.reduce", "reduce"})
"""Functions that call their first argument."""
_CALLS_KEY = frozenset({"sorted", "min", "max", "sort"})
"""Functions and methods that call what they are given as `key`."""
_CALLABLE = frozenset({"identifier", "attribute", "lambda"})
_PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property"})
_MAX_READS = 2_000
"""Reads of properties in one file."""


class PythonImplied(PythonPaths):
    """Tells of calls that a statement or built-in makes by itself."""

    def imply(self, target: str, node: Node) -> None:
        """`node` calls `target` if there is such a method (or property, or class with a constructor) in the source."""
        scope, line = self.at(node)
        self.refer(IMPLICIT, target, scope, line)

    def implies_loop(self, over: str, node: Node) -> None:
        """A loop asks what it goes over for an iterator, and that for one value after the other."""
        if over != UNKNOWN and over[0] not in "?<":
            self.imply(f"{over}.__iter__().__next__", node)

    def implies_context(self, context: str, node: Node) -> None:
        """`with` enters and leaves."""
        if context != UNKNOWN and context[0] not in "?<":
            self.imply(f"{context}.__enter__", node)
            self.imply(f"{context}.__exit__", node)

    def implies_asking(self, function: str, arguments: Node, node: Node) -> None:
        """`len(x)` calls `x.__len__()`, if `x` has one; `map(f, xs)` and `sorted(xs, key=f)` call `f`."""
        if function in _CALLS_FIRST and (given := first_child(arguments)) is not None:
            self._implies_call(given)
        elif function.rpartition(".")[2] in _CALLS_KEY:
            for given in arguments.named_children:
                if given.type == "keyword_argument" and self.source(given.child_by_field_name("name")) == "key":
                    self._implies_call(given.child_by_field_name("value"))
        if (method := _ASKS.get(function)) is None or (asked := first_child(arguments)) is None:
            return
        if asked.type not in self.literals and (path := self.path(asked)) != UNKNOWN and path[0] not in "?<":
            self.imply(f"{path}.{method}", node)

    def _implies_call(self, given: Node | None) -> None:
        if given is not None and given.type in _CALLABLE and (path := self.path(given)) != UNKNOWN:
            self.imply(f"{path}()", given)

    def finish(self) -> None:
        """Reading a property that this file defines calls it."""
        names = {
            self.definitions[reference.scope].name
            for reference in self.references
            if reference.kind is DECORATES and reference.target in _PROPERTIES
        }
        if not names:
            return
        reads = re.compile(rb"\.(?:" + b"|".join(sorted(name.encode() for name in names)) + rb")\b")
        root = self._syntax.root
        for count, found in enumerate(reads.finditer(self.text)):
            if count == _MAX_READS:
                return
            name = root.descendant_for_byte_range(found.start() + 1, found.end())
            node = name.parent if name is not None and name.type == "identifier" else None
            if node is None or node.type != "attribute" or name != node.child_by_field_name("attribute"):
                continue
            around = node.parent
            assigned = around is not None and around.type == "assignment" and node == around.child_by_field_name("left")
            if not assigned and (path := self.path(node)) != UNKNOWN and path[0] not in "?<":
                self.imply(path, node)
