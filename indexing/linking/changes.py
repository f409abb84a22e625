"""What an edit changes for other files: the names under which they would notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from core.model.symbol import Facts
from indexing.linking.naming import module_name
from indexing.linking.slices import interface_of, is_implied, names_in


class Noticed(NamedTuple):
    """Something another file may notice: `what`, by the names of the definitions `around` it, all of them and those without
    the names of classes (`own`), and by those that it says. A tuple, for a file has thousands, hardly any of which differ.

    The name of a class stands among `own` for what is reached through it alone, a member that is used without being named.
    """

    what: tuple[object, ...]
    around: tuple[str, ...]
    own: tuple[str, ...]
    said: tuple[str, ...] = ()
    """The paths whose names it says, unless they are told otherwise."""
    told: str | None = None
    """The one name by which it is noticed among `own`, perhaps none (`""`); None where that is all that it says."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that another file would notice it by."""
        return (*self.around, *sorted(names_in(self.said)))

    @property
    def members(self) -> tuple[str, ...]:
        """The same without those of classes one of whose members it is."""
        if self.told is None:
            return (*self.own, *sorted(names_in(self.said)))
        return (*self.own, self.told) if self.told else self.own


@dataclass(frozen=True, slots=True)
class FileChange:
    """Names that mean something else since a file changed, the same without those of classes one of whose members did, and
    whether who looked into the file now sees names of other files through it (`from .b import *`, `#include "b.h"`)."""

    names: frozenset[str]
    members: frozenset[str]
    hands_on: bool


def change_of(path: str, before: Facts | None, after: Facts | None) -> FileChange:
    """What it means to others that the file `path` went from `before` to `after`; None where it was not there.

    A file that came or went, or moved to another package, changes the meaning of every name it holds and of its own.
    """
    held = [facts for facts in (before, after) if facts is not None]
    differing = set(_noticed(held[0])) ^ set(_noticed(held[1])) if len(held) == 2 else set()
    hands_on = any(part.what[0] == "import" and not part.names for part in differing)
    if len({facts.definitions[0].signature for facts in held}) > 1 or len(held) < 2:
        names = names_in((module_name(path),)) | {item.name for facts in held for item in facts.definitions if item.name}
        return FileChange(frozenset(names), frozenset(names), hands_on)
    names = {name for part in differing for name in part.names}
    return FileChange(frozenset(names), frozenset(name for part in differing for name in part.members), hands_on)


def _noticed(facts: Facts) -> Iterator[Noticed]:
    """Everything another file may notice, wherever it stands."""
    interface = interface_of(facts)
    part = interface.facts
    members: dict[int, list[str]] = {}
    for definition in part.definitions[1:]:
        members.setdefault(definition.parent, []).append(definition.name)
    around = [_names_of(part, index) for index in range(len(part.definitions))]
    own = [names if is_implied(item) else names[:1] for names, item in zip(around, part.definitions, strict=True)]
    for index, definition in enumerate(part.definitions):
        # Signatures tell what is static, private, an extension, …
        yield Noticed(("definition", definition.nesting, definition.kind, definition.signature), around[index], own[index])
    for reference in part.references:
        nesting, inner = part.definitions[reference.scope].nesting, members.get(reference.scope, ())
        what = (reference.kind, nesting, reference.target)
        yield Noticed(what, (*around[reference.scope], *inner), (*own[reference.scope], *inner))
    for binding, name in zip(part.bindings, interface.names, strict=True):
        says = (binding.kind, part.definitions[binding.scope].nesting, binding.name, binding.value)
        yield Noticed(says, around[binding.scope], own[binding.scope], (binding.name,), name)
    for item in part.imports:
        yield Noticed(("import", item.module, item.name, item.local, item.level), (), (), (item.local, item.name))


def _names_of(facts: Facts, index: int) -> tuple[str, ...]:
    """The name of a definition, and that of its class where it has one."""
    item = facts.definitions[index]
    if item.parent < 0:
        return ()
    outer = facts.definitions[item.parent]
    return (item.name, outer.name) if outer.name else (item.name,)
