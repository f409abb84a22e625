"""Lists, tables and whatever else holds entries: what goes in under a key comes out under it, or under an unknown one."""

from __future__ import annotations

from collections.abc import Sequence

from indexing.linking import values as v
from indexing.linking.program import Program

ANY = ""
"""The key of an entry that is not known."""
_ALL = "*"
"""The node under this key holds all entries; no literal key can be spelled so."""
_MAX_SHIFTS = 3
"""`xs = xs[1:]` in a loop has no end."""
_MAX_KEYS = 256
"""A longer table is taken as a whole."""

GIVES_ENTRY = frozenset({
    "get", "pop", "popleft", "popitem", "setdefault", "__getitem__", "__next__",
    "at", "find", "findLast", "shift", "first", "last", "next", "getOrDefault", "getFirst", "getLast", "peek", "poll",
    "remove", "take", "element", "orElse", "orElseThrow", "unwrap",
})  # fmt: skip
"""Methods that return an entry, over all languages: what a name does hardly differs."""
GIVES_SAME = frozenset({
    "copy", "values", "__iter__", "__enter__", "slice", "concat", "reverse", "filter", "sort", "toSorted", "toReversed",
    "stream", "iterator", "listIterator", "subList", "toList", "toArray", "collect", "limit", "skip", "sorted", "distinct",
})  # fmt: skip
"""Methods that return the container itself, or one with the same entries."""
TAKES_ENTRY = {"append": 0, "add": 0, "appendleft": 0, "push": 0, "unshift": 0, "addFirst": 0, "addLast": 0, "offer": 0,
               "insert": 1, "setdefault": 1, "set": 1, "put": 1, "putIfAbsent": 1}  # fmt: skip
"""Methods that store an argument, with its position."""
TAKES_ENTRIES = frozenset({"extend", "update", "addAll", "putAll", "extendleft"})
FILLS = TAKES_ENTRIES.union(TAKES_ENTRY)
GIVES_PAIRS = frozenset({"items", "entries", "entrySet"})
CALLS_ARGUMENT = frozenset({"map", "filter", "forEach", "find", "findIndex", "findLast", "some", "every", "flatMap", "sort",
                            "anyMatch", "allMatch", "noneMatch", "ifPresent", "computeIfAbsent", "reduce"})  # fmt: skip
"""Methods that call their first argument with an entry."""
METHODS = frozenset().union(GIVES_ENTRY, GIVES_SAME, TAKES_ENTRY, TAKES_ENTRIES, GIVES_PAIRS, CALLS_ARGUMENT)


class Containers:
    """The entries of every container, a node a key."""

    __slots__ = ("_entries", "_pairs", "_program", "_rests", "_shifted")

    def __init__(self, program: Program) -> None:
        self._program = program
        self._entries: dict[int, dict[str, int]] = {}
        self._pairs: dict[int, int] = {}
        self._shifted: dict[int, int] = {}
        """How many slices of slices a container is."""
        self._rests: dict[int, dict[int, int]] = {}
        """By container and count, what is left without so many of the first entries."""

    def entry(self, container: int, key: str) -> int:
        """The node to store into under `key`."""
        entries = self._entries.setdefault(container, {})
        if key not in entries and len(entries) > _MAX_KEYS:
            key = ANY
        node = entries.get(key)
        if node is None:
            network = self._program.network
            node = entries[key] = network.node()
            if key in {ANY, _ALL}:
                network.guessed.add(node)
            if key != _ALL:
                network.flow(node, self.entry(container, _ALL))
                if container in self._rests:
                    for count, rest in list(self._rests[container].items()):
                        self._shift(key, node, count, rest >> v.KIND_BITS)
        return node

    def read(self, container: int, key: str, target: int) -> None:
        """Let `target` hold the entry under `key`, all of them where the key is not known."""
        flow = self._program.network.flow
        if key == ANY:
            flow(self.entry(container, _ALL), target)
            return
        flow(self.entry(container, key), target)
        flow(self.entry(container, ANY), target)

    def named(self, container: int) -> Sequence[tuple[str, int]]:
        """The entries under literal keys."""
        return tuple((key, node) for key, node in self._entries.get(container, {}).items() if key not in {ANY, _ALL})

    def without_first(self, container: int, count: int) -> int:
        """The value of a container that holds the entries of another but for the first `count`."""
        depth = self._shifted.get(container, 0)
        if depth == _MAX_SHIFTS:
            return v.make(v.CONTAINER, container)
        rests = self._rests.setdefault(container, {})
        known = rests.get(count)
        if known is None:
            known = rests[count] = self._program.values.container()
            self._shifted[known >> v.KIND_BITS] = depth + 1
            self._program.network.flow(self.entry(container, ANY), self.entry(known >> v.KIND_BITS, ANY))
            for key, node in list(self._entries[container].items()):
                self._shift(key, node, count, known >> v.KIND_BITS)
        return known

    def _shift(self, key: str, node: int, count: int, rest: int) -> None:
        if key.isdigit() and int(key) >= count:
            self._program.network.flow(node, self.entry(rest, str(int(key) - count)))

    def store(self, container: int, key: str, source: int) -> None:
        self._program.network.flow(source, self.entry(container, key))

    def pairs(self, container: int) -> int:
        """A container of pairs whose second is an entry of `container`; pairs of pairs are not followed."""
        known = self._pairs.get(container)
        if known is not None:
            return known
        if container in self._pairs.values():
            return container
        pair, outer = self._program.values.container(), self._program.values.container()
        self.read(container, ANY, self.entry(pair >> v.KIND_BITS, "1"))
        self._program.network.add(self.entry(outer >> v.KIND_BITS, ANY), pair)
        self._pairs[container] = outer >> v.KIND_BITS
        return outer >> v.KIND_BITS
