"""Modules by their dotted names, for languages where the name of a module tells no file."""

from __future__ import annotations

from collections.abc import Iterable

from indexing.linking import values as v
from indexing.linking.program import Program


class Namespaces:
    """`Shop`, `Shop.Store` and all other modules and beginnings of their names, each a node that holds what it stands for:
    the value of each module of that name, and a folder of what is below it."""

    def __init__(self, program: Program, modules: Iterable[tuple[str, int]]) -> None:
        """`modules` are full names and the values that they stand for; a name may come more than once."""
        self._program = program
        self._held: dict[str, list[int]] = {}
        self._inner: set[str] = set()
        self._nodes: dict[str, int] = {}
        for name, value in modules:
            self._held.setdefault(name, []).append(value)
            outer = name.rpartition(".")[0]
            while outer and outer not in self._inner:
                self._inner.add(outer)
                outer = outer.rpartition(".")[0]

    def values(self, name: str) -> list[int]:
        """The modules of that full name."""
        return self._held.get(name, [])

    def node(self, name: str) -> int | None:
        """The node of a full name; None where no module is called so, or within it."""
        if name not in self._held and name not in self._inner:
            return None
        node = self._nodes.get(name)
        if node is None:
            network = self._program.network
            node = self._nodes[name] = network.node()
            for value in self._held.get(name, ()):
                network.add(node, value)
            if name in self._inner:
                network.add(node, self._program.values.folder(name))
        return node

    def node_or_external(self, name: str) -> int:
        """As `node`; what is not of the source holds its name."""
        node = self.node(name)
        if node is None:
            node = self._nodes.get(name)
        if node is None:
            value = self._program.values.external(name)
            node = self._nodes[name] = self._program.network.constant(value)
        return node

    def key(self, name: str) -> int | None:
        """The key of the first module of that name."""
        held = self._held.get(name)
        return held[0] >> v.KIND_BITS if held else None
