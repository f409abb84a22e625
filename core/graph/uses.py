"""What uses what in a whole source, on arrays: a record for each of its million edges would take longer than all the rest.

Every definition has a *number*, its place among the symbols that were given; arrays speak in numbers, maps in keys.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.graph.conventions import NOT_CODE
from core.model.edge_rows import EdgeRows
from core.model.graph import EdgeKind
from core.model.symbol import Symbol, SymbolKind

Numbers = NDArray[np.int64]
"""Shape (n,)."""

_KINDS = tuple(EdgeKind)
_USES = (EdgeKind.CALLS, EdgeKind.REFERENCES, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)
_MOST_ABOVE = 100


class Uses:
    """The edges of a source by their ends, without those of documents: what names a thing does not use it."""

    def __init__(self, rows: EdgeRows, symbols: Mapping[int, Symbol]) -> None:
        """`rows` are all edges but those of `contains`."""
        self._symbols = symbols
        self._keys = np.fromiter(symbols, np.int64, len(symbols))
        self._by_key = np.argsort(self._keys, kind="stable")
        code = np.fromiter((symbol.language not in NOT_CODE for symbol in symbols.values()), bool, len(symbols))
        rows = rows.taken(np.argsort(rows.files, kind="stable"))
        sources = self.numbers(rows.sources)
        of_code = code[sources]
        self.rows = rows.taken(of_code)
        """In the order of the files that state them."""
        self.sources, self.targets = sources[of_code], self.numbers(self.rows.targets)
        """The numbers of their ends."""

    def numbers(self, keys: NDArray[np.int64]) -> Numbers:
        """The number of each key, -1 for one that no symbol has."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.int64)
        places = np.minimum(np.searchsorted(self._keys, keys, sorter=self._by_key), len(self._keys) - 1)
        found: Numbers = self._by_key[places]
        return np.where(self._keys[found] == keys, found, -1)

    @cached_property
    def parents(self) -> Numbers:
        """By number, that of the definition around it, -1 for none."""
        outer = (symbol.parent for symbol in self._symbols.values())
        return self.numbers(np.fromiter(outer, np.int64, len(self._keys)))

    @cached_property
    def used(self) -> tuple[Numbers, Numbers]:
        """Pairs (user, used), each once, without what lies within what it uses: in the order in which the first of the used
        were met."""
        uses = np.flatnonzero(self._are(*_USES))
        sources, targets = self.sources[uses], self.targets[uses]
        outside = ~self._are_within(sources, targets)
        sources, targets = sources[outside], targets[outside]
        distinct, first, which = np.unique(targets, return_index=True, return_inverse=True)
        ranks = np.empty(len(distinct), np.int64)
        ranks[np.argsort(first, kind="stable")] = np.arange(len(distinct))
        count = max(len(self._keys), 1)
        pairs = np.sort(ranks[which] * count + sources)
        pairs = pairs[np.diff(pairs, prepend=-1) != 0]
        return pairs % count, distinct[np.argsort(first, kind="stable")][pairs // count]

    @cached_property
    def users(self) -> Mapping[int, Sequence[int]]:
        """By what is used, what uses it."""
        sources, targets = self.used
        ends = np.flatnonzero(np.diff(targets, append=-1)) + 1
        keys = self._keys[sources].tolist()
        used = self._keys[targets[ends - 1]].tolist() if len(ends) else []
        return {key: keys[first:last] for key, first, last in zip(used, [0, *ends.tolist()], ends.tolist(), strict=False)}

    @cached_property
    def calling(self) -> frozenset[int]:
        """What calls anything."""
        return frozenset(np.unique(self.rows.sources[self._are(EdgeKind.CALLS)]).tolist())

    @cached_property
    def imports(self) -> Mapping[int, int]:
        """By what is imported, the first of `rows` that does."""
        rows = np.flatnonzero(self._are(EdgeKind.IMPORTS))
        keys, first = np.unique(self.rows.targets[rows], return_index=True)
        return dict(zip(keys.tolist(), rows[first].tolist(), strict=True))

    @cached_property
    def bases(self) -> Mapping[int, Sequence[int]]:
        """By a type, what it inherits from or implements."""
        return self._grouped(EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)

    @cached_property
    def overridden(self) -> Mapping[int, Sequence[int]]:
        """By a method, those that it overrides."""
        return self._grouped(EdgeKind.OVERRIDES)

    @cached_property
    def overriding(self) -> Mapping[int, Sequence[int]]:
        """By a method, those that override it."""
        return self._grouped(EdgeKind.OVERRIDES, reverse=True)

    def overrides(self) -> tuple[Numbers, Numbers]:
        """Pairs (overridden, overriding)."""
        chosen = self._are(EdgeKind.OVERRIDES)
        return self.targets[chosen], self.sources[chosen]

    def leading_to(self, owners: Mapping[str, Collection[str]]) -> EdgeRows:
        """Edges to something with one of the names in `owners`. One from outside is not meant where it is written as that of
        a definition with one of these owners (`Character.forDigit`)."""
        meant = np.zeros(len(self._keys), bool)
        for number, symbol in enumerate(self._symbols.values()):
            meant[number] = symbol.name in owners and (
                symbol.kind is not SymbolKind.EXTERNAL
                or symbol.qualified_name.rpartition(".")[0].rpartition(".")[2] not in owners[symbol.name]
            )
        return self.rows.taken(meant[self.targets] & (self.sources != self.targets))

    def _are(self, *kinds: EdgeKind) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.isin(self.rows.kinds, [_KINDS.index(kind) for kind in kinds])
        return found

    def _are_within(self, inner: Numbers, outer: Numbers) -> NDArray[np.bool_]:
        """Whether each is the other or lies in it."""
        found: NDArray[np.bool_] = np.equal(inner, outer)
        left = np.flatnonzero(~found)
        at = self.parents[inner[left]]
        for _ in range(_MOST_ABOVE):
            there = at >= 0
            left, at = left[there], at[there]
            if not len(left):
                break
            met = at == outer[left]
            found[left[met]] = True
            left, at = left[~met], self.parents[at[~met]]
        return found

    def _grouped(self, *kinds: EdgeKind, reverse: bool = False) -> Mapping[int, Sequence[int]]:
        rows = self.rows.taken(self._are(*kinds))
        ends = (rows.targets, rows.sources) if reverse else (rows.sources, rows.targets)
        found: dict[int, list[int]] = {}
        for key, other in zip(ends[0].tolist(), ends[1].tolist(), strict=True):
            found.setdefault(key, []).append(other)
        return found
