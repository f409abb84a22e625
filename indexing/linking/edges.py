"""The solved assignment graphs, read out as edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.cancellation import CancellationToken
from core.model.graph import Confidence, EdgeKind
from core.model.symbol import Reference, ReferenceKind
from indexing.kinds import CALL, CALLS, DECORATES, EXACT, IMPLEMENTS, IMPLICIT, INFERRED, INHERITS, READ, REFERENCES, TYPE
from indexing.linking import values as v
from indexing.linking.family import Family
from indexing.linking.program import FUNCTION_KINDS
from indexing.linking.records import FileFacts, FileLinks, Link, LinkTarget
from indexing.linking.table import DefinitionTable

_MAX_TARGETS = 12
"""A call that may go to more places is left unknown."""
_BUILT_IN = frozenset({v.CONTAINER_METHOD, v.FUNCTION_METHOD})
_Target = int | str
"""A key, or the name of something external."""
_Edge = tuple[int, _Target, EdgeKind, int]
"""Source, target, kind, line."""
_Led = tuple[int, _Target, EdgeKind, Confidence]
"""Source, target, kind, confidence."""


class EdgeReader:
    """Collects the edges of files, family after family."""

    def __init__(self, table: DefinitionTable) -> None:
        self._table = table
        self._edges: dict[str, dict[_Edge, Confidence]] = {}
        self._languages: dict[str, str] = {}
        self._first: dict[str, int] = {}
        """The key of the module of each file that was read."""
        self._places: dict[str, dict[_Target, LinkTarget]] = {}
        """By language, what edges lead to: mostly the same again and again."""
        self._unresolved: dict[str, int] = {}

    def read(self, family: Family, files: Sequence[int], cancellation: CancellationToken) -> None:
        """All edges that start in `files` of one family."""
        reader = _Reader(family)
        for file in files:
            cancellation.check("linking")
            facts, first = self._table.files[file].facts, self._table.first[file]
            path = self._table.files[file].path
            self._first[path] = first
            edges = self._edges[path] = {}
            self._languages[path] = family.dialect.languages[0]
            for item in facts.imports:
                for target in family.dialect.imported(file, item):
                    edges[first, target, EdgeKind.IMPORTS, item.line] = EXACT
            known: dict[tuple[ReferenceKind, int, str], tuple[Sequence[_Led], int]] = {}
            for reference in facts.references:
                line, use = reference.line, (reference.kind, reference.scope, reference.target)
                found = known.get(use)
                if found is None:
                    before = reader.unresolved
                    led = reader.edges(first + reference.scope, reference)
                    known[use] = led, reader.unresolved - before
                else:
                    led, lacking = found
                    reader.unresolved += lacking
                for source, target, kind, confidence in led:
                    edge = (source, target, kind, line)
                    if confidence is EXACT:
                        edges[edge] = EXACT
                    else:
                        edges.setdefault(edge, confidence)
            self._unresolved[path], reader.unresolved = reader.unresolved, 0
            for key in self._table.keys_of(file):
                overridden = reader.overridden(key)
                if overridden is not None:
                    edges[key, overridden, EdgeKind.OVERRIDES, self._table.definitions[key].name_line] = EXACT

    def links_of(self, file: FileFacts) -> FileLinks:
        """What was read of one file."""
        language, first = self._languages.get(file.path, ""), self._first.get(file.path, 0)
        links, places = list[Link](), self._places.setdefault(language, {})
        for (source, target, kind, line), confidence in self._edges.get(file.path, {}).items():
            place = places.get(target)
            if place is None:
                place = places[target] = self._place(target, language)
            # As `Link(…)`, which Python 3.11 makes in twice the time.
            links.append(tuple.__new__(Link, (file.ordinal(source - first), place, kind, confidence, line)))
        return FileLinks(file.path, links, self._unresolved.get(file.path, 0))

    def _place(self, target: _Target, language: str) -> LinkTarget:
        if isinstance(target, str):
            return LinkTarget("", 0, target, language)
        holder = self._table.file_of[target]
        file = self._table.files[holder]
        return LinkTarget(file.path, file.ordinal(target - self._table.first[holder]))


class _Reader:
    """What the references of one family point to."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._program = family.program
        self._calls: dict[tuple[int | None, bool], tuple[Sequence[_Target], Confidence, bool]] = {}
        """What is called where a node is, by whether types make instances there; and whether that tells nothing."""
        self._reads: dict[int | None, tuple[Sequence[_Target], Confidence]] = {}
        self.unresolved = 0

    def edges(self, scope: int, reference: Reference) -> Sequence[_Led]:
        """(source, target, kind, confidence) for each target of a reference in `scope`."""
        kind = reference.kind
        if kind is CALL:
            targets, confidence = self._called(scope, reference.target)
            if not targets:
                return ()
            led: list[_Led] = [(scope, target, CALLS, confidence) for target in targets]
            led += [(scope, target, CALLS, INFERRED) for target in self._overriding(scope, reference.target)]
            return led
        if kind is TYPE:
            return [
                (scope, target, REFERENCES, EXACT)
                for target in self._fixed(scope, reference.target)
                if isinstance(target, int) and target != scope
            ]
        if kind is READ:
            targets, confidence = self._read(scope, reference.target)
            return [
                (scope, target, REFERENCES, confidence) for target in targets if isinstance(target, int) and target != scope
            ]
        if kind is IMPLICIT:
            return [(scope, target, CALLS, confidence) for target, confidence in self._implied(scope, reference.target)]
        if kind is INHERITS or kind is IMPLEMENTS:
            edge = EdgeKind.INHERITS if kind is INHERITS else EdgeKind.IMPLEMENTS
            return [(scope, base, edge, EXACT) for base in self._fixed(self._program.table.parent[scope], reference.target)]
        return tuple(self._decorating(scope, reference.target)) if kind is DECORATES else ()

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
        makes = self._family.dialect.makes_instances(scope)
        known = self._calls.get((node, makes))
        if known is None:
            known = self._calls[node, makes] = self._callees(node, makes=makes)
        targets, confidence, tells_nothing = known
        self.unresolved += tells_nothing
        return targets, confidence

    def _callees(self, node: int | None, *, makes: bool) -> tuple[Sequence[_Target], Confidence, bool]:
        values = self._program.network.values(node) if node is not None else []
        if not makes:
            values = [value for value in values if value & v.KIND_MASK != v.CLASS]
        targets, confidence = self._targets(node, values, called=True)
        tells_nothing = not targets and not any(value & v.KIND_MASK in _BUILT_IN for value in values)
        return targets, confidence, tells_nothing

    def _implied(self, scope: int, target: str) -> Iterable[tuple[int, Confidence]]:
        """What the language calls by itself: methods and properties of classes within the source, classes raised.

        Both are looked up in the class, as the language does, so no value has to be propagated for them.
        """
        if target.endswith("()"):  # a function handed to what calls it
            handed = target.removesuffix("()")
            node = self._family.expressions.node(scope, handed)
            held = self._program.network.values(node) if node is not None else ()
            targets, _ = self._targets(node, held, called=True)
            yield from ((found, INFERRED) for found in targets if isinstance(found, int))
            return
        before, dot, name = target.rpartition(".")
        if before.endswith("()") and name == "__next__":  # a loop
            yield from self._implied(scope, before.removesuffix("()"))
        network, semantics = self._program.network, self._family.semantics
        node = self._family.expressions.node(scope, before or target)
        found: dict[int, None] = {}
        for value in network.values(node) if node is not None else ():
            found.update(dict.fromkeys(semantics.implied(value, name if dot else "")))
        if 0 < len(found) <= _MAX_TARGETS:
            certain = len(found) == 1 and node not in network.guessed
            yield from ((key, EXACT if certain else INFERRED) for key in found)
            yield from ((key, INFERRED) for key in self._overriding(scope, target))

    def _overriding(self, scope: int, target: str) -> Iterable[int]:
        """What may be called instead of the method that the receiver's class has."""
        receiver, dot, name = target.rpartition(".")
        if not dot or not self._family.overrides.has(name):
            return ()
        return self._family.overrides.of(self._family.expressions.node(scope, receiver), name)

    def _read(self, scope: int, target: str) -> tuple[Sequence[_Target], Confidence]:
        node = self._family.expressions.node(scope, target)
        known = self._reads.get(node)
        if known is None:
            values = self._program.network.values(node) if node is not None else []
            known = self._reads[node] = self._targets(node, values, called=False)
        return known

    def _targets(self, node: int | None, values: Sequence[int], *, called: bool) -> tuple[Sequence[_Target], Confidence]:
        if not values:
            return (), INFERRED
        found: dict[_Target, None] = {}
        for value in values:
            for target in self._target(value, called=called):
                found[target] = None
        targets = self._without_overloads(list(found)) if len(found) > 1 else tuple(found)
        chosen = self._chosen_by_name(values) if called else ()
        if len(targets) > _MAX_TARGETS or chosen:
            return chosen or (), INFERRED
        certain = len(targets) == 1 and node not in self._program.network.guessed
        return targets, EXACT if certain else INFERRED

    def _chosen_by_name(self, values: Sequence[int]) -> Sequence[_Target]:
        """What a call goes to whose method is chosen by the beginning of its name, with what else it may go to."""
        found: dict[_Target, None] = {}
        for value in values:
            if value & v.KIND_MASK == v.DISPATCH:
                owner, pattern = self._program.values.methods[value >> v.KIND_BITS]
                found.update(dict.fromkeys(self._family.semantics.dispatch.methods(owner, pattern)))
        if found:
            others = [target for value in values for target in self._target(value, called=True)]
            found.update(dict.fromkeys(others[:_MAX_TARGETS]))
        return tuple(found)

    def _target(self, value: int, *, called: bool) -> Iterable[_Target]:
        program = self._program
        kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
        if kind == v.FUNCTION:
            return (reference,)
        if kind == v.BOUND:
            return (program.values.bound[reference][0],)
        if kind == v.EXTERNAL:
            return (program.values.externals[reference],)
        if kind == v.FUNCTION_METHOD and called:
            function, name = program.values.methods[reference]
            return () if name == "bind" else self._target(function, called=True)
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

    def _fixed(self, scope: int, target: str) -> list[_Target]:
        found: list[_Target] = []
        for value in self._family.expressions.fixed_values(scope, target):
            kind, reference = value & v.KIND_MASK, value >> v.KIND_BITS
            if kind == v.CLASS:
                found.append(reference)
            elif kind == v.EXTERNAL:
                found.append(self._program.values.externals[reference])
        return found

    def _decorating(self, decorated: int, target: str) -> Iterable[_Led]:
        """A decorator is called where the definition stands, and what it decorates refers to it."""
        scope = self._program.table.parent[decorated]
        targets, confidence = self._read(scope, target)
        for found in targets:
            if isinstance(found, int):
                yield decorated, found, REFERENCES, confidence
        called, confidence = self._called(scope, target)
        for found in called:
            if not (isinstance(found, str) and found.startswith("<builtin>.")):
                yield scope, found, CALLS, confidence
