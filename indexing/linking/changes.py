"""What an edit changes for other files: the names under which they would notice."""

from __future__ import annotations

from collections.abc import Iterator

from core.model.symbol import Facts
from indexing.linking.naming import module_name
from indexing.linking.slices import interface_of, names_in

_Noticed = tuple[tuple[object, ...], tuple[str, ...]]
"""What is noticed, and the names it is noticed by."""


def changed_names(path: str, before: Facts | None, after: Facts | None) -> set[str]:
    """Names that mean something else since the file `path` went from `before` to `after`; None where it was not there.

    A file that came or went, or moved to another package, changes the meaning of every name it holds and of its own.
    """
    held = [facts for facts in (before, after) if facts is not None]
    if len({facts.definitions[0].signature for facts in held}) > 1 or len(held) < 2:
        return names_in((module_name(path),)) | {item.name for facts in held for item in facts.definitions if item.name}
    return {name for _, names in _differing(*held) for name in names}


def hands_on_others(before: Facts | None, after: Facts | None) -> bool:
    """Whether who looked into the file now sees names of other files through it (`from .b import *`, `#include "b.h"`)."""
    if before is None or after is None:
        return False
    return any(part[0] == "import" and not names for part, names in _differing(before, after))


def _differing(before: Facts, after: Facts) -> set[_Noticed]:
    return set(_noticed(before)) ^ set(_noticed(after))


def _noticed(facts: Facts) -> Iterator[_Noticed]:
    """Everything another file may notice, wherever it stands, with the names it would notice it by."""
    part = interface_of(facts).facts
    members: dict[int, list[str]] = {}
    for definition in part.definitions[1:]:
        members.setdefault(definition.parent, []).append(definition.name)
    around = [_names_of(part, index) for index in range(len(part.definitions))]
    for index, definition in enumerate(part.definitions):
        # Signatures tell what is static, private, an extension, …
        yield ("definition", definition.nesting, definition.kind, definition.signature), around[index]
    for reference in part.references:
        nesting = part.definitions[reference.scope].nesting
        names = (*around[reference.scope], *members.get(reference.scope, ()))
        yield (reference.kind, nesting, reference.target), names
    for binding in part.bindings:
        scope = part.definitions[binding.scope]
        names = (*around[binding.scope], *sorted(names_in((binding.name,))))
        yield (binding.kind, scope.nesting, binding.name, binding.value), names
    for item in part.imports:
        names = tuple(sorted(names_in((item.local, item.name))))
        yield ("import", item.module, item.name, item.local, item.level), names


def _names_of(facts: Facts, index: int) -> tuple[str, ...]:
    """The name of a definition, and that of its class where it is reached through that alone."""
    item = facts.definitions[index]
    if item.parent < 0:
        return ()
    outer = facts.definitions[item.parent]
    return (item.name, outer.name) if outer.name else (item.name,)
