"""The solved assignment graphs, read out as edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.cancellation import CancellationToken
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Reference, ReferenceKind
from indexing.linking import values as v
from indexing.linking.family import Family
from indexing.linking.program import FUNCTION_KINDS
from indexing.linking.table import DefinitionTable

_MAX_TARGETS = 12
"""A call that may go to more places is left unknown."""
_Target = int | str
"""A key, or the name of something external."""


class EdgeWriter:
    """Collects edges; what is external gets its key from `finish`, when all names are known."""

    def __init__(self, table: DefinitionTable) -> None:
        self._table = table
        self._edges: dict[tuple[int, int, EdgeKind, str, int], Confidence] = {}
        self._externals: dict[tuple[str, str], int] = {}
        self.unresolved: dict[str, int] = {}

    def contain(self) -> None:
        """An edge from every definition to those within it."""
        table = self._table
        for key, parent in enumerate(table.parent):
            if parent >= 0:
                path = table.files[table.file_of[key]].path
                self._add(parent, key, EdgeKind.CONTAINS, Confidence.EXACT, path, table.definitions[key].name_line)

    def read(self, family: Family, cancellation: CancellationToken) -> None:
        """All edges of one family."""
        language = family.dialect.languages[0]
        reader = _Reader(family)
        for file in family.program.files:
            cancellation.check("linking")
            facts, first = self._table.files[file].facts, self._table.first[file]
            path = self._table.files[file].path
            for item in facts.imports:
                for target in family.dialect.imported(file, item):
                    self._put(language, first, target, EdgeKind.IMPORTS, Confidence.EXACT, path, item.line)
            for reference in facts.references:
                scope = first + reference.scope
                for source, target, kind, confidence in reader.edges(scope, reference):
                    self._put(language, source, target, kind, confidence, path, reference.line)
            if reader.unresolved:
                self.unresolved[path] = reader.unresolved
                reader.unresolved = 0
            for key in self._table.keys_of(file):
                overridden = reader.overridden(key)
                if overridden is not None:
                    line = self._table.definitions[key].name_line
                    self._add(key, overridden, EdgeKind.OVERRIDES, Confidence.EXACT, path, line)

    def _put(
        self, language: str, source: int, target: _Target, kind: EdgeKind, confidence: Confidence, path: str, line: int
    ) -> None:
        if isinstance(target, str):
            target = -1 - self._externals.setdefault((language, target), len(self._externals))
        self._add(source, target, kind, confidence, path, line)

    def _add(self, source: int, target: int, kind: EdgeKind, confidence: Confidence, path: str, line: int) -> None:
        edge = (source, target, kind, path, line)
        if self._edges.get(edge) is not Confidence.EXACT:
            self._edges[edge] = confidence

    def finish(self) -> tuple[list[tuple[str, str]], list[Edge]]:
        """The external names as (language, name) in the order of their keys, and all edges in a fixed order."""
        externals = sorted(self._externals, key=lambda item: (item[1], item[0]))
        first = len(self._table.definitions)
        keys = {-1 - self._externals[item]: first + index for index, item in enumerate(externals)}
        edges = [
            Edge(source, keys.get(target, target), kind, confidence, path, line)
            for (source, target, kind, path, line), confidence in self._edges.items()
        ]
        edges.sort(key=lambda edge: (edge.source, edge.line, edge.target, edge.kind))
        return externals, edges


class _Reader:
    """What the references of one family point to."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._program = family.program
        self.unresolved = 0

    def edges(self, scope: int, reference: Reference) -> Iterable[tuple[int, _Target, EdgeKind, Confidence]]:
        """(source, target, kind, confidence) for each target of a reference in `scope`."""
        match reference.kind:
            case ReferenceKind.CALL:
                targets, confidence = self._called(scope, reference.target)
                for target in targets:
                    yield scope, target, EdgeKind.CALLS, confidence
            case ReferenceKind.INHERITS | ReferenceKind.IMPLEMENTS:
                kind = EdgeKind.INHERITS if reference.kind is ReferenceKind.INHERITS else EdgeKind.IMPLEMENTS
                for base in self._fixed(self._program.table.parent[scope], reference.target):
                    yield scope, base, kind, Confidence.EXACT
            case ReferenceKind.TYPE:
                for target in self._fixed(scope, reference.target):
                    if isinstance(target, int) and target != scope:
                        yield scope, target, EdgeKind.REFERENCES, Confidence.EXACT
            case ReferenceKind.READ:
                targets, confidence = self._read(scope, reference.target)
                for target in targets:
                    if isinstance(target, int) and target != scope:
                        yield scope, target, EdgeKind.REFERENCES, confidence
            case ReferenceKind.DECORATES:
                yield from self._decorating(scope, reference.target)

    def overridden(self, key: int) -> int | None:
        """The method of the nearest ancestor that `key` overrides."""
        program = self._program
        owner = program.owner.get(key)
        if owner is None or not self._family.hierarchy.bases(owner):
            return None
        name = program.member_name(key)
        if name == program.constructor:
            return None
        for base in self._family.hierarchy.line(owner)[1:]:
            found = program.declared.get(base, {}).get(name) if isinstance(base, int) else None
            if found is not None:
                return found if program.table.definitions[found].kind in FUNCTION_KINDS else None
        return None

    def _called(self, scope: int, target: str) -> tuple[Sequence[_Target], Confidence]:
        node = self._family.expressions.callee(scope, target)
        values = self._program.network.values(node) if node is not None else []
        targets, confidence = self._targets(node, values, called=True)
        if not targets and not any(value & v.KIND_MASK == v.CONTAINER_METHOD for value in values):
            self.unresolved += 1
        return targets, confidence

    def _read(self, scope: int, target: str) -> tuple[Sequence[_Target], Confidence]:
        node = self._family.expressions.node(scope, target)
        return self._targets(node, self._program.network.values(node) if node is not None else [], called=False)

    def _targets(self, node: int | None, values: Sequence[int], *, called: bool) -> tuple[Sequence[_Target], Confidence]:
        found: dict[_Target, None] = {}
        for value in values:
            found.update(dict.fromkeys(self._target(value, called=called)))
        targets = self._without_overloads(list(found))
        if len(targets) > _MAX_TARGETS:
            return (), Confidence.INFERRED
        certain = len(targets) == 1 and node not in self._program.network.guessed
        return targets, Confidence.EXACT if certain else Confidence.INFERRED

    def _target(self, value: int, *, called: bool) -> Iterable[_Target]:
        program = self._program
        kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
        if kind == v.FUNCTION:
            return (reference,)
        if kind == v.BOUND:
            return (program.values.bound[reference][0],)
        if kind == v.EXTERNAL:
            return (program.values.externals[reference],)
        if kind == v.CLASS:
            return self._constructors(reference) if called else (reference,)
        if kind == v.INSTANCE and called and self._family.dialect.call_method:
            return self._family.semantics.functions_of(reference, self._family.dialect.call_method)
        if kind == v.SUPER and called:
            return self._family.semantics.inherited_constructors(reference)
        return ()

    def _constructors(self, cls: int) -> Sequence[int]:
        return self._family.semantics.constructors(cls) or (cls,)

    def _without_overloads(self, targets: list[_Target]) -> list[_Target]:
        """Of several definitions with one qualified name in one file, the first."""
        if len(targets) < 2:
            return targets
        table = self._program.table
        kept: dict[object, _Target] = {}
        for target in targets:
            if isinstance(target, str):
                kept[target] = target
                continue
            mark = (table.file_of[target], table.definitions[target].nesting)
            kept[mark] = min(target, kept.get(mark, target), key=int)
        return list(kept.values())

    def _fixed(self, scope: int, target: str) -> Iterable[_Target]:
        for value in self._family.expressions.fixed_values(scope, target):
            kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
            if kind == v.CLASS:
                yield reference
            elif kind == v.EXTERNAL:
                yield self._program.values.externals[reference]

    def _decorating(self, decorated: int, target: str) -> Iterable[tuple[int, _Target, EdgeKind, Confidence]]:
        """A decorator is called where the definition stands, and what it decorates refers to it."""
        scope = self._program.table.parent[decorated]
        targets, confidence = self._read(scope, target)
        for found in targets:
            if isinstance(found, int):
                yield decorated, found, EdgeKind.REFERENCES, confidence
        called, confidence = self._called(scope, target)
        for found in called:
            if not (isinstance(found, str) and found.startswith("<builtin>.")):
                yield scope, found, EdgeKind.CALLS, confidence
