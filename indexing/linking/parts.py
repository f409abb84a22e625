"""Types that are written in several places: classes reopened, extensions, companions."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.symbol import ReferenceKind
from indexing.linking import values as v
from indexing.linking.program import Program

_BASES = frozenset({ReferenceKind.INHERITS, ReferenceKind.IMPLEMENTS})


def join_parts(program: Program, parts: Sequence[int], whole: int, receiver: str) -> None:
    """Let the classes `parts` share the names of `whole`, whose instances their methods are called on."""
    table = program.table
    names, declared = program.names.setdefault(whole, {}), program.declared.setdefault(whole, {})
    for part in parts:
        if part == whole:
            continue
        for name, node in program.names.get(part, {}).items():
            known = names.setdefault(name, node)
            if known != node:
                program.network.flow(node, known)
        for name, member in program.declared.get(part, {}).items():
            declared.setdefault(name, member)
        program.names[part], program.declared[part] = names, declared
        for member in table.keys_of(table.file_of[part]):
            if program.owner.get(member) == part:
                program.owner[member] = whole
                program.network.add(program.variable(member, receiver), v.make(v.INSTANCE, whole))


def share_names(program: Program, inner: int, outer: int) -> None:
    """Let the members of the class `inner` be members of `outer`, too, unless that has its own."""
    names = program.names.setdefault(outer, {})
    for name, node in program.names.get(inner, {}).items():
        names.setdefault(name, node)


def with_bases(program: Program) -> set[int]:
    """The classes that say what they inherit from."""
    table = program.table
    return {
        table.first[file] + reference.scope
        for file in program.files
        for reference in table.files[file].facts.references
        if reference.kind in _BASES
    }


def union(program: Program, nodes: Sequence[int]) -> int:
    """A node that holds what any of `nodes` holds."""
    if len(nodes) == 1:
        return nodes[0]
    joined = program.network.node()
    for node in nodes:
        program.network.flow(node, joined)
    return joined
